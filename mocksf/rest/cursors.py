"""Query cursors: where a client left off reading, for two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mocksf.errors import Refuse
from mocksf.ids import make_id, normalise_id

LIFE = timedelta(days=2)
"""How long a locator stays good (documented: limits cheat sheet, query cursors)."""
PREFIX = "01g"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The records of one query that did not fit its first page."""

    user_id: str
    records: Sequence[dict[str, Any]]
    ends: datetime
    batch: int


class Cursors:
    """The open cursors of an org, the oldest first."""

    def __init__(self) -> None:
        self._count = 0
        self._open: dict[str, Cursor] = {}

    def open(self, user_id: str, records: Sequence[dict[str, Any]], batch: int, now: datetime) -> str:
        """The id of a new cursor."""
        self._count += 1
        cursor_id = make_id(PREFIX, self._count)
        self._open[cursor_id] = Cursor(user_id, records, now + LIFE, batch)
        return cursor_id

    def at(self, locator: str, user_id: str, now: datetime) -> tuple[str, Cursor, int]:
        """Cursor id, cursor and offset of a locator such as `01g…-2000`. Raises `Refuse.BAD_LOCATOR`.

        Any offset within the result is accepted, as real orgs do (facts on REST §7.4).
        """
        cursor_id, _, digits = locator.partition("-")
        cursor = self._find(normalise_id(cursor_id) or "")
        if cursor is None or cursor.ends <= now or cursor.user_id != user_id:
            raise Refuse.BAD_LOCATOR()
        offset = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1
        if not 0 <= offset < len(cursor.records):
            raise Refuse.BAD_LOCATOR()
        return cursor_id, cursor, offset

    def _find(self, cursor_id: str) -> Cursor | None:
        """The cursor of an id, though it may have expired."""
        return self._open.get(cursor_id)

    def next_due(self) -> datetime | None:
        """When the oldest cursor expires, or None."""
        for cursor in self._open.values():
            return cursor.ends
        return None

    def run_due(self, now: datetime) -> None:
        """Forget cursors that expired."""
        while (due := self.next_due()) is not None and due <= now:
            del self._open[next(iter(self._open))]

    def state(self) -> tuple[int, dict[str, Cursor]]:
        """All cursors, for a snapshot."""
        return self._count, dict(self._open)

    def restore(self, state: tuple[int, dict[str, Cursor]]) -> None:
        """Back to a state that `state` gave."""
        self._count, held = state
        self._open = dict(held)
