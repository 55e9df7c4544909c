"""Other processes that share an org: what they publish is heard here too, by looking now and then while one waits."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from mocksf.org import Org

LOOK_S = 0.05
"""How often a process looks, in seconds of the wall."""


class Neighbours:
    """Rings an org's bell when another process has published something."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Look for the length of a block, once for all who wait; where nobody shares the org there is nothing to do."""
        if not self._org.store.shared:
            yield
            return
        self._waiting += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _look(self) -> None:
        known = self._org.streaming.log.published()
        while True:
            await asyncio.sleep(LOOK_S)
            now = self._org.streaming.log.published()
            if now != known:
                known = now
                self._org.streaming.bell.ring()
