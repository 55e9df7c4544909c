"""Pictures of durations as SVG: pure functions from figures to a drawing, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

LINE_S = 0.2
"""What a voice agent may wait for Salesforce inside one turn of a call."""
LOW_S = 0.0005
WIDTH, HEIGHT = 860, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 36
TICKS = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1.0, "1 s"), (10.0, "10 s"), (100.0, "100 s"))


@dataclass(frozen=True, slots=True)
class Curve:
    """One operation's durations as a share that grows to 1, ready to be drawn."""

    name: str
    points: str
    """The corners of a polyline."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One operation in figures."""

    name: str
    count: int
    median_s: float
    p95_s: float
    p99_s: float
    max_s: float
    within: float
    """The share at or below the line."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest duration that `share` of all do not exceed."""
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]


def figures(name: str, durations: Sequence[float]) -> Figures:
    """What is worth knowing of one operation; `durations` are not empty."""
    ordered = sorted(durations)
    within = sum(each <= LINE_S for each in ordered) / len(ordered)
    median, p95, p99 = (quantile(ordered, share) for share in (0.5, 0.95, 0.99))
    return Figures(name, len(ordered), median, p95, p99, ordered[-1], within)


def curve(name: str, durations: Sequence[float], top_s: float) -> Curve:
    """The share of durations at or below each one, as steps."""
    ordered = sorted(durations)
    corners = [(x_of(ordered[0], top_s), y_of(0.0))]
    for at, seconds in enumerate(ordered, 1):
        x = x_of(seconds, top_s)
        corners += [(x, corners[-1][1]), (x, y_of(at / len(ordered)))]
    corners.append((x_of(top_s, top_s), y_of(1.0)))
    return Curve(name, " ".join(f"{x:.1f},{y:.1f}" for x, y in corners))


def x_of(seconds: float, top_s: float) -> float:
    """Where a duration lies on the axis, which is logarithmic."""
    span = log10(top_s / LOW_S)
    share = log10(max(seconds, LOW_S) / LOW_S) / span
    return LEFT + min(share, 1.0) * (WIDTH - LEFT - RIGHT)


def y_of(share: float) -> float:
    """Where a share lies on the other axis."""
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def top_of(durations: Sequence[float]) -> float:
    """The end of the axis: a second at least, else what holds them all."""
    return max([1.0, *durations]) * 1.1


def x_ticks(top_s: float) -> list[Tick]:
    """The marks of the axis of durations."""
    return [Tick(x_of(seconds, top_s), text) for seconds, text in TICKS if seconds <= top_s]


def y_ticks() -> list[Tick]:
    """The marks of the axis of shares."""
    return [Tick(y_of(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
