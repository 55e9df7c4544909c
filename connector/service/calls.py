"""Calls: what an agent tells, asks and ends; what became of a call; and forgetting it."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from connector.live.hub import Hub
from connector.messages import Json
from connector.phones import e164
from connector.service.access import Access
from connector.service.actors import actor_of
from connector.service.answers import Answers
from connector.service.gate import Flooded, make_room
from connector.service.metrics import Metrics
from connector.service.shapes import EndIn, ReviewIn, TurnIn
from connector.service.views import answered_view, call_view, lookup_view


def routes(hub: Hub, needs: Any, metrics: Metrics, answers: Answers) -> APIRouter:
    """The paths under /calls, and /lookup."""
    router = APIRouter()
    _telling(router, hub, needs, metrics, answers)
    _asking(router, hub, needs, metrics, answers)
    return router


def _telling(router: APIRouter, hub: Hub, needs: Any, metrics: Metrics, answers: Answers) -> None:
    @router.post("/calls/{call_id}/intents", dependencies=[needs("calls")])
    async def tell(call_id: str, said: TurnIn, response: Response) -> Json:
        """Write a turn's intents: 200 when they are in the org, 202 when they are safe and go on in the background."""
        _room(hub, metrics)
        told = await hub.tell(said.call(call_id, _number(hub, said.phone)), said.turn, said.wants(), said.at)
        metrics.turn(told.status, told.elapsed_ms / 1000)
        answers.note(call_id, said.turn, told.status, told.elapsed_ms)
        response.status_code = 200 if told.status == "committed" else 202
        return answered_view(call_id, said.turn, told)

    @router.post("/calls/{call_id}/end", dependencies=[needs("calls")], status_code=202)
    async def end(call_id: str, said: EndIn) -> Json:
        """Log an ended call; the agent need not wait for it."""
        _room(hub, metrics)
        told = await hub.end(said.call(call_id, _number(hub, said.phone)), said.ending(), said.at)
        return answered_view(call_id, "end", told)


def _asking(router: APIRouter, hub: Hub, needs: Any, metrics: Metrics, answers: Answers) -> None:
    @router.get("/calls/{call_id}", dependencies=[needs("status")])
    async def call(call_id: str) -> Json:
        """What became of a call: each delivery, where it stands and how it came there.

        `answered_ms` is what the agent waited for an answer to its turn (null where this process does not know it any
        more), `commit_ms` what the org took to have it.
        """
        view = call_view(hub.connector.ledger, call_id, answers)
        if view is None:
            raise HTTPException(404, f"nothing was ever accepted for the call {call_id!r}")
        return view

    @router.post("/calls/{call_id}/erase")
    async def erase(call_id: str, review: ReviewIn, access: Annotated[Access, needs("erase")]) -> Json:
        """Forget what a call said (its payloads); the audit trail stays valid and tells who forgot it and why."""
        return {"call": call_id, "erased": await hub.erase(call_id, actor_of(review, access), review.reason)}

    @router.get("/lookup", dependencies=[needs("calls")])
    async def lookup(phone: Annotated[str, Query(min_length=1, max_length=40)]) -> Json:
        """Who has this number. `caller` is null where nobody has it, `answered` false where the org did not say."""
        found, elapsed_ms = await hub.lookup(phone)
        metrics.lookup(found.answered, elapsed_ms / 1000)
        return lookup_view(found, elapsed_ms)


def _room(hub: Hub, metrics: Metrics) -> None:
    try:
        make_room(hub)
    except Flooded:
        metrics.turned_away("pending")
        raise


def _number(hub: Hub, phone: str | None) -> str | None:
    """The caller's number in E.164, so that one person has one key. Raises 422 where it cannot be read."""
    if phone is None:
        return None
    number = e164(phone, hub.connector.config.org.numbers_region)
    if number is None:
        raise HTTPException(422, "caller.phone: is no phone number with a country code, as in +14155550100")
    return number
