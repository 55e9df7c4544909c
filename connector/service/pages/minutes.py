"""Where the minutes of a deploy go, drawn: a report's steps to places on a drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH = 520.0
LEAST = 3.0
TICK_MIN = 10
SPARE = 1.06
"""Room to the right of the last step, for its length in words."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: from when to when, and how long that is in words."""

    name: str
    start: float
    width: float
    kind: str
    """`open` is the metadata deploy's own, `good` is done beside or after it, `bad` failed."""
    length: str
    before: bool
    """Whether its length stands before the bar, for want of room behind it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All steps over one axis of minutes."""

    bars: list[Bar]
    ticks: list[tuple[float, str]]
    mark: float
    """Where the mark lies."""
    mark_text: str


def drawn(report: Mapping[str, Any]) -> Drawing:
    """A report as `connector deploy rehearse --json` tells it, drawn."""
    longest = max(report["mark_min"], report["total_min"]) * SPARE
    scale = WIDTH / longest
    ticks = [(minute * scale, f"{minute} min" if minute else "0") for minute in range(0, int(longest) + 1, TICK_MIN)]
    bars = [_bar(each, scale) for each in report["steps"]]
    return Drawing(bars, ticks, report["mark_min"] * scale, f"{report['mark_min']:g} min")


def _bar(step: Mapping[str, Any], scale: float) -> Bar:
    kind = "bad" if not step["good"] else "open" if step["name"].startswith("deploy") else "good"
    start, wide = step["from_min"] * scale, max((step["to_min"] - step["from_min"]) * scale, LEAST)
    return Bar(step["name"], start, wide, kind, lasted(step["to_min"] - step["from_min"]), start + wide > 0.8 * WIDTH)


def lasted(minutes: float) -> str:
    """A length as people read it."""
    if minutes >= 1:
        return f"{minutes:.1f} min"
    return f"{minutes * 60:.1f} s" if minutes else "at once"
