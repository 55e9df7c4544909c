"""Saving one record: what is defaulted, required, derived, unique and stamped, whom it locks, who owns it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mocksf.actor import Actor, Touch, untouched
from mocksf.automation import NEW, Automation
from mocksf.checks import HIERARCHIES, check_circles, check_owner
from mocksf.effects import EFFECTS, Scene
from mocksf.errors import Refuse
from mocksf.ids import make_id
from mocksf.locks import LockKey
from mocksf.publishing import event_uuid
from mocksf.rules import RULES, Facts, assigned_owner, derive
from mocksf.schema.model import Field, Schema, SObject
from mocksf.shapes import SHARED_PREFIX, Shape, auto_number, key_text, shapes_of
from mocksf.store import Store


class Saver:
    """Saves stored values, which an intake has read before. Every method saves whole or raises a Refusal."""

    def __init__(self, schema: Schema, store: Store, automation: Automation) -> None:
        self._schema = schema
        self._store = store
        self._shapes = shapes_of(schema)
        self._automation = automation
        self._year: tuple[int, tuple[int, bool]] | None = None

    def insert(
        self, actor: Actor, sobject: SObject, values: dict[str, Any], touch: Touch, free: Field | None = None
    ) -> str:
        """Save a new record and give its id; the value of `free` is known to belong to no record."""
        shape = self._shapes[sobject.name]
        row = shape.newborn(actor.second, actor.user_id)
        row.update(values)
        self._automation.fill(actor, sobject, row, values)
        if values.get("OwnerId"):
            check_owner(self._store, self._schema, sobject, values["OwnerId"])
        self._require(shape.required, row)
        self._derive(actor, sobject, {}, row)
        self._automation.ask(actor, sobject, None, row)
        if touch is not untouched:
            self._touch_parents(shape.always_locked, row, touch)
            self._touch_parents(shape.locked_when_set, row, touch)
        if shape.unique:
            self._touch_unique(sobject, "", row, touch, free)
        self._assign(actor, sobject, row)
        self._number(sobject, shape, row)
        if sobject.name not in EFFECTS and sobject.name not in self._automation.concerns:
            self._store.insert(sobject, row)
            return str(row["Id"])
        with self._automation.whole(sobject):
            self._store.insert(sobject, row)
            self.play(actor, sobject, NEW, row, touch)
        return str(row["Id"])

    def _number(self, sobject: SObject, shape: Shape, row: dict[str, Any]) -> None:
        """Give the new record its id and what follows from it."""
        prefix = sobject.key_prefix or SHARED_PREFIX
        record_id = row["Id"] = make_id(prefix, self._store.next_number(prefix))
        for field in shape.numbered:
            first = int(field.extra.get("startingNumber", 1))
            number = self._store.next_number(f"{sobject.name}.{field.name}") - 1 + first
            form = str(field.extra.get("displayFormat", "{0}"))
            row[field.name] = auto_number(form, number, row.get("CreatedDate", 0))
        if shape.names_itself and row.get("Name") is None:
            row["Name"] = record_id[:15]
        if shape.is_event:
            row["ReplayId"] = str(self._store.next_number(f"{sobject.name}.ReplayId"))
            row["EventUuid"] = event_uuid(record_id)
        if shape.has_photo:
            row["PhotoUrl"] = f"/services/images/photo/{record_id}"

    def change(
        self, actor: Actor, sobject: SObject, before: Mapping[str, Any], changes: dict[str, Any], touch: Touch
    ) -> None:
        """Save the changed values of a record that is there; `before` is its row."""
        shape = self._shapes[sobject.name]
        record_id = before["Id"]
        self._check(sobject, before, changes)
        self._require([name for name in changes if name in shape.kept], changes)
        self._derive(actor, sobject, before, changes)
        self._automation.ask(actor, sobject, before, changes)
        touch(LockKey(sobject.name, record_id))
        if touch is not untouched:
            self._touch_parents(shape.always_locked, before, touch)
            self._touch_parents(shape.always_locked, changes, touch)
            moved = [name for name in shape.locked_when_set if name in changes and changes[name] != before.get(name)]
            self._touch_parents(moved, changes, touch)
        if shape.unique:
            self._touch_unique(sobject, record_id, changes, touch)
        changes |= dict.fromkeys(shape.changed, actor.second) | dict.fromkeys(shape.editor, actor.user_id)
        with self._automation.whole(sobject):
            self._store.update(sobject, record_id, changes)
            self.play(actor, sobject, before, {**before, **changes}, touch)

    def point(
        self, actor: Actor, sobject: SObject, before: Mapping[str, Any], links: dict[str, Any], touch: Touch
    ) -> None:
        """Let a record that is there point elsewhere, because what it pointed to became something else.

        What follows from its links follows; who may write which field does not matter.
        """
        shape = self._shapes[sobject.name]
        if sobject.name != "Lead":  # what became of a converted lead may change, though the lead is read-only
            self._derive(actor, sobject, before, links)
        touch(LockKey(sobject.name, before["Id"]))
        changes = links | dict.fromkeys(shape.changed, actor.second) | dict.fromkeys(shape.editor, actor.user_id)
        self._store.update(sobject, before["Id"], changes)
        self.play(actor, sobject, before, {**before, **changes}, touch)

    def _check(self, sobject: SObject, before: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        owner = changes.get("OwnerId")
        if owner is not None and owner != before.get("OwnerId"):
            check_owner(self._store, self._schema, sobject, owner)
        if sobject.name in HIERARCHIES:
            check_circles(self._store, sobject, before["Id"], changes)

    def play(
        self, actor: Actor, sobject: SObject, before: Mapping[str, Any], after: Mapping[str, Any], touch: Touch
    ) -> None:
        """Let a saved record have its effects on others: `before` is empty where it is new or back, `after` if gone."""
        self._automation.follow(actor, sobject, before, after, touch)
        if sobject.name not in EFFECTS:
            return
        scene = Scene(
            self._schema,
            self._store,
            actor.user_id,
            actor.second,
            touch,
            lambda kind, values: self.insert(actor, kind, values, touch),
            lambda kind, row, values: self.point(actor, kind, row, values, touch),
        )
        for effect in EFFECTS[sobject.name]:
            effect(scene, before, after)

    def _require(self, names: Sequence[str], row: Mapping[str, Any]) -> None:
        missing = [name for name in names if row.get(name) is None]
        if missing:
            raise Refuse.REQUIRED_MISSING(fields=tuple(missing), names=", ".join(missing))

    def _derive(self, actor: Actor, sobject: SObject, before: Mapping[str, Any], changes: dict[str, Any]) -> None:
        if sobject.name not in RULES:
            return
        facts = Facts(self._schema, actor.second, actor.user_id, self._any, self._find, self._fiscal)
        derive(sobject, facts, before, changes)
        names = self._shapes[sobject.name].names
        if not changes.keys() <= names:  # a field that is hidden from this schema follows from nothing
            for name in changes.keys() - names:
                del changes[name]

    def _any(self, record_id: str) -> dict[str, Any] | None:
        sobject = self._schema.of_id(record_id)
        return None if sobject is None else self._store.fetch(sobject, record_id)

    def _find(self, name: str, field: str, value: str) -> list[dict[str, Any]]:
        sobject = self._schema.get(name)
        link = sobject.get(field) if sobject is not None else None
        return [] if sobject is None or link is None else self._store.find(sobject, link, value)

    def _fiscal(self) -> tuple[int, bool]:
        """When the fiscal year begins, and how it is called; read once, because no API changes it."""
        if self._year is None or self._year[0] != self._store.generation:
            sql = 'SELECT "FiscalYearStartMonth", "UsesStartDateAsFiscalYearName" FROM "Organization"'
            for month, by_start in self._store.rows(sql) or [(1, 0)]:
                self._year = self._store.generation, (month or 1, bool(by_start))
        assert self._year is not None, "there is one organization, or none"
        return self._year[1]

    def touch_parents(self, sobject: SObject, row: Mapping[str, Any], touch: Touch) -> None:
        """Reach for the parents that every write of this row locks."""
        self._touch_parents(self._shapes[sobject.name].always_locked, row, touch)

    def _touch_parents(self, names: Iterable[str], row: Mapping[str, Any], touch: Touch) -> None:
        for name in names:
            parent = row.get(name)
            if parent is not None and (target := self._schema.of_id(parent)) is not None:
                touch(LockKey(target.name, parent))

    def _touch_unique(
        self, sobject: SObject, record_id: str, row: Mapping[str, Any], touch: Touch, free: Field | None = None
    ) -> None:
        for field in self._shapes[sobject.name].unique:
            if row.get(field.name) is None:
                continue
            if touch is not untouched:
                touch(LockKey(sobject.name, key_text(field, row[field.name])))
            if field is not free:
                self._check_unique(sobject, record_id, field, row[field.name])

    def check_unique(self, sobject: SObject, row: Mapping[str, Any]) -> None:
        """Raise where another record has a value of this row that no two may have."""
        for field in self._shapes[sobject.name].unique:
            self._check_unique(sobject, row["Id"], field, row[field.name])

    def _check_unique(self, sobject: SObject, record_id: str, field: Field, value: Any) -> None:
        taken = [each for each in self._store.ids(sobject, field, value) if each != record_id]
        if taken:
            raise Refuse.DUPLICATE_VALUE(field=field.name, id15=taken[0][:15])

    def _assign(self, actor: Actor, sobject: SObject, row: dict[str, Any]) -> None:
        """Let the object's active assignment rule choose the owner, when the request asks for it."""
        if not actor.auto_assign:
            return
        everyones = self._schema.seeds.assignment_rules
        rules = [rule for rule in everyones if rule.sobject == sobject.name and rule.active] if everyones else ()
        username = next((owner for rule in rules if (owner := assigned_owner(rule, row))), None)
        if username is not None:
            user = self._schema["User"]
            field = user.get("Username")
            # The user may have been renamed since; then the rule has nobody to give the record to.
            found = self._store.ids(user, field, username) if field is not None else []
            row["OwnerId"] = next(iter(found), row["OwnerId"])
