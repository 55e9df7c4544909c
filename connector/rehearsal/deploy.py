"""A deploy rehearsed: preconditions, discover, automap, validate, smoke call, go-live, and where 47 minutes go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from connector.config import ConfigError
from connector.config.reading import parse_text
from connector.intents import Intent
from connector.messages import Json
from connector.rehearsal.report import framed

MARK_MIN = 47.0
"""The mark: what the metadata deploy of 200 fields and three objects takes (facts, users §3.6)."""
SPLIT = (("queue", 0.10), ("validate metadata", 0.60), ("run tests", 0.25), ("commit", 0.05))
"""A metadata deploy spends 10 % of its time in the queue, 60 % validating, 25 % in tests, 5 % committing (assumed)."""


class Missing(Exception):
    """A precondition that is not there, and its cure."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its place in virtual minutes."""

    name: str
    from_min: float
    to_min: float
    good: bool
    tells: str


CURE = "name one with --recording; `connector deploy sample --into DIR` writes one"


def heard_in(file: Path | None) -> tuple[Intent, ...]:
    """The intents of a recording's file with its happy-path script. Raises Missing, with the cure."""
    if file is None:
        sentence = f"sample call recording: none was named; {CURE}"
        raise Missing(sentence)
    try:
        return heard(file.read_text(encoding="utf-8"), str(file), CURE)
    except (OSError, UnicodeDecodeError) as problem:
        sentence = f"sample call recording: {file} cannot be read ({problem}); {CURE}"
        raise Missing(sentence) from problem


def heard(text: str, name: str, cure: str) -> tuple[Intent, ...]:
    """The intents of a recording's text. `name` is what it is called in sentences. Raises Missing, with the cure."""
    try:
        data = parse_text(text, name)
    except ConfigError as problem:
        sentence = f"sample call recording: cannot be read ({problem}); {cure}"
        raise Missing(sentence) from problem
    steps = _rows(data, "script")
    if not steps:
        sentence = f"sample call recording: {name} has no happy-path script; write `script:` with steps that `hears`"
        raise Missing(sentence)
    listened = {word for step in steps for word in _words(step.get("hears"))}
    said = [each for each in _rows(data, "intents") if "name" in each]
    strays = [str(each["name"]) for each in said if str(each["name"]) not in listened]
    if not said or strays:
        what = f"hears {strays[0]!r}, which no step listens for" if strays else "hears no intent"
        sentence = f"sample call recording: {name} {what}; put it in `intents` and in a step's `hears`"
        raise Missing(sentence)
    last = {str(each["name"]): _as_json(each.get("value")) for each in said}
    return tuple(Intent(word, value) for word, value in last.items())


def _rows(data: Any, key: str) -> list[dict[str, Any]]:
    rows = data.get(key) if isinstance(data, dict) else None
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []


def _words(hears: Any) -> list[str]:
    return [str(each) for each in (hears if isinstance(hears, list) else [hears])]


def _as_json(value: Any) -> Json:
    """YAML reads dates where a call says text."""
    if isinstance(value, date):
        return value.isoformat()
    told: Json = value
    return told


def timed(beside: Sequence[tuple[str, float, bool, str]], after: Sequence[tuple[str, float, bool, str]]) -> list[Step]:
    """The deploy's phases; what is done beside it from its source; and what must follow its commit. Times in s."""
    steps, at = [], 0.0
    for name, share in SPLIT:
        steps.append(Step(f"deploy: {name}", at, at + share * MARK_MIN, True, f"{share:.0%} of the deploy, assumed"))
        at += share * MARK_MIN
    for begun, rows in ((0.0, beside), (at, after)):
        at = begun
        for name, seconds, good, tells in rows:
            steps.append(Step(name, at, at + seconds / 60, good, tells))
            at += seconds / 60
    return steps


def told(steps: Sequence[Step]) -> dict[str, Any]:
    """The rehearsal as a JSON value."""
    total = max(each.to_min for each in steps)
    rows = [
        {
            "name": each.name,
            "from_min": round(each.from_min, 3),
            "to_min": round(each.to_min, 3),
            "good": each.good,
            "tells": each.tells,
        }
        for each in steps
    ]
    beyond = round(max(total - MARK_MIN, 0), 3)
    return {"mark_min": MARK_MIN, "total_min": round(total, 3), "beyond_mark_min": beyond, "steps": rows}


def picture(steps: Sequence[Step]) -> str:
    """Where the minutes go, as a Gantt chart (SVG)."""
    left, wide, row = 190, 800, 26
    scale = wide / (max(MARK_MIN, *(each.to_min for each in steps)) * 1.04)
    high = row * len(steps) + 30
    bars = "".join(_bar(each, left, scale, row * number) for number, each in enumerate(steps))
    mark = left + MARK_MIN * scale
    line = f'<line x1="{mark:.1f}" x2="{mark:.1f}" y1="0" y2="{high - 20}" stroke="#b42318" stroke-dasharray="4 3"/>'
    said = f'<text x="{mark - 4:.1f}" y="{high - 6}" text-anchor="end" font-size="12">{MARK_MIN:g} min</text>'
    box = f'viewBox="0 0 {left + wide + 10} {high}" role="img" aria-label="Where the minutes go"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif">{bars}{line}{said}</svg>'


def _bar(step: Step, left: int, scale: float, top: int) -> str:
    colour = "#5b8def" if step.name.startswith("deploy") else "#1a7f4b" if step.good else "#b42318"
    wide = max((step.to_min - step.from_min) * scale, 2)
    label = f'<text x="0" y="{top + 17}" font-size="13">{escape(step.name)}</text>'
    bar = f'<rect x="{left + step.from_min * scale:.1f}" y="{top + 4}" width="{wide:.1f}" height="18" fill="{colour}"/>'
    return label + bar


def page(steps: Sequence[Step]) -> str:
    """One self-contained page."""
    rows = "".join(
        f"<tr><td>{escape(each.name)}<td>{each.from_min:.2f}<td>{each.to_min - each.from_min:.2f}"
        f"<td>{escape(each.tells)}</tr>"
        for each in steps
    )
    head = "<tr><th>step<th>from minute<th>minutes<th>what came of it</tr>"
    total = max(each.to_min for each in steps)
    sums = f"{total:.2f} virtual minutes in all; the mark is {MARK_MIN:g}"
    return framed("Deploy rehearsal", sums, f"{picture(steps)}<table>{head}{rows}</table>")
