"""Invocable actions: what can be called by name with sets of inputs, a result for each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mocksf.dialects import per_record
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.hooks import Action, ApexError
from mocksf.messages import Json, Response
from mocksf.rest.entries import of_record
from mocksf.rest.hooked import HookCall
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.rest.standard_actions import STANDARD, Input, StandardAction

_KINDS = ("apex", "flow")
Inputs = Mapping[str, Json]
Step = Callable[[Inputs], dict[str, Any]]

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Each set of inputs is saved or undone alone", Evidence.ASSUMED),
    ("A call in which every set of inputs failed answers 400, else 200", Evidence.RECORDED),
    ("The results of custom actions say version 1", Evidence.RECORDED),
    ("A flow that fails says so in one sentence and no more", Evidence.RECORDED),
)
"""What this room believes, for the fidelity ledger."""


def roots(_: Session, call: Call) -> Response:
    """Where the standard and the custom actions are."""
    root = f"/services/data/v{call.version}/actions"
    return Response(200, {"standard": f"{root}/standard", "custom": f"{root}/custom"})


def kinds(_: Session, call: Call) -> Response:
    """Which kinds of custom actions there are."""
    return Response(200, {kind: f"/services/data/v{call.version}/actions/custom/{kind}" for kind in _KINDS})


def standard_list(_: Session, call: Call) -> Response:
    """The standard actions that this org carries out."""
    return _listed(call, "standard", ((each.name, each.label, each.type) for each in STANDARD.values()))


def custom_list(session: Session, call: Call, kind: str) -> Response:
    """The custom actions of a kind: those for which there is a hook."""
    found = session.org.hooks.actions(_kind(kind))
    return _listed(call, f"custom/{_kind(kind)}", ((each.name, each.label, each.kind.upper()) for each in found))


def _listed(call: Call, place: str, rows: Iterator[tuple[str, str, str]]) -> Response:
    root = f"/services/data/v{call.version}/actions/{place}"
    actions = [{"label": label, "name": name, "type": kind, "url": f"{root}/{name}"} for name, label, kind in rows]
    return Response(200, {"actions": actions})


def standard_describe(_: Session, __: Call, name: str) -> Response:
    """A standard action with its inputs and outputs."""
    action = _standard(name)
    return Response(200, _described(action.name, action.label, action.type, action.inputs, action.outputs))


def custom_describe(session: Session, _: Call, kind: str, name: str) -> Response:
    """A custom action with its inputs and outputs."""
    action = _custom(session, kind, name)
    inputs = [Input(each, of.removesuffix("!"), of.endswith("!")) for each, of in action.inputs.items()]
    outputs = [Input(each, of.removesuffix("!")) for each, of in action.outputs.items()]
    return Response(200, _described(action.name, action.label, action.kind.upper(), inputs, outputs, standard=False))


def _described(name: str, label: str, kind: str, inputs: Any, outputs: Any, *, standard: bool = True) -> dict[str, Any]:
    return {
        "description": None,
        "inputs": [{"byteLength": 0, **_parameter(each), "required": each.required} for each in inputs],
        "label": label,
        "name": name,
        "outputs": [_parameter(each) for each in outputs],
        "standard": standard,
        "targetEntityName": None,
        "type": kind,
    }


def _parameter(each: Input) -> dict[str, Any]:
    return {
        "description": each.label or each.name,
        "label": each.label or each.name,
        "maxOccurs": 1,
        "name": each.name,
        "picklistValues": None,
        "sobjectType": None,
        "type": each.type,
    }


def standard_invoke(session: Session, call: Call, name: str) -> Response:
    """Carry out a standard action, once for each set of inputs."""
    action = _standard(name)
    needed = [each.name for each in action.inputs if each.required]
    known = {each.name for each in action.inputs}

    def step(inputs: Inputs) -> dict[str, Any]:
        _check(action.name, inputs, needed, known)
        return action.act(session, call, inputs)

    return _invoked(session, call, action.name, step)


def custom_invoke(session: Session, call: Call, kind: str, name: str) -> Response:
    """Call the hook of a custom action, once for each set of inputs."""
    action = _custom(session, kind, name)
    needed = [each for each, of in action.inputs.items() if of.endswith("!")]

    def step(inputs: Inputs) -> dict[str, Any]:
        _check(action.name, inputs, needed, set(action.inputs) or set(inputs))
        try:
            return dict(action.handler(HookCall(session, call), dict(inputs)) or {})
        except ApexError as error:
            failed = Refuse.FLOW_FAILED() if action.kind == "flow" else Refuse.APEX_ACTION_FAILED(message=str(error))
            raise failed from error

    return _invoked(session, call, action.name, step, {"version": 1})


def _check(action: str, inputs: Inputs, needed: list[str], known: set[str]) -> None:
    for name in needed:
        if inputs.get(name) is None:
            raise Refuse.MISSING_INPUT(name=name)
    for name in inputs:
        if name not in known:
            raise Refuse.UNKNOWN_INPUT(action=action, name=name)


def _invoked(session: Session, call: Call, name: str, step: Step, more: dict[str, Any] | None = None) -> Response:
    sets = call.json_object().get("inputs")
    if not isinstance(sets, list) or not all(isinstance(each, dict) for each in sets):
        raise Refuse.NO_INPUTS()
    results = [_result(session, name, step, each) | (more or {}) for each in sets]
    failed = bool(results) and not any(each["isSuccess"] for each in results)
    return Response(400 if failed else 200, results)


def _result(session: Session, name: str, step: Step, inputs: Inputs) -> dict[str, Any]:
    try:
        with session.org.store.atomic():
            outputs = step(inputs)
    except Refusal as refusal:
        return {"actionName": name, "errors": per_record(of_record(refusal)), "isSuccess": False, "outputValues": None}
    return {"actionName": name, "errors": None, "isSuccess": True, "outputValues": outputs}


def _standard(name: str) -> StandardAction:
    found = STANDARD.get(name.lower())
    if found is None:
        raise Refuse.NO_SUCH_RESOURCE()
    return found


def _kind(kind: str) -> str:
    if kind.lower() not in _KINDS:
        raise Refuse.NO_SUCH_RESOURCE()
    return kind.lower()


def _custom(session: Session, kind: str, name: str) -> Action:
    found = session.org.hooks.find(_kind(kind), name)
    if found is None:
        raise Refuse.NO_SUCH_RESOURCE()
    return found


ROUTES = (
    Route("GET", "/actions", roots, since=32),
    Route("GET", "/actions/standard", standard_list, since=32),
    Route("GET", "/actions/standard/{name}", standard_describe, since=32),
    Route("POST", "/actions/standard/{name}", standard_invoke, since=32),
    Route("GET", "/actions/custom", kinds, since=32),
    Route("GET", "/actions/custom/{kind}", custom_list, since=32),
    Route("GET", "/actions/custom/{kind}/{name}", custom_describe, since=32),
    Route("POST", "/actions/custom/{kind}/{name}", custom_invoke, since=32),
)
