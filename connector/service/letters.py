"""Dead letters: list, group, show, edit, replay, discard."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException

from connector.live.hub import Hub
from connector.messages import Json
from connector.replay import Selection
from connector.service.access import Access
from connector.service.actors import actor_of
from connector.service.gate import make_room
from connector.service.shapes import GroupIn, ReplayAllIn, ReplayIn, ReviewIn
from connector.service.views import letter_view, letters_view


def routes(hub: Hub, needs: Any) -> APIRouter:
    """The paths under /dead-letters."""
    router = APIRouter(prefix="/dead-letters")
    reviewer = needs("letters")
    _many(router, hub, reviewer)
    _one(router, hub, reviewer)
    return router


def _many(router: APIRouter, hub: Hub, reviewer: Any) -> None:
    @router.get("", dependencies=[reviewer])
    async def letters(category: str | None = None, call: str | None = None, reveal: bool = False) -> Json:
        """The dead letters by category, payloads redacted unless `reveal` is asked for."""
        narrowed = category is not None or call is not None
        return letters_view(hub.connector, Selection(category=category, call=call, everything=not narrowed), reveal)

    @router.post("/replay", status_code=202)
    async def replay_many(order: ReplayAllIn, access: Annotated[Access, reviewer]) -> Json:
        """Bring back a category, a call's, or all dead letters, in order and at a set rate."""
        actor = actor_of(order, access)
        make_room(hub, len(order.selection().of(hub.connector.ledger.readings)))
        return {"replayed": hub.replay(order.selection(), actor, order.reason, {}, order.rate_per_s)}

    @router.post("/discard")
    async def discard_many(group: GroupIn, access: Annotated[Access, reviewer]) -> Json:
        """Give up a category, a call's, or all dead letters."""
        return {"discarded": await hub.discard(group.selection(), actor_of(group, access), group.reason)}


def _one(router: APIRouter, hub: Hub, reviewer: Any) -> None:
    @router.get("/{key:path}", dependencies=[reviewer])
    async def letter(key: str, reveal: bool = False) -> Json:
        """One dead letter."""
        _known(hub, key)
        return letter_view(hub.connector, hub.connector.ledger.readings.standings[key], reveal)

    @router.post("/{key:path}/replay", status_code=202)
    async def replay(key: str, order: ReplayIn, access: Annotated[Access, reviewer]) -> Json:
        """Bring one back, edited if need be. Whatever is not dead (any more) is left alone: replaying twice is safe."""
        _known(hub, key)
        replayed = hub.replay(Selection((key,)), actor_of(order, access), order.reason, order.edits)
        standing = hub.connector.ledger.readings.standings[key]
        return {"replayed": replayed, "status": "pending" if replayed else standing.status}

    @router.post("/{key:path}/discard")
    async def discard(key: str, review: ReviewIn, access: Annotated[Access, reviewer]) -> Json:
        """Give one up, with a reason that the audit trail keeps."""
        _known(hub, key)
        discarded = await hub.discard(Selection((key,)), actor_of(review, access), review.reason)
        return {"discarded": discarded, "status": hub.connector.ledger.readings.standings[key].status}


def _known(hub: Hub, key: str) -> None:
    if key not in hub.connector.ledger.readings.standings:
        raise HTTPException(404, f"there is no delivery {key!r}; GET /dead-letters lists the dead")
