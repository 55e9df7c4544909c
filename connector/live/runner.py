"""Carries out the commands of flows, one after another per flow and all flows at once, on one event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import inf
from typing import Any, Protocol

import structlog

from connector.alerts import SPACING
from connector.chain import Draft, Entry, Head, draft_of
from connector.commands import Command, Flow, GivePlace, Note, Now, Send, TakePlace, WaitUntil
from connector.live.clock import LiveClock
from connector.live.http import Transport
from connector.live.opening import LedgerBroken
from connector.live.places import Places
from connector.messages import Reply, Request

SLACK = ("Slack/",)
"""The place that whoever sends an alert holds for a second: a webhook is the fleet's, and so is its pace."""
VERDICTS = frozenset({"committed", "failed", "dead"})
"""Kinds of entry that say how an attempt went; the first of them after acceptance is what an agent waits for."""

log = structlog.get_logger("connector.runner")


class DurableLedger(Protocol):
    """A ledger whose appends are safe once `safe` comes back."""

    @property
    def broken(self) -> Exception | None:
        """Why nothing can be written any more, or None."""
        ...

    def append(self, draft: Draft) -> Entry: ...
    def head(self) -> Head: ...

    async def safe(self) -> None:
        """Come back when everything appended so far is on disk. Raises LedgerBroken where it cannot be."""
        ...


class Line(Protocol):
    """Where flows stand in line for the records that they write."""

    shared: bool

    async def take(self, owner: object, keys: Sequence[str], ahead: bool = False, on_behalf: str = "") -> None:
        """Come back when `owner` stands first in the queues of all `keys`."""
        ...

    async def hold(self) -> None:
        """Come back when it is certain that nobody else was given the places held here. Raises LedgerBroken."""
        ...

    def give(self, owner: object, keys: Sequence[str]) -> None: ...
    def leave(self, owner: object) -> None: ...
    def keep(self) -> None:
        """Give nothing up from now on: whoever takes the work over goes on at its places in line."""
        ...


class LedgerBusy(LedgerBroken):
    """Another process holds what is needed to accept this; it may be asked again at once."""


class Runner:
    """The live counterpart of the world's process. `transport`, `clock`, `ledger` and `places` are all it touches."""

    def __init__(
        self,
        ledger: DurableLedger,
        clock: LiveClock,
        transport: Transport,
        failpoint: Callable[[str], None] = lambda _: None,
        places: Line | None = None,
    ) -> None:
        self.ledger = ledger
        self.failpoint = failpoint
        self.clock = clock
        self.transport = transport
        self.places: Line = places or Places()
        self.broke_off = 0
        """How many flows ended by an error of ours: what they promised is in the ledger, but waits for a restart."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watchers: dict[str, list[asyncio.Future[str]]] = {}

    def start(self, flow: Flow[Any], name: str | None = None, not_before: datetime | None = None) -> asyncio.Task[Any]:
        """Set a flow going; it goes on whoever waits for it.

        It takes its places at once, in order, but does nothing before `not_before`.
        """
        task = asyncio.get_running_loop().create_task(self.run(flow, not_before), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def start_all(self, flows: Iterable[Flow[Any]], per_s: float = inf) -> list[asyncio.Task[Any]]:
        """Set flows going in order, so many a second."""
        instant = self.clock.now()
        return [
            self.start(flow, not_before=instant + timedelta(seconds=number / per_s))
            for number, flow in enumerate(flows)
        ]

    async def run(self, flow: Flow[Any], not_before: datetime | None = None) -> Any:
        """Carry a flow out to its end and give what it came to; its places are free then, however it ended."""
        owner, reply = object(), None
        try:
            while True:
                try:
                    command = flow.send(reply)
                except StopIteration as end:
                    return end.value
                if not_before is not None and isinstance(command, Send | Note):
                    await self.clock.sleep_until(not_before)
                    not_before = None
                reply = await self._carried_out(owner, command)
        finally:
            flow.close()
            self.places.leave(owner)

    @asynccontextmanager
    async def alone(self, what: str, within_s: float) -> AsyncIterator[None]:
        """Decide something with no other process deciding about the same meanwhile, all that is written being known.

        Raises LedgerBusy where another has not decided within so many seconds.
        """
        if not self.places.shared:
            yield
            return
        owner = object()
        try:
            try:
                async with asyncio.timeout(self.clock.real_seconds(within_s)):
                    await self.places.take(owner, (f"Alone/{what}",))
            except TimeoutError:
                sentence = f"another process has not ended deciding about {what}; ask again"
                raise LedgerBusy(sentence) from None
            yield
        finally:
            self.places.leave(owner)

    def verdict(self, delivery: str) -> asyncio.Future[str]:
        """The kind of the delivery's first verdict from now on: committed, failed or dead."""
        watcher: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._watchers.setdefault(delivery, []).append(watcher)
        watcher.add_done_callback(lambda done: self._unwatch(delivery, done))
        return watcher

    def busy(self) -> list[asyncio.Task[Any]]:
        """The flows that have not come to an end."""
        return list(self._tasks)

    async def stop(self) -> None:
        """Let everything go: what is under way is in the ledger and will be recovered."""
        self.places.keep()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin_anew(self, places: Line) -> None:
        """Go on after everything was let go, at a line in which nobody of ours stands."""
        self.places, self.broke_off = places, 0

    async def _carried_out(self, owner: object, command: Command) -> Any:
        match command:
            case Now():
                return self.clock.now()
            case WaitUntil(instant):
                return await self.clock.sleep_until(instant)
            case Send(request, timeout_s, lane):
                return await self._sent(request, timeout_s, lane)
            case Note():
                return await self._noted(command)
            case TakePlace(keys, ahead, on_behalf):
                return await self.places.take(owner, keys, ahead, on_behalf)
            case GivePlace(keys):
                return self.places.give(owner, keys)

    async def _sent(self, request: Request, timeout_s: float, lane: str) -> Reply:
        if self.ledger.broken is not None:
            # What cannot be noted is not done.
            sentence = f"nothing is sent any more: {self.ledger.broken}"
            raise LedgerBroken(sentence)
        if lane == "alerts" and self.places.shared:
            await self._own_second()
        await self.places.hold()
        self.failpoint("before_send")
        reply = await self.transport.send(request, self.clock.real_seconds(timeout_s), lane)
        self.failpoint("after_answer")
        return reply

    async def _own_second(self) -> None:
        """Come back when no other process of the fleet tells Slack anything; they are let past a second later."""
        places, owner = self.places, object()
        try:
            await places.take(owner, SLACK)
        except BaseException:
            places.leave(owner)
            raise

        async def hold() -> None:
            try:
                await self.clock.sleep_until(self.clock.now() + SPACING)
            finally:
                places.leave(owner)

        task = asyncio.get_running_loop().create_task(hold(), name="a second of Slack")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _noted(self, note: Note) -> Entry:
        entry = self.ledger.append(draft_of(note, self.clock.now()))
        await self.ledger.safe()
        final_failure = entry.kind == "failed" and entry.detail.get("next_at") is None  # `dead` follows at once
        if entry.kind in VERDICTS and not final_failure:
            for watcher in self._watchers.get(entry.delivery, []):
                if not watcher.done():
                    watcher.set_result(entry.kind)
        return entry

    def _unwatch(self, delivery: str, watcher: asyncio.Future[str]) -> None:
        left = [each for each in self._watchers.get(delivery, []) if each is not watcher]
        if left:
            self._watchers[delivery] = left
        else:
            self._watchers.pop(delivery, None)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            self.broke_off += 1
            log.error("a flow broke off; the ledger has what it promised", task=task.get_name(), problem=repr(problem))
