"""What a process does for its fleet all the time: it buries who does not live any more, and takes up their work.

A lease is measured by whoever looks, on its own clock: who has not spoken for that long is dead. So no two clocks need
agree, and who was away itself (stopped, or cut off from the database) begins to count anew.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from connector.engine import Connector
from connector.live.clock import LiveClock
from connector.live.fleet.crew import Crew
from connector.live.fleet.ledger import FleetLedger
from connector.live.fleet.places import SharedPlaces
from connector.live.opening import LedgerBroken
from connector.live.runner import Runner

LOOKS = 4
"""How often the others are looked at during a lease."""
SHARE = 50
"""How many deliveries are taken up at a time, so that all who are left take their share of a dead process's work."""
PER_S = 100.0
"""How fast they are begun, so that whoever calls now is still answered within the budget."""
SOON = timedelta(milliseconds=500)

log = structlog.get_logger("connector.fleet")


class Watch:
    """When each of the others was heard of last, by one's own clock."""

    def __init__(self, lease: timedelta) -> None:
        self._lease = lease
        self._heard: dict[str, tuple[int, datetime]] = {}
        self._looked: datetime | None = None

    def silent(self, beats: dict[str, int], at: datetime) -> dict[str, int]:
        """Who has been silent for longer than a lease, with their last beat."""
        if self._looked is None or at - self._looked > self._lease / 2:
            self._heard = {}
        self._looked = at
        known = self._heard
        self._heard = {
            each: known[each] if each in known and known[each][0] == beat else (beat, at)
            for each, beat in beats.items()
        }
        return {each: beat for each, (beat, since) in self._heard.items() if at - since > self._lease}


class Keeper:
    """One process's part in keeping a fleet."""

    def __init__(self, connector: Connector, runner: Runner, ledger: FleetLedger, lease: timedelta) -> None:
        self._connector, self._runner, self._ledger = connector, runner, ledger
        self._clock: LiveClock = runner.clock
        self._lease = lease
        self._watch = Watch(lease)
        self._takes_up = True
        self._task: asyncio.Task[None] | None = None
        ledger.on_written = connector.desk.callers.written
        ledger.keep_lease(self._clock, lease)

    async def begin(self, takes_up: bool = True) -> int:
        """Do the first round, and go on behind it; how many deliveries were taken up."""
        loop = asyncio.get_running_loop()
        self._takes_up = takes_up
        self._ledger.listen(loop)
        taken = await self.round()
        self._task = loop.create_task(self.keep(), name="fleet")
        return taken

    def end(self) -> None:
        """Look after the fleet no more."""
        if self._task is not None:
            self._task.cancel()

    async def keep(self) -> None:
        """Go on until the ledger breaks for good. Where only the database was away, begin anew when it is back."""
        while True:
            try:
                if self._ledger.may_rejoin:
                    await self._rejoin()
                taken = await self.round()
            except LedgerBroken as problem:
                if self._ledger.broken is not None and not self._ledger.may_rejoin:
                    log.critical("this process is no part of its fleet any more; start it anew", problem=str(problem))
                    return
                log.warning("the fleet could not be looked after; again soon", problem=str(problem))
                taken = 0
            pause = SOON if taken == SHARE else self._lease / LOOKS
            await self._clock.sleep_until(self._clock.now() + pause)

    async def _rejoin(self) -> None:
        """What this process was doing others may do by now: it lets go of all of it, and takes up its share like them.

        Raises LedgerBroken while the database is away.
        """
        await self._runner.stop()
        gone = self._ledger.process
        await self._ledger.rejoin()
        self._runner.begin_anew(SharedPlaces(self._ledger))
        self._connector.desk.callers.clear()
        self._watch = Watch(self._lease)
        self._ledger.keep_lease(self._clock, self._lease)
        beats: dict[str, int] = await self._ledger.ask(lambda crew: crew.beats())
        if gone in beats:
            await self._ledger.ask(partial(Crew.bury, process=gone, beat=beats[gone]))
        log.warning("this process is of its fleet again, under another name", process=self._ledger.process, was=gone)

    async def round(self) -> int:
        """Bury who is silent, take up what the dead have left; how many deliveries that is."""
        beats: dict[str, int] = await self._ledger.ask(lambda crew: crew.beats())
        for process, beat in self._watch.silent(beats, self._clock.now()).items():
            if await self._ledger.ask(partial(Crew.bury, process=process, beat=beat)):
                log.warning("a process of the fleet is silent; others take up its work", process=process)
        return await self._take_up() if self._takes_up else 0

    async def _take_up(self) -> int:
        """Take up a share of the deliveries whose process is gone; how many."""
        claimed: list[str] = await self._ledger.ask(lambda crew: crew.claim(SHARE), loose=True)
        if not claimed:
            return 0
        done = [each for each in claimed if not self._ledger.under_way(each)]
        if done:
            await self._ledger.ask(lambda crew: crew.drop(done))
        self._runner.start_all(self._connector.recover(frozenset(claimed)), PER_S)
        return len(claimed)
