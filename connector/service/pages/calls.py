"""Calls: the overview of an org, the latest calls, and one call as a timeline against the line of 200 ms."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from connector.chain import Entry
from connector.live.hub import status_of
from connector.live.trial import address_in
from connector.readings import Standing
from connector.service.answers import Acknowledged
from connector.service.health import health_of, lacking_of
from connector.service.pages.frame import UI, page
from connector.service.pages.office import Office
from connector.service.pages.timeline import LINE_MS, drawn
from connector.service.views import commit_ms

SHOWN = 40


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call in a list."""

    id: str
    at: datetime
    deliveries: int
    statuses: tuple[tuple[str, int], ...]
    status: str
    answered_ms: float | None
    """The slowest answer to any of its turns."""
    commit_ms: float | None
    """The slowest commit of what was critical."""


def routes(office: Office) -> APIRouter:
    """/ui/ and the pages under /ui/calls."""
    router = APIRouter(prefix=UI, dependencies=[office.needs("status")])
    _all(router, office)
    _one(router, office)
    return router


def _all(router: APIRouter, office: Office) -> None:
    @router.get("/")
    async def home(request: Request) -> Response:
        """How the org's connector is."""
        hub = office.hub
        dead = Counter(each.category or "other" for each in hub.connector.ledger.readings.dead_letters())
        return page(
            request,
            "home",
            health=health_of(hub),
            lacking=lacking_of(hub),
            within=_within(office.answers.recent()),
            calls=_latest(office, 12),
            dead=dead.most_common(),
            config=office.book.config,
            version=office.book.version,
            address=address_in(office.book.config, office.book.ground.address),
        )

    @router.get("/calls")
    async def calls(request: Request, call: str = "") -> Response:
        """The latest calls, or those whose name begins so."""
        return page(request, "calls", calls=_latest(office, SHOWN, call.strip()), wanted=call)


def _one(router: APIRouter, office: Office) -> None:
    @router.get("/calls/{call:path}")
    async def one(request: Request, call: str) -> Response:
        """One call as a timeline."""
        standings = office.hub.connector.ledger.readings.of_call(call)
        if not standings:
            raise HTTPException(404, f"nothing was ever accepted for the call {call!r}")
        entries = await _entries(office, standings)
        answered = {each.delivery: told.elapsed_ms for each in standings if (told := office.answers.of_delivery(each))}
        drawing = drawn(entries, [each.delivery for each in standings], office.hub.runner.clock.now(), answered)
        return page(
            request,
            "calls_call",
            call=call,
            row=_row(office, call),
            drawing=drawing,
            standings={each.delivery: each for each in standings},
            answered=answered,
            commits={each.delivery: commit_ms(each) for each in standings},
            entries=entries,
            under_way=any(each.status == "pending" for each in standings),
            line_ms=LINE_MS,
        )


async def _entries(office: Office, standings: list[Standing]) -> list[Entry]:
    ledger, keys = office.hub.connector.ledger, {each.delivery for each in standings}
    await office.hub.runner.ledger.safe()
    after = min(each.accepted_seq for each in standings) - 1
    return await office.hub.beside(lambda: [each for each in ledger.entries(after) if each.delivery in keys])


def _latest(office: Office, count: int, beginning: str = "") -> list[CallRow]:
    calls = office.hub.connector.ledger.readings.calls
    named = (call for call in reversed(calls) if call.startswith(beginning))
    return [_row(office, call) for call in islice(named, count)]


def _row(office: Office, call: str) -> CallRow:
    standings = office.hub.connector.ledger.readings.of_call(call)
    answers = [told.elapsed_ms for each in standings if (told := office.answers.of_delivery(each))]
    commits = [ms for each in standings if each.lane == "critical" and (ms := commit_ms(each)) is not None]
    return CallRow(
        id=call,
        at=standings[0].accepted_at,
        deliveries=len(standings),
        statuses=tuple(Counter(each.status for each in standings).items()),
        status=status_of(standings),
        answered_ms=max(answers, default=None),
        commit_ms=max(commits, default=None),
    )


def _within(answers: list[Acknowledged]) -> dict[str, float] | None:
    """Shares of turns that were answered, and committed, within the line; None where there was none yet."""
    if not answers:
        return None
    fast = [each for each in answers if each.elapsed_ms <= LINE_MS]
    told = {"answered": len(fast) / len(answers), "turns": float(len(answers))}
    return {**told, "committed": sum(each.status == "committed" for each in fast) / len(answers)}
