"""Keeps the columns of formula fields right, whoever writes: their values are stored beside what they follow from.

A formula that reads its own record and its parents is worked out when any of these is written. One that depends on
the time or on the user is worked out before it is read (`freshen`).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from mocksf.automation.custom_settings import merged
from mocksf.automation.plans import Calculated, Plan, Plans, Watcher
from mocksf.formula import Frame, Row, World
from mocksf.moments import EPOCH
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store

Bucket = tuple[Any, ...]


class Follower:
    """Follows the writes of one store."""

    def __init__(self, schema: Schema, store: Store, plans: Plans) -> None:
        self._schema = schema
        self._store = store
        self._plans = plans
        self._world = World(EPOCH, "", self.fetch, self.common)
        """For formulas that ask neither for the time nor for the user."""
        self._fresh: dict[str, Bucket] = {}
        self._stale: dict[str, set[str]] = {each.name: set() for each in plans.moving}
        self._generation = store.generation

    def fetch(self, record_id: str) -> Row | None:
        """The row of any record, by its id."""
        sobject = self._schema.of_id(record_id)
        return None if sobject is None else self._store.fetch(sobject, record_id)

    def common(self, name: str, user_id: str) -> Row | None:
        """The row of the organization, or what a custom setting comes to for a user, their profile and the org."""
        org = self._store.rows('SELECT "Id" FROM "Organization"')
        org_id = str(org[0][0]) if org else ""
        if name == "Organization":
            return self.fetch(org_id)
        profile_id = (self.fetch(user_id) or {}).get("ProfileId")
        return merged(self._store, self._schema[name], (org_id, profile_id, user_id))

    # -- writes --------------------------------------------------------------------------------------------------------

    def inserting(self, sobject: SObject, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row with its formula fields."""
        plan = self._plans.by_object[sobject.name]
        if plan.moving:
            self._stale[sobject.name].add(row["Id"])
        return {**row, **self._worked_out(_still(plan.calculated), row)} if plan.calculated else row

    def updating(self, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The changes with the formula fields that follow from them."""
        plan = self._plans.by_object[sobject.name]
        if plan.moving:
            self._stale[sobject.name].add(record_id)
        touched = [each for each in _still(plan.calculated) if not each.triggers.isdisjoint(changes)]
        row = self._store.fetch(sobject, record_id) if touched else None
        if row is None:
            return changes
        values = self._worked_out(touched, {**row, **changes})
        # What stays as it is is not written, so that nobody follows it.
        return {**changes, **{name: value for name, value in values.items() if row[name] != value}}

    def updated(self, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> None:
        """Let formulas of other records follow."""
        watchers = self._plans.by_object[sobject.name].watchers
        if not watchers:
            return
        for watcher in {id(each): each for name in changes for each in watchers.get(name, ())}.values():
            for dependent in self._dependents(watcher, record_id):
                self._again(watcher, dependent)

    def recalculate(self, sobject: SObject, names: Collection[str]) -> None:
        """Work formula fields out anew for all records; those that depend on the time are, when they are read."""
        plan = self._plans.by_object[sobject.name]
        wanted = [each for each in _still(plan.calculated) if each.field.name in names]
        for (record_id,) in self._store.rows(f'SELECT "Id" FROM "{sobject.name}"') if wanted else ():
            row = self._store.fetch(sobject, record_id)
            if row is not None:
                self._write(sobject, row, self._worked_out(wanted, row))

    def _dependents(self, watcher: Watcher, record_id: str) -> Iterable[str]:
        found = {record_id}
        for owner, link in reversed(watcher.way):
            found = {each for target in found for each in self._store.ids(owner, link, target, deleted=True)}
        return sorted(found)

    def _again(self, watcher: Watcher, record_id: str) -> None:
        if watcher.calculated.formula.moving:
            self._stale[watcher.sobject.name].add(record_id)
            return
        row = self._store.fetch(watcher.sobject, record_id)
        if row is not None:
            self._write(watcher.sobject, row, self._worked_out([watcher.calculated], row))

    def _write(self, sobject: SObject, row: Row, values: Mapping[str, Any]) -> None:
        moved = {name: value for name, value in values.items() if row.get(name) != value}
        if moved:
            self._store.update(sobject, row["Id"], moved)

    def _worked_out(self, fields: Iterable[Calculated], row: Row, world: World | None = None) -> dict[str, Any]:
        frame = Frame(world or self._world, row)
        return {each.field.name: each.stored(frame) for each in fields}

    # -- time passes ---------------------------------------------------------------------------------------------------

    def freshen(self, now: datetime, user_id: str, sobject: SObject | None = None, record_id: str = "") -> None:
        """Work out the formulas that depend on the time or on the user, as they are now for this user.

        Of one record, or of all that are not known to be so already.
        """
        if self._generation != self._store.generation:
            self._generation = self._store.generation
            self._fresh.clear()
        world = World(now, user_id, self.fetch, self.common)
        for each in self._plans.moving:
            if sobject is None:
                self._freshen_all(each, self._plans.by_object[each.name], world)
            elif sobject.name == each.name:
                self._freshen_one(each, record_id, world)

    def _freshen_all(self, sobject: SObject, plan: Plan, world: World) -> None:
        bucket = _bucket(plan, world)
        stale = self._stale[sobject.name]
        if self._fresh.get(sobject.name) == bucket:
            wanted = sorted(stale)
        else:
            wanted = [found for (found,) in self._store.rows(f'SELECT "Id" FROM "{sobject.name}"')]
        for record_id in wanted:
            self._freshen_one(sobject, record_id, world)
        # What may still be taken back is not known to be so.
        if self._store.settled:
            self._fresh[sobject.name] = bucket
            stale.clear()

    def _freshen_one(self, sobject: SObject, record_id: str, world: World) -> None:
        row = self._store.fetch(sobject, record_id)
        if row is None:
            return
        moving = self._plans.by_object[sobject.name].moving
        before = set(self._stale[sobject.name])
        self._write(sobject, row, self._worked_out(moving, row, world))
        if self._fresh.get(sobject.name) == _bucket(self._plans.by_object[sobject.name], world):
            self._stale[sobject.name] = before


def _still(fields: Iterable[Calculated]) -> list[Calculated]:
    return [each for each in fields if not each.formula.moving]


def _bucket(plan: Plan, world: World) -> Bucket:
    """What the moving formulas of an object depend on: as long as it is the same, so are they."""
    findings = [each.formula.findings for each in plan.moving]
    return (
        world.today if any(each.today for each in findings) else None,
        world.now.replace(microsecond=0) if any(each.now for each in findings) else None,
        world.user_id if any(each.user for each in findings) else None,
    )
