"""The connector's clock in life: the wall's, or the same run faster, so that a test need not wait five minutes."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

FINEST_S = 0.0005
"""Sleeps below this are not worth asking the event loop for; they are spun by yielding once."""


class LiveClock(Protocol):
    """What the live runner needs of time."""

    def now(self) -> datetime:
        """The present instant, with zone."""
        ...

    async def sleep_until(self, instant: datetime) -> None:
        """Come back at `instant`, never earlier; at once where it is past."""
        ...

    def real_seconds(self, seconds: float) -> float:
        """How long `seconds` of this clock last on the wall."""
        ...


class ScaledClock:
    """The wall clock, run `factor` times as fast from when it was made; monotonic, so that no clock step shows."""

    def __init__(self, factor: float = 1.0) -> None:
        assert factor > 0, "time moves forwards"
        self.factor = factor
        self._start = datetime.now(UTC)
        self._mark = time.monotonic()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._start + timedelta(seconds=(time.monotonic() - self._mark) * self.factor)

    async def sleep_until(self, instant: datetime) -> None:
        """Come back at `instant`. Event loops may wake up to a millisecond early, so it looks again."""
        while (left_s := (instant - self.now()).total_seconds()) > 0:
            await asyncio.sleep(max(self.real_seconds(left_s), FINEST_S))

    def real_seconds(self, seconds: float) -> float:
        """How long `seconds` of this clock last on the wall."""
        return seconds / self.factor


def clock_from(text: str) -> ScaledClock:
    """A clock by its name on the command line: `real` or `scaled:N`. Raises ValueError with a sentence."""
    if text == "real":
        return ScaledClock()
    kind, _, factor = text.partition(":")
    try:
        if kind == "scaled" and 0 < float(factor) <= 100_000:
            return ScaledClock(float(factor))
    except ValueError:
        pass
    sentence = f"{text!r} is no clock; write real, or scaled:60 for sixty seconds in one"
    raise ValueError(sentence)
