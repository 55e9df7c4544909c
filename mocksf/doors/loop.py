"""An asyncio loop on virtual time: waiting moves a clock, and nobody waits."""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from mocksf.clock import VirtualClock

T = TypeVar("T")


class _JumpingSelector(selectors.BaseSelector):
    """Looks at its files without waiting; where there is nothing to see, the clock jumps to the next timer."""

    def __init__(self, clock: VirtualClock) -> None:
        self._real = selectors.DefaultSelector()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return self._real.select(timeout)
        ready = self._real.select(0)
        if not ready:
            # To the microsecond, so that sums of waits stay exact; the loop takes a timer that is nearer for due.
            self._clock.move_to(self._clock.now() + timedelta(microseconds=round(timeout * 1_000_000)))
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time is a virtual clock: `asyncio.sleep(300)` moves the clock by 300 s and returns at once.

    Threads run in real time: a timer set while one of them works may come first.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self._zero: datetime = clock.now()
        super().__init__(_JumpingSelector(clock))
        # Timers within a microsecond of now are due: that is how fine the clock is.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return (self.clock.now() - self._zero).total_seconds()


def run(coroutine: Coroutine[Any, Any, T], clock: VirtualClock) -> T:
    """Run a coroutine to its end on virtual time, like `asyncio.run`; what still flies then is cancelled."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        return runner.run(coroutine)
