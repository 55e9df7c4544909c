"""A call drawn against the line of 200 ms: pure functions from ledger entries to places on a drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log10

from connector.chain import Entry

LINE_MS = 200.0
"""What a voice agent may wait for Salesforce inside one turn of a call."""
NEAR_MS = 400.0
"""Up to here the axis is linear, for here it is decided; beyond it is logarithmic, for retries take minutes."""
NEAR_SHARE = 0.6
WIDTH = 1000.0
LEAST = 3.0
TICKS = (
    (0.0, "0"), (100.0, "100"), (200.0, "200 ms"), (300.0, "300"), (400.0, "400"), (1000.0, "1 s"), (5000.0, "5 s"),
    (36_000.0, "36 s"), (336_000.0, "5:36"), (3_600_000.0, "1 h"), (86_400_000.0, "1 day"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One attempt: from when it was begun to what came of it."""

    start: float
    width: float
    kind: str
    """`good`, `bad` or `open`."""
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at an instant."""

    at: float
    kind: str
    title: str


@dataclass(slots=True)
class Row:
    """One delivery, from its acceptance on."""

    delivery: str
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    end: float = 0.0
    """How far its line goes."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All deliveries of a call over one axis."""

    rows: list[Row]
    ticks: list[tuple[float, str]]
    line: float
    """Where the 200 ms lie."""


class Axis:
    """Milliseconds after the acceptance → places from 0 to `WIDTH`."""

    def __init__(self, longest_ms: float) -> None:
        self.far = NEAR_MS if longest_ms <= NEAR_MS else max(longest_ms * 1.15, 1200.0)
        self.near = WIDTH if longest_ms <= NEAR_MS else NEAR_SHARE * WIDTH

    def __call__(self, ms: float) -> float:
        """Where an instant lies."""
        ms = min(max(ms, 0.0), self.far)
        if ms <= NEAR_MS:
            return ms / NEAR_MS * self.near
        share = log10(ms / NEAR_MS) / log10(self.far / NEAR_MS)
        return self.near + share * (WIDTH - self.near)

    def ticks(self) -> list[tuple[float, str]]:
        """The marks of the axis that do not run into each other."""
        shown: list[tuple[float, str]] = []
        for ms, text in TICKS:
            if ms <= self.far and (not shown or self(ms) - shown[-1][0] > 55):
                shown.append((self(ms), text))
        return shown


BEGINS = frozenset({"accepted", "trying", "replayed"})
ENDS = {"committed": "good", "failed": "bad"}
MARKS = {
    "dead": "to the dead letters",
    "discarded": "discarded",
    "alerted": "Slack was told",
    "replayed": "brought back",
}


def drawn(entries: Sequence[Entry], deliveries: Iterable[str], now: datetime, answered: dict[str, float]) -> Drawing:
    """The deliveries in their order; `answered`: delivery → milliseconds after which the agent had an answer."""
    own = {key: [each for each in entries if each.delivery == key] for key in deliveries}
    spans = [(each.at - told[0].at).total_seconds() * 1000 for told in own.values() for each in told]
    axis = Axis(max(spans, default=0.0))
    rows = [_row(key, told, axis, now, answered.get(key)) for key, told in own.items() if told]
    return Drawing(rows, axis.ticks(), axis(LINE_MS))


def _row(key: str, entries: list[Entry], axis: Axis, now: datetime, answered_ms: float | None) -> Row:
    row, zero, begun = Row(key), entries[0].at, None
    for entry in entries:
        ms = (entry.at - zero).total_seconds() * 1000
        if entry.kind in MARKS:
            row.marks.append(Mark(axis(ms), entry.kind, MARKS[entry.kind]))
        if entry.kind in BEGINS:
            begun = ms
        elif entry.kind in ENDS and begun is not None:
            row.bars.append(_bar(axis, begun, ms, entry))
            begun = None
        row.end = max(row.end, axis(ms))
    if begun is not None:
        ms = (now - zero).total_seconds() * 1000
        row.bars.append(Bar(axis(begun), max(axis(ms) - axis(begun), LEAST), "open", "no answer yet"))
    if answered_ms is not None:
        row.marks.append(Mark(axis(answered_ms), "answered", f"the agent was answered after {answered_ms:.0f} ms"))
    return row


def _bar(axis: Axis, begun: float, ended: float, entry: Entry) -> Bar:
    said = "committed" if entry.kind == "committed" else str(entry.detail.get("reason") or "failed")
    title = f"attempt {entry.detail.get('attempt', 1)}: {said} after {max(ended - begun, 0):.0f} ms"
    return Bar(axis(begun), max(axis(ended) - axis(begun), LEAST), ENDS[entry.kind], title)
