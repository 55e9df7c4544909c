"""PostgreSQL: an org that any number of processes share, as a schema of a database.

A request that writes is one transaction under an advisory lock of its org; no lock of the database outlives it. What a
process counts (ids, numbers) is read at the beginning of such a turn and written down at its end.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from types import TracebackType
from typing import Any
from zlib import crc32

from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Schema
from mocksf.store.connection import Connection
from mocksf.store.dialect import FUNCTIONS, definition
from mocksf.store.engine import COUNTERS, DatabaseError, Ends, Savepoint
from mocksf.store.reshaping import refill, refills, statements
from mocksf.store.streams import STREAMS
from mocksf.tables import ddl

NAME_MAX = 50
SHARED = (
    f"CREATE TABLE {COUNTERS} (name TEXT PRIMARY KEY, number BIGINT NOT NULL)",
    'CREATE TABLE "$meta" (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
    'CREATE TABLE "$images" (name TEXT PRIMARY KEY, image BYTEA NOT NULL)',
    'CREATE TABLE "$sessions" (token TEXT PRIMARY KEY, caller TEXT NOT NULL, refresh TEXT, ends BIGINT NOT NULL)',
    'CREATE TABLE "$refresh" (token TEXT PRIMARY KEY, caller TEXT NOT NULL)',
    'CREATE TABLE "$calls" (second BIGINT PRIMARY KEY, calls BIGINT NOT NULL)',
    'CREATE TABLE "$spent" (used BIGINT NOT NULL, refused BOOLEAN NOT NULL)',
    'CREATE TABLE "$holders" (sobject TEXT, held TEXT, owner BIGINT NOT NULL, until BIGINT NOT NULL,'
    " PRIMARY KEY (sobject, held))",
    'CREATE TABLE "$cursors" (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, ends BIGINT NOT NULL,'
    " batch BIGINT NOT NULL, size BIGINT NOT NULL)",
    'CREATE TABLE "$pages" (cursor TEXT, place BIGINT, record TEXT NOT NULL, PRIMARY KEY (cursor, place))',
    'CREATE TABLE "$running" (began BIGINT NOT NULL, until BIGINT NOT NULL)',
    'CREATE TABLE "$recents" (user_id TEXT PRIMARY KEY, records TEXT NOT NULL)',
    'CREATE TABLE "$slips" (name TEXT PRIMARY KEY, text TEXT NOT NULL, ends BIGINT NOT NULL)',
    'INSERT INTO "$spent" VALUES (0, false)',
    *STREAMS,
)
"""What an org knows beside its records, where every process can see it."""
_APART = frozenset({COUNTERS, '"$meta"', '"$images"'})
"""Those of them that are no part of a snapshot; of these, counters are by way of `counters`."""
_HAS_A_FILE = """SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0
AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ?) ORDER BY relname"""
_LAID: PerSchema[tuple[list[str], str]] = PerSchema("tables in PostgreSQL")
_TOKENS = ('"$sessions"', '"$refresh"')
_NAME = re.compile(r"[^a-z0-9_.-]+")


def namespace(org: str) -> str:
    """The schema of an org in its database: `mocksf_` and the org's name, which is shortened where it is long."""
    plain = _NAME.sub("_", org.lower())
    if plain == org and len(plain) <= NAME_MAX:
        return f"mocksf_{plain}"
    return f"mocksf_{plain[:NAME_MAX]}_{crc32(org.encode()):08x}"


class PostgresEngine:
    """One process's way to an org in PostgreSQL. Not for several threads at once."""

    shared = True
    lasting = False

    def __init__(self, schema: Schema, address: str, org: str = "default") -> None:
        self._address, self._org = address, org
        self._name = f'"{namespace(org)}"'
        self._lock = int.from_bytes(sha256(self._name.encode()).digest()[:8], "big", signed=True)
        self._connection = Connection(address, self._name)
        self.run = self._connection.run
        self.run_many = self._connection.run_many
        self.counters: dict[str, int] = {}
        self.ends: Ends = []
        self.turns = 0
        self._first = False
        self._known: dict[str, int] = {}
        try:
            self._lay_out(schema)
            self.counters = self._read_counters()
        except BaseException:
            self._connection.close()
            raise

    # -- tables ----------------------------------------------------------------------------------------------------

    def _lay_out(self, schema: Schema) -> None:
        """The tables, unless another process has made them. Raises DatabaseError where it made others."""
        written, mark = _laid(schema)
        self._connection.script(f"BEGIN; SELECT pg_advisory_xact_lock({self._lock})")
        try:
            self._connection.script(f"CREATE SCHEMA IF NOT EXISTS {self._name}")
            if not self.run("SELECT to_regclass(?)::text", (f'{self._name}."$meta"',)).fetchone()[0]:
                self._connection.script(";\n".join([*written, *FUNCTIONS]))
                self.run("""INSERT INTO "$meta" VALUES ('objects', ?)""", (mark,))
            known = self.laid_as(schema)
        finally:
            self._connection.script("COMMIT")
        if not known:
            message = f"the org {self._name} in this database was made for other objects or fields"
            raise DatabaseError(message)

    def laid_as(self, schema: Schema) -> bool:
        """Whether the tables are those of a schema."""
        [known] = self.run("""SELECT value FROM "$meta" WHERE name = 'objects'""").fetchone()
        return bool(known == _laid(schema)[1])

    def become(self, old: Schema, new: Schema) -> None:
        """Processes that share the org and do not follow go on with tables that they know in part only."""
        with self.atomic():
            for statement in statements(old, new):
                self.run(definition(statement))
            for each in refills(old, new):
                refill(self.run, each)
            self.run("""UPDATE "$meta" SET value = ? WHERE name = 'objects'""", (_laid(new)[1],))

    def keep_schema(self, text: str) -> None:
        """Nothing: whoever opens the org next must bring its schema, or is told that it was made for another."""

    def _read_counters(self) -> dict[str, int]:
        return dict(self.run(f"SELECT name, number FROM {COUNTERS}").fetchall())

    # -- turns and undoing -----------------------------------------------------------------------------------------

    def unsettled(self) -> bool:
        return True

    @contextmanager
    def turn(self) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self._begin()
        try:
            yield
        finally:
            self._end()

    def atomic(self) -> AbstractContextManager[Callable[[], None]]:
        return Savepoint(self.run) if self._connection.in_transaction else _Turn(self.run, self.turn())

    def _begin(self) -> None:
        """Wait for the others, then read what they counted. Each statement sees what is committed when it begins."""
        lock = f"BEGIN; SELECT pg_advisory_xact_lock({self._lock})"
        rows = self._connection.script(f"{lock}; SELECT name, number FROM {COUNTERS}")
        self._known = dict(rows[1])
        self.counters = dict(self._known)
        self.turns += 1

    def _end(self) -> None:
        """Write down what was counted, and commit. Where the server went away, it has undone everything."""
        if self._connection.lost:
            return
        for each in self.ends:
            action = each()
            if action is not None:
                action()
        self._write_counters()
        self.run("COMMIT")

    def _write_counters(self) -> None:
        changed = dict(self.counters.items() - self._known.items())
        if changed:
            given = "SELECT * FROM unnest(?::text[], ?::bigint[])"
            kept = f"INSERT INTO {COUNTERS} {given} ON CONFLICT (name) DO UPDATE SET number = excluded.number"
            self.run(kept, (list(changed), list(changed.values())))

    # -- images ----------------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        assert not self._connection.in_transaction, "a snapshot is taken between requests"
        with self.turn():
            tables = {name: self._connection.copy_out(name) for name in self._used()}
            return _image(self.counters, {name: rows for name, rows in tables.items() if rows})

    def restore(self, image: bytes) -> None:
        assert not self._connection.in_transaction, "a snapshot is restored between requests"
        counters, parts = _parts(image)
        with self.turn():
            self._connection.script(";".join(f"DELETE FROM {name}" for name in self._used()))
            for name, rows in parts.items():
                self._connection.copy_in(name, rows)
            self.run(f"DELETE FROM {COUNTERS}")
            self._known, self.counters = {}, dict(counters)

    def settle(self) -> None:
        """The first to settle says what home is, also later; whoever else settles adds the tokens it gave."""
        image = self.snapshot()
        with self.turn():
            known = self.home()
            self._first = self._first or known is None
            kept = image if known is None or self._first else _with_tokens(known, image)
            given = "ON CONFLICT (name) DO UPDATE SET image = excluded.image"
            self.run(f"""INSERT INTO "$images" VALUES ('home', ?) {given}""", (kept,))

    def home(self) -> bytes | None:
        rows = self.run("""SELECT image FROM "$images" WHERE name = 'home'""").fetchall()
        return bytes(rows[0][0]) if rows else None

    def beside(self) -> str:
        return f"{self._address}#{self._org}.{self.serial('forks')}"

    def serial(self, kind: str) -> int:
        given = "ON CONFLICT (name) DO UPDATE SET value = (known.value::bigint + 1)::text RETURNING value"
        return int(self.run(f"""INSERT INTO "$meta" AS known VALUES (?, '1') {given}""", (kind,)).fetchone()[0])

    def _used(self) -> list[str]:
        """The tables that have, or had, rows, but for those that are no part of a snapshot.

        Most have not even a file to look into, which is cheaper to see than an empty result.
        """
        names = (f'"{name}"' for (name,) in self.run(_HAS_A_FILE, (self._name[1:-1],)).fetchall())
        return [name for name in names if name not in _APART]

    def clear(self) -> None:
        """An org without rows that has counted nothing."""
        self.ends.clear()
        self.run('DELETE FROM "$images"')
        self.run("""DELETE FROM "$meta" WHERE name <> 'objects'""")
        self.restore(b'{"counters": {}, "parts": []}\n')
        self.run("""INSERT INTO "$spent" VALUES (0, false)""")

    def vacuum(self) -> None:
        """Forget the rows that were deleted; without it an org that is emptied again and again becomes slow."""
        names = (f'{self._name}."{name}"' for (name,) in self.run(_HAS_A_FILE, (self._name[1:-1],)).fetchall())
        self._connection.script(f"VACUUM {', '.join(names)}")

    def close(self) -> None:
        self._connection.close()

    def drop(self) -> None:
        """Take the org out of the database, for good."""
        self._connection.script(f"DROP SCHEMA IF EXISTS {self._name} CASCADE")
        self._connection.close()


def _laid(schema: Schema) -> tuple[list[str], str]:
    """The statements that lay out an org, and a mark that is the same for the same tables."""
    return _LAID.of(schema, lambda: _written(schema))


def _written(schema: Schema) -> tuple[list[str], str]:
    laid = [*SHARED, *(statement for sobject in schema for statement in ddl(sobject))]
    written = [definition(each) for each in laid]
    return written, sha256("\n".join([*written, *FUNCTIONS]).encode()).hexdigest()


def _with_tokens(home: bytes, now: bytes) -> bytes:
    """An image of home whose tokens are those of now."""
    parts = {name: rows for name, rows in _parts(home)[1].items() if name not in _TOKENS}
    tokens = {name: rows for name, rows in _parts(now)[1].items() if name in _TOKENS}
    return _image(_parts(home)[0], parts | tokens)


def _image(counters: dict[str, int], parts: dict[str, bytes]) -> bytes:
    """Counters and tables as bytes: a line of JSON that names them, then the tables one behind another."""
    sizes = [[name, len(rows)] for name, rows in parts.items()]
    return json.dumps({"counters": counters, "parts": sizes}).encode() + b"\n" + b"".join(parts.values())


def _parts(image: bytes) -> tuple[dict[str, int], dict[str, bytes]]:
    """What `_image` was given."""
    line, _, rows = image.partition(b"\n")
    head = json.loads(line)
    parts, at = {}, 0
    for name, size in head["parts"]:
        parts[name] = rows[at : at + size]
        at += size
    return head["counters"], parts


class _Turn(Savepoint):
    """A savepoint that no other encloses: it is a turn of its own."""

    __slots__ = ("_whole",)

    def __init__(self, run: Callable[..., Any], whole: AbstractContextManager[None]) -> None:
        super().__init__(run)
        self._whole = whole

    def __enter__(self) -> Callable[[], None]:
        self._whole.__enter__()
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            self._whole.__exit__(None, None, None)
