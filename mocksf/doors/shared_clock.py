"""One clock for an org that several servers share: where it stands and how fast it runs is a row of the store."""

import asyncio
import json
import time
from datetime import datetime

from mocksf.doors.served_clock import ServedClock
from mocksf.store import Store

LOOK_S = 0.1
"""How often a server looks whether another has moved the clock, for those who wait in it."""
_READ = """SELECT value FROM "$meta" WHERE name = 'clock'"""
_WRITE = """INSERT INTO "$meta" VALUES ('clock', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


class SharedClock:
    """Keeps a server's clock with those of the others; where nobody shares the org it does nothing.

    Each server asks before it answers, so whoever moved the clock at one is not told another time by the next.
    """

    def __init__(self, clock: ServedClock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._known = ""
        self._task: asyncio.Task[None] | None = None

    def join(self) -> None:
        """Take the time of those who are there already, or set it for those who come later."""
        self.follow()
        if not self._known:
            self.tell()

    def follow(self) -> None:
        """Go by what another server has said last; nothing where nobody did."""
        if not self._store.shared:
            return
        rows = self._store.rows(_READ)
        if rows and rows[0][0] != self._known:
            self._known = str(rows[0][0])
            said = json.loads(self._known)
            self._clock.follow(datetime.fromisoformat(said["origin"]), said["wall"], said["factor"])

    def tell(self) -> None:
        """Say how this server's clock goes from now on."""
        if not self._store.shared:
            return
        origin, factor = self._clock.now(), self._clock.factor
        self._known = json.dumps({"origin": origin.isoformat(), "wall": time.time(), "factor": factor})
        self._store.run(_WRITE, (self._known,))

    def watch(self) -> None:
        """Follow from now on by itself as well: somebody may wait here for an instant that another server brings."""
        if self._store.shared and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._look())

    def stop(self) -> None:
        """Watch no longer."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            self.follow()
