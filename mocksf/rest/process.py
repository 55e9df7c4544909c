"""Workflow rules and approvals in their smallest honest shape: the org has neither, and says so."""

from typing import Any

from mocksf.dialects import per_record
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Json, Response
from mocksf.rest import bodies
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

ACTIONS = ("Submit", "Approve", "Reject")

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("The org has no workflow rules and no approval processes; lists of them are empty", Evidence.ASSUMED),
    ("Firing the rules of records that are there succeeds where there are none", Evidence.ASSUMED),
    ("Approval requests are answered one by one under status 200, those that fail too", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def roots(_: Session, call: Call) -> Response:
    """Where rules and approvals are."""
    root = f"/services/data/v{call.version}/process"
    return Response(200, {"rules": f"{root}/rules", "approvals": f"{root}/approvals"})


def rules(_: Session, __: Call) -> Response:
    """The workflow rules by object: none."""
    return Response(200, {"rules": {}})


def rules_of(session: Session, _: Call, sobject: str) -> Response:
    """The workflow rules of one object: none."""
    return Response(200, {"rules": {session.sobject(sobject).name: []}})


def fire(session: Session, call: Call) -> Response:
    """Evaluate the workflow rules of the records that `contextIds` names; all of them have to be there."""
    ids = call.json_object().get("contextIds")
    if not isinstance(ids, list):
        raise bodies.wrong_shape(ids, "array")
    for each in ids:
        _there(session, each)
    return Response(200, {"errors": None, "success": True})


def approvals(_: Session, __: Call) -> Response:
    """The approval processes by object: none."""
    return Response(200, {"approvals": {}})


def decide(session: Session, call: Call) -> Response:
    """Submit records for approval, or decide on those that were: a result for each request."""
    requests = call.json_object().get("requests")
    if not isinstance(requests, list):
        raise bodies.wrong_shape(requests, "array")
    return Response(200, [_decided(session, each) for each in requests])


def _decided(session: Session, wanted: Json) -> dict[str, Any]:
    if not isinstance(wanted, dict):
        raise bodies.wrong_shape(wanted)
    context, deed = wanted.get("contextId"), wanted.get("actionType")
    try:
        if deed not in ACTIONS:
            raise Refuse.BAD_APPROVAL(actions=", ".join(ACTIONS))
        if deed != "Submit":
            raise Refuse.NO_SUCH_REFERENCE()  # nothing waits for a decision
        _there(session, context)
        raise Refuse.NO_APPROVAL_PROCESS()
    except Refusal as refusal:
        return {
            "actorIds": None,
            "entityId": normalise_id(context) if isinstance(context, str) else None,
            "errors": per_record(refusal),
            "instanceId": None,
            "instanceStatus": None,
            "newWorkitemIds": None,
            "success": False,
        }


def _there(session: Session, record_id: Json) -> None:
    """Raise unless a record is there."""
    known = normalise_id(record_id) if isinstance(record_id, str) else None
    kind = session.org.schema.of_id(known) if known else None
    if known is None or kind is None:
        raise Refuse.MALFORMED_ID_ALONE(value=record_id)
    session.org.records.read(kind, known, ["Id"])


ROUTES = (
    Route("GET", "/process", roots),
    Route("GET", "/process/rules", rules),
    Route("POST", "/process/rules", fire),
    Route("GET", "/process/rules/{sobject}", rules_of),
    Route("GET", "/process/approvals", approvals),
    Route("POST", "/process/approvals", decide),
)
