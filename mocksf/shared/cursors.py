"""Query cursors as rows of the store: opened by one process, read on by any."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, overload

import orjson

from mocksf.ids import make_id
from mocksf.rest.cursors import LIFE, PREFIX, Cursor, Cursors
from mocksf.shared.instants import instant, number
from mocksf.store import Store

_PAGES = """INSERT INTO "$pages" SELECT ?, place - 1, record
FROM unnest(?::text[]) WITH ORDINALITY AS given(record, place)"""
_ROWS = 'SELECT record FROM "$pages" WHERE cursor = ? AND place >= ? AND place < ? ORDER BY place'


class Pages(Sequence[dict[str, Any]]):
    """The records of a cursor, fetched when they are asked for."""

    def __init__(self, store: Store, cursor_id: str, size: int) -> None:
        self._store = store
        self._cursor_id = cursor_id
        self._size = size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self._between(*slice(place, place + 1 or None).indices(self._size)[:2])[0]
        first, last, step = place.indices(self._size)
        return self._between(first, last)[::step]

    def _between(self, first: int, last: int) -> list[dict[str, Any]]:
        rows = self._store.rows(_ROWS, (self._cursor_id, first, last))
        return [orjson.loads(record) for (record,) in rows]


class SharedCursors(Cursors):
    """The open cursors of an org, whichever process opened them."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def open(self, user_id: str, records: Sequence[dict[str, Any]], batch: int, now: datetime) -> str:
        with self._store.turn():
            self._forget(now)
            cursor_id = make_id(PREFIX, self._store.next_number(PREFIX))
            values = (cursor_id, user_id, number(now + LIFE), batch, len(records))
            self._store.run('INSERT INTO "$cursors" VALUES (?, ?, ?, ?, ?)', values)
            self._store.run(_PAGES, (cursor_id, [orjson.dumps(record).decode() for record in records]))
        return cursor_id

    def _find(self, cursor_id: str) -> Cursor | None:
        rows = self._store.rows('SELECT user_id, ends, batch, size FROM "$cursors" WHERE id = ?', (cursor_id,))
        for user_id, ends, batch, size in rows:
            return Cursor(user_id, Pages(self._store, cursor_id, size), instant(ends), batch)
        return None

    def _forget(self, now: datetime) -> None:
        gone = 'DELETE FROM "$cursors" WHERE ends <= ? RETURNING id'
        self._store.run(
            f'WITH gone AS ({gone}) DELETE FROM "$pages" WHERE cursor IN (SELECT id FROM gone)', (number(now),)
        )

    def next_due(self) -> datetime | None:
        """Never: what expired is not seen, and goes when the next cursor is opened."""
        return None

    def state(self) -> Any:
        """Nothing: the store's own image holds them, and its savepoints undo them."""
        return ()

    def restore(self, state: Any) -> None:
        """Nothing, for the same reason."""
