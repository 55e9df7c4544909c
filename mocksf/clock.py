"""Time, as everything in the org reads it: one clock per org, passed in, never global."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""Where virtual time begins unless told otherwise: a Monday morning, so that date literals are easy to check."""


class Clock(Protocol):
    """What the org needs of time: to read it."""

    def now(self) -> datetime: ...

    def twin(self) -> "Clock":
        """A second clock that shows the same time now and goes its own way: for a fork."""
        ...


class VirtualClock:
    """Time that moves only when told to; exact to the microsecond."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def twin(self) -> "VirtualClock":
        return VirtualClock(self._now)

    def advance(self, seconds: float) -> None:
        """Move `seconds` onwards."""
        self.move_to(self._now + timedelta(seconds=seconds))

    def move_to(self, instant: datetime) -> None:
        """Move to `instant`, which must not lie in the past."""
        assert instant >= self._now, "time never runs backwards"
        self._now = instant

    def set_to(self, instant: datetime) -> None:
        """Move to any instant, the past included: for restoring a snapshot, never while something is under way."""
        self._now = instant


class ScaledClock:
    """Real time, run `factor` times as fast (1.0 is the wall clock's own pace)."""

    def __init__(self, factor: float = 1.0, start: datetime | None = None) -> None:
        assert factor > 0, "time moves forwards"
        self.factor = factor
        self._start = start or datetime.now(UTC)
        self._mark = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._mark) * self.factor)

    def twin(self) -> "ScaledClock":
        return ScaledClock(self.factor, self.now())

    def real_seconds(self, seconds: float) -> float:
        """How long `seconds` of this clock last on the wall."""
        return seconds / self.factor
