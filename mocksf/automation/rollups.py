"""Roll-up summaries: worked out anew from the details whenever one of these comes, goes, moves or changes.

The master is saved like any record: its row is locked, it is stamped, its validation rules are asked, and what rolls
up from it follows (facts on model, §5.7).
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from mocksf.actor import Actor, Touch
from mocksf.automation.gate import Gate
from mocksf.automation.growing import NEW, grown, may_grow
from mocksf.automation.plans import Plans, Rollup
from mocksf.formula import Frame, Kind, kind_of, reader, writer
from mocksf.locks import LockKey
from mocksf.schema.model import SObject
from mocksf.store import Store
from mocksf.tables import column, table, total

LEVELS_MAX = 10
"""How many masters above each other a change may climb: more than the platform lets anyone stack."""

Row = Mapping[str, Any]


class Rollups:
    """Keeps the summaries of one org."""

    def __init__(self, store: Store, plans: Plans, gate: Gate) -> None:
        self._store = store
        self._plans = plans
        self._gate = gate

    def follow(self, actor: Actor, sobject: SObject, before: Row, after: Row, touch: Touch, level: int = 0) -> None:
        """Let masters follow a record: `before` is empty where it is new or back, `after` where it is gone.

        Raises what a master's validation rules say.
        """
        plan = self._plans.get(sobject.name)
        if plan is None or level > LEVELS_MAX:
            return
        if plan.rollups and not before:
            self._sum_up(actor, sobject, after["Id"], plan.rollups, touch, level)
        affected: dict[tuple[str, str], list[Rollup]] = {}
        for rollup in plan.feeds:
            for master_id in _masters(rollup, before, after):
                affected.setdefault((rollup.master.name, master_id), []).append(rollup)
        added = after if before is NEW else None
        for (_, master_id), rollups in affected.items():
            self._sum_up(actor, rollups[0].master, master_id, rollups, touch, level, added)

    def _sum_up(
        self,
        actor: Actor,
        master: SObject,
        record_id: str,
        rollups: list[Rollup],
        touch: Touch,
        level: int,
        added: Row | None = None,
    ) -> None:
        """Save the summaries of a master, where they changed; `added` is the one detail that is new."""
        row = self._store.fetch(master, record_id)
        if row is None or row.get("IsDeleted"):
            return
        details: dict[tuple[str, str], list[dict[str, Any]]] = {}
        changes = {}
        for each in rollups:
            was = row[each.field.name]
            if added is not None and may_grow(each, was):
                value = grown(each, was, added, self._gate.world_of_records)
            else:
                value = self._sum(each, record_id, details)
            if value != was:
                changes[each.field.name] = value
        if not changes:
            return
        touch(LockKey(master.name, record_id))
        self._gate.ask(actor, master, row, changes)
        stamps = {"LastModifiedDate": actor.second, "SystemModstamp": actor.second, "LastModifiedById": actor.user_id}
        self._store.update(master, record_id, changes | {name: each for name, each in stamps.items() if name in row})
        self.follow(actor, master, row, self._store.fetch(master, record_id) or {}, touch, level + 1)

    def recount(self, master: SObject, names: Collection[str]) -> None:
        """Work summaries out anew for all records, without a save: what a deploy does."""
        rollups = [each for each in self._plans.by_object[master.name].rollups if each.field.name in names]
        for (record_id,) in self._store.rows(f'SELECT "Id" FROM {table(master)}') if rollups else ():
            values = {each.field.name: self._sum(each, record_id, {}) for each in rollups}
            self._store.update(master, record_id, values)

    # -- sums ----------------------------------------------------------------------------------------------------------

    def _sum(self, rollup: Rollup, master_id: str, details: dict[tuple[str, str], list[dict[str, Any]]]) -> Any:
        """The summary in its stored form; `details` remembers the rows of a master for its other summaries."""
        if rollup.matcher is None:
            return _stored(rollup, self._by_database(rollup, master_id))
        world = self._gate.world_of_records
        key = (rollup.child.name, rollup.link.name)
        if key not in details:
            details[key] = self._store.find(rollup.child, rollup.link, master_id)
        rows = [row for row in details[key] if rollup.matcher.holds(Frame(world, row))]
        if rollup.source is None:
            return _stored(rollup, len(rows))
        name = rollup.source.name
        values = [row[name] for row in rows if row[name] is not None]
        return _stored(rollup, _OPERATIONS[rollup.summary.operation](values) if values else None)

    def _by_database(self, rollup: Rollup, master_id: str) -> Any:
        operation = rollup.summary.operation
        what = f"{operation.upper()}({column(rollup.source) if rollup.source else '*'})"
        if operation == "sum" and rollup.source is not None:
            what = total(column(rollup.source))
        alive = ' AND "IsDeleted" = 0' if rollup.child.get("IsDeleted") else ""
        statement = f"SELECT {what} FROM {table(rollup.child)} WHERE {column(rollup.link)} = ?{alive}"
        return self._store.rows(statement, (master_id,))[0][0]


_OPERATIONS: Mapping[str, Any] = {"sum": sum, "min": min, "max": max, "count": len}


def _stored(rollup: Rollup, value: Any) -> Any:
    """A summary of stored values as the master's field stores it: nothing counts as zero, but has no smallest."""
    if value is None:
        return 0 if rollup.summary.operation in {"sum", "count"} else None
    if rollup.source is None:
        return writer(rollup.field)(Decimal(value))
    if kind_of(rollup.source) is not Kind.NUMBER:
        return value
    convert = reader(rollup.source)
    return writer(rollup.field)(convert(int(value)) if convert else Decimal(value))


def _masters(rollup: Rollup, before: Row, after: Row) -> set[str]:
    """The masters whose summary may change: of a detail that moves, the old and the new one."""
    if before and after and not any(before.get(name) != after.get(name) for name in rollup.triggers):
        return set()
    link = rollup.link.name
    return {row[link] for row in (before, after) if row and row.get(link) is not None}
