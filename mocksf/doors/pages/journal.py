"""The journal as a timeline, and one exchange with its request, its answer, its fate and its near misses."""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from json import dumps, loads
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from mocksf.doors.control import journal
from mocksf.doors.control.asking import Chosen, Row
from mocksf.doors.pages.frame import back, page
from mocksf.faults import BY_NAME
from mocksf.journal import Exchange
from mocksf.nearmiss import verdicts
from mocksf.seeking import Wanted, seek
from mocksf.weather import OPERATIONS

PAGE = 50
SPAN = 1000.0
"""How wide the drawing of a bar is, in its own units."""
LEAST = 3.0
IDLE = 0.03
_STATUS = re.compile(r"[1-5](?:\d\d|xx)|none")
_TEXTS = ("method", "path", "status", "lost", "rule", "fault", "sobject", "operation", "call")
_INSTANTS = ("since", "until")


@dataclass(frozen=True, slots=True)
class Bar:
    """One exchange on the common line of time: on its way there, inside the org, on its way back."""

    exchange: Exchange
    start: float
    there: float
    inside: float
    back: float


async def timeline(request: Request, tenant: Chosen) -> Response:
    """Shows the exchanges that fit the filters, the newest first."""
    wanted, problems = filters(dict(request.query_params))
    found = seek(tenant.wire.journal, wanted)
    number = request.query_params.get("page", "1")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    shown = journal.page_of(found, max(at, 1), PAGE)
    return page(
        request,
        tenant,
        "journal",
        status=422 if problems else 200,
        bars=bars(shown, tenant.clock.now())[::-1],
        window=_window(shown, tenant.clock.now()) if shown else None,
        total=len(found),
        number=max(at, 1),
        pages=max(-(-len(found) // PAGE), 1),
        wanted={name: value for name, value in asdict(wanted).items() if value not in (None, 0)},
        given={**dict.fromkeys((*_TEXTS, *_INSTANTS), ""), **dict(request.query_params)},
        problems=problems,
        kinds=sorted(BY_NAME),
        operations=OPERATIONS,
    )


async def exchange(request: Request, tenant: Chosen, number: int) -> Response:
    """Shows one exchange whole."""
    one = journal.find(tenant, number)
    told = journal.told(tenant, one)
    return page(
        request,
        tenant,
        "journal_exchange",
        one=one,
        told=told,
        request_body=_pretty(told["request"]["body"]),
        answer_body=_pretty(told["answer"]["body"]) if told["answer"] else None,
        rules=verdicts(one, tenant.wire.weather.laid),
    )


async def forget(request: Request, tenant: Chosen) -> Response:
    """Empties the journal."""
    tenant.wire.journal.clear()
    return back(tenant, request, "/journal")


def filters(given: dict[str, str]) -> tuple[Wanted, dict[str, str]]:
    """The filters of a form, and what is wrong with those that are passed over."""
    problems: dict[str, str] = {}
    known: dict[str, Any] = {name: given[name] for name in _TEXTS if given.get(name)}
    for name in _INSTANTS:
        if given.get(name):
            try:
                known[name] = _instant(given[name])
            except ValueError:
                problems[name] = "an instant is wanted, such as 2026-01-05T09:00"
    if not _STATUS.fullmatch(known.get("status", "200").lower()):
        problems["status"] = "a status is wanted, such as 404, 5xx or none"
        del known["status"]
    return Wanted(**known), problems


def bars(shown: list[Exchange], now: datetime) -> list[Bar]:
    """The exchanges drawn on one line of time, on which stretches in which nothing happens are short."""
    spans = [_span(one, now) for one in shown]
    line = _Line(spans)
    return [_bar(one, span, line) for one, span in zip(shown, spans, strict=True)]


Span = tuple[datetime, datetime, datetime, datetime]
"""When an exchange began, reached the org, left it, and ended."""


def _span(one: Exchange, now: datetime) -> Span:
    left = one.answered or now
    began, reached = one.began or left, one.arrived or left
    return began, max(reached, began), left, left + timedelta(seconds=one.fate.back_s)


class _Line:
    """Instants to places on the drawing: an idle stretch takes no more room than `IDLE` of the busy ones."""

    def __init__(self, spans: list[Span]) -> None:
        self._corners: list[tuple[datetime, float]] = []
        busy = _merged(sorted((span[0], span[3]) for span in spans))
        total_s = sum((end - start).total_seconds() for start, end in busy)
        at = 0.0
        for number, (start, end) in enumerate(busy):
            if number:
                at += min((start - busy[number - 1][1]).total_seconds(), max(total_s * IDLE, 0.001))
            self._corners.append((start, at))
            at += (end - start).total_seconds()
            self._corners.append((end, at))
        self._scale = SPAN / max(at, 0.001)

    def __call__(self, instant: datetime) -> float:
        """Where an instant lies; each lies in a busy stretch."""
        start, at = max(corner for corner in self._corners if corner[0] <= instant)
        return (at + (instant - start).total_seconds()) * self._scale


def _merged(pairs: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Stretches that touch, as one."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in pairs:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _bar(one: Exchange, span: Span, line: _Line) -> Bar:
    began, reached, left, end = map(line, span)
    inside = max(left - reached, LEAST if end - began < LEAST else 0.0)
    return Bar(one, min(began, SPAN - LEAST), reached - began, inside, end - left)


def _window(shown: list[Exchange], now: datetime) -> tuple[datetime, datetime]:
    spans = [_span(one, now) for one in shown]
    return min(span[0] for span in spans), max(span[3] for span in spans)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


def _pretty(text: str | None) -> str | None:
    if not text or text[0] not in "[{":
        return text
    try:
        return dumps(loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


ROWS = (
    Row("GET", "/ui/journal", timeline),
    Row("GET", "/ui/journal/{number}", exchange),
    Row("POST", "/ui/journal/forget", forget),
)
