"""Change data capture: what of a record's write a change event tells, and how two writes of one transaction are one."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import md5
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from mocksf.evidence import Evidence
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Field, Schema, SObject
from mocksf.values import writer

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A change event's payload names fields as CometD clients were seen to get them", Evidence.RECORDED),
    ("A create tells all fields that are not empty, an update those that changed, a delete none", Evidence.DOCUMENTED),
    ("Parts of names and addresses are told inside their compound field", Evidence.RECORDED),
    ("changedFields names such a part as MailingAddress.City", Evidence.ASSUMED),
    ("Several writes of a record in one transaction are one change", Evidence.ASSUMED),
    ("The same change of records that follow one another in a transaction is one event", Evidence.DOCUMENTED),
    ("Formula fields ride along and make no event of their own; roll-up summaries make one", Evidence.ASSUMED),
    ("commitNumber grows with every transaction that changed something", Evidence.DOCUMENTED),
    ("A deletion that empties a lookup is a change of the record that pointed there", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

CREATE, UPDATE, DELETE, UNDELETE = "CREATE", "UPDATE", "DELETE", "UNDELETE"
LEFT_OUT = frozenset(
    {"Id", "IsDeleted", "SystemModstamp", "LastActivityDate", "LastViewedDate", "LastReferencedDate", "PhotoUrl"}
)
"""Fields that no change event has: documented, or derived from other records."""
STAMP = "LastModifiedDate"
Body = dict[str, Any]
"""A change as the log keeps it: `kind`, `entity`, `changed` names, `payload`, and what its header tells."""


class Told(NamedTuple):
    """One field as change events tell it."""

    place: tuple[str, ...]
    """Its name, or that of its compound field and its own in there."""
    write: Callable[[Any], Any]
    follows: bool
    """Whether it only follows from other fields."""

    @property
    def name(self) -> str:
        """As `changedFields` has it."""
        return ".".join(self.place)


def has_changes(sobject: SObject) -> bool:
    """Whether changes of an object's records can be captured."""
    return sobject.get("SystemModstamp") is not None and bool(sobject.flags.get("triggerable") or sobject.custom)


def change_channel(sobject: SObject) -> str:
    """The channel of one object's changes: `/data/AccountChangeEvent`, `/data/Call__ChangeEvent`."""
    return f"/data/{event_name(sobject)}"


def event_name(sobject: SObject) -> str:
    """The name of an object's change event."""
    root, dunder, kind = sobject.name.rpartition("__")
    return f"{root}__ChangeEvent" if dunder and kind == "c" else f"{sobject.name}ChangeEvent"


def schema_id(sobject: SObject) -> str:
    """The id of an event's schema: another one as soon as the object has other fields."""
    named = ",".join([sobject.name, *(f"{field.name}:{field.type}" for field in sobject.fields)])
    return urlsafe_b64encode(md5(named.encode(), usedforsecurity=False).digest()).decode().rstrip("=")


def transaction_key(number: int) -> str:
    """What groups the changes of one transaction: it follows from its number, so that a run can be played again."""
    return str(uuid5(NAMESPACE_URL, f"mocksf transaction {number}"))


# -- one write ---------------------------------------------------------------------------------------------------------


def whole(sobject: SObject, schema: Schema, row: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a record that is new, or back: all that is not empty."""
    told = _told(sobject, schema)
    payload: dict[str, Any] = {}
    for name, value in row.items():
        if value is not None and name in told:
            _put(payload, told[name], value)
    return payload


def moved(
    sobject: SObject, schema: Schema, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]] | None:
    """The names that changed, and the payload that tells how; None where nothing did that makes an event."""
    told = _told(sobject, schema)
    names = [name for name, value in changes.items() if name in told and before.get(name) != value]
    if all(told[name].follows for name in names):
        return None
    if STAMP in changes and STAMP not in names:  # the same second, and changed all the same
        names.append(STAMP)
    names.sort(key=lambda name: name != STAMP)
    payload: dict[str, Any] = {}
    for name in names:
        _put(payload, told[name], changes[name])
    return [told[name].name for name in names], payload


def _put(payload: dict[str, Any], told: Told, value: Any) -> None:
    *outer, last = told.place
    for name in outer:
        payload = payload.setdefault(name, {})
    payload[last] = None if value is None else told.write(value)


_OUTLINES: PerSchema[dict[str, dict[str, Told]]] = PerSchema("change events")


def _told(sobject: SObject, schema: Schema) -> dict[str, Told]:
    """The fields of an object's change events by their names."""
    outlines = _OUTLINES.of(schema, dict)
    if sobject.name not in outlines:
        outlines[sobject.name] = dict(_outline(sobject))
    return outlines[sobject.name]


def _outline(sobject: SObject) -> Iterable[tuple[str, Told]]:
    compounds = {field.compound_field_name for field in sobject.fields if field.compound_field_name != field.name}
    for field in sobject.columns:
        derived = field.calculated and not field.custom
        if field.name not in LEFT_OUT and field.name not in compounds and not derived:
            yield field.name, Told(_place(field), _writer(field), field.calculated and field.summary is None)


def _place(field: Field) -> tuple[str, ...]:
    compound = field.compound_field_name
    if not compound or compound == field.name:
        return (field.name,)
    if compound.endswith("__c"):
        return compound, field.name.removeprefix(compound.removesuffix("c")).removesuffix("__s")
    return compound, field.name.removeprefix(compound.removesuffix("Address"))


def _writer(field: Field) -> Callable[[Any], Any]:
    write = writer(field)
    if write is None:
        return lambda value: value
    if field.type != "datetime":
        return write
    return lambda value: zulu(write(value))


def zulu(text: str) -> str:
    """An instant as events have it: with Z where REST has +0000."""
    return text.removesuffix("+0000") + "Z" if text.endswith("+0000") else text


# -- several writes of one record --------------------------------------------------------------------------------------


def merged(before: Body, now: Body) -> Body | None:
    """Two changes of one record in one transaction as one; None where they come to nothing."""
    kinds = before["kind"], now["kind"]
    if kinds[1] == DELETE:
        return None if kinds[0] in {CREATE, UNDELETE} else {**before, "kind": DELETE, "changed": [], "payload": {}}
    if kinds == (DELETE, UNDELETE):
        return None
    payload = _over(before["payload"], now["payload"])
    if kinds[0] != UPDATE:
        return {**before, "payload": _filled(payload)}
    return {**before, "changed": list(dict.fromkeys(before["changed"] + now["changed"])), "payload": payload}


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {**below, **above}
    for name, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(name), dict):
            both[name] = _over(below[name], value)
    return both


def _filled(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A payload without what is empty."""
    inner = {name: _filled(value) if isinstance(value, dict) else value for name, value in payload.items()}
    return {name: value for name, value in inner.items() if value is not None and value != {}}


# -- events ------------------------------------------------------------------------------------------------------------


def payload_of(body: Body, txn: int, record_ids: list[str]) -> dict[str, Any]:
    """The payload of a change event, its header at the end."""
    header = {
        "commitNumber": txn,
        "commitUser": body["user"],
        "sequenceNumber": body["number"],
        "entityName": body["entity"],
        "changeType": body["kind"],
        "changedFields": body["changed"],
        "changeOrigin": body["origin"],
        "transactionKey": transaction_key(txn),
        "commitTimestamp": body["at"],
        "recordIds": record_ids,
    }
    return {**body["payload"], "ChangeEventHeader": header}


def same_change(one: Body, other: Body) -> bool:
    """Whether two changes of different records in one transaction are told by one event."""
    alike = ("kind", "entity", "changed", "payload")
    return one["kind"] in {UPDATE, DELETE} and all(one[each] == other[each] for each in alike)
