"""Where the effects of a saved record play: the rows around it, and who may be reached for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.actor import Touch
from mocksf.locks import LockKey
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store

Row = Mapping[str, Any]


@dataclass(slots=True, eq=False)  # not frozen, because that makes its making dear
class Scene:
    """What an effect may use. `now` is the second of the write in epoch ms."""

    schema: Schema
    store: Store
    user_id: str
    now: int
    touch: Touch
    create: Callable[[SObject, dict[str, Any]], str]
    """Saves a new record by stored values, as if a client had sent it, and gives its id."""
    change: Callable[[SObject, Row, dict[str, Any]], None]
    """Saves stored values of a record that is there, with all that follows, whoever may write which field."""

    def get(self, record_id: str | None) -> tuple[SObject, Row] | None:
        """A record that is there, with its object; None for none, for an unknown or a deleted one."""
        kind = self.schema.of_id(record_id) if record_id else None
        row = self.store.fetch(kind, record_id) if kind is not None and record_id else None
        return None if kind is None or row is None or row.get("IsDeleted") else (kind, row)

    def set(self, kind: SObject, row: Row, **values: Any) -> None:
        """Let fields of another record follow; those that are so already, or that it has not, are left alone.

        Only SystemModstamp is stamped: nobody modified the record.
        """
        moved = {name: value for name, value in values.items() if name in row and row[name] != value}
        if moved:
            self.touch(LockKey(kind.name, row["Id"]))
            stamp = {"SystemModstamp": self.now} if "SystemModstamp" in row else {}
            self.store.update(kind, row["Id"], moved | stamp)

    def first(self, statement: str, *parameters: Any, none: Any = None) -> Any:
        """The first value that a statement gives; `none` where it gives nothing, or null."""
        rows = self.store.rows(statement, parameters)
        return none if not rows or rows[0][0] is None else rows[0][0]


Effect = Callable[[Scene, Row, Row], None]
"""Sees the record as it was (empty when it is new or back) and as it is (empty when it is gone)."""
