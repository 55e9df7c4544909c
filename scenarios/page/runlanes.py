"""The picture of a run: a swim lane per delivery (or per call where there are many), on one broken time axis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from scenarios.page.axis import Axis, spoken

LEFT, RIGHT, ROW, TOP = 214.0, 1150.0, 24.0, 44.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """Something in a lane, in seconds: a bar, or a dot where it has no length worth drawing."""

    from_s: float
    to_s: float
    ink: str
    title: str
    link: str = ""
    dot: bool = False
    low: bool = False
    """Drawn thin, as what is said is."""


@dataclass(slots=True)
class Lane:
    """One row: its name, and what happened in it."""

    name: str
    strokes: list[Stroke] = field(default_factory=list)
    head: bool = False
    """Whether it stands above lanes of its own."""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """Weather that lasted, behind all lanes; a line where it did not."""

    from_s: float
    to_s: float
    ink: str
    title: str


def lanes_svg(lanes: Sequence[Lane], bands: Sequence[Band], until_s: float) -> str:
    """The whole picture as an inline SVG element."""
    strokes = [stroke for lane in lanes for stroke in lane.strokes]
    spans = [(each.from_s, each.to_s) for each in strokes]
    spans += [(each.from_s, each.from_s) for each in bands if each.from_s <= until_s]
    axis = Axis(spans or [(0.0, 1.0)], LEFT, RIGHT)
    height = TOP + ROW * len(lanes) + 46
    parts = [
        f'<svg role="img" aria-label="The run in swim lanes" viewBox="0 0 1170 {height:.0f}" '
        'font-family="var(--sans)" font-size="12">',
        *_bands(bands, axis, height, until_s),
        *(part for number, lane in enumerate(lanes) for part in _lane(lane, TOP + ROW * number, axis)),
        *_scale(axis, height),
        "</svg>",
    ]
    return "".join(parts)


def _bands(bands: Sequence[Band], axis: Axis, height: float, until_s: float) -> Iterator[str]:
    shade = 0.14 / max(1.0, sum(band.to_s > band.from_s for band in bands) / 2)
    free = [0.0, 0.0, 0.0]  # how far each of three rows of words is taken
    for band in sorted(bands, key=lambda each: each.from_s):
        if band.from_s > until_s:
            continue
        start, end = axis.px(band.from_s), axis.px(min(band.to_s, until_s))
        lasts = band.to_s > band.from_s
        width = max(end - start, 1.5)
        yield f'<g><title>{escape(band.title)}</title><rect x="{start:.1f}" y="{TOP - 4}" width="{width:.1f}" '
        yield f'height="{height - TOP - 36:.1f}" fill="var(--{band.ink})" opacity="{shade if lasts else 0.8:.3f}"/>'
        row = next((number for number, taken in enumerate(free) if taken <= start), None)
        if row is not None:
            word = band.title.partition(":")[0]
            free[row] = start + 6.4 * len(word) + 10
            yield f'<text x="{start + 2:.1f}" y="{12 + 12 * row}" fill="var(--{band.ink})" font-size="11">'
            yield f"{escape(word)}</text>"
        yield "</g>"


def _lane(lane: Lane, top: float, axis: Axis) -> Iterator[str]:
    weight = ' font-weight="600"' if lane.head else ""
    name = lane.name if len(lane.name) <= 33 else lane.name[:32] + "…"
    word = f'<text x="{0 if lane.head else 12}" y="{top + 15:.1f}" fill="var(--ink)"{weight}>{escape(name)}'
    word += f"<title>{escape(lane.name)}</title></text>"
    yield f'<a href="#{lane.link}">{word}</a>' if lane.link else word
    yield f'<line x1="{LEFT}" x2="{RIGHT}" y1="{top + ROW - 1:.1f}" y2="{top + ROW - 1:.1f}" stroke="var(--grid)"/>'
    for stroke in lane.strokes:
        shape = _stroke(stroke, top, axis)
        yield f'<a href="#{stroke.link}">{shape}</a>' if stroke.link else shape


def _stroke(stroke: Stroke, top: float, axis: Axis) -> str:
    start, title = axis.px(stroke.from_s), f"<title>{escape(stroke.title)}</title>"
    if stroke.dot:
        return f'<circle cx="{start:.1f}" cy="{top + 11:.1f}" r="4.6" fill="var(--{stroke.ink})">{title}</circle>'
    width = max(axis.px(stroke.to_s) - start, 3.0)
    y, tall = (top + 17.0, 3.0) if stroke.low else (top + 4.5, 13.0)
    return (
        f'<rect x="{start:.1f}" y="{y:.1f}" width="{width:.1f}" height="{tall}" rx="1.5" '
        f'fill="var(--{stroke.ink})">{title}</rect>'
    )


def _scale(axis: Axis, height: float) -> Iterator[str]:
    low = height - 40
    for px, second in axis.ticks():
        yield f'<line x1="{px:.1f}" x2="{px:.1f}" y1="{TOP - 4}" y2="{low:.1f}" stroke="var(--grid)" opacity="0.55"/>'
        yield f'<text x="{px:.1f}" y="{low + 14:.1f}" text-anchor="middle" fill="var(--faint)">{second + 0.0:g}</text>'
    for number, (px, left_out) in enumerate(axis.breaks()):
        below = low + 25 + 11 * (number % 2)
        yield f'<rect x="{px - 13:.1f}" y="{TOP - 6}" width="26" height="{low - TOP + 8:.1f}" fill="var(--card)"/>'
        yield f'<path d="M{px - 5:.1f},{low - 4:.1f} l4,8 M{px + 1:.1f},{low - 4:.1f} l4,8" stroke="var(--faint)"/>'
        yield f'<text x="{px:.1f}" y="{below:.1f}" text-anchor="middle" fill="var(--faint)" font-size="10">'
        yield f"+{escape(spoken(left_out))}</text>"
    yield f'<text x="0" y="{low + 14:.1f}" fill="var(--faint)">seconds</text>'
