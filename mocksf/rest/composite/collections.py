"""sObject Collections: up to 200 records in one call, each with a result of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from mocksf.dialects import per_record
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Json, Response
from mocksf.publishing import enqueued
from mocksf.records import Actor
from mocksf.rest import bodies
from mocksf.rest.mixing import Unmixed
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.rest.sobjects import attributes
from mocksf.schema import Field, SObject
from mocksf.values import NotReadable

RECORDS_MAX = 200
RETRIEVED_MAX = 2000
CHUNKS_MAX = 10
"""How many runs of records of one object a call may hold."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A value of the wrong JSON type is an error of its record, INVALID_TYPE_ON_FIELD_IN_RECORD", Evidence.ASSUMED),
    ("A record without a known attributes.type is refused alone, with INVALID_TYPE", Evidence.ASSUMED),
    ("A key that comes twice in one request is refused for each of its records", Evidence.ASSUMED),
    ("A failed update or upsert repeats the id where it is well formed", Evidence.ASSUMED),
    ("Records of more than one object come in ten runs of one object at most", Evidence.DOCUMENTED),
    ("More than ten runs are refused whole, as LIMIT_EXCEEDED", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Result = dict[str, Any]
Step = Callable[[], Result]
"""Saves one record and gives its result; raises a refusal."""


def create(session: Session, call: Call) -> Response:
    """New records of any objects; a record that fails has no id in its result."""
    all_or_none, records = _read(call)
    actor, unmixed = session.actor(call), Unmixed()

    def step(record: Json) -> Result:
        kind, fields = _kind(session, record), _fields(record)
        unmixed.admit(kind)
        record_id = session.org.records.create(actor, kind, fields, session.touch)
        return {**_saved(record_id), "errors": enqueued(kind, record_id)}

    return _answer(session, [partial(step, each) for each in records], all_or_none, [None] * len(records))


def update(session: Session, call: Call) -> Response:
    """Changed records of any objects, each named by its `id`."""
    all_or_none, records = _read(call)
    actor, unmixed = session.actor(call), Unmixed()

    def step(record: Json) -> Result:
        kind, fields = _kind(session, record), _fields(record)
        unmixed.admit(kind)
        record_id = _id(kind, _taken(fields, "id"))
        session.org.records.update(actor, kind, record_id, fields, session.touch)
        return _saved(record_id)

    ids = [_known_id(each) for each in records]
    return _answer(session, [partial(step, each) for each in records], all_or_none, ids)


def upsert(session: Session, call: Call, sobject: str, field: str) -> Response:
    """Records of one object, updated or created by an external ID (or by `Id`, where null creates)."""
    all_or_none, records = _read(call)
    kind = session.sobject(sobject)
    key = session.org.records.key_field(kind, field)
    actor = session.actor(call)
    seen = Counter(_folded(_value_of(each, key.name)) for each in records)

    def step(record: Json) -> Result:
        value = _value_of(record, key.name)
        if value is not None and seen[_folded(value)] > 1:
            raise Refuse.REPEATED_KEY(fields=(key.name,), value=value)
        return _upserted(session, actor, (kind, key), record)

    ids = [_known_id(each) for each in records]
    return _answer(session, [partial(step, each) for each in records], all_or_none, ids)


def _upserted(session: Session, actor: Actor, where: tuple[SObject, Field], record: Json) -> Result:
    kind, key = where
    fields = _fields(record)
    value = _taken(fields, key.name.lower())
    if value is None and key.name == "Id":
        return {**_saved(session.org.records.create(actor, kind, fields, session.touch)), "created": True}
    record_id, created = session.org.records.upsert(actor, kind, (key, value), fields, session.touch)
    return {**_saved(record_id), "created": created}


def delete(session: Session, call: Call) -> Response:
    """Delete the records of `?ids=`, of any objects."""
    ids = [each.strip() for each in call.query.get("ids", "").split(",") if each.strip()]
    _limit(ids, RECORDS_MAX)
    _limit_chunks([each[:3] for each in ids])
    actor, unmixed = session.actor(call), Unmixed()

    def step(text: str) -> Result:
        record_id = normalise_id(text)
        kind = session.org.schema.of_id(record_id) if record_id else None
        if record_id is None or kind is None:
            raise Refuse.MALFORMED_ID_ALONE(value=text)
        unmixed.admit(kind)
        session.org.records.delete(actor, kind, record_id, session.touch)
        return _saved(record_id)

    all_or_none = call.query.get("allOrNone", "").lower() == "true"
    steps = [partial(step, each) for each in ids]
    return _answer(session, steps, all_or_none, [normalise_id(each) for each in ids])


def retrieve(session: Session, call: Call, sobject: str) -> Response:
    """Records of one object by `?ids=` and `?fields=`; null stands for one that is not there."""
    split = {name: [each.strip() for each in call.query.get(name, "").split(",") if each.strip()] for name in _ASKED}
    return _retrieved(session, call, session.sobject(sobject), split["ids"], split["fields"])


def retrieve_by_body(session: Session, call: Call, sobject: str) -> Response:
    """Like `retrieve`, with ids and fields in the body."""
    body = call.json_object()
    for name in _ASKED:
        if not isinstance(body.get(name), list) or not all(isinstance(each, str) for each in body[name]):
            raise bodies.wrong_shape(body.get(name), "array")
    return _retrieved(session, call, session.sobject(sobject), body["ids"], body["fields"])


_ASKED = ("ids", "fields")


def _retrieved(session: Session, call: Call, kind: SObject, ids: Sequence[str], fields: Sequence[str]) -> Response:
    _limit(ids, RETRIEVED_MAX)
    for name in fields:
        if kind.get(name) is None:
            raise Refuse.NO_SUCH_COLUMN(field=name, sobject=kind.name)
    return Response(200, [_found(session, call, kind, each, fields) for each in ids])


def _found(session: Session, call: Call, kind: SObject, text: str, fields: Sequence[str]) -> Json:
    record_id = normalise_id(text)
    if record_id is None or not session.org.store.exists(kind, record_id):
        return None
    session.org.records.automation.freshen(session.now, session.user_id, kind, record_id)
    return {"attributes": attributes(call, kind, record_id), **session.org.records.read(kind, record_id, fields)}


# -- what they share ---------------------------------------------------------------------------------------------------


def _read(call: Call) -> tuple[bool, list[Json]]:
    body = call.json_object()
    records = body.get("records")
    if not isinstance(records, list):
        raise bodies.wrong_shape(records, "array")
    _limit(records, RECORDS_MAX)
    _limit_chunks([_type_of(each).lower() for each in records])
    return bodies.flag(body, "allOrNone"), records


def _limit(asked: Sequence[Json], maximum: int) -> None:
    if len(asked) > maximum:
        raise Refuse.TOO_MANY_RECORDS(maximum=maximum)


def _limit_chunks(kinds: Sequence[str]) -> None:
    """Raise where records of several objects alternate too often."""
    if sum(1 for _ in groupby(kinds)) > CHUNKS_MAX:
        raise Refuse.TOO_MANY_CHUNKS(maximum=CHUNKS_MAX)


def _answer(session: Session, steps: Sequence[Step], all_or_none: bool, ids: Sequence[str | None]) -> Response:
    """The results in the order of the records; with `all_or_none` one failure takes all others back."""
    with session.org.store.atomic() as undo:
        results = [_tried(session, step, record_id) for step, record_id in zip(steps, ids, strict=True)]
        if all_or_none and not all(result["success"] for result in results):
            undo()
            lost = Refuse.RECORD_ROLLED_BACK()
            results = [
                _failed(lost, record_id) if result["success"] else result
                for result, record_id in zip(results, ids, strict=True)
            ]
    return Response(200, results)


def _tried(session: Session, step: Step, record_id: str | None) -> Result:
    try:
        with session.org.store.atomic():
            return step()
    except NotReadable as refusal:
        field = refusal.field
        wrong = Refuse.WRONG_TYPE(fields=(field.name,), label=field.label, value=refusal.value)
        return _failed(wrong, record_id)
    except Refusal as refusal:
        return _failed(refusal, record_id)


def _saved(record_id: str) -> Result:
    return {"id": record_id, "success": True, "errors": []}


def _failed(refusal: Refusal, record_id: str | None) -> Result:
    """A failed record's result; only one that is named by an id repeats it."""
    named = {"id": record_id} if record_id is not None else {}
    return {**named, "success": False, "errors": per_record(refusal)}


def _kind(session: Session, record: Json) -> SObject:
    """The object that a record's `attributes` name."""
    name = _type_of(record)
    kind = session.org.schema.get(name)
    if kind is None:
        raise Refuse.NO_SUCH_ENTITY(name=name)
    return kind


def _type_of(record: Json) -> str:
    """What a record's `attributes` say of its object; empty where they say nothing."""
    named = record.get("attributes") if isinstance(record, dict) else None
    name = named.get("type") if isinstance(named, dict) else None
    return name if isinstance(name, str) else ""


def _fields(record: Json) -> dict[str, Json]:
    if not isinstance(record, dict):
        raise bodies.wrong_shape(record)
    return {name: value for name, value in record.items() if name != "attributes"}


def _taken(fields: dict[str, Json], lower_name: str) -> Json:
    """Take a field out of a record by its name in any case."""
    name = next((each for each in fields if each.lower() == lower_name), None)
    return None if name is None else fields.pop(name)


def _value_of(record: Json, name: str) -> Json:
    return _taken(dict(record), name.lower()) if isinstance(record, dict) else None


def _folded(value: Json) -> str | None:
    return None if value is None else str(value).casefold()


def _known_id(record: Json) -> str | None:
    value = _value_of(record, "Id")
    return normalise_id(value) if isinstance(value, str) else None


def _id(kind: SObject, value: Json) -> str:
    if value is None:
        raise Refuse.NO_ID_TO_UPDATE()
    record_id = normalise_id(value) if isinstance(value, str) else None
    if record_id is None or record_id[:3] != kind.key_prefix:
        raise Refuse.MALFORMED_ID(fields=("Id",), label=f"{kind.label} ID", value=value)
    return record_id


ROUTES = (
    Route("POST", "/composite/sobjects", create, composable=True, since=42),
    Route("PATCH", "/composite/sobjects", update, composable=True, since=42),
    Route("DELETE", "/composite/sobjects", delete, composable=True, since=42),
    Route("GET", "/composite/sobjects/{sobject}", retrieve, composable=True, since=42),
    Route("POST", "/composite/sobjects/{sobject}", retrieve_by_body, composable=True, since=42),
    Route("PATCH", "/composite/sobjects/{sobject}/{field}", upsert, composable=True, since=46),
)
