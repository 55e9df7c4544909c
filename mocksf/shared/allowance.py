"""The daily allowance, counted by all processes together."""

from datetime import datetime, timedelta

from mocksf.allowance import DAY_S, LONG_S, Allowance
from mocksf.errors import Refuse
from mocksf.shared.instants import number
from mocksf.store import Store

_SPEND = """
WITH gone AS (DELETE FROM "$calls" WHERE second <= ? RETURNING calls),
back AS (SELECT COALESCE(sum(calls), 0)::bigint AS calls FROM gone),
spent AS (UPDATE "$spent" SET refused = used - back.calls >= ?,
    used = used - back.calls + CASE WHEN used - back.calls >= ? THEN 0 ELSE ? END FROM back RETURNING refused),
noted AS (INSERT INTO "$calls" SELECT ?, ? FROM spent WHERE NOT refused
    ON CONFLICT (second) DO UPDATE SET calls = "$calls".calls + excluded.calls)
SELECT refused FROM spent"""
"""What is given back, what is spent and whether it was refused, in one statement: nobody counts in between."""
_USED = """SELECT used - (SELECT COALESCE(sum(calls), 0) FROM "$calls" WHERE second <= ?)::bigint FROM "$spent" """


class SharedAllowance(Allowance):
    """How many calls an org has answered in the last 24 hours, whichever process answered them."""

    def __init__(self, store: Store, maximum: int, long_calls: int) -> None:
        super().__init__(maximum, long_calls)
        self._store = store

    def spend(self, now: datetime, calls: int = 1) -> None:
        if self.running_long(now) >= self.long_calls:
            raise Refuse.CONCURRENT_LIMIT()
        second = int(now.timestamp())
        values = (second - DAY_S, self.maximum, self.maximum, calls, second, calls)
        [(refused,)] = self._store.rows(_SPEND, values)
        if refused:
            raise Refuse.DAILY_LIMIT()

    def occupy(self, now: datetime, until: datetime) -> None:
        if (until - now).total_seconds() > LONG_S:
            self._store.run('DELETE FROM "$running" WHERE until <= ?', (number(now),))
            self._store.run('INSERT INTO "$running" VALUES (?, ?)', (number(now), number(until)))

    def running_long(self, now: datetime) -> int:
        values = (number(now), number(now - timedelta(seconds=LONG_S)))
        [(running,)] = self._store.rows('SELECT count(*) FROM "$running" WHERE until > ? AND began <= ?', values)
        return int(running)

    def used(self, now: datetime) -> int:
        [(used,)] = self._store.rows(_USED, (int(now.timestamp()) - DAY_S,))
        return int(used)

    def state(self) -> object:
        """What the store's own image does not hold."""
        return self.maximum

    def restore(self, state: object) -> None:
        assert isinstance(state, int)
        self.maximum = state
