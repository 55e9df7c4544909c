"""The connector at work: promises made durable, deliveries set going, and every turn answered within its budget."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from connector.chain import Entry
from connector.engine import Connector
from connector.erasure import announced, erase
from connector.intents import Accepted, Call, Caller, Ending, Finding, Intent, Turn
from connector.live.runner import Runner
from connector.lookup import Lookup
from connector.messages import Json
from connector.readings import Standing
from connector.replay import Selection

T = TypeVar("T")

RESERVE = timedelta(milliseconds=20)
"""What is left of the budget for the way back to the agent."""
DECIDING = timedelta(seconds=2)
"""How long another process may take to decide about the same call before an agent is told to ask again."""
READERS = 2
"""How many readers of an org's ledger are served at a time."""
RECOVERED_PER_S = 100.0
"""How fast a backlog is taken up after a start, so that whoever calls now is still answered within the budget."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an agent is told of a turn. `status`: committed, accepted (goes on behind the answer), dead, discarded."""

    status: str
    deliveries: tuple[Standing, ...]
    findings: tuple[Finding, ...]
    elapsed_ms: float


class Hub:
    """One org's connector with its runner."""

    def __init__(self, connector: Connector, runner: Runner) -> None:
        self.connector = connector
        self.runner = runner
        self._threads = ThreadPoolExecutor(READERS, "reader")
        self.deciding = DECIDING

    async def beside(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do what takes a while, such as reading a long ledger, beside the event loop.

        The threads are this org's own: whoever browses one org's trail keeps nobody from another's.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    @property
    def budget(self) -> timedelta:
        """How long a turn may wait for its verdict."""
        return timedelta(milliseconds=self.connector.config.delivery.budget_ms) - RESERVE

    def recover(self) -> int:
        """Take up what was promised before and not kept; how many deliveries that is."""
        return len(self.runner.start_all(self.connector.recover(), RECOVERED_PER_S))

    async def tell(self, call: Call, turn: Turn, intents: Sequence[Intent], said_at: datetime | None) -> Answered:
        """Accept a turn and wait for the first verdict on what is critical, or the budget. Raises Unfit, Conflict."""
        arrived = self.runner.clock.now()
        async with self._alone(call.id):
            accepted = self.connector.accept(self._completed(call), turn, intents, said_at or arrived)
            await self.runner.ledger.safe()
        return await self._answered(accepted, arrived)

    async def end(self, call: Call, ending: Ending, ended_at: datetime | None) -> Answered:
        """Accept what an ended call leaves behind; nobody waits for it. Raises Unfit, Conflict."""
        arrived = self.runner.clock.now()
        async with self._alone(call.id):
            accepted = self.connector.end_call(self._completed(call), ending, ended_at or arrived)
            await self.runner.ledger.safe()
        for delivery in accepted.deliveries:
            self.runner.start(self.connector.deliver(delivery), delivery.key)
        return self._told(accepted, arrived)

    async def lookup(self, phone: str) -> tuple[Lookup, float]:
        """Who has a number, and how many milliseconds it took to know; not known where the budget is over.

        The budget is the lookup's as a whole, a login or a second request included; what it began goes on behind it.
        """
        began = self.runner.clock.now()
        until = began + timedelta(seconds=self.connector.config.delivery.lookup_timeout_s)
        asked = self.runner.start(self.connector.looked_up(phone), "lookup")
        await self._sooner(asked, until)
        found = asked.result() if asked.done() and not asked.cancelled() else Lookup(None, answered=False)
        return found, self._since_ms(began)

    def replay(
        self, selection: Selection, actor: str, reason: str, edits: dict[str, Json], rate_per_s: float | None = None
    ) -> list[str]:
        """Bring dead letters back in the background; the keys of those that were dead. Raises Unfit for a bad edit."""
        letters = selection.of(self.connector.ledger.readings)
        keys = [letter.delivery for letter in letters if self.connector.delivery(letter.delivery) is not None]
        self.runner.start_all(self.connector.replay(selection, actor, reason, edits, rate_per_s))
        return keys

    async def discard(self, selection: Selection, actor: str, reason: str) -> list[str]:
        """Give dead letters up; the keys of those that were dead."""
        outcomes = [await self.runner.run(flow) for flow in self.connector.discard(selection, actor, reason)]
        return [outcome.delivery for outcome in outcomes if outcome.status == "discarded"]

    async def erase(self, call: str, actor: str, reason: str) -> int:
        """Forget what a call said; how many payloads that were. Raises Unfit while any of it is under way."""
        ledger = self.connector.ledger
        async with self._alone(call):
            entries = announced(ledger, call, actor, reason, self.runner.clock.now())
            await self.runner.ledger.safe()
        await self.beside(erase, ledger, entries)  # it waits for readers of the file
        return len(entries)

    async def audit(self, after: int, limit: int, delivery: str | None = None) -> list[Entry]:
        """A page of the ledger; read beside the event loop, for a ledger may be long."""
        await self.runner.ledger.safe()
        return await self.beside(self._page, after, limit, delivery)

    def _page(self, after: int, limit: int, delivery: str | None) -> list[Entry]:
        entries = (entry for entry in self.connector.ledger.entries(after) if delivery in {None, entry.delivery})
        return list(islice(entries, limit))

    def _alone(self, call: str) -> AbstractAsyncContextManager[None]:
        """What is promised for a call is decided by one process at a time, by all that was promised before."""
        return self.runner.alone(call, self.deciding.total_seconds())

    async def _answered(self, accepted: Accepted, arrived: datetime) -> Answered:
        critical = [delivery.key for delivery in accepted.deliveries if delivery.lane == "critical"]
        verdicts = [self.runner.verdict(key) for key in critical]
        for delivery in accepted.deliveries:
            self.runner.start(self.connector.deliver(delivery), delivery.key)
        await self._first_verdicts(verdicts, arrived + self.budget)
        return self._told(accepted, arrived)

    async def _first_verdicts(self, verdicts: Sequence[asyncio.Future[str]], until: datetime) -> None:
        if not verdicts:
            return
        heard = asyncio.gather(*verdicts)
        await self._sooner(heard, until)
        heard.cancel()
        await asyncio.gather(heard, return_exceptions=True)

    async def _sooner(self, awaited: asyncio.Future[Any], until: datetime) -> None:
        """Come back when it is there, or when the time is over."""
        alarm = asyncio.ensure_future(self.runner.clock.sleep_until(until))
        await asyncio.wait((alarm, awaited), return_when=asyncio.FIRST_COMPLETED)
        alarm.cancel()
        await asyncio.gather(alarm, return_exceptions=True)

    def _told(self, accepted: Accepted, arrived: datetime) -> Answered:
        standings = self.connector.ledger.readings.standings
        told = tuple(standings[key] for key in (*(each.key for each in accepted.deliveries), *accepted.known))
        return Answered(status_of(told), told, accepted.findings, self._since_ms(arrived))

    def _since_ms(self, instant: datetime) -> float:
        return round((self.runner.clock.now() - instant).total_seconds() * 1000, 3)

    def _completed(self, call: Call) -> Call:
        """What is known of the caller from earlier turns, where this one does not say it.

        The number by which the call has written its caller stays: another one would make a second person.
        """
        earlier = self.connector.ledger.readings.of_call(call.id)
        known = self.connector.delivery(earlier[-1].delivery) if earlier else None
        if known is None:
            return call
        said, before = call.caller, known.call.caller
        merged = {name: getattr(said, name) or getattr(before, name) for name in Caller.__slots__}
        if any("Account" in standing.objects for standing in earlier):
            merged["phone"] = before.phone
        return replace(call, caller=Caller(**merged), started=call.started or known.call.started)


def status_of(standings: Sequence[Standing]) -> str:
    """One word for a turn: of what is critical, the worst; `accepted` while anything of it is under way."""
    words = {standing.status for standing in standings if standing.lane == "critical"}
    for word in ("dead", "pending", "discarded"):
        if word in words:
            return "accepted" if word == "pending" else word
    return "committed" if words else "accepted"
