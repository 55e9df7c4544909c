"""Quick actions: the ones that every org has, to log a call or to make a record for the one that is looked at."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Json, Response
from mocksf.rest.recent import touched
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import Field, SObject
from mocksf.schema.describe import describe_field

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("The global actions of a fresh org log a call or create one of eight objects", Evidence.ASSUMED),
    ("Objects whose records are looked at in pages offer them all; there are no others", Evidence.ASSUMED),
    ("A new record is tied to its context by the first of its lookups that may point there", Evidence.ASSUMED),
    ("A logged call is a completed task, on the day of the caller, of the subtype Call", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


class QuickAction(NamedTuple):
    """One global quick action."""

    name: str
    label: str
    target: str
    """The object of which it makes a record."""
    values: Mapping[str, Json] = {}
    """What the record is filled with beforehand."""
    type: str = "Create"


_CALL: Mapping[str, Json] = {"Subject": "Call", "Status": "Completed", "TaskSubtype": "Call"}
ACTIONS = {
    each.name.lower(): each
    for each in (
        QuickAction("LogACall", "Log a Call", "Task", _CALL, "LogACall"),
        QuickAction("NewTask", "New Task", "Task"),
        QuickAction("NewEvent", "New Event", "Event"),
        QuickAction("NewContact", "New Contact", "Contact"),
        QuickAction("NewCase", "New Case", "Case"),
        QuickAction("NewLead", "New Lead", "Lead"),
        QuickAction("NewAccount", "New Account", "Account"),
        QuickAction("NewOpportunity", "New Opportunity", "Opportunity"),
        QuickAction("NewNote", "New Note", "Note"),
    )
}
"""By lower-case name."""


def listed(session: Session, call: Call) -> Response:
    """The global quick actions."""
    return Response(200, _list(session, f"/services/data/v{call.version}/quickActions"))


def listed_of(session: Session, call: Call, sobject: str) -> Response:
    """The quick actions of an object: the global ones, where its records have pages."""
    kind = session.sobject(sobject)
    root = f"/services/data/v{call.version}/sobjects/{kind.name}/quickActions"
    return Response(200, _list(session, root) if kind.flags.get("layoutable") else [])


def _list(session: Session, root: str) -> list[dict[str, Any]]:
    offered = [each for each in ACTIONS.values() if session.org.schema.get(each.target) is not None]
    return [
        {"label": each.label, "name": each.name, "type": each.type, "urls": _urls(f"{root}/{each.name}")}
        for each in offered
    ]


def _urls(address: str) -> dict[str, str]:
    return {
        "defaultValues": f"{address}/defaultValues",
        "quickAction": address,
        "describe": f"{address}/describe",
        "defaultValuesTemplate": f"{address}/defaultValues/{{ID}}",
    }


def described(session: Session, call: Call, action: str) -> Response:
    """A quick action: the object that it makes a record of, and its fields."""
    found, kind = _action(session, action)
    return Response(200, _described(found, kind, None, f"/services/data/v{call.version}/quickActions"))


def described_of(session: Session, call: Call, sobject: str, action: str) -> Response:
    """A quick action of an object."""
    context, (found, kind) = session.sobject(sobject), _action(session, action)
    root = f"/services/data/v{call.version}/sobjects/{context.name}/quickActions"
    return Response(200, _described(found, kind, context, root))


def _described(action: QuickAction, kind: SObject, context: SObject | None, root: str) -> dict[str, Any]:
    link = _link(kind, context)
    return {
        "accessLevelRequired": None,
        "colors": [],
        "contextSobjectType": context.name if context is not None else None,
        "defaultValues": [{"defaultValue": value, "field": name} for name, value in action.values.items()] or None,
        "height": None,
        "iconName": None,
        "iconUrl": None,
        "icons": [],
        "label": action.label,
        "layout": {"layoutRows": [_row(each) for each in _shown(kind)], "name": action.name},
        "name": action.name,
        "targetParentField": link.name if link is not None else None,
        "targetRecordTypeId": None,
        "targetSobjectType": action.target,
        "type": action.type,
        "urls": _urls(f"{root}/{action.name}"),
        "width": None,
    }


def _shown(kind: SObject) -> list[Field]:
    """The fields that a form of this kind needs: the required ones, and the name."""
    return [each for each in kind.fields if each.createable and (each.required or each.name_field)]


def _row(field: Field) -> dict[str, Any]:
    component = {"details": describe_field(field), "displayLines": 1, "type": "Field", "value": field.name}
    item = {"label": field.label, "layoutComponents": [component], "required": field.required}
    return {"layoutItems": [item], "numItems": 1}


def default_values(session: Session, call: Call, action: str) -> Response:
    """What the record of a quick action is filled with."""
    return _defaults(session, call, action, None)


def default_values_for(session: Session, call: Call, action: str, id: str) -> Response:
    """What the record of a quick action is filled with, for the record that is looked at."""
    return _defaults(session, call, action, id)


def default_values_of(session: Session, call: Call, sobject: str, action: str) -> Response:
    """What the record of an object's quick action is filled with."""
    session.sobject(sobject)
    return _defaults(session, call, action, None)


def default_values_of_for(session: Session, call: Call, sobject: str, action: str, id: str) -> Response:
    """What the record of an object's quick action is filled with, for the record that is looked at."""
    session.sobject(sobject)
    return _defaults(session, call, action, id)


def _defaults(session: Session, _: Call, action: str, context_id: str | None) -> Response:
    found, kind = _action(session, action)
    values = _prefilled(session, found, kind, context_id)
    return Response(200, {"attributes": {"type": kind.name}, **values})


def perform(session: Session, call: Call, action: str) -> Response:
    """Make the record of a quick action, tied to the `contextId` where there is one."""
    body = call.json_object()
    found, kind = _action(session, action)
    context_id, record = body.get("contextId"), body.get("record")
    if context_id is not None and not isinstance(context_id, str):
        raise Refuse.MALFORMED_ID_ALONE(value=context_id)
    given = {name: value for name, value in record.items() if name != "attributes"} if isinstance(record, dict) else {}
    named = {name.lower() for name in given}
    prefilled = _prefilled(session, found, kind, context_id)
    values = {name: value for name, value in prefilled.items() if name.lower() not in named} | given
    record_id = session.org.records.create(session.actor(call), kind, values, session.touch)
    touched(session, call, record_id)
    result: dict[str, Any] = {
        "contextId": normalise_id(context_id) if context_id else None,
        "created": True,
        "errors": [],
        "feedItemId": None,
        "feedItemIds": None,
        "id": record_id,
        "success": True,
    }
    return Response(201, result)


def perform_of(session: Session, call: Call, sobject: str, action: str) -> Response:
    """Make the record of an object's quick action."""
    session.sobject(sobject)
    return perform(session, call, action)


# -- what they share ---------------------------------------------------------------------------------------------------


def _action(session: Session, name: str) -> tuple[QuickAction, SObject]:
    found = ACTIONS.get(name.lower())
    if found is None:
        raise Refuse.NO_SUCH_RESOURCE()
    return found, session.sobject(found.target)


def _prefilled(session: Session, action: QuickAction, kind: SObject, context_id: str | None) -> dict[str, Json]:
    """The values beforehand. Raises where the context is not there."""
    values = {name: value for name, value in action.values.items() if kind.get(name) is not None}
    if action.name == "LogACall":
        values["ActivityDate"] = session.now.date().isoformat()
    if context_id is None:
        return values
    record_id = normalise_id(context_id)
    context = session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or context is None:
        raise Refuse.MALFORMED_ID_ALONE(value=context_id)
    session.org.records.read(context, record_id, ["Id"])
    link = _link(kind, context)
    return values if link is None else {**values, link.name: record_id}


def _link(kind: SObject, context: SObject | None) -> Field | None:
    """The lookup that ties a new record to a context."""
    if context is None:
        return None
    ties = (each for each in kind.fields if each.createable and context.name in each.reference_to)
    return next((each for each in ties if each.name != "OwnerId"), None)


ROUTES = (
    Route("GET", "/quickActions", listed),
    Route("GET", "/quickActions/{action}", described),
    Route("POST", "/quickActions/{action}", perform),
    Route("GET", "/quickActions/{action}/describe", described),
    Route("GET", "/quickActions/{action}/defaultValues", default_values),
    Route("GET", "/quickActions/{action}/defaultValues/{id}", default_values_for),
    Route("GET", "/sobjects/{sobject}/quickActions", listed_of, composable=True),
    Route("GET", "/sobjects/{sobject}/quickActions/{action}", described_of, composable=True),
    Route("POST", "/sobjects/{sobject}/quickActions/{action}", perform_of, composable=True),
    Route("GET", "/sobjects/{sobject}/quickActions/{action}/describe", described_of, composable=True),
    Route("GET", "/sobjects/{sobject}/quickActions/{action}/defaultValues", default_values_of, composable=True),
    Route(
        "GET", "/sobjects/{sobject}/quickActions/{action}/defaultValues/{id}", default_values_of_for, composable=True
    ),
)
