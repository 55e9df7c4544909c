"""Work that time brings, run at its instant while a server runs: one watch per org."""

import asyncio
from datetime import datetime

from mocksf.doors.served_clock import ServedClock
from mocksf.wire import Wire


class DueWatch:
    """Sleeps until an org's next due work, and runs it; told after each request, for that may have brought more."""

    def __init__(self, wire: Wire, clock: ServedClock) -> None:
        self._wire = wire
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._at: datetime | None = None

    def look(self) -> None:
        """Make sure that the next due work is run at its instant."""
        due = self._wire.org.next_due()
        if due is None or (self._at is not None and self._at <= due):
            return
        self.stop()
        self._at = due
        self._task = asyncio.get_running_loop().create_task(self._run(due))

    def stop(self) -> None:
        """Watch no longer."""
        if self._task is not None:
            self._task.cancel()
        self._task = self._at = None

    async def _run(self, due: datetime) -> None:
        await self._clock.watch(due)
        self._wire.org.run_due(self._clock.now())
        self._task = self._at = None
        self.look()
