"""Which database an address means: a table of beginnings, the first that fits decides."""

from collections.abc import Callable

from mocksf.schema.model import Schema
from mocksf.store import sqlite
from mocksf.store.engine import DatabaseError, Engine
from mocksf.store.sqlite import SqliteEngine

Open = Callable[[Schema, str, str], Engine]
"""Schema, address and name of an org → its engine."""


def _sqlite(schema: Schema, path: str, _: str) -> Engine:
    return SqliteEngine(schema, path)


def _postgres(schema: Schema, address: str, org: str) -> Engine:
    try:
        from psycopg import Error

        from mocksf.store.postgres import PostgresEngine
    except ImportError as error:
        message = f"PostgreSQL needs psycopg, which the extra `mocksf[postgres]` installs ({error})"
        raise DatabaseError(message) from None
    try:
        server, _, name = address.partition("#")
        return PostgresEngine(schema, server, name or org)
    except Error as error:
        message = f"cannot use the database: {str(error).strip()}"
        raise DatabaseError(message) from error


ENGINES: dict[str, Open] = {"postgresql://": _postgres, "postgres://": _postgres, "": _sqlite}
"""How an address begins → what opens it."""


def kept_schema(address: str) -> str | None:
    """What the schema of an org in a file has become since it was founded, or None."""
    start = next(start for start in ENGINES if address.startswith(start))
    return sqlite.kept_schema(address) if not start else None


def open_engine(schema: Schema, address: str, org: str) -> Engine:
    """The engine of an address. Raises DatabaseError for a database that cannot be used."""
    start = next(start for start in ENGINES if address.startswith(start))
    return ENGINES[start](schema, address, org)
