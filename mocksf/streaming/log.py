"""The event log: what was published on which channel, for as long as it can be replayed."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from mocksf.evidence import Evidence
from mocksf.moments import milliseconds
from mocksf.store import Store

COUNTER = "$events"
CHANGES = "/data/"
"""How the channels of change events begin."""
LIVES = {"/topic/": timedelta(hours=24), "/u/": timedelta(hours=24)}
"""How long what is published on a channel can be replayed, by how the channel's name begins (documented)."""
LIFE = timedelta(hours=72)
"""The same for all others: high-volume events."""
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Push topic and generic events can be replayed for 24 hours, change events for 72", Evidence.DOCUMENTED),
    ("ReplayIds of changes and notifications are numbers of one sequence, with gaps", Evidence.ASSUMED),
    ("What is older than it can be replayed is gone at once", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""
_COLUMNS = '"seq", "channel", "txn", "record", "body"'


class Event(NamedTuple):
    """One event; what its body holds is its room's affair."""

    seq: int
    channel: str
    txn: int
    record: str
    body: dict[str, Any]


class Log:
    """The events of one org. They are rows, so that a rollback takes them back."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def last(self) -> int:
        """The place behind which all that comes is new."""
        return self._store.counters.get(COUNTER, 0)

    def published(self) -> int:
        """A number that is another one as soon as any process has published anything."""
        test = """name = ? OR name LIKE '%.ReplayId'"""
        [(number,)] = self._store.rows(f'SELECT COALESCE(SUM(number), 0) FROM "$counters" WHERE {test}', (COUNTER,))
        return int(number)

    def append(self, channel: str, txn: int, record: str, body: dict[str, Any], now: datetime) -> None:
        """Publish an event; those that have been there for too long go."""
        seq = self._store.next_number(COUNTER)
        ends = milliseconds(now + _life(channel))
        self._store.run('DELETE FROM "$events" WHERE "ends" <= ?', (milliseconds(now),))
        row = (seq, channel, txn, record, ends, orjson.dumps(body).decode())
        self._store.run('INSERT INTO "$events" VALUES (?, ?, ?, ?, ?, ?)', row)

    def rewrite(self, seq: int, body: dict[str, Any] | None) -> None:
        """Let an event of the running transaction be another, or none."""
        if body is None:
            self._store.run('DELETE FROM "$events" WHERE "seq" = ?', (seq,))
            return
        self._store.run('UPDATE "$events" SET "body" = ? WHERE "seq" = ?', (orjson.dumps(body).decode(), seq))

    def of_record(self, channel: str, txn: int, record: str) -> Event | None:
        """What a transaction has already published of a record on a channel."""
        found = self._found('"txn" = ? AND "record" = ? AND "channel" = ? LIMIT 1', (txn, record, channel))
        return found[0] if found else None

    def last_change(self, txn: int) -> Event | None:
        """The last change that a transaction has published, of whatever record."""
        behind = '"txn" = ? AND "channel" >= ? AND "channel" < ? ORDER BY "seq" DESC LIMIT 1'
        found = self._found(behind, (txn, CHANGES, _behind(CHANGES)))
        return found[0] if found else None

    def since(self, channel: str, position: int, now: datetime, most: int) -> list[Event]:
        """The events of a channel behind a place, the oldest first; of `/data/` those of all changes."""
        test, first = _test(channel)
        condition = f'{test} AND "seq" > ? AND "ends" > ? ORDER BY "seq" LIMIT ?'
        return self._found(condition, (*first, position, milliseconds(now), most))

    def holds(self, channel: str, seq: int, now: datetime) -> bool:
        """Whether an event of a channel can still be replayed."""
        test, first = _test(channel)
        return bool(self._found(f'{test} AND "seq" = ? AND "ends" > ?', (*first, seq, milliseconds(now))))

    def _found(self, condition: str, values: tuple[Any, ...]) -> list[Event]:
        rows = self._store.rows(f'SELECT {_COLUMNS} FROM "$events" WHERE {condition}', values)
        return [Event(seq, channel, txn, record, orjson.loads(body)) for seq, channel, txn, record, body in rows]


def _test(channel: str) -> tuple[str, tuple[str, ...]]:
    if channel == CHANGES:
        return '"channel" >= ? AND "channel" < ?', (CHANGES, _behind(CHANGES))
    return '"channel" = ?', (channel,)


def _behind(beginning: str) -> str:
    """What comes behind all names with a beginning."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _life(channel: str) -> timedelta:
    return next((life for beginning, life in LIVES.items() if channel.startswith(beginning)), LIFE)
