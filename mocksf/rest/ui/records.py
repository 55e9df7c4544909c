"""Records of the UI API: read with chosen fields, created, changed, deleted, several at once."""

from typing import Any

from mocksf import dialects
from mocksf.errors import Form, Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Json, Response
from mocksf.rest import bodies
from mocksf.rest.entries import of_record
from mocksf.rest.recent import touched
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.rest.ui import shapes as ui_shapes
from mocksf.schema import SObject

IDS_MAX = 200
_FAILED = "An error occurred while trying to update the record. Please try again."

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A record is read with fields, optionalFields or layoutTypes; the layout is all fields", Evidence.DOCUMENTED),
    ("A record that was created or changed is answered with all its fields", Evidence.ASSUMED),
    ("A write that the engine refuses is one error of the type RecordError, sorted by field", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def read(session: Session, call: Call, id: str) -> Response:
    """A record with the fields that `?fields=`, `?optionalFields=` or `?layoutTypes=` ask for."""
    return Response(200, _shown(session, call, id))


def read_several(session: Session, call: Call, ids: str) -> Response:
    """Several records, each with a status of its own."""
    wanted = [each.strip() for each in ids.split(",") if each.strip()]
    if len(wanted) > IDS_MAX:
        raise Refuse.TOO_MANY_RECORDS(maximum=IDS_MAX)
    results: list[dict[str, Any]] = []
    for each in wanted:
        try:
            results.append({"result": _shown(session, call, each), "statusCode": 200})
        except Refusal as refusal:
            results.append({"result": dialects.rest(refusal).body, "statusCode": refusal.status})
    return Response(200, {"hasErrors": any(each["statusCode"] != 200 for each in results), "results": results})


def _shown(session: Session, call: Call, text: str) -> dict[str, Any]:
    kind, record_id = named(session, text)
    asked = {name: _names(call, name) for name in ("fields", "optionalFields", "layoutTypes")}
    if not any(asked.values()):
        raise Refuse.NO_UI_FIELDS()
    optional = ui_shapes.wanted_of(kind, asked["optionalFields"])
    if asked["layoutTypes"]:
        optional = everything(kind) | optional
    wanted = ui_shapes.wanted_of(kind, asked["fields"])
    return ui_shapes.record(session, kind, record_id, wanted, optional)


def _names(call: Call, name: str) -> list[str]:
    given = [value for each, value in call.pairs if each == name]
    return [each.strip() for value in given for each in value.split(",") if each.strip()]


def named(session: Session, text: str) -> tuple[SObject, str]:
    """The object and the id that a text names. Raises NO_SUCH_RESOURCE for what is no id of a record."""
    record_id = normalise_id(text)
    kind = session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or kind is None:
        raise Refuse.NO_SUCH_RESOURCE()
    return kind, record_id


def everything(kind: SObject) -> ui_shapes.Wanted:
    """All fields of an object but the contents of files and those that are made of others."""
    return {each.name: {} for each in kind.columns if each.type != "base64"}


def create(session: Session, call: Call) -> Response:
    """A new record of the object `apiName`; it is answered as it is then."""
    body = call.json_object()
    name = body.get("apiName")
    if not isinstance(name, str):
        raise Refuse.MISSING_ARGUMENT(reason="apiName is required: the name of an object")
    kind, fields = session.sobject(name), _fields(body)
    try:
        record_id = session.org.records.create(session.actor(call), kind, fields, session.touch)
    except Refusal as refusal:
        return _refused(kind, refusal)
    touched(session, call, record_id)
    return Response(201, ui_shapes.record(session, kind, record_id, {}, everything(kind)))


def update(session: Session, call: Call, id: str) -> Response:
    """Change a record; it is answered as it is then."""
    kind, record_id = named(session, id)
    fields = _fields(call.json_object())
    session.org.records.read(kind, record_id, ["Id"])
    try:
        session.org.records.update(session.actor(call), kind, record_id, fields, session.touch)
    except Refusal as refusal:
        return _refused(kind, refusal)
    touched(session, call, record_id)
    return Response(200, ui_shapes.record(session, kind, record_id, {}, everything(kind)))


def delete(session: Session, call: Call, id: str) -> Response:
    """Put a record into the recycle bin."""
    kind, record_id = named(session, id)
    session.org.records.delete(session.actor(call), kind, record_id, session.touch)
    return Response(204)


def _fields(body: dict[str, Json]) -> dict[str, Json]:
    fields = body.get("fields")
    if not isinstance(fields, dict):
        raise bodies.wrong_shape(fields)
    return fields


def _refused(kind: SObject, refusal: Refusal) -> Response:
    """What the UI API says of a record that was not saved: its errors by field, and those of no field."""
    refusal = of_record(refusal)
    if refusal.form is not Form.DML and refusal.situation is not Refuse.NO_SUCH_COLUMN:
        raise refusal
    errors: list[dict[str, Any]] = []
    by_field: dict[str, list[dict[str, Any]]] = {}
    for each in (refusal, *refusal.siblings):
        if not each.fields:
            errors.append(_error(kind, each, None))
        for name in each.fields:
            by_field.setdefault(name, []).append(_error(kind, each, name))
    entry = {
        "enhancedErrorType": "RecordError",
        "errorCode": refusal.code,
        "message": _FAILED,
        "output": {"errors": errors, "fieldErrors": by_field},
        "statusCode": refusal.status,
    }
    return Response(refusal.status, [entry])


def _error(kind: SObject, refusal: Refusal, name: str | None) -> dict[str, Any]:
    field = kind.get(name) if name else None
    return {
        "constituentField": None,
        "duplicateRecordError": None,
        "errorCode": refusal.code,
        "field": name,
        "fieldLabel": field.label if field is not None else None,
        "message": refusal.message,
    }


ROUTES = (
    Route("GET", "/ui-api/records/{id}", read, since=41),
    Route("PATCH", "/ui-api/records/{id}", update, since=41),
    Route("DELETE", "/ui-api/records/{id}", delete, since=41),
    Route("POST", "/ui-api/records", create, since=41),
    Route("GET", "/ui-api/records/batch/{ids}", read_several, since=41),
)
