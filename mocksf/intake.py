"""A JSON body on its way into a record: names resolved, values checked, parents found by their external IDs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mocksf.errors import Refuse
from mocksf.schema.describe import MASTER_RECORD_TYPE
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Field, Schema, SObject
from mocksf.schema.prefixes import standard_owner
from mocksf.store import Store
from mocksf.values import Codec, NotReadable, blank_of, codec_of, store_value


class Entry(NamedTuple):
    """What a name in a body comes to: its field, and all that reading a value of it takes."""

    field: Field
    name: str
    createable: bool
    updateable: bool
    blank: int | None
    codec: Codec | None
    """None for a reference, which is more than a value."""


Entries = dict[str, Entry]
_ENTRIES: PerSchema[dict[str, Entries]] = PerSchema("entries")


def _entry(field: Field) -> Entry:
    codec = None if field.type == "reference" else codec_of(field)
    return Entry(field, field.name, field.createable, field.updateable, blank_of(field), codec)


class Intake:
    """Reads bodies for one org, or for those who see the same part of its schema."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self._schema = schema
        self._store = store
        self._entries = _ENTRIES.of(schema, dict)

    def _entries_of(self, sobject: SObject) -> Entries:
        """The fields of an object by their names as they are mostly written; `_named` knows all spellings."""
        known = self._entries.get(sobject.name)
        if known is None:
            known = {field.name: _entry(field) for field in sobject.fields if field.name != "Id"}
            self._entries[sobject.name] = known
        return known

    def read(
        self, sobject: SObject, body: Mapping[str, Any], *, creating: bool, key: Field | None = None
    ) -> dict[str, Any]:
        """The stored values that a body asks for, by canonical field name.

        `key` is the external ID that stands in the address of an upsert; it may not stand in the body as well.
        Raises a Refusal: unknown columns first, then fields that may not be written (all at once), then values.
        """
        known, keyed = self._entries_of(sobject), key.name if key is not None else ""
        entries: list[tuple[Entry, Any]] = []
        for name, value in body.items():
            entry = known.get(name)
            if entry is None or entry.name == keyed:
                if name == "attributes":
                    continue
                entry = _entry(self._named(sobject, name, key))
            entries.append((entry, value))
        closed = [each.name for each, _ in entries if not (each.createable if creating else each.updateable)]
        if closed:
            raise Refuse.NOT_WRITABLE(fields=tuple(closed), names=", ".join(closed))
        return {each.name: self._value(each, value) for each, value in entries}

    def _named(self, sobject: SObject, name: str, key: Field | None) -> Field:
        field = sobject.get(name)
        if field is None:
            field = sobject.parent(name)
        if field is None:
            raise Refuse.NO_SUCH_COLUMN(field=name, sobject=sobject.name)
        if field.name == "Id":
            raise Refuse.ID_IN_BODY()
        if key is not None and field.name == key.name:
            raise Refuse.KEY_IN_BODY(field=field.name)
        return field

    def _value(self, entry: Entry, value: Any) -> Any:
        if value is None:
            return entry.blank
        field = entry.field
        if entry.codec is not None:
            return entry.codec(field, value)
        if isinstance(value, dict):
            return self._parent(field, value)
        record_id = store_value(field, value)
        if record_id == MASTER_RECORD_TYPE:
            return None
        if record_id is not None:
            self._check_reference(field, record_id, value)
        return record_id

    def _check_reference(self, field: Field, record_id: str, sent: str) -> None:
        """Whether a reference may point to this kind of record, and whether the record is there."""
        target = self._schema.of_id(record_id)
        if target is not None and target.name not in field.reference_to:
            wrong = Refuse.WRONG_OWNER_TYPE if field.name == "OwnerId" else Refuse.MALFORMED_ID
            raise wrong(fields=(field.name,), label=field.label, value=sent.strip())
        if target is None or not self._store.exists(target, record_id):
            hidden = target is None and self._store.schema.of_id(record_id) is not None
            if target is None and not hidden:
                self._check_foreign(field, record_id, sent)
            raise Refuse.NO_ACCESS_TO_PARENT(id15=record_id[:15]) if hidden else Refuse.NO_SUCH_REFERENCE()

    def _check_foreign(self, field: Field, record_id: str, sent: str) -> None:
        """Raise MALFORMED_ID for the id of a standard object that the schema lacks and the field does not mean."""
        owner = standard_owner(record_id[:3])
        if owner is not None and owner not in field.reference_to:
            raise Refuse.MALFORMED_ID(fields=(field.name,), label=field.label, value=sent.strip())

    def _parent(self, field: Field, nested: dict[str, Any]) -> str:
        """The id of the parent that a nested object names by an external ID: ``{"Account": {"Key__c": "x"}}``."""
        target = self._target(field, nested)
        named = [(name, value) for name, value in nested.items() if name != "attributes"]
        if target is None or len(named) != 1:
            raise NotReadable(field, nested)
        name, value = named[0]
        key = target.get(name)
        if key is None or not key.is_upsert_key:
            raise Refuse.NO_SUCH_COLUMN(field=name, sobject=target.name)
        stored = store_value(key, value)
        found = self._store.ids(target, key, stored) if stored is not None else []
        if not found:
            raise Refuse.NO_SUCH_PARENT(value=value, field=key.name, sobject=target.name)
        if len(found) > 1:
            raise Refuse.AMBIGUOUS_PARENT(fields=(field.name,), ids=", ".join(found))
        return found[0]

    def _target(self, field: Field, nested: dict[str, Any]) -> SObject | None:
        """The object that a nested parent belongs to: the only possible one, or the one its attributes name."""
        known = [target for name in field.reference_to if (target := self._schema.get(name)) is not None]
        if len(known) == 1:
            return known[0]
        attributes = nested.get("attributes")
        wanted = str(attributes.get("type", "")).lower() if isinstance(attributes, dict) else ""
        return next((target for target in known if target.name.lower() == wanted), None)
