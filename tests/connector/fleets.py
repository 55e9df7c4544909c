"""Processes of a fleet, as far as it matters to a test: several on one ledger, in one event loop."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from connector.intents import Call, Intent
from connector.live.clock import ScaledClock
from connector.live.fleet.keeper import Keeper
from connector.live.fleet.ledger import FleetLedger
from connector.live.fleet.places import SharedPlaces
from connector.live.hub import Hub
from connector.live.runner import Runner
from connector.messages import Reply, Request
from tests.connector.ledgers import DatabaseShelf
from tests.connector.talk import KNOWN, a_connector, fine

SEATS = [Intent("seats", 7)]


@dataclass
class Member:
    """One process of a fleet, as far as it matters: its ledger, its hub, and an org that answers as told."""

    ledger: FleetLedger
    say: list[Reply] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)
    open: asyncio.Event | None = None
    """Until it is set, the org answers nothing."""
    gone: bool = False

    def __post_init__(self) -> None:
        self.clock = ScaledClock(100.0)
        self.connector = a_connector(self.ledger)
        self.runner = Runner(self.ledger, self.clock, self, places=SharedPlaces(self.ledger))
        self.hub = Hub(self.connector, self.runner)
        self.hub.deciding = timedelta(minutes=10)
        self.keeper = Keeper(self.connector, self.runner, self.ledger, timedelta(seconds=60))

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        del timeout_s, lane
        self.sent.append(request)
        if self.open is not None:
            await self.open.wait()
        return self.say.pop(0) if self.say else fine("opp")

    def leave(self) -> None:
        if not self.gone:
            self.gone = True
            self.ledger.close()

    async def rest(self) -> None:
        while self.runner.busy():
            await asyncio.gather(*self.runner.busy(), return_exceptions=True)


def call(number: int = 1) -> Call:
    return Call(f"call-{number}", KNOWN)


def kinds(shelf: DatabaseShelf, delivery: str = "call-1/1/seats") -> list[str]:
    return [entry.kind for entry in shelf.stored() if entry.delivery == delivery]


def kinds_so_far(member: Member) -> list[str]:
    member.ledger.flush()
    return [entry.kind for entry in member.ledger.entries()]


async def bury(dead: Member, undertaker: Member) -> None:
    """Have a process taken for dead by another."""
    beats = await undertaker.ledger.ask(lambda crew: crew.beats())
    beat = beats[dead.ledger.process]
    assert await undertaker.ledger.ask(lambda crew: crew.bury(dead.ledger.process, beat))
