"""Several requests side by side on a virtual loop: the local door for those who await."""

import asyncio
from datetime import datetime, timedelta

from mocksf.doors.local import SILENT, LocalDoor, NeverAnswered, dripped
from mocksf.faults import Ending
from mocksf.messages import Request, Response
from mocksf.wire import Broken, Dripping, Flight, Ringing, step


class Airspace:
    """The flights of one door on a `VirtualLoop`. What its client gave up, or was cancelled, still lands by itself."""

    def __init__(self, door: LocalDoor) -> None:
        self._door = door
        self._left: set[asyncio.Task[None]] = set()

    async def carry(self, request: Request, timeout_s: float | None) -> Response | Broken:
        """What the client gets, or silence at the end of its patience. Raises NeverAnswered as the door does."""
        now = self._door.clock.now()
        deadline = None if timeout_s is None else now + timedelta(seconds=timeout_s)
        flight = self._door.wire.flight(request)
        at = step(flight)
        while isinstance(at, datetime):
            if deadline is not None and at > deadline:
                if not (isinstance(at, Ringing) and await self._rung(deadline)):
                    self._leave(flight, at)
                    await self._until(deadline)
                    return SILENT
                at = step(flight)
                continue
            try:
                await self._until(at)
            except asyncio.CancelledError:
                self._leave(flight, at)
                raise
            at = step(flight)
        if isinstance(at, Dripping):
            at, dripped_s = dripped(request, at, timeout_s)
            await self._until(self._door.clock.now() + timedelta(seconds=dripped_s))
        elif isinstance(at, Broken) and at.ending is Ending.SILENCE:
            await self._keep_silent(request, at, timeout_s, deadline)
        return at

    async def _keep_silent(
        self, request: Request, outcome: Broken, timeout_s: float | None, deadline: datetime | None
    ) -> None:
        if timeout_s is None or deadline is None:
            raise NeverAnswered(request)
        await self._until(
            deadline if outcome.response is None else self._door.clock.now() + timedelta(seconds=timeout_s)
        )

    def _leave(self, flight: Flight, at: datetime) -> None:
        task = asyncio.get_running_loop().create_task(self._land(flight, at))
        self._left.add(task)
        task.add_done_callback(self._left.discard)

    async def _land(self, flight: Flight, at: datetime | Response | Broken) -> None:
        while isinstance(at, datetime):
            await self._until(at)
            at = step(flight)

    async def _until(self, instant: datetime) -> None:
        if isinstance(instant, Ringing):
            await self._rung(instant)
            return
        await asyncio.sleep(self._left_s(instant))

    async def _rung(self, until: datetime) -> bool:
        """Wait until the org's bell is rung, or until an instant; tells whether it was rung."""
        bell, rung = self._door.wire.org.streaming.bell, asyncio.Event()
        bell.hear(rung.set)
        try:
            await asyncio.wait_for(rung.wait(), self._left_s(until))
        except TimeoutError:
            return False
        finally:
            bell.forget(rung.set)
        return True

    def _left_s(self, instant: datetime) -> float:
        return max(0.0, (instant - self._door.clock.now()).total_seconds())
