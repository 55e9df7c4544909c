"""The line between the connector and the org: distance, handshakes, kept connections, rare stalls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from scenarios.figures import figures, round_trip_s


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the org is. `jitter_s` spreads every crossing; a cold connection costs `handshake_trips` first."""

    round_trip_s: float = 0.0
    jitter_s: float = 0.0
    handshake_trips: float = 2.0
    idle_close_s: float = 60.0
    hiccup: Mapping[str, Any] | None = None
    """Rare additive stall of the way back: chance, alpha, least_ms, most_ms; None for none."""


NEXT_DOOR = Distance()
"""No distance at all: every crossing takes no time."""


def distance(agents: str, instance: str) -> Distance:
    """From where the agents of ``us`` or ``eu`` are to an instance such as ``NA130``, by `data/regions.yaml`."""
    table = figures("regions")
    trip = round_trip_s(table["agents"][agents], table["instances"][instance])
    connection = table["connection"]
    return Distance(
        trip,
        table["jitter_ms"]["spread"] / 1000,
        float(connection["handshake_round_trips"]),
        float(connection["idle_close_s"]),
        table["hiccup"],
    )


@dataclass(slots=True)
class Line:
    """Kept connections per lane, and what a crossing costs. The dice are the line's own stream."""

    distance: Distance
    dice: Random
    _idle: dict[str, list[datetime]] = field(default_factory=dict)

    def dial(self, lane: str, now: datetime) -> tuple[float, bool]:
        """The way there in seconds, and whether a new connection had to be opened for it."""
        kept = [
            since for since in self._idle.get(lane, []) if (now - since).total_seconds() < self.distance.idle_close_s
        ]
        warm = bool(kept)
        self._idle[lane] = kept[:-1]  # the freshest is used again, as every pool does
        handshake = 0.0 if warm else self.distance.handshake_trips * self.distance.round_trip_s
        return handshake + self._crossing(), not warm

    def way_back_s(self) -> float:
        """The way back in seconds, stalls included."""
        return self._crossing() + self._stall()

    def keep(self, lane: str, now: datetime) -> None:
        """An answer came whole: its connection is kept for the next request of the lane."""
        self._idle.setdefault(lane, []).append(now)

    def hang_up(self) -> None:
        """The process died: every kept connection is gone."""
        self._idle.clear()

    def _crossing(self) -> float:
        half = self.distance.round_trip_s / 2
        if not self.distance.jitter_s:
            return half
        # exponential: its p90 lies 2.3 scales above the least, its median 0.7; the difference is the spread
        return half + self.dice.expovariate(1.6 / (self.distance.jitter_s / 2)) if half else 0.0

    def _stall(self) -> float:
        hiccup = self.distance.hiccup
        if hiccup is None or self.dice.random() >= hiccup["chance"]:
            return 0.0
        return float(min(hiccup["least_ms"] * self.dice.paretovariate(hiccup["alpha"]), hiccup["most_ms"])) / 1000


def later(instant: datetime, seconds: float) -> datetime:
    """`seconds` after `instant`, to the microsecond."""
    return instant + timedelta(seconds=seconds)
