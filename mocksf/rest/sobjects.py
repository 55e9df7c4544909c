"""sObject rows: create, retrieve, update, delete, and upsert by external ID."""

from itertools import islice
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Raw, Response
from mocksf.publishing import enqueued
from mocksf.records import Ambiguous
from mocksf.rest import blobs, conditions, relations
from mocksf.rest.forms import record_of
from mocksf.rest.recent import listed, touched
from mocksf.rest.render import body_bytes
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject
from mocksf.schema.describe import describe_brief

RECENT_ITEMS_MAX = 5
_WITH_CONTENT = frozenset({"Attachment", "ContentVersion"})
"""The objects whose records hold files (a File field of a custom object is read as it is: assumed)."""
UPSERT_ANSWERS_SINCE = 46.0
"""From this version an upsert that updates answers 200 with a body, and says whether it created (documented)."""


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A retrieve with chosen fields appends Id", Evidence.DOCUMENTED),
    ("updateOnly without a match answers NOT_FOUND", Evidence.ASSUMED),
    ("An upsert that updates carries no Location", Evidence.ASSUMED),
    ("The id of another object in a row address is MALFORMED_ID under status 400", Evidence.DOCUMENTED),
    ("The short description of an object lists five recent items", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def address(call: Call, sobject: SObject, record_id: str) -> str:
    """The path of a record, in canonical case."""
    return f"/services/data/v{call.version}/sobjects/{sobject.name}/{record_id}"


def attributes(call: Call, sobject: SObject, record_id: str) -> dict[str, Any]:
    """The `attributes` that stand before a record's fields."""
    return {"type": sobject.name, "url": address(call, sobject, record_id)}


def basic(session: Session, call: Call, sobject: str) -> Response:
    """What an object is in short, and the records of it that the calling user touched last."""
    kind = session.sobject(sobject)
    items = [*islice(listed(session, call, kind), RECENT_ITEMS_MAX)]
    return Response(200, {"objectDescribe": describe_brief(kind, call.version), "recentItems": items})


def create(session: Session, call: Call, sobject: str) -> Response:
    """A new record; its id, and its address as Location."""
    kind = session.sobject(sobject)
    record_id = session.org.records.create(session.actor(call), kind, record_of(call), session.touch)
    touched(session, call, record_id)
    body = {"id": record_id, "success": True, "errors": enqueued(kind, record_id)}
    return Response(201, body, {"Location": address(call, kind, record_id)})


def create_by_id(session: Session, call: Call, sobject: str) -> Response:
    """A new record through the upsert resource without a key; from v46.0 it says `created`."""
    kind = session.sobject(sobject)
    record_id = session.org.records.create(session.actor(call), kind, call.json_object(), session.touch)
    touched(session, call, record_id)
    return _upserted(call, kind, record_id, created=True)


def retrieve(session: Session, call: Call, sobject: str, id: str) -> Response:
    """A record by its id: all its fields, or those of `?fields=`, then `Id` at the end."""
    kind = session.sobject(sobject)
    return _row(session, call, kind, session.org.records.resolve_id(id))


def _row(session: Session, call: Call, kind: SObject, record_id: str) -> Response:
    wanted = call.query.get("fields")
    names = [name.strip() for name in wanted.split(",") if name.strip()] if wanted else None
    session.org.records.automation.freshen(session.now, session.user_id, kind, record_id)
    if names is None:
        body, stamp = _whole(session, call, kind, record_id)
    else:
        body = _written(session, call, kind, record_id, names)
        stamp = conditions.stamp_of(session.org.store, kind, record_id, call)
    unchanged = conditions.check(call, stamp)
    if unchanged is not None:
        return unchanged
    return Response(200, body, dict(stamp.headers) if kind.name == "Account" else {})


def _whole(session: Session, call: Call, kind: SObject, record_id: str) -> tuple[Json, conditions.Stamp]:
    """A record with all its fields: as it was last written, where it has not changed since."""
    ready, form = session.org.store.ready, (kind.name, call.version, session.view)
    known: tuple[Json, conditions.Stamp] | None = ready.of(record_id, form)
    if known is None:
        body = Raw(body_bytes(_written(session, call, kind, record_id, None)))
        known = body, conditions.stamp_of(session.org.store, kind, record_id)
        ready.keep(record_id, form, known)
    return known


def _written(session: Session, call: Call, kind: SObject, record_id: str, names: list[str] | None) -> Json:
    record = session.org.records.read(kind, record_id, names)
    if kind.name in _WITH_CONTENT:
        record = blobs.addressed(kind, address(call, kind, record_id), record)
    return {"attributes": attributes(call, kind, record_id), **record}


def update(session: Session, call: Call, sobject: str, id: str) -> Response:
    """Change a record; nothing is answered."""
    kind = session.sobject(sobject)
    record_id = session.org.records.resolve_id(id)
    body = call.json_object()
    conditions.demand(call, conditions.stamp_of(session.org.store, kind, record_id, call))
    session.org.records.update(session.actor(call), kind, record_id, body, session.touch)
    touched(session, call, record_id)
    return Response(204)


def delete(session: Session, call: Call, sobject: str, id: str) -> Response:
    """Put a record into the recycle bin."""
    kind = session.sobject(sobject)
    session.org.records.delete(session.actor(call), kind, session.org.records.resolve_id(id), session.touch)
    return Response(204)


def retrieve_by_key(session: Session, call: Call, sobject: str, field: str, value: str) -> Response:
    """A record by an external ID, or 300 with all that share it; by id and name a file, or what is related."""
    kind = session.sobject(sobject)
    content = blobs.content_field(kind, field, value)
    if content is not None:
        return blobs.content(session, kind, field, content)
    try:
        return _row(session, call, kind, _keyed(session, kind, field, value))
    except Ambiguous as found:
        return _choices(call, found)
    except Refusal as refusal:
        return relations.instead(session, call, kind, (field, value), refusal)(retrieve)


def delete_by_key(session: Session, call: Call, sobject: str, field: str, value: str) -> Response:
    """Delete the record that has this external ID; or by id and name the one that a record points to."""
    kind = session.sobject(sobject)
    try:
        record_id = _keyed(session, kind, field, value)
    except Ambiguous as found:
        return _choices(call, found)
    except Refusal as refusal:
        return relations.instead(session, call, kind, (field, value), refusal)(delete)
    session.org.records.delete(session.actor(call), kind, record_id, session.touch)
    return Response(204)


def _keyed(session: Session, kind: SObject, field: str, value: str) -> str:
    records = session.org.records
    key = records.key_field(kind, field)
    found = records.resolve_id(value) if key.name == "Id" else records.find_key(kind, key, value)
    if found is None:
        raise Refuse.NO_SUCH_RESOURCE()
    return found


def upsert(session: Session, call: Call, sobject: str, field: str, value: str) -> Response:
    """Update the record that has this external ID, or create it: 201 new, 200 (before v46.0: 204) changed, 300 several.

    `?updateOnly=true` never creates. By id and name it updates the record that a record points to: 204.
    """
    kind = session.sobject(sobject)
    try:
        key = session.org.records.key_field(kind, field)
    except Refusal as refusal:
        return relations.instead(session, call, kind, (field, value), refusal)(update)
    update_only = call.query.get("updateOnly", "").lower() == "true"
    try:
        if conditions.asked(call):
            _demand(session, call, kind, key.name, value)
        record_id, created = session.org.records.upsert(
            session.actor(call), kind, (key, value), call.json_object(), session.touch, update_only
        )
    except Ambiguous as found:
        return _choices(call, found)
    touched(session, call, record_id)
    return _upserted(call, kind, record_id, created)


def _demand(session: Session, call: Call, kind: SObject, field: str, value: str) -> None:
    """Raise where a header forbids the upsert on the record that is there (a new one has no version: assumed)."""
    try:
        record_id = _keyed(session, kind, field, value)
    except Refusal as refusal:
        if refusal.situation is not Refuse.NO_SUCH_RESOURCE:
            raise
    else:
        conditions.demand(call, conditions.stamp_of(session.org.store, kind, record_id, call))


def _upserted(call: Call, kind: SObject, record_id: str, created: bool) -> Response:
    body: dict[str, Any] = {"id": record_id, "success": True, "errors": []}
    if float(call.version) >= UPSERT_ANSWERS_SINCE:
        body["created"] = created
    elif not created:
        return Response(204)
    # An address is documented for what is new only.
    return Response(201, body, {"Location": address(call, kind, record_id)}) if created else Response(200, body)


def _choices(call: Call, found: Ambiguous) -> Response:
    return Response(300, [address(call, found.sobject, record_id) for record_id in found.ids])


ROUTES = (
    Route("GET", "/sobjects/{sobject}", basic, composable=True),
    Route("POST", "/sobjects/{sobject}", create, composable=True),
    Route("POST", "/sobjects/{sobject}/Id", create_by_id, composable=True),
    Route("GET", "/sobjects/{sobject}/{id}", retrieve, composable=True),
    Route("PATCH", "/sobjects/{sobject}/{id}", update, composable=True),
    Route("DELETE", "/sobjects/{sobject}/{id}", delete, composable=True),
    Route("GET", "/sobjects/{sobject}/{field}/{value}", retrieve_by_key, composable=True),
    Route("PATCH", "/sobjects/{sobject}/{field}/{value}", upsert, composable=True),
    Route("DELETE", "/sobjects/{sobject}/{field}/{value}", delete_by_key, composable=True),
)
