"""A process that was cut off from its database for longer than it waits is of its fleet again by itself."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from connector.chain import Draft
from connector.intents import Intent
from connector.live.fleet.ledger import FleetLedger
from connector.live.ledgers import seal_of
from connector.live.opening import LedgerBroken
from tests.connector.fleets import SEATS, Member, call, kinds
from tests.connector.ledgers import KEY, ORG, DatabaseShelf
from tests.connector.talk import NINE

PATIENCE_S = 0.3
SOON = timedelta(seconds=5)
"""Of the members' clocks, which run a hundred times as fast."""

_roles = count(1)


class Cable:
    """A way to the database for one process alone, that can be cut."""

    def __init__(self, database: DatabaseShelf) -> None:
        self.database, self.role = database, f"cut_{next(_roles)}"
        database.run([f"CREATE ROLE {self.role} LOGIN SUPERUSER"])

    @property
    def place(self) -> str:
        return f"{self.database.place}&user={self.role}"

    def cut(self) -> None:
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.role}'"
        self.database.run([f"ALTER ROLE {self.role} NOLOGIN"])
        self.database.run([end])

    def mend(self) -> None:
        self.database.run([f"ALTER ROLE {self.role} LOGIN"])


@pytest.fixture
def cable(database: DatabaseShelf) -> Cable:
    return Cable(database)


@pytest.fixture
def lone(cable: Cable) -> Iterator[Member]:
    """A process that hangs by the cable."""
    seal = seal_of(cable.place, {"CONNECTOR_LEDGER_KEY": KEY})
    member = Member(FleetLedger(cable.place, seal, ORG, patience_s=PATIENCE_S))
    yield member
    member.leave()


async def cut_off(member: Member, cable: Cable) -> None:
    """Cut, until the process has noticed and accepts nothing any more."""
    cable.cut()
    member.ledger.append(Draft("refreshed", "in the dark", NINE, {}))
    with pytest.raises(LedgerBroken):
        await member.ledger.safe()
    with pytest.raises(LedgerBroken):
        await member.hub.tell(call(9), 1, SEATS, None)


async def back(member: Member) -> None:
    while member.ledger.broken is not None:
        await member.clock.sleep_until(member.clock.now() + SOON)


def test_it_takes_up_its_own_work_once_and_accepts_again(database: DatabaseShelf, cable: Cable, lone: Member):
    was = lone.ledger.process

    async def play() -> str:
        await lone.keeper.begin()
        lone.open = asyncio.Event()
        await lone.hub.tell(call(), 1, SEATS, None)
        await cut_off(lone, cable)
        lone.open.set()
        cable.mend()
        await back(lone)
        answered = await lone.hub.tell(call(2), 1, [Intent("seats", 8)], None)
        while lone.ledger.readings.under_way:
            await lone.clock.sleep_until(lone.clock.now() + SOON)
        lone.keeper.end()
        return answered.status

    assert asyncio.run(play()) in ("committed", "accepted")
    assert lone.ledger.process != was
    assert [kinds(database).count(kind) for kind in ("accepted", "committed")] == [1, 1]
    assert "in the dark" not in {entry.delivery for entry in database.stored()}
    assert database.verified().broken is None
    assert database.run(["SELECT count(*) FROM processes"]) == [(1,)]


def test_what_others_did_meanwhile_is_known_and_not_done_again(database: DatabaseShelf, cable: Cable, lone: Member):
    other = Member(database.opened())

    async def play() -> None:
        await lone.keeper.begin()
        lone.open = asyncio.Event()
        await lone.hub.tell(call(), 1, SEATS, None)
        await cut_off(lone, cable)
        await other.keeper.begin()
        while other.ledger.readings.under_way:
            await other.clock.sleep_until(other.clock.now() + SOON)
        cable.mend()
        await back(lone)
        lone.keeper.end()
        other.keeper.end()

    asyncio.run(play())
    other.leave()
    assert kinds(database).count("committed") == 1
    assert lone.ledger.readings.standings["call-1/1/seats"].status == "committed"
    assert len(lone.sent) == 1
