"""One connection to PostgreSQL that speaks the project's SQL, and comes back after the server was away."""

import json
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.string import StrDumper

from mocksf.store.dialect import Statement

SETTINGS = """SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET jit = off;
SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning; SET DateStyle = 'ISO';
SET search_path = """
"""What the project's SQL counts on, whatever the server's own settings are."""


class _Text(StrDumper):
    """Texts; the one character that PostgreSQL cannot keep is kept as the mark for what cannot be kept."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


class _Truth(psycopg.adapt.Dumper):
    """True and False as the project stores them."""

    oid = psycopg.postgres.types["int2"].oid

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class _Number(Loader):
    """What PostgreSQL computes exactly, as Python's own numbers."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


class Connection:
    """A connection that commits by itself, outside of BEGIN and COMMIT."""

    def __init__(self, address: str, search_path: str) -> None:
        self._address = address
        self._settings = SETTINGS + search_path
        self._statements: dict[str, Statement] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._link = self._connect()

    def _connect(self) -> psycopg.Connection[Any]:
        link = psycopg.connect(
            self._address, autocommit=True, cursor_factory=psycopg.RawCursor, application_name="mocksf"
        )
        link.adapters.register_dumper(str, _Text)
        link.adapters.register_dumper(bool, _Truth)
        link.adapters.register_loader("numeric", _Number)
        link.execute(self._settings, prepare=False)
        return link

    @property
    def in_transaction(self) -> bool:
        """Whether a BEGIN waits for its COMMIT."""
        return self._link.info.transaction_status not in _IDLE

    @property
    def lost(self) -> bool:
        """Whether the server went away."""
        return self._link.closed

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Execute a statement of the project's; a cursor with its rows.

        A server that was away is met again, except amid a transaction, which is gone with it.
        """
        text, values = self._written(sql, parameters)
        amid = self.in_transaction
        try:
            return self._link.execute(text, values)
        except psycopg.OperationalError:
            if amid or not self.lost:
                raise
            self._link = self._connect()
            return self._link.execute(text, values)

    def run_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Execute a statement of the project's once for each of many lists of values, inside a transaction."""
        written = [self._written(sql, each) for each in values]
        with self._link.cursor() as cursor:
            cursor.executemany(written[0][0], [each for _, each in written])

    def script(self, sql: str) -> list[list[tuple[Any, ...]]]:
        """Execute several of PostgreSQL's own statements in one go; the rows of each that gives some.

        A server that was away is met again, where the script begins a transaction.
        """
        try:
            cursor = self._link.execute(sql, prepare=False)
        except psycopg.OperationalError:
            if not self.lost or not sql.startswith("BEGIN"):
                raise
            self._link = self._connect()
            cursor = self._link.execute(sql, prepare=False)
        return [each.fetchall() for each in cursor.results() if each.description is not None]

    def copy_out(self, table: str) -> bytes:
        """All rows of a table, as COPY gives them."""
        with self._link.cursor().copy(f"COPY {table} TO STDOUT") as copy:
            return b"".join(bytes(each) for each in copy)

    def copy_in(self, table: str, rows: bytes) -> None:
        """Add rows that `copy_out` gave."""
        with self._link.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(rows)

    def close(self) -> None:
        """Let go of the server."""
        self._link.close()

    def _written(self, sql: str, parameters: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        statement = self._statements.get(sql)
        if statement is None:
            statement = self._statements[sql] = Statement(sql)
        if not statement.lists:
            return self._text(sql, statement, ""), parameters
        values = list(parameters)
        kinds = ""
        for place in statement.lists:
            values[place], kind = _array(values[place])
            kinds += kind
        return self._text(sql, statement, kinds), values

    def _text(self, sql: str, statement: Statement, kinds: str) -> str:
        known = self._texts.get((sql, kinds))
        if known is None:
            known = self._texts[sql, kinds] = statement.sql(kinds)
        return known


_IDLE = frozenset({psycopg.pq.TransactionStatus.IDLE, psycopg.pq.TransactionStatus.UNKNOWN})


def _array(text: str) -> tuple[list[Any], str]:
    """A JSON list as an array, and what it is one of (see `Statement.sql`)."""
    values = json.loads(text)
    if any(isinstance(value, str) for value in values) or not values:
        return values, "t"
    whole = all(isinstance(value, int) for value in values)
    return (values, "i") if whole else ([float(value) for value in values], "f")
