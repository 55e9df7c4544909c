"""Virtual time for the live connector and the mock together: it moves on when everybody waits, to the next instant."""

import asyncio
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

from connector.rehearsal.stage import Stage, StageProblem

IDLE_TURNS = 25
"""After so many turns of the event loop without anything new, all flows wait."""
SAME_TWICE = 2
"""So often the mock must say the same again before whatever is still out is taken to stay out: the answer that was on
its way over loopback has arrived by then."""


class StageClock:
    """The org's clock, for the connector. It jumps: 336 s of waiting cost two requests."""

    def __init__(self, stage: Stage, now: datetime) -> None:
        self.stage = stage
        self.heard = 0
        """Answers that came."""
        self.out = 0
        """Requests without an answer that somebody waits for."""
        self.given_up = 0
        """Requests that nobody waits for any more, though they may wait inside the mock."""
        self._now = now
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._born = count()

    def now(self) -> datetime:
        """The present instant."""
        return self._now

    def real_seconds(self, seconds: float) -> float:
        """Nothing here is timed by the wall."""
        return seconds

    async def sleep_until(self, instant: datetime) -> None:
        """Come back when time was moved to `instant`; at once where it is past."""
        if instant <= self._now:
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (instant, next(self._born), sleeper))
        await sleeper

    async def until(self, work: "asyncio.Future[Any]") -> Any:
        """Move time on until some work is done; what it came to."""
        try:
            while True:
                wakes = await self._quiet(work)
                if work.done():
                    return work.result()
                await self._on(wakes)
        finally:
            work.cancel()

    async def _quiet(self, work: "asyncio.Future[Any]") -> datetime | None:
        """Come back when everybody waits; with the instant that a request waits for inside the mock."""
        before: object = None
        same = 0
        while True:
            known = (self.heard, self.out)
            for _ in range(IDLE_TURNS):
                await asyncio.sleep(0)
            moment = await self.stage.moment() if self.out else None
            if work.done():
                return None
            if known != (self.heard, self.out):
                continue  # something was asked or heard meanwhile, and whoever heard it goes on
            if moment is None:
                return None
            if moment.waiting == self.out and not self.given_up:
                return moment.next_wake
            seen = (moment, self.heard, self.out)
            same = same + 1 if seen == before else 0
            before = seen
            if same >= SAME_TWICE:
                return moment.next_wake

    async def _on(self, wakes: datetime | None) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heappop(self._sleepers)
        instants = [at for at in (self._sleepers[0][0] if self._sleepers else None, wakes) if at is not None]
        if not instants:
            sentence = "the rehearsal stands still: nobody waits for an instant, and no answer comes"
            raise StageProblem(sentence)
        instant = max(self._now, min(instants))
        self._now = instant  # before the mock is told: what waits for this instant is answered while it is being told
        await self.stage.move_to(instant)
        while self._sleepers and self._sleepers[0][0] <= instant:
            sleeper = heappop(self._sleepers)[2]
            if not sleeper.done():
                sleeper.set_result(None)
