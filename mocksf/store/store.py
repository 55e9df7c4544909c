"""The only module that knows the database: one SQLite table per sObject, one column per field.

Stored forms (design §8.2): text as it is, booleans 0/1, decimals as integers scaled by the field's scale, dates as ISO
text, instants as epoch milliseconds, ids with 18 characters. Every comparable text field has a casefolded shadow
column, because SQLite's own NOCASE folds ASCII only and a Python collation triples a lookup.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from mocksf.functions import FUNCTIONS
from mocksf.ids import number_of
from mocksf.ready import Ready
from mocksf.schema.model import Field, Schema, SObject
from mocksf.tables import BIN, Plan, column, ddl, shadow, table

_COUNTERS = '"$counters"'


class _Atomic(AbstractContextManager[Callable[[], None]]):
    """One savepoint; a class and not a generator, because it stands on the path of every write."""

    __slots__ = ("_store",)

    def __init__(self, store: "Store") -> None:
        self._store = store

    def __enter__(self) -> Callable[[], None]:
        self._store.run("SAVEPOINT s")
        return self.undo

    def undo(self) -> None:
        """Take back everything done inside so far; what follows counts again."""
        self._store.run("ROLLBACK TO s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._store.run("ROLLBACK TO s")
        self._store.run("RELEASE s")


_EMPTY: WeakKeyDictionary[Schema, bytes] = WeakKeyDictionary()
_PLANS: WeakKeyDictionary[Schema, dict[str, Plan]] = WeakKeyDictionary()


def _plans_of(schema: Schema) -> dict[str, Plan]:
    if schema not in _PLANS:
        _PLANS[schema] = {sobject.name: Plan(sobject) for sobject in schema}
    return _PLANS[schema]


class Store:
    """The rows of one org and the counters of its ids. Not for several threads at once."""

    def __init__(self, schema: Schema, path: str = ":memory:") -> None:
        self.schema = schema
        self._path = path
        self._plans = _plans_of(schema)
        self._connect()
        # Nobody else writes to a database in memory; what is read from a file may be old already.
        self.ready = Ready(lambda: path != ":memory:" or self._connection.in_transaction)
        self._lay_out()
        self.counters: dict[str, int] = {} if path == ":memory:" else self._counted()
        """How far the numbers of each key prefix and auto-number are given out; put an older copy back to undo."""

    def _connect(self) -> None:
        self._connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, cached_statements=2048
        )
        self.run: Callable[..., sqlite3.Cursor] = self._connection.execute
        for name, (arity, function) in FUNCTIONS.items():
            self._connection.create_function(name, arity, function, deterministic=True)
        if self._path != ":memory:":
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")

    def _lay_out(self) -> None:
        """Tables for a store that has none; in memory they are a copy of those that the schema's first store made."""
        if self._path == ":memory:" and self.schema in _EMPTY:
            self._connection.deserialize(_EMPTY[self.schema])
        elif not self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' LIMIT 1"):
            self._create_tables()
            if self._path == ":memory:":
                _EMPTY[self.schema] = self._connection.serialize()

    def _create_tables(self) -> None:
        with self.atomic():
            self.run(f"CREATE TABLE {_COUNTERS} (name TEXT PRIMARY KEY, number INTEGER NOT NULL)")
            for sobject in self.schema:
                for statement in ddl(sobject):
                    self.run(statement)

    def _read_counters(self) -> dict[str, int]:
        """The counters as they were written down with the last snapshot."""
        return dict(self.run(f"SELECT name, number FROM {_COUNTERS}").fetchall())

    def _counted(self) -> dict[str, int]:
        """The counters of a file, never behind its rows: nobody may have written them down when its process died."""
        counters = self._read_counters()
        for sobject in self.schema:
            (newest,) = self.run(f'SELECT max("Id") FROM {table(sobject)}').fetchone()
            if newest:
                counters[newest[:3]] = max(counters.get(newest[:3], 0), number_of(newest))
        return counters

    def _write_counters(self) -> None:
        with self.atomic():
            self._connection.executemany(f"INSERT OR REPLACE INTO {_COUNTERS} VALUES (?, ?)", self.counters.items())

    def next_number(self, prefix: str) -> int:
        """The next number of a key prefix. Not undone by savepoints: a real org never gives an id twice."""
        number = self.counters[prefix] = self.counters.get(prefix, 0) + 1
        return number

    def atomic(self) -> AbstractContextManager[Callable[[], None]]:
        """A savepoint, nested to any depth. Gives a function that undoes; an exception undoes and goes on."""
        return _Atomic(self)

    def insert(self, sobject: SObject, row: Mapping[str, Any]) -> None:
        """Add a record: stored values by canonical field name, `Id` among them."""
        write = self._plans[sobject.name].insert(tuple(row))
        self.run(write.sql, write.values(row))

    def update(self, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> None:
        """Change stored values of a record, given by canonical field name."""
        if not changes:
            return
        self.ready.drop(record_id)
        write = self._plans[sobject.name].update(tuple(changes))
        self.run(write.sql, [*write.values(changes), record_id])

    def remove(self, sobject: SObject, record_id: str) -> None:
        """Take a record out for good."""
        self.ready.drop(record_id)
        self.run(f'DELETE FROM {table(sobject)} WHERE "Id" = ?', (record_id,))

    def fetch(self, sobject: SObject, record_id: str) -> dict[str, Any] | None:
        """A record's stored values in describe order, deleted records too; None where there is none."""
        plan = self._plans[sobject.name]
        found = self.run(plan.by_id, (record_id,)).fetchone()
        return None if found is None else dict(zip(plan.names, found, strict=True))

    def exists(self, sobject: SObject, record_id: str) -> bool:
        """Whether there is such a record that is not deleted."""
        plan = self._plans[sobject.name]
        statement = f'SELECT 1 FROM {table(sobject)} WHERE "Id" = ?{plan.alive}'
        return self.run(statement, (record_id,)).fetchone() is not None

    def find(self, sobject: SObject, field: Field, value: Any, deleted: bool = False) -> list[dict[str, Any]]:
        """The records whose field equals a stored value, without regard to case where the field is `folded`."""
        plan = self._plans[sobject.name]
        name = column(field)
        if field.folded and isinstance(value, str):
            name, value = shadow(field), value.casefold()
        alive = "" if deleted else plan.alive
        test = f"{name} = ?" if value is not None else f"{name} IS ?"  # `IS ?` may be null: no partial index
        found = self.run(f'{plan.select}{test}{alive} ORDER BY "Id"', (value,)).fetchall()
        return [dict(zip(plan.names, each, strict=True)) for each in found]

    def ids(self, sobject: SObject, field: Field, value: Any, deleted: bool = False) -> list[str]:
        """The ids of the records whose field equals a stored value, like `find` but without reading the records."""
        name = column(field)
        if field.folded and isinstance(value, str):
            name, value = shadow(field), value.casefold()
        alive = "" if deleted else self._plans[sobject.name].alive
        statement = f'SELECT "Id" FROM {table(sobject)} WHERE {name} = ?{alive} ORDER BY "Id"'
        return [found for (found,) in self.run(statement, (value,))]

    def binned(self, sobject: SObject, root: str) -> list[str]:
        """The ids of the deleted records that went along when `root` was deleted, itself included."""
        statement = f'SELECT "Id" FROM {table(sobject)} WHERE "{BIN}" = ?'
        return [found for (found,) in self.run(statement, (root,))]

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that a statement gives; values are bound, never spliced."""
        return self.run(sql, parameters).fetchall()

    def snapshot(self) -> bytes:
        """All rows and counters as they stand; must not be asked for inside `atomic`."""
        assert not self._connection.in_transaction, "a snapshot is taken between requests"
        self._write_counters()
        image = self._connection.serialize()
        # A file's header says that it has a write-ahead log, which a database in memory cannot have.
        return image if self._path == ":memory:" else image[:18] + b"\x01\x01" + image[20:]

    def restore(self, image: bytes) -> None:
        """Back to an image that `snapshot` gave."""
        assert not self._connection.in_transaction, "a snapshot is restored between requests"
        self.ready.clear()
        if self._path == ":memory:":
            self._connection.deserialize(image)
        else:
            held = sqlite3.connect(":memory:")
            held.deserialize(image)
            held.backup(self._connection)
            held.close()
        self.counters = self._read_counters()

    def close(self) -> None:
        """Let go of the database."""
        self._write_counters()
        self._connection.close()
