"""What calls cost: the daily allowance over a rolling 24 hours, the header that reports it, and long calls at once."""

from collections import deque
from datetime import datetime

from mocksf.errors import Refuse
from mocksf.evidence import Evidence

DAY_S = 24 * 3600
LONG_S = 20
"""From here on a call is a long one (documented: limits cheat sheet)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("While too many calls have run for 20 seconds and more, every new one is refused", Evidence.DOCUMENTED),
    ("A call that is refused because of long ones does not count against the daily allowance", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class Allowance:
    """How many calls an org has answered in the last 24 hours, of how many it may.

    The window rolls (documented: limits cheat sheet): a call made at 05:00 is given back at 05:00 of the next day.
    Calls of the same second share an entry, so a day holds at most 86,400 entries.
    """

    def __init__(self, maximum: int, long_calls: int = 25) -> None:
        self.maximum = maximum
        self.long_calls = long_calls
        """How many long calls may run at once."""
        self._running: tuple[tuple[datetime, datetime], ...] = ()
        self._seconds: deque[list[int]] = deque()
        """The seconds in which calls were made, each with their number."""
        self._used = 0
        self._looked: tuple[datetime | None, int] = (None, 0)

    def spend(self, now: datetime, calls: int = 1) -> None:
        """Count calls made now. Counts nothing and raises `Refuse.DAILY_LIMIT` where the allowance is used up, and
        `Refuse.CONCURRENT_LIMIT` where too many long calls are running.
        """
        if self._running and self.running_long(now) >= self.long_calls:
            raise Refuse.CONCURRENT_LIMIT()
        second = self._forget(now)
        if self._used >= self.maximum:
            raise Refuse.DAILY_LIMIT()
        self._used += calls
        if self._seconds and self._seconds[-1][0] == second:
            self._seconds[-1][1] += calls
        else:
            self._seconds.append([second, calls])

    def occupy(self, now: datetime, until: datetime) -> None:
        """A call that began now runs until an instant; only long ones matter."""
        if (until - now).total_seconds() > LONG_S:
            self._running = (*self._running, (now, until))

    def running_long(self, now: datetime) -> int:
        """How many calls that are still running began 20 seconds ago or earlier."""
        self._running = tuple(each for each in self._running if each[1] > now)
        return sum((now - began).total_seconds() >= LONG_S for began, _ in self._running)

    def used(self, now: datetime) -> int:
        """How many calls count at this instant."""
        self._forget(now)
        return self._used

    def info(self, now: datetime) -> str:
        """The value of `Sforce-Limit-Info`, in the plain form that every client parses."""
        return f"api-usage={self.used(now)}/{self.maximum}"

    def _forget(self, now: datetime) -> int:
        """Give back what was spent a day ago; the second that it is."""
        looked, second = self._looked
        if looked is now:
            return second
        second = int(now.timestamp())
        self._looked = now, second
        while self._seconds and self._seconds[0][0] <= second - DAY_S:
            self._used -= self._seconds.popleft()[1]
        return second

    def state(self) -> object:
        """The counts, for a snapshot."""
        return tuple(map(tuple, self._seconds)), self._used, self.maximum, self._running

    def restore(self, state: object) -> None:
        """Back to a state that `state` gave."""
        assert isinstance(state, tuple)
        seconds, self._used, self.maximum, self._running = state
        self._seconds = deque(map(list, seconds))
        self._looked = None, 0
