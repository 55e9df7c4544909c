"""The audit trail: browse, export as JSON Lines, verify."""

from collections.abc import Iterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from connector.chain import first_broken
from connector.live.hub import Hub
from connector.messages import Json

AUDIT_PAGE_MAX = 1000
SEQ_MAX = 2**62
"""No ledger grows so long; what is larger fits into no column."""


def routes(hub: Hub, needs: Any) -> APIRouter:
    """The paths under /audit."""
    router = APIRouter(prefix="/audit", dependencies=[needs("audit")])

    @router.get("")
    async def audit(
        after: Annotated[int, Query(ge=0, le=SEQ_MAX)] = 0,
        limit: Annotated[int, Query(ge=1, le=AUDIT_PAGE_MAX)] = 100,
        delivery: str | None = None,
    ) -> Json:
        """Ledger entries after number `after`, the oldest first, and the head to note down elsewhere."""
        page = await hub.audit(after, limit, delivery)
        return {"entries": [entry.as_json() for entry in page], "head": _head(hub)}

    @router.get("/export")
    async def export() -> StreamingResponse:
        """The whole trail as JSON Lines; nothing in it is personal, and `connector audit verify` can check it."""
        await hub.runner.ledger.safe()
        return StreamingResponse(lines(hub), media_type="application/x-ndjson")

    @router.get("/verify")
    async def verify() -> Json:
        """Whether every entry follows from the one before; the first that does not is named."""
        await hub.runner.ledger.safe()
        return await hub.beside(verified, hub)

    return router


def lines(hub: Hub) -> Iterator[bytes]:
    """The whole trail as JSON Lines."""
    for entry in hub.connector.ledger.entries():
        yield orjson.dumps(entry.as_json()) + b"\n"


def verified(hub: Hub) -> Json:
    """Whether the chain holds, and where it ends; every entry is read, so ask beside the event loop."""
    ledger = hub.connector.ledger
    broken = first_broken(ledger.entries(), ledger.head())
    first = None if broken is None else {"seq": broken.seq, "reason": broken.reason}
    return {"holds": broken is None, "broken": first, "head": _head(hub)}


def _head(hub: Hub) -> Json:
    head = hub.connector.ledger.head()
    return {"seq": head.seq, "hash": head.hash}
