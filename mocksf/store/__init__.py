"""The store: the only room that knows a database. One interface, and behind it SQLite or PostgreSQL."""

from mocksf.store.store import Store
from mocksf.tables import BIN, column, shadow, table

__all__ = ["BIN", "Store", "column", "shadow", "table"]
