"""The rows of one org, whichever database keeps them: one table per sObject, one column per field.

Stored forms (design §8.2): text as it is, booleans 0/1, decimals as integers scaled by the field's scale, dates as ISO
text, instants as epoch milliseconds, ids with 18 characters. Every comparable text field has a casefolded shadow
column that is written here, because databases fold ASCII only, or differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import groupby
from typing import Any, Protocol
from weakref import WeakMethod

from mocksf.ready import Ready
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Field, Schema, SObject
from mocksf.store.engine import Engine
from mocksf.store.engines import open_engine
from mocksf.store.sqlite import MEMORY
from mocksf.tables import BIN, Plan, column, shadow, table

_PLAN: PerSchema[Plan] = PerSchema("plan")
_PLANS: PerSchema[dict[str, Plan]] = PerSchema("plans")


def _plans_of(schema: Schema) -> dict[str, Plan]:
    return _PLANS.of(schema, lambda: {each.name: _PLAN.of(each, partial(Plan, each)) for each in schema})


class Follower(Protocol):
    """Somebody who adds to writes what follows from them: the values of formula fields."""

    def inserting(self, sobject: SObject, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row as it is to be written."""
        ...

    def updating(self, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The changes as they are to be written."""
        ...

    def updated(self, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> None:
        """Called when they are."""
        ...


class Watcher(Protocol):
    """Somebody who is told of writes when they are done, inside their transaction, and may refuse them."""

    def inserted(self, sobject: SObject, row: Mapping[str, Any]) -> None:
        """A record is new."""
        ...

    def updated(self, sobject: SObject, before: Mapping[str, Any], written: Mapping[str, Any]) -> None:
        """A record was changed; `before` is its whole row."""
        ...

    def removed(self, sobject: SObject, row: Mapping[str, Any]) -> None:
        """A record is gone for good."""
        ...

    def replaced(self) -> None:
        """All rows are others."""
        ...


class Store:
    """The rows of one org and the counters of its ids. Not for several threads at once."""

    def __init__(self, schema: Schema, database: str = MEMORY, org: str = "default") -> None:
        """Open the rows of an org: in memory, in a file, or in the database of a `postgresql://` address.

        Raises DatabaseError for a database that cannot be used.
        """
        self.schema = schema
        self._plans = _plans_of(schema)
        self._engine: Engine = open_engine(schema, database, org)
        self.run = self._engine.run
        self.ready = Ready(self._engine.unsettled)
        self.generation = 0
        """How often the rows were replaced by an older image."""
        self._followed: frozenset[str] = frozenset()
        self._follower: Follower | None = None
        self._watched: frozenset[str] = frozenset()
        self._watcher: Watcher | None = None

    def follow(self, follower: Follower, followed: frozenset[str]) -> None:
        """Let somebody add to every write of these objects' records what follows from it."""
        self._follower, self._followed = follower, followed

    def watch(self, watcher: Watcher, watched: frozenset[str]) -> None:
        """Tell somebody of every write to these objects' records."""
        self._watcher, self._watched = watcher, watched

    @property
    def followed(self) -> frozenset[str]:
        """The objects to whose writes somebody adds."""
        return self._followed

    @property
    def settled(self) -> bool:
        """Whether what is written now stays: nothing is open that may be undone, and nobody else writes."""
        return not self._engine.unsettled()

    @property
    def shared(self) -> bool:
        """Whether other processes may write to the same rows."""
        return self._engine.shared

    @property
    def counters(self) -> dict[str, int]:
        """How far the numbers of each key prefix and auto-number are given out; put an older copy back to undo."""
        return self._engine.counters

    @counters.setter
    def counters(self, counters: dict[str, int]) -> None:
        self._engine.counters = counters

    @property
    def turns(self) -> int:
        """How many turns have begun: what was read from a shared store is good for one."""
        return self._engine.turns

    def at_end(self, action: Callable[[], None]) -> None:
        """Do something at the end of each turn, before it is committed, whatever was undone in it: a bound method."""
        self._engine.ends.append(WeakMethod(action))

    def next_number(self, prefix: str) -> int:
        """The next number of a key prefix. Not undone by savepoints: a real org never gives an id twice."""
        if self._engine.shared:
            with self._engine.turn():
                return self._count(prefix)
        return self._count(prefix)

    def _count(self, prefix: str) -> int:
        counters = self._engine.counters
        number = counters[prefix] = counters.get(prefix, 0) + 1
        return number

    def atomic(self) -> AbstractContextManager[Callable[[], None]]:
        """A savepoint, nested to any depth. Gives a function that undoes; an exception undoes and goes on."""
        return self._engine.atomic()

    def turn(self) -> AbstractContextManager[None]:
        """One request that writes: nobody else writes meanwhile. It undoes nothing, that is for `atomic`."""
        return self._engine.turn()

    def insert(self, sobject: SObject, row: Mapping[str, Any]) -> None:
        """Add a record: stored values by canonical field name, `Id` among them."""
        if sobject.name in self._followed and self._follower is not None:
            row = self._follower.inserting(sobject, row)
        write = self._plans[sobject.name].insert(tuple(row))
        self.run(write.sql, write.values(row))
        if sobject.name in self._watched and self._watcher is not None:
            self._watcher.inserted(sobject, row)

    def insert_all(self, rows: Iterable[tuple[SObject, Mapping[str, Any]]]) -> None:
        """Add many records, in order; neighbours of one object that have the same fields go in one statement."""
        for (name, fields), alike in groupby(rows, key=lambda each: (each[0].name, tuple(each[1]))):
            if name in self._followed or name in self._watched:
                for sobject, row in alike:
                    self.insert(sobject, row)
            else:
                write = self._plans[name].insert(fields)
                self._engine.run_many(write.sql, [write.values(row) for _, row in alike])

    def update(self, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> None:
        """Change stored values of a record, given by canonical field name."""
        if not changes:
            return
        self.ready.drop(record_id)
        follower = self._follower if sobject.name in self._followed else None
        if follower is not None:
            changes = follower.updating(sobject, record_id, changes)
        before = self.fetch(sobject, record_id) if sobject.name in self._watched else None
        write = self._plans[sobject.name].update(tuple(changes))
        self.run(write.sql, [*write.values(changes), record_id])
        if before is not None and self._watcher is not None:
            self._watcher.updated(sobject, before, changes)
        if follower is not None:
            follower.updated(sobject, record_id, changes)

    def remove(self, sobject: SObject, record_id: str) -> None:
        """Take a record out for good."""
        self.ready.drop(record_id)
        before = self.fetch(sobject, record_id) if sobject.name in self._watched else None
        self.run(f'DELETE FROM {table(sobject)} WHERE "Id" = ?', (record_id,))
        if before is not None and self._watcher is not None:
            self._watcher.removed(sobject, before)

    def fetch(self, sobject: SObject, record_id: str) -> dict[str, Any] | None:
        """A record's stored values in describe order, deleted records too; None where there is none."""
        plan = self._plans[sobject.name]
        found = self.run(plan.by_id, (record_id,)).fetchone()
        return None if found is None else dict(zip(plan.names, found, strict=True))

    def exists(self, sobject: SObject, record_id: str) -> bool:
        """Whether there is such a record that is not deleted."""
        return self.run(self._plans[sobject.name].there, (record_id,)).fetchone() is not None

    def find(self, sobject: SObject, field: Field, value: Any, deleted: bool = False) -> list[dict[str, Any]]:
        """The records whose field equals a stored value, without regard to case where the field is `folded`."""
        plan = self._plans[sobject.name]
        name = column(field)
        if field.folded and isinstance(value, str):
            name, value = shadow(field), value.casefold()
        alive = "" if deleted else plan.alive
        test, values = (f"{name} = ?", (value,)) if value is not None else (f"{name} IS NULL", ())
        found = self.run(f'{plan.select}{test}{alive} ORDER BY "Id"', values).fetchall()
        return [dict(zip(plan.names, each, strict=True)) for each in found]

    def ids(self, sobject: SObject, field: Field, value: Any, deleted: bool = False) -> list[str]:
        """The ids of the records whose field equals a stored value, like `find` but without reading the records."""
        folded = field.folded and isinstance(value, str)
        statement = self._plans[sobject.name].by_value(field, folded, deleted)
        rows = self.run(statement, (value.casefold() if folded else value,)).fetchall()
        return sorted(found for (found,) in rows) if len(rows) > 1 else [found for (found,) in rows]

    def binned(self, sobject: SObject, root: str) -> list[str]:
        """The ids of the deleted records that went along when `root` was deleted, itself included."""
        statement = f'SELECT "Id" FROM {table(sobject)} WHERE "{BIN}" = ?'
        return [found for (found,) in self.run(statement, (root,))]

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that a statement gives; values are bound, never spliced."""
        found: list[tuple[Any, ...]] = self.run(sql, parameters).fetchall()
        return found

    def become(self, schema: Schema) -> None:
        """Keep the records of another schema from now on: what both know stays. Raises SchemaError.

        Whoever followed the writes does so no more.
        """
        self._engine.become(self.schema, schema)
        self.schema, self._plans = schema, _plans_of(schema)
        self._followed, self._follower = frozenset(), None
        self.ready.clear()
        self.generation += 1

    @property
    def lasting(self) -> bool:
        """Whether the rows outlive the process."""
        return self._engine.lasting

    def keep_schema(self, text: str) -> None:
        """Keep what the schema has become with the rows."""
        self._engine.keep_schema(text)

    def snapshot(self) -> bytes:
        """All rows and counters as they stand; must not be asked for inside `atomic`."""
        return self._engine.snapshot()

    def restore(self, image: bytes) -> None:
        """Back to an image that `snapshot` gave."""
        self.ready.clear()
        self.generation += 1
        self._engine.restore(image)
        if self._watcher is not None:
            self._watcher.replaced()

    def settle(self) -> None:
        """Keep what is there now as the home of an org that other processes share."""
        self._engine.settle()

    def home(self) -> bytes | None:
        """What `settle` kept; None where nobody shares the org, for then its home is its process's own affair."""
        return self._engine.home()

    def beside(self) -> str:
        """The address for a second store of the same kind: in memory, or in the same database."""
        return self._engine.beside()

    def serial(self, kind: str) -> int:
        """The next number of a kind that no restore takes back, such as of processes; 0 where nobody shares the org."""
        return self._engine.serial(kind)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.close()
