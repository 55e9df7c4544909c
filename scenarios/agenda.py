"""The world's agenda: events in strict order of (instant, order of asking) on one virtual clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush

from mocksf.clock import VirtualClock

Event = Callable[[], None]
"""Something that happens at an instant; it may put further events on the agenda."""


class Agenda:
    """What is due when. Two events of one instant happen in the order in which they were asked for."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.happened = 0
        """How many events took place so far: the world's own count of steps."""
        self._heap: list[tuple[datetime, int, Event]] = []
        self._asked = 0

    def at(self, instant: datetime, event: Event) -> None:
        """Let `event` happen at `instant`; what is past happens at once, after what is due now already."""
        self._asked += 1
        heappush(self._heap, (max(instant, self.clock.now()), self._asked, event))

    def after(self, seconds: float, event: Event) -> None:
        """Let `event` happen `seconds` from now."""
        assert seconds >= 0, "nothing happens before it is asked for"
        self.at(self.clock.now() + timedelta(seconds=seconds), event)

    def next_instant(self) -> datetime | None:
        """When the next event is due, or None where nothing is left."""
        return self._heap[0][0] if self._heap else None

    def step(self) -> bool:
        """Let the next event happen, the clock moved to its instant; False where nothing is left."""
        if not self._heap:
            return False
        instant, _, event = heappop(self._heap)
        self.clock.move_to(instant)
        self.happened += 1
        event()
        return True

    def run(self, until: datetime | None = None) -> None:
        """Let everything happen that is due by `until` (without it: everything), then move the clock there."""
        while (due := self.next_instant()) is not None and (until is None or due <= until):
            self.step()
        if until is not None and until > self.clock.now():
            self.clock.move_to(until)
