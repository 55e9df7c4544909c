"""Checks of one object that a call writes: its key, its links, its defaults, and what the org requires of it."""

from collections.abc import Callable, Iterator
from typing import Any

from connector.config.records import CALLER, CHATTER, written_objects
from connector.describe import FieldDescribe
from connector.names import nearest
from connector.validate.finding import Code, Finding
from connector.validate.view import Record

CALLER_KEY_LENGTH = 16
"""E.164: a plus and at most fifteen digits."""
CALL_KEY_LENGTH = 36
"""A call's id is a UUID as telephony platforms write it, or shorter (assumed)."""
SET_BY_CHATTER = frozenset({"ParentId", "Body"})


def object_writable(record: Record) -> Iterator[Finding]:
    """An object on which this user may not create or update; every delivery is an upsert."""
    may = {"created": record.sobject.createable, "updated": record.sobject.updateable or record.shape.key is None}
    lacking = [word for word, allowed in may.items() if not allowed]
    if lacking:
        sentence = f"{record.sobject.name} records cannot be {' or '.join(lacking)} by this user"
        yield Code.OBJECT_READ_ONLY.at(_first_intent(record), sentence)


def key_works(record: Record) -> Iterator[Finding]:
    """The external ID that finds the record: there, text, unique, an external ID, writable and long enough."""
    if record.shape.key is None:  # Chatter posts alone
        return
    field = record.sobject.get(record.shape.key)
    if field is None:
        keys = [each.name for each in record.sobject.fields if each.external_id]
        sentence = (
            f"{record.sobject.name} has no field {record.shape.key}; every write is keyed by a unique external ID"
            " of type Text: create it, or name another as `key`"
        )
        yield Code.KEY_UNKNOWN.at(record.path("key"), sentence, nearest(record.shape.key, keys))
        return
    yield from _key_findings(record, field)


def _key_findings(record: Record, field: FieldDescribe) -> Iterator[Finding]:
    name, path = f"{record.sobject.name}.{field.name}", record.path("key")
    if field.type != "string":
        yield Code.KEY_NOT_TEXT.at(path, f"{name} is of type {field.type}; a record key is Text")
    if not (field.external_id or field.id_lookup):
        yield Code.KEY_NOT_EXTERNAL.at(path, f"{name} is not an external ID; tick External ID on the field")
    if not field.unique:
        yield Code.KEY_NOT_UNIQUE.at(path, f"{name} is not unique, so that one key may find two records; tick Unique")
    if not (field.createable and field.updateable):
        yield Code.KEY_READ_ONLY.at(path, f"{name} cannot be written by this user (field-level security)")
    room = CALLER_KEY_LENGTH if field.name == CALLER else CALL_KEY_LENGTH
    if field.type == "string" and 0 < field.length < room:
        yield Code.KEY_TOO_SHORT.at(path, f"{name} holds {field.length} characters; a key needs {room}")


def keys_agree(record: Record) -> Iterator[Finding]:
    """Two intents that would find one record by different keys."""
    given = {each.intent: record.config.fields[each.intent].record_key for each in record.intents}
    named = {intent: key for intent, key in given.items() if key is not None}
    for intent, key in named.items():
        if key.casefold() != str(record.shape.key).casefold():
            sentence = f"{record.shape.sobject} is found by {record.shape.key} elsewhere in the file, here by {key}"
            yield Code.KEY_CONFLICT.at(record.config.path_of(intent, "record_key"), sentence, record.shape.key)


def links_work(record: Record) -> Iterator[Finding]:
    """The references from one record of the call to another."""
    for name, parent in record.shape.links.items():
        path, field = record.path("links", name), record.sobject.get(name)
        if field is None:
            references = [each.name for each in record.sobject.fields if parent in each.reference_to]
            sentence = (
                f"{record.sobject.name} has no field {name} that links it to {parent}; name the right one in `links`"
            )
            guess = nearest(name, references) or (references[0] if len(references) == 1 else None)
            yield Code.LINK_UNKNOWN.at(path, sentence, guess)
        elif parent.casefold() not in {each.casefold() for each in field.reference_to}:
            to = ", ".join(field.reference_to) or "no object"
            yield Code.LINK_WRONG_TARGET.at(path, f"{record.sobject.name}.{field.name} refers to {to}, not to {parent}")
        elif not field.createable:
            yield Code.LINK_READ_ONLY.at(path, f"{record.sobject.name}.{field.name} cannot be written by this user")
        elif not field.updateable:
            sentence = (
                f"{record.sobject.name}.{field.name} is set once and for all (a master-detail that does not allow"
                " reparenting), and a retry sets it again; allow reparenting, or link by a lookup"
            )
            yield Code.LINK_READ_ONLY.at(path, sentence)
        if parent not in written_objects(record.config):
            yield Code.LINK_UNWRITTEN.at(path, f"no call writes a {parent} that {record.sobject.name} could link to")


def defaults_work(record: Record) -> Iterator[Finding]:
    """The values of a new record: for fields that exist, may be written, and take them."""
    for name, value in record.shape.defaults.items():
        path, field = record.path("defaults", name), record.sobject.get(name)
        if field is None:
            names = [each.name for each in record.sobject.fields]
            sentence = f"{record.sobject.name} has no field {name}"
            yield Code.FIELD_UNKNOWN.at(path, sentence, nearest(name, names))
        elif not field.createable or not (field.updateable or field.name in record.shape.once):
            lacking = "updated, and a retry may do that" if field.createable else "created"
            sentence = f"{record.sobject.name}.{field.name} cannot be written when a record is {lacking}"
            yield Code.FIELD_READ_ONLY.at(path, sentence)
        else:
            yield from _default_value(record, field, value, path)


def _default_value(record: Record, field: FieldDescribe, value: Any, path: str) -> Iterator[Finding]:
    name = f"{record.sobject.name}.{field.name}"
    kinds = _JSON_KINDS.get(field.type, (str,))
    if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
        yield Code.TYPE_MISMATCH.at(path, f"{name} is of type {field.type} and does not take {value!r}")
    elif field.restricted_picklist and value is not None and value not in field.active_values:
        sentence = f'"{value}" is not an active value of {name}'
        yield Code.VALUE_UNKNOWN.at(path, sentence, nearest(str(value), field.active_values))
    elif isinstance(value, str) and "{" not in value and 0 < field.length < len(value):
        yield Code.VALUE_TOO_LONG.at(path, f"the value has {len(value)} characters, and {name} holds {field.length}")


_JSON_KINDS: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "int": (int,),
    "double": (int, float),
    "currency": (int, float),
    "percent": (int, float),
}


def required_covered(record: Record) -> Iterator[Finding]:
    """What the org requires of a new record and nobody gives it."""
    shape = record.shape
    given = {name.casefold() for name, value in shape.defaults.items() if value is not None}
    given |= {str(shape.key).casefold(), *(link.casefold() for link in shape.links)}
    given |= {name.casefold() for name in SET_BY_CHATTER if shape.sobject in CHATTER}
    mapped = {each.field.casefold(): each.intent for each in record.intents}
    for field in record.sobject.required:
        name = f"{record.sobject.name}.{field.name}"
        if field.name.casefold() in given:
            continue
        if field.name.casefold() in mapped:
            intent = mapped[field.name.casefold()]
            sentence = f"{name} is required and set by {intent} alone; give it a default for calls that begin otherwise"
            yield Code.REQUIRED_BY_CHANCE.at(record.config.path_of(intent), sentence)
        else:
            sentence = f"{name} ({field.label}) is required, and neither an intent nor a default sets it"
            yield Code.REQUIRED_MISSING.at(record.path("defaults", field.name), sentence)


def _first_intent(record: Record) -> str:
    return record.config.path_of(record.intents[0].intent) if record.intents else record.path()


RECORD_CHECKS: tuple[Callable[[Record], Iterator[Finding]], ...] = (
    object_writable,
    key_works,
    keys_agree,
    links_work,
    defaults_work,
    required_covered,
)
