"""A webhook is the fleet's: however many processes have something to tell, Slack hears one message a second."""

import asyncio
from datetime import datetime
from itertools import pairwise

from connector.alerts import SPACING
from connector.intents import Intent
from connector.messages import Answer, Reply, Request
from tests.connector.fleets import Member, call
from tests.connector.ledgers import DatabaseShelf
from tests.connector.talk import WEBHOOK, halted


class Mourner(Member):
    """A process whose every write is refused for good, and that notes when it told Slack of it."""

    told: list[datetime]

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        del timeout_s, lane
        if request.url != WEBHOOK:
            return halted("opp", "STRING_TOO_LONG")
        self.told.append(self.clock.now())
        return Answer(200, "ok")


def test_processes_that_mourn_at_once_speak_one_after_the_other(database: DatabaseShelf):
    fleet = [Mourner(database.opened()) for _ in range(3)]
    told: list[datetime] = []
    for each in fleet:
        each.told = told
        each.runner.clock = each.clock = fleet[0].clock

    async def play() -> None:
        for number in range(2):
            await asyncio.gather(
                *(
                    each.hub.tell(call(10 * number + at), 1, [Intent("seats", 7)], None)
                    for at, each in enumerate(fleet, 1)
                )
            )
        await asyncio.gather(*(each.rest() for each in fleet))

    asyncio.run(play())
    for each in fleet:
        each.leave()

    assert len(told) >= len(fleet)
    assert all(later - sooner >= SPACING for sooner, later in pairwise(sorted(told)))
    assert [entry.kind for entry in database.stored()].count("alerted") == 6
    assert database.run(["SELECT count(*) FROM tickets"]) == [(0,)]
