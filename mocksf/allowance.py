"""What calls cost: the daily allowance over a rolling 24 hours, and the header that reports it."""

from collections import deque
from datetime import datetime

from mocksf.errors import Refuse

DAY_S = 24 * 3600


class Allowance:
    """How many calls an org has answered in the last 24 hours, of how many it may.

    The window rolls (documented: limits cheat sheet): a call made at 05:00 is given back at 05:00 of the next day.
    Calls of the same second share an entry, so a day holds at most 86,400 entries.
    """

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self._seconds: deque[tuple[int, int]] = deque()
        self._used = 0

    def spend(self, now: datetime, calls: int = 1) -> None:
        """Count calls made now. Raises `Refuse.DAILY_LIMIT` where the allowance is used up, and counts nothing then."""
        second = int(now.timestamp())
        self._forget(second)
        if self._used >= self.maximum:
            raise Refuse.DAILY_LIMIT()
        self._used += calls
        if self._seconds and self._seconds[-1][0] == second:
            calls += self._seconds.pop()[1]
        self._seconds.append((second, calls))

    def used(self, now: datetime) -> int:
        """How many calls count at this instant."""
        self._forget(int(now.timestamp()))
        return self._used

    def info(self, now: datetime) -> str:
        """The value of `Sforce-Limit-Info`, in the plain form that every client parses."""
        return f"api-usage={self.used(now)}/{self.maximum}"

    def _forget(self, second: int) -> None:
        while self._seconds and self._seconds[0][0] <= second - DAY_S:
            self._used -= self._seconds.popleft()[1]

    def state(self) -> object:
        """The counts, for a snapshot."""
        return tuple(self._seconds), self._used, self.maximum

    def restore(self, state: object) -> None:
        """Back to a state that `state` gave."""
        assert isinstance(state, tuple)
        seconds, self._used, self.maximum = state
        self._seconds = deque(seconds)
