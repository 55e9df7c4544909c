"""Slips as rows of the store: given by one process, taken at any."""

from collections.abc import Callable
from datetime import datetime

from mocksf.shared.instants import number
from mocksf.slips import Slips
from mocksf.store import Store

_PUT = """INSERT INTO "$slips" VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET text = excluded.text, ends = excluded.ends"""
_FRESH = 'INSERT INTO "$slips" VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING name'


class SharedSlips(Slips):
    """The slips of an org, whichever process gave them."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def put(self, name: str, text: str, ends: datetime, now: datetime) -> None:
        self._sweep(now)
        self._store.run(_PUT, (name, text, number(ends)))

    def fresh(self, kind: str, draw: Callable[[], str], text: str, life: tuple[datetime, datetime]) -> str:
        now, ends = life
        self._sweep(now)
        while True:
            word = draw()
            if self._store.rows(_FRESH, (f"{kind} {word}", text, number(ends))):
                return word

    def see(self, name: str, now: datetime) -> str | None:
        rows = self._store.rows('SELECT text FROM "$slips" WHERE name = ? AND ends > ?', (name, number(now)))
        return str(rows[0][0]) if rows else None

    def take(self, name: str, now: datetime) -> str | None:
        """One statement: of two processes that reach for a slip, one has it."""
        rows = self._store.rows('DELETE FROM "$slips" WHERE name = ? RETURNING text, ends', (name,))
        return str(rows[0][0]) if rows and rows[0][1] > number(now) else None

    def _sweep(self, now: datetime) -> None:
        self._store.run('DELETE FROM "$slips" WHERE ends <= ?', (number(now),))

    def state(self) -> object:
        """Nothing: the store's own image holds them, and its savepoints undo them."""
        return None

    def restore(self, state: object) -> None:
        """Nothing, for the same reason."""
