"""Batches: up to 25 requests in one call, each on its own, one after the other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mocksf import dialects
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Raw, Response
from mocksf.parked import Part
from mocksf.rest import bodies
from mocksf.rest.composite.manifest import METHODS
from mocksf.rest.reception import demand
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

REQUESTS_MAX = 25
OLDEST = 34.0
"""The oldest version that a subrequest may name (documented); the newest is that of the batch."""
RESOURCES = frozenset({"actions", "chatter", "connect", "limits", "query", "queryall", "search", "sobjects"}) | {
    "tooling", "ui-api",
}  # fmt: skip
"""What may be asked for in a batch, by the first word behind the version."""
_URL = re.compile(r"/*(?:services/+data/+)?v(\d{1,3}\.\d)([/?].*|)", re.IGNORECASE | re.DOTALL)
_OUTER = frozenset({"haltOnError", "batchRequests"})
_INNER = frozenset({"method", "url", "richInput", "binaryPartName", "binaryPartNameAlias"})

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A batch answers 200, and hasErrors says whether some request in it failed", Evidence.DOCUMENTED),
    (
        "Each request of a batch counts against the allowance, the batch itself does not",
        Evidence.ASSUMED,
    ),
    ("Requests of a batch have the Sforce headers of the batch", Evidence.ASSUMED),
    ("A request for anything but a documented resource fails alone, as INVALID_BATCH_REQUEST", Evidence.ASSUMED),
    (
        "A request of an unknown form or of a version out of bounds refuses the whole batch",
        Evidence.ASSUMED,
    ),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(slots=True)
class Several(Response):
    """An answer that counts as several calls."""

    more: int = 0
    """How many beside the one that was counted on its arrival."""


class _Wanted(NamedTuple):
    """One request of a batch."""

    method: str
    url: str
    body: Json


def batch(session: Session, call: Call) -> Response:
    """Do all requests in order, each for itself; with `haltOnError` none behind the first that fails."""
    body = call.json_object()
    _check(call, body, _OUTER)
    halting = bodies.flag(body, "haltOnError")
    wanted = _read(call, body.get("batchRequests"))
    left = session.org.allowance.maximum - session.org.allowance.used(session.now)
    results: list[dict[str, Any]] = []
    failed, calls = False, 0
    for number, each in enumerate(wanted):
        if failed and halting:
            results.append(_written(dialects.rest(Refuse.BATCH_HALTED())))
            continue
        calls += number <= left
        answer = _answer(session, call, each, number) if number <= left else dialects.rest(Refuse.DAILY_LIMIT())
        failed = failed or answer.status >= 400
        results.append(_written(answer))
    return Several(200, {"hasErrors": failed, "results": results}, more=max(calls - 1, 0))


def _written(answer: Response) -> dict[str, Any]:
    return {"statusCode": answer.status, "result": answer.body}


def _answer(session: Session, call: Call, wanted: _Wanted, number: int) -> Response:
    headers = {name: value for name, value in call.headers.items() if name.startswith("sforce-")}
    # The text of the whole request goes along, so that a refused value can be found in it.
    text = b"" if wanted.body is bodies.UNREAD else call.content
    inner = Call(wanted.method, wanted.url, headers, text, wanted.body)
    try:
        route, values = _route(session, inner)
        part = Part(inner.method, inner.path, _sobject(inner), f"batch-{number + 1}")
        refusal = session.hinder(part) if session.hinder else None
        if refusal is not None:
            raise refusal
    except Refusal as refusal:
        return dialects.rest(refusal)
    answer = session.routes.answer(session, inner, route, values)
    if isinstance(answer.body, Raw) and "Content-Type" in answer.headers:
        return dialects.rest(Refuse.NOT_IN_BATCH(path=inner.path))  # the bytes of a file
    return answer


def _route(session: Session, inner: Call) -> tuple[Route, tuple[str, ...]]:
    segments = inner.segments
    if len(segments) < 4 or segments[3].lower() not in RESOURCES:
        raise Refuse.NOT_IN_BATCH(path=inner.path)
    route, values = session.routes.find(inner)
    assert session.caller is not None, "a batch needs a session"
    demand(session.org, route, session.caller)
    return route, values


def _sobject(inner: Call) -> str | None:
    segments = inner.segments
    return segments[4] if len(segments) > 4 and segments[3].lower() == "sobjects" else None


# -- reading -----------------------------------------------------------------------------------------------------------


def _read(call: Call, wanted: Json) -> list[_Wanted]:
    if not isinstance(wanted, list):
        raise bodies.wrong_shape(wanted, "array")
    if len(wanted) > REQUESTS_MAX:
        raise Refuse.BATCH_LIMIT(maximum=REQUESTS_MAX, number=len(wanted))
    return [_request(call, each, number) for number, each in enumerate(wanted, 1)]


def _request(call: Call, wanted: Json, number: int) -> _Wanted:
    if not isinstance(wanted, dict):
        raise bodies.wrong_shape(wanted)
    _check(call, wanted, _INNER)
    method, url = wanted.get("method"), wanted.get("url")
    if not isinstance(method, str) or method not in METHODS:
        raise Refuse.BAD_BATCH(reason=f"request {number}: method must be one of GET, POST, PUT, PATCH, DELETE")
    found = _URL.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        raise Refuse.BAD_BATCH(reason=f"request {number}: url must be like vXX.X/sobjects/Account")
    if not OLDEST <= float(found[1]) <= float(call.version):
        raise Refuse.BAD_BATCH(reason=f"request {number}: its version must be from {OLDEST} to {call.version}")
    return _Wanted(method, f"/services/data/v{found[1]}{found[2]}", wanted.get("richInput", bodies.UNREAD))


def _check(call: Call, given: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in given:
        if name not in known:
            line, column = bodies.place_of_name(call.content, name)
            raise Refuse.UNKNOWN_PROPERTY(name=name, line=line, column=column)


ROUTES = (Route("POST", "/composite/batch", batch, since=34),)
