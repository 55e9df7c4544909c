"""The clock of a served org: real, scaled or manual; it can be moved on and stopped, and waiters are never early."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from mocksf.streaming.bell import Bell

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""No org lives longer: beyond it, what is due would leave the calendar."""
TURNS = 3
"""How many turns of the loop a woken waiter gets before a manual clock moves on."""


Waiter = tuple[datetime, int, asyncio.Future[None]]


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


class ServedClock:
    """Time that runs at `factor` times the wall's pace, or stands still (`factor` 0: manual) until it is moved.

    Read from anywhere; moved and waited for inside one running loop.
    """

    def __init__(self, factor: float = 1.0, start: datetime | None = None) -> None:
        self._factor = factor
        self._origin = start or datetime.now(UTC)
        self._mark = time.monotonic()
        self._waiters: list[Waiter] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        self.waiting = 0
        """How many requests wait for an instant to come."""

    @property
    def factor(self) -> float:
        """How many seconds of this clock pass in one of the wall; 0 where it stands still."""
        return self._factor

    def now(self) -> datetime:
        return self._origin + timedelta(seconds=(time.monotonic() - self._mark) * self._factor)

    @property
    def next_wake(self) -> datetime | None:
        """The earliest instant that somebody waits for, or None."""
        return min((at for at, _, waiter in self._waiters if not waiter.done()), default=None)

    def twin(self) -> "ServedClock":
        return ServedClock(self._factor, self.now())

    async def until(self, instant: datetime, bell: Bell | None = None) -> None:
        """Return when the instant has come, never before, unless a bell is rung; counts among `waiting` meanwhile."""
        self.waiting += 1
        try:
            if bell is None:
                await self.watch(instant)
            else:
                await self._rung(instant, bell)
        finally:
            self.waiting -= 1

    async def watch(self, instant: datetime) -> None:
        """Like `until`, for work that nobody waits for."""
        while instant > self.now() and not self._ended:
            await self._waiter(instant)[2]

    async def _rung(self, instant: datetime, bell: Bell) -> None:
        rings = bell.rings
        while rings == bell.rings and instant > self.now() and not self._ended:
            waiter = self._waiter(instant)
            wake = partial(_wake, waiter[2])
            bell.hear(wake)
            try:
                await waiter[2]
            finally:
                bell.forget(wake)
                if waiter in self._waiters:  # it was not time that woke it
                    self._waiters.remove(waiter)
                    heapq.heapify(self._waiters)

    def _waiter(self, instant: datetime) -> Waiter:
        """One who waits for an instant, from now on."""
        waiter = instant, next(self._order), asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, waiter)
        self._arm()
        return waiter

    def run_at(self, factor: float) -> None:
        """Go on from here at another pace; 0 freezes."""
        self._origin, self._mark, self._factor = self.now(), time.monotonic(), factor
        self._arm()

    async def move_to(self, instant: datetime) -> None:
        """Move on to an instant; who waits for an earlier one is woken at it, in order.

        Raises ValueError for an instant in the past, or beyond `LATEST`.
        """
        if instant < self.now():
            message = f"time never runs backwards: it is {self.now().isoformat()}"
            raise ValueError(message)
        if instant > LATEST:
            message = f"time ends with {LATEST.isoformat()}"
            raise ValueError(message)
        while self._waiters and self._waiters[0][0] <= instant:
            self._jump(max(self._waiters[0][0], self.now()))
            for _ in range(TURNS):
                await asyncio.sleep(0)
        self._jump(max(instant, self.now()))

    async def advance(self, seconds: float) -> None:
        """Move on by some seconds. Raises ValueError for fewer than none, and for more than there are."""
        left_s = (LATEST - self.now()).total_seconds()
        await self.move_to(self.now() + timedelta(seconds=min(seconds, left_s + 1)))

    def end(self) -> None:
        """The org is gone: nobody waits any longer."""
        self._ended = True
        for _, _, waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()
        self._arm()

    def set_back(self, instant: datetime) -> None:
        """To where a restored state was taken, earlier or later; only a clock that stands still can be set so."""
        if not self._factor:
            self._jump(instant)

    def follow(self, origin: datetime, wall: float, factor: float) -> None:
        """Go by another clock, which stood at `origin` when it was `wall` (seconds since 1970), and runs at `factor`.

        Who waits for an instant that has come by then is woken.
        """
        self._factor = factor
        self._jump(origin + timedelta(seconds=max(time.time() - wall, 0.0) * factor))

    def _jump(self, instant: datetime) -> None:
        self._origin, self._mark = instant, time.monotonic()
        self._wake()

    def _wake(self) -> None:
        """Wake everybody whose instant has come, and set the timer for the next."""
        now = self.now()
        while self._waiters and self._waiters[0][0] <= now:
            waiter = heapq.heappop(self._waiters)[2]
            if not waiter.done():
                waiter.set_result(None)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiters and self._factor:
            left = (self._waiters[0][0] - self.now()).total_seconds() / self._factor
            # uvloop counts in whole milliseconds and may fire up to one early; `_wake` and `until` look again.
            self._timer = asyncio.get_running_loop().call_later(max(left, 0), self._wake)
