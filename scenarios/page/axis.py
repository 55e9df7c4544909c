"""A time axis that leaves out the hours in which nothing happens: straight where there is life, broken between."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

BREAK_PX = 34.0
"""How wide a gap is drawn, however long it lasts."""
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch with life in it: from one second to another, drawn from one pixel to another."""

    from_s: float
    to_s: float
    from_px: float
    to_px: float


class Axis:
    """Seconds to pixels."""

    def __init__(self, spans: Iterable[tuple[float, float]], left: float, right: float) -> None:
        busy = _joined(sorted(spans))
        alive = sum(end - start for start, end in busy)
        per_s = (right - left - BREAK_PX * (len(busy) - 1)) / alive
        self.pieces: list[Piece] = []
        at = left
        for start, end in busy:
            width = (end - start) * per_s
            self.pieces.append(Piece(start, end, at, at + width))
            at += width + BREAK_PX

    def px(self, second: float) -> float:
        """Where a second lies; one in a gap lies at the gap's nearer edge."""
        for piece in self.pieces:
            if second <= piece.to_s:
                share = (max(second, piece.from_s) - piece.from_s) / (piece.to_s - piece.from_s)
                return piece.from_px + share * (piece.to_px - piece.from_px)
        return self.pieces[-1].to_px

    def breaks(self) -> Iterator[tuple[float, float]]:
        """Each gap: where its middle lies, and how many seconds it leaves out."""
        for before, after in pairwise(self.pieces):
            yield (before.to_px + after.from_px) / 2, after.from_s - before.to_s

    def ticks(self) -> Iterator[tuple[float, float]]:
        """Round seconds as (pixel, second), not closer than words need."""
        for piece in self.pieces:
            per_s = (piece.to_px - piece.from_px) / (piece.to_s - piece.from_s)
            step = next((each for each in TICKS if each * per_s >= 56), TICKS[-1])
            number = -(-piece.from_s // step)
            while number * step <= piece.to_s:
                yield piece.from_px + (number * step - piece.from_s) * per_s, number * step
                number += 1


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that touch or nearly do become one; what is near depends on how much life there is at all."""
    whole = max(end for _, end in spans) - spans[0][0]
    near = max(10.0, whole * 0.004)
    joined = [(spans[0][0] - 0.5, spans[0][1] + 0.5)]
    for start, end in spans[1:]:
        first, last = joined[-1]
        if start - last <= near:
            joined[-1] = (first, max(last, end + 0.5))
        else:
            joined.append((start - 0.5, end + 0.5))
    return joined


def spoken(seconds: float) -> str:
    """A length of time as people say it: ``1 h 12 min``, ``5 min``, ``3.2 s``, ``180 ms``."""
    if seconds >= 120:
        seconds = round(seconds)
    if seconds >= 3600:
        return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"
    if seconds >= 120:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds:.3g} s" if seconds >= 1 or seconds == 0 else f"{seconds * 1000:.3g} ms"
