"""A live connector without time and without sockets: a clock that jumps when nobody has anything left to do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from connector.ledger import MemoryLedger
from connector.live.hub import Hub
from connector.live.runner import Runner
from connector.messages import Reply, Request
from tests.connector.talk import NINE, a_connector

IDLE_TURNS = 25
"""After so many turns of the event loop without a new sleeper everybody waits for the clock."""


class JumpingClock:
    """Time that passes only when all tasks wait for it, and then to the next instant that somebody waits for."""

    def __init__(self) -> None:
        self._now = NINE
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._born = count()
        self._idle = 0
        self._watching = False

    def now(self) -> datetime:
        return self._now

    def real_seconds(self, seconds: float) -> float:
        return seconds

    async def sleep_until(self, instant: datetime) -> None:
        if instant <= self._now:
            return
        sleeper = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (instant, next(self._born), sleeper))
        self._idle = 0
        if not self._watching:
            self._watching = True
            asyncio.get_running_loop().call_soon(self._watch)
        await sleeper

    def _watch(self) -> None:
        self._sleepers = [each for each in self._sleepers if not each[2].done()]
        if not self._sleepers:
            self._watching = False
            return
        self._idle += 1
        if self._idle > IDLE_TURNS:
            self._idle = 0
            self._now, _, sleeper = heappop(self._sleepers)
            sleeper.set_result(None)
        asyncio.get_running_loop().call_soon(self._watch)


Say = Callable[[Request], Reply]


@dataclass
class Wire:
    """A transport that answers after `takes_s` of the clock. `sent` is what went out, with its lane."""

    clock: JumpingClock
    say: Say
    takes_s: float = 0.05
    sent: list[tuple[str, Request]] = field(default_factory=list)

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        self.sent.append((lane, request))
        await self.clock.sleep_until(self.clock.now() + timedelta(seconds=min(self.takes_s, timeout_s)))
        return self.say(request)


@dataclass
class Live:
    """All that a test of the live side looks at."""

    hub: Hub
    wire: Wire
    clock: JumpingClock
    ledger: MemoryLedger

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.ledger.entries()]


def a_live(say: Say, takes_s: float = 0.05, ledger: MemoryLedger | None = None, **delivery: Any) -> Live:
    """A hub over a clock that jumps and a wire that says what it is told to."""
    clock, kept = JumpingClock(), ledger or MemoryLedger()
    wire = Wire(clock, say, takes_s)
    connector = a_connector(kept, delivery)
    return Live(Hub(connector, Runner(kept, clock, wire)), wire, clock, kept)


def played(work: Awaitable[Any]) -> Any:
    """Play something that awaits, and let nothing go on behind it."""

    async def whole() -> Any:
        return await work

    return asyncio.run(whole())


async def at_rest(live: Live) -> None:
    """Come back when every flow has ended."""
    while live.hub.runner.busy():
        await asyncio.gather(*live.hub.runner.busy(), return_exceptions=True)
