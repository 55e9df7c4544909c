"""SQLite, in memory or in a file: an org of one process."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from mocksf.functions import FUNCTIONS
from mocksf.ids import number_of
from mocksf.schema.model import Schema
from mocksf.store.engine import COUNTERS, Ends, Run, Savepoint
from mocksf.store.reshaping import refill, refills, statements
from mocksf.store.streams import STREAMED, STREAMS
from mocksf.tables import ddl, table

MEMORY = ":memory:"
PAGE_BYTES = 1024
"""Small, because most of an org's hundreds of tables and indexes are empty, and each takes a page in every image."""
_EMPTY: WeakKeyDictionary[Schema, bytes] = WeakKeyDictionary()
_KEPT = '"$schema"'
"""The table that holds what the schema has become, once it has changed."""
_NO_TURN: AbstractContextManager[None] = nullcontext()


def kept_schema(path: str) -> str | None:
    """What the schema of a file has become, or None where there is no file, or no change of it."""
    if path == MEMORY or not Path(path).is_file():
        return None
    with closing(sqlite3.connect(path)) as connection:
        try:
            found = connection.execute(f"SELECT text FROM {_KEPT}").fetchone()
        except sqlite3.Error:  # it was never changed; or is no database, which whoever opens it will say
            return None
    return None if found is None else str(found[0])


class SqliteEngine:
    """A database of SQLite's. Not for several threads at once, and a file not for several processes."""

    shared = False

    def __init__(self, schema: Schema, path: str = MEMORY) -> None:
        self._schema = schema
        self._in_memory = path == MEMORY
        self.lasting = not self._in_memory
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=2048)
        self.run: Run = self._connection.execute
        for name, (arity, function) in FUNCTIONS.items():
            self._connection.create_function(name, arity, function, deterministic=True)
        self.run(f"PRAGMA page_size = {PAGE_BYTES}")
        if not self._in_memory:
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")
        self._lay_out()
        self.turns = 0
        self.ends: Ends = []
        self._written: dict[str, int] = {}
        self.counters: dict[str, int] = {} if self._in_memory else self._counted()

    # -- tables ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Tables for a store that has none; in memory they are a copy of those that the schema's first store made."""
        if self._in_memory and self._schema in _EMPTY:
            self._connection.deserialize(_EMPTY[self._schema])
        elif not self.run("SELECT 1 FROM sqlite_master WHERE type = 'table' LIMIT 1").fetchone():
            self._create_tables()
            if self._in_memory:
                _EMPTY[self._schema] = self._connection.serialize()
        elif not self.run("SELECT 1 FROM sqlite_master WHERE name = ?", (STREAMED[0],)).fetchone():
            self._add_streams()  # a file from before there were any

    def _create_tables(self) -> None:
        with Savepoint(self.run):
            self.run(f"CREATE TABLE {COUNTERS} (name TEXT PRIMARY KEY, number INTEGER NOT NULL)")
            self._add_streams()
            for sobject in self._schema:
                for statement in ddl(sobject):
                    self.run(statement)

    def become(self, old: Schema, new: Schema) -> None:
        with Savepoint(self.run):
            for statement in statements(old, new):
                self.run(statement)
            for each in refills(old, new):
                refill(self.run, each)
        self._schema = new

    def keep_schema(self, text: str) -> None:
        with Savepoint(self.run):
            self.run(f"CREATE TABLE IF NOT EXISTS {_KEPT} (text TEXT NOT NULL)")
            self.run(f"DELETE FROM {_KEPT}")
            self.run(f"INSERT INTO {_KEPT} VALUES (?)", (text,))

    def _add_streams(self) -> None:
        for statement in STREAMS:
            self.run(statement)

    def run_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        self._connection.executemany(sql, values)

    # -- counters --------------------------------------------------------------------------------------------------

    def _read_counters(self) -> dict[str, int]:
        """The counters as they were written down."""
        return dict(self.run(f"SELECT name, number FROM {COUNTERS}").fetchall())

    def _counted(self) -> dict[str, int]:
        """The counters of a file, never behind its rows: its process may have died before it wrote them down."""
        counters = self._read_counters()
        for sobject in self._schema:
            (newest,) = self.run(f'SELECT max("Id") FROM {table(sobject)}').fetchone()
            if newest:
                counters[newest[:3]] = max(counters.get(newest[:3], 0), number_of(newest))
        return counters

    def write_counters(self) -> None:
        """Write down what changed, so that it is committed with the rows that it was counted for."""
        if self.counters != self._written:
            changed = self.counters.items() - self._written.items()
            self.run_many(f"INSERT OR REPLACE INTO {COUNTERS} VALUES (?, ?)", list(changed))
            self._written = dict(self.counters)

    # -- undoing ---------------------------------------------------------------------------------------------------

    def unsettled(self) -> bool:
        return not self._in_memory or self._connection.in_transaction

    def atomic(self) -> AbstractContextManager[Callable[[], None]]:
        if self._in_memory or self._connection.in_transaction:
            return Savepoint(self.run)
        return _Outermost(self)

    def turn(self) -> AbstractContextManager[None]:
        return _NO_TURN

    # -- images ----------------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        assert not self._connection.in_transaction, "a snapshot is taken between requests"
        with Savepoint(self.run):
            self._written = {}
            self.write_counters()
        image = self._connection.serialize()
        # A file's header says that it has a write-ahead log, which a database in memory cannot have.
        return image if self._in_memory else image[:18] + b"\x01\x01" + image[20:]

    def restore(self, image: bytes) -> None:
        assert not self._connection.in_transaction, "a snapshot is restored between requests"
        if self._in_memory:
            self._connection.deserialize(image)
        else:
            held = sqlite3.connect(MEMORY)
            held.deserialize(image)
            held.backup(self._connection)
            held.close()
        self.counters = self._read_counters()
        self._written = dict(self.counters)

    def settle(self) -> None:
        """Nothing: nobody else asks for it."""

    def home(self) -> bytes | None:
        return None

    def beside(self) -> str:
        return MEMORY

    def serial(self, kind: str) -> int:  # noqa: ARG002
        return 0

    def close(self) -> None:
        with Savepoint(self.run):
            self.write_counters()
        self._connection.close()


class _Outermost(Savepoint):
    """The savepoint of a file that no other encloses: its end is a commit, which takes the counters along."""

    __slots__ = ("_engine",)

    def __init__(self, engine: SqliteEngine) -> None:
        super().__init__(engine.run)
        self._engine = engine

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._engine.write_counters()
        super().__exit__(kind, error, trace)
