"""The record engine: create, read, update, upsert, delete and undelete, as the org's REST resources need them."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mocksf.actor import Actor as Actor
from mocksf.actor import Touch as Touch
from mocksf.actor import untouched as untouched
from mocksf.automation import Automation
from mocksf.compounds import wire_compound
from mocksf.conversion import Conversion, Converted, Wish
from mocksf.errors import Refusal, Refuse
from mocksf.ids import normalise_id
from mocksf.intake import Intake
from mocksf.locks import LockKey
from mocksf.merging import Merging
from mocksf.moments import EPOCH, milliseconds
from mocksf.publishing import EventLog
from mocksf.removal import Removal, Trail
from mocksf.saving import Saver
from mocksf.schema.model import Field, Schema, SObject
from mocksf.schema.prefixes import standard_owner
from mocksf.shapes import key_text, shapes_of
from mocksf.store import Store
from mocksf.values import store_value

BIN_LIFE = timedelta(days=15)
"""How long a deleted record lies in the recycle bin (facts on model, §5.4)."""


class Ambiguous(Refusal):
    """An external ID that several records share; the route writes the addresses of `ids` as the body of a 300."""

    def __init__(self, sobject: SObject, ids: Sequence[str]) -> None:
        situation = Refuse.AMBIGUOUS_KEY
        super().__init__(situation, situation.value.sentence.format(count=len(ids), sobject=sobject.name))
        self.sobject = sobject
        self.ids = tuple(ids)


class Records:
    """The records of one org. Every method either does its work whole or raises a Refusal and leaves no trace."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self.schema = schema
        self.store = store
        self._intake = Intake(schema, store)
        self._removal = Removal(schema, store)
        self.automation = Automation(schema, store)
        self._saver = Saver(schema, store, self.automation)
        self.events = EventLog(schema, store)
        self._merging = Merging(schema, store, self._saver, self._removal)
        self._conversion = Conversion(schema, store, self._saver)
        self._shapes = shapes_of(schema)

    def under(self, seen: Schema) -> "Records":
        """The same records for somebody who sees a part of the schema.

        What they may not name is not there; what follows from their writes follows all the same.
        """
        twin = copy(self)
        twin.schema, twin._intake, twin._shapes = seen, Intake(seen, self.store), shapes_of(seen)
        return twin

    def _whole(self, sobject: SObject) -> SObject:
        """An object with all its fields, whatever part of it the caller sees."""
        return sobject if self.schema is self.store.schema else self.store.schema[sobject.name]

    # -- addresses -----------------------------------------------------------------------------------------------------

    def resolve_id(self, text: str) -> str:
        """The 18-character id that a path segment means. Raises NO_SUCH_KEY_FIELD for what is no id."""
        record_id = normalise_id(text)
        if record_id is None:
            raise Refuse.NO_SUCH_KEY_FIELD(name=text)
        return record_id

    def key_field(self, sobject: SObject, name: str) -> Field:
        """The field by which records may be addressed. Raises NO_SUCH_KEY_FIELD."""
        field = sobject.get(name)
        if field is None or not field.is_upsert_key:
            raise Refuse.NO_SUCH_KEY_FIELD(name=name)
        return field

    def find_key(self, sobject: SObject, key: Field, value: Any) -> str | None:
        """The id of the one record with this key value, or None. Raises Ambiguous."""
        try:
            stored = store_value(key, value)
        except Refusal:
            return None  # what a field cannot hold no record has
        found = self.store.ids(sobject, key, stored) if stored is not None else []
        if len(found) > 1:
            raise Ambiguous(sobject, found)
        return found[0] if found else None

    # -- reading -------------------------------------------------------------------------------------------------------

    def read(self, sobject: SObject, record_id: str, fields: Sequence[str] | None = None) -> dict[str, Any]:
        """A record as JSON, without `attributes`: all fields in describe order, or those named and `Id` at the end.

        Raises NO_SUCH_RESOURCE, DELETED, MALFORMED_ID, or NO_SUCH_COLUMN for an unknown name.
        """
        row = self._live(sobject, record_id, missing=Refuse.NO_SUCH_RESOURCE)
        writers = self._shapes[sobject.name].writers
        names = writers if fields is None else self._named(sobject, fields)
        written: dict[str, Any] = {}
        for name in names:
            field, write = writers[name]
            if field.has_column:
                stored = row[name]
                written[name] = stored if write is None or stored is None else write(stored)
            else:
                written[name] = wire_compound(sobject, field, row)
        return written

    def _named(self, sobject: SObject, fields: Sequence[str]) -> list[str]:
        """Canonical names, `Id` at the end where it is not among them (recorded in composite samples)."""
        names = [self._column(sobject, name).name for name in fields]
        return names if "Id" in names else [*names, "Id"]

    def _column(self, sobject: SObject, name: str) -> Field:
        field = sobject.get(name)
        if field is None:
            raise Refuse.NO_SUCH_COLUMN(field=name, sobject=sobject.name)
        return field

    def _live(self, sobject: SObject, record_id: str, missing: Refuse = Refuse.GONE_FOR_GOOD) -> dict[str, Any]:
        """The row of a record that is there and not deleted."""
        row = self.store.fetch(sobject, record_id)
        if row is None or self._shapes[sobject.name].is_event:
            other = self.schema.of_id(record_id)
            if (other or standard_owner(record_id[:3])) and record_id[:3] != sobject.key_prefix:
                label = self._column(sobject, "Id").label
                raise Refuse.MALFORMED_ID(fields=("Id",), label=label, value=record_id)
            raise missing()
        if row.get("IsDeleted"):
            raise Refuse.DELETED()
        return row

    # -- writing -------------------------------------------------------------------------------------------------------

    def create(self, actor: Actor, sobject: SObject, body: Mapping[str, Any], touch: Touch = untouched) -> str:
        """Save a new record; gives its id."""
        return self._saver.insert(actor, self._whole(sobject), self._read_new(sobject, body), touch)

    def _read_new(self, sobject: SObject, body: Mapping[str, Any], key: Field | None = None) -> dict[str, Any]:
        if not sobject.flags.get("createable"):
            raise Refuse.CANNOT_INSERT(label=sobject.label)
        return self._intake.read(sobject, body, creating=True, key=key)

    def update(
        self, actor: Actor, sobject: SObject, record_id: str, body: Mapping[str, Any], touch: Touch = untouched
    ) -> None:
        """Change a record by the fields of a body."""
        self._change(actor, sobject, record_id, body, touch)

    def upsert(
        self,
        actor: Actor,
        sobject: SObject,
        key: tuple[Field, Any],
        body: Mapping[str, Any],
        touch: Touch = untouched,
        update_only: bool = False,
    ) -> tuple[str, bool]:
        """Update the record that has this key value, or create it; gives its id and whether it is new.

        `key` is a field that may address records, and its value as text or JSON. Raises Ambiguous when several have it,
        NO_SUCH_RESOURCE when none has it and `update_only`.
        """
        field, value = key
        found = self._keyed(sobject, field, value)
        if found is not None:
            self._change(actor, sobject, found, body, touch, field)
            return found, False
        if update_only or field.name == "Id":
            raise Refuse.NO_SUCH_RESOURCE()
        stored = store_value(field, value)
        if stored is None:
            raise Refuse.NO_KEY_VALUE(fields=(field.name,), field=field.name)
        touch(LockKey(sobject.name, key_text(field, stored)))
        values = self._read_new(sobject, body, field)
        if not field.createable:
            raise Refuse.NOT_WRITABLE(fields=(field.name,), names=field.name)
        return self._saver.insert(actor, self._whole(sobject), {field.name: stored, **values}, touch, field), True

    def _keyed(self, sobject: SObject, field: Field, value: Any) -> str | None:
        if field.name == "Id":
            return self._live(sobject, self.resolve_id(str(value)))["Id"]  # type: ignore[no-any-return]
        return self.find_key(sobject, field, value)

    def delete(self, actor: Actor, sobject: SObject, record_id: str, touch: Touch = untouched) -> None:
        """Put a record, and those that go with it, into the recycle bin. Raises IN_USE when another record forbids."""
        if not sobject.flags.get("deletable"):
            raise Refuse.CANNOT_DELETE(label=sobject.label)
        row, sobject = self._live(sobject, record_id), self._whole(sobject)
        self._saver.touch_parents(sobject, row, touch)
        trail = Trail(record_id, actor.second, touch)
        with self.store.atomic():
            self._removal.delete(sobject, row, trail)
            for kind, gone in trail.moved:
                self._saver.play(actor, kind, gone, {}, touch)

    def undelete(self, actor: Actor, sobject: SObject, record_id: str, touch: Touch = untouched) -> None:
        """Bring a deleted record back, with those that its deletion took along. Raises NOT_UNDELETABLE."""
        row = self.store.fetch(sobject, record_id)
        if row is None or not row.get("IsDeleted") or not sobject.flags.get("undeletable"):
            raise Refuse.NOT_UNDELETABLE()
        sobject = self._whole(sobject)
        trail = Trail(record_id, actor.second, touch)
        with self.store.atomic():
            self._removal.undelete(sobject, row, trail)
            for kind, back in trail.moved:
                self._saver.check_unique(kind, back)
                self._saver.play(actor, kind, {}, {**back, "IsDeleted": 0}, touch)

    def empty_bin(self, record_id: str) -> None:
        """Take a deleted record, and those that its deletion took along, out of the bin for good.

        Raises GONE_FOR_GOOD for what is not in the bin.
        """
        with self.store.atomic():
            if not self._removal.empty(record_id):
                raise Refuse.GONE_FOR_GOOD()

    def next_due(self) -> datetime | None:
        """When the oldest record in the bin, or the oldest published event, has had its time; None for neither."""
        oldest, event = self._removal.oldest(), self.events.next_due()
        if oldest is None:  # asked with every request
            return event
        purge = EPOCH + timedelta(milliseconds=oldest) + BIN_LIFE
        return purge if event is None or purge < event else event

    def run_due(self, now: datetime) -> None:
        """Take out of the bin what has lain there for fifteen days, and out of the log events of three days ago."""
        due = self.next_due()
        if due is not None and due <= now:
            with self.store.atomic():
                self._removal.purge(milliseconds(now - BIN_LIFE))
                self.events.run_due(now)

    # -- several records into others -----------------------------------------------------------------------------------

    def merge(
        self,
        actor: Actor,
        sobject: SObject,
        master: tuple[str, Mapping[str, Any]],
        losers: Sequence[str],
        touch: Touch = untouched,
    ) -> list[str]:
        """Merge records into a master, given by its id and the fields that it gets; gives the ids of moved records.

        Raises NOT_MERGEABLE, CONVERTED_LEAD, and what an update and a delete raise.
        """
        master_id, body = master
        rows = [self._live(sobject, each) for each in losers]
        with self.store.atomic():
            self._change(actor, sobject, master_id, body, touch)
            return self._merging.merge(actor, self._whole(sobject), self._live(sobject, master_id), rows, touch)

    def convert(self, actor: Actor, wish: Wish, touch: Touch = untouched) -> Converted:
        """Convert a lead into an account, a contact and an opportunity.

        Raises BAD_CONVERTED_STATUS, CONVERTED_LEAD, NOT_CONVERTIBLE, NO_SUCH_REFERENCE.
        """
        lead = self._live(self.store.schema["Lead"], wish.lead_id)
        said = {name: self._read_new(self.schema[name], body) for name, body in wish.records.items()}
        with self.store.atomic():
            return self._conversion.convert(actor, lead, replace(wish, records=said), touch)

    def _change(
        self,
        actor: Actor,
        sobject: SObject,
        record_id: str,
        body: Mapping[str, Any],
        touch: Touch,
        key: Field | None = None,
    ) -> None:
        if not sobject.flags.get("updateable"):
            raise Refuse.CANNOT_UPDATE(label=sobject.label)
        before = self._live(sobject, record_id)
        changes = self._intake.read(sobject, body, creating=False, key=key)
        self._saver.change(actor, self._whole(sobject), before, changes, touch)
