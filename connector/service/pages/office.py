"""What every page has at hand, and who may look at it."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request

from connector.live.book import Book
from connector.live.hub import Hub
from connector.service.access import Area, judged
from connector.service.answers import Answers
from connector.service.pages.frame import form_of
from connector.service.pages.visits import COOKIE, Visit, Visits

OLD = "this page is older than your visit; load it again, and nothing that you typed was taken"


class NotIn(Exception):
    """Somebody who has shown no key yet; `path` is where they wanted to go."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__("show an API key first")


@dataclass(frozen=True, slots=True)
class Office:
    """One org's connector as its pages see it."""

    hub: Hub
    book: Book
    answers: Answers
    visits: Visits
    org: str

    def needs(self, area: Area) -> Any:
        """The dependency that lets those in who may enter an area."""
        return Depends(let_in(self.visits, area, self.org))


def let_in(visits: Visits, area: Area, org: str | None) -> Callable[[Request], Visit]:
    """Whoever may enter an area. Raises NotIn, or 403 for a key of another role or org."""

    def look(request: Request) -> Visit:
        visit = visits.of(request.cookies.get(COOKIE))
        request.state.visit = visit
        if visit.access is None:
            query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
            raise NotIn(quote(request.url.path) + query)
        judged(visit.access, area, org)
        return visit

    return look


async def sent(request: Request) -> dict[str, str]:
    """The fields of a form that was sent from a page of this very visit. Raises 403 for any other."""
    visit: Visit = request.state.visit
    form = await form_of(request)
    proof = request.headers.get("x-proof") or form.pop("proof", "")
    if not hmac.compare_digest(proof.encode(), visit.proof.encode()):
        raise HTTPException(403, OLD)
    return form


def actor_in(form: dict[str, str], visit: Visit) -> str:
    """Who does this: the key's name, the name that was typed, or both. Raises 422 where neither is there."""
    said = form.get("actor", "").strip()[:255]
    if visit.name:
        return f"{said} (key {visit.name})" if said and said != visit.name else visit.name
    if not said:
        raise HTTPException(422, "your name: say who does this, for the audit trail keeps it")
    return said


def reason_in(form: dict[str, str]) -> str:
    """Why. Raises 422 where nothing is said."""
    reason = form.get("reason", "").strip()[:2000]
    if not reason:
        raise HTTPException(422, "reason: say why, for the audit trail keeps it")
    return reason
