"""A JSON body on its way into a record: names resolved, values checked, parents found by their external IDs."""

from collections.abc import Mapping
from typing import Any

from mocksf.errors import Refuse
from mocksf.schema.describe import MASTER_RECORD_TYPE
from mocksf.schema.model import Field, Schema, SObject
from mocksf.store import Store
from mocksf.values import NotReadable, store_value


class Intake:
    """Reads bodies for one org."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self._schema = schema
        self._store = store

    def read(
        self, sobject: SObject, body: Mapping[str, Any], *, creating: bool, key: Field | None = None
    ) -> dict[str, Any]:
        """The stored values that a body asks for, by canonical field name.

        `key` is the external ID that stands in the address of an upsert; it may not stand in the body as well.
        Raises a Refusal: unknown columns first, then fields that may not be written (all at once), then values.
        """
        fields = [(self._named(sobject, name, key), value) for name, value in body.items() if name != "attributes"]
        closed = [field.name for field, _ in fields if not (field.createable if creating else field.updateable)]
        if closed:
            raise Refuse.NOT_WRITABLE(fields=tuple(closed), names=", ".join(closed))
        return {field.name: self._value(field, value) for field, value in fields}

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

    def _value(self, field: Field, value: Any) -> Any:
        if field.type != "reference":
            return store_value(field, value)
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
            raise Refuse.NO_ACCESS_TO_PARENT(id15=record_id[:15]) if hidden else Refuse.NO_SUCH_REFERENCE()

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
