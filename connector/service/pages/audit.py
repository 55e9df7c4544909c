"""The audit trail: the latest entries first, one delivery's, and whether every entry follows from the one before."""

from collections import deque
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from connector.chain import Entry
from connector.service.audit import lines, verified
from connector.service.pages.frame import UI, page
from connector.service.pages.office import Office

PAGE = 50
TOLD = ("actor", "reason", "category", "culprit", "attempt", "version", "call", "number", "total_min")
"""What of an entry's detail is told in its line, in this order; all of it is folded away behind."""
KINDS = {
    "accepted": "blue",
    "committed": "good",
    "failed": "warn",
    "dead": "bad",
    "discarded": "bad",
    "alert_failed": "bad",
    "configured": "blue",
    "rehearsed": "blue",
}


def routes(office: Office) -> APIRouter:
    """The page /ui/audit."""
    router = APIRouter(prefix=f"{UI}/audit", dependencies=[office.needs("audit")])

    @router.get("")
    async def audit(
        request: Request, until: str = "", delivery: str = "", kind: str = "", verify: str = ""
    ) -> Response:
        """The trail from entry `until` backwards."""
        ledger = office.hub.connector.ledger
        await office.hub.runner.ledger.safe()
        head = ledger.head()
        last = min(int(until), head.seq) if until.isdecimal() else head.seq
        entries = await office.hub.beside(_page, office, last, delivery.strip(), kind)
        told = await office.hub.beside(verified, office.hub) if verify else None
        return page(
            request,
            "audit",
            entries=[(each, KINDS.get(each.kind, ""), _line(each), _detail(each)) for each in entries],
            head=head,
            earlier=entries[-1].seq - 1 if len(entries) == PAGE and entries[-1].seq > 1 else None,
            delivery=delivery,
            kind=kind,
            told=told,
            newest=last == head.seq,
        )

    @router.get("/export")
    async def export() -> Response:
        """The whole trail, to be kept elsewhere."""
        await office.hub.runner.ledger.safe()
        headers = {"Content-Disposition": f'attachment; filename="audit-{office.org}.jsonl"'}
        return StreamingResponse(lines(office.hub), media_type="application/x-ndjson", headers=headers)

    return router


def _page(office: Office, last: int, delivery: str, kind: str) -> list[Entry]:
    """The latest entries up to number `last` that are asked for; without a filter little of the ledger is read."""
    after = 0 if delivery or kind else max(last - PAGE, 0)
    found: deque[Entry] = deque(maxlen=PAGE)
    for entry in office.hub.connector.ledger.entries(after):
        if entry.seq > last:
            break
        if entry.delivery.startswith(delivery) and kind in ("", entry.kind):
            found.append(entry)
    return list(reversed(found))


def _line(entry: Entry) -> list[tuple[str, Any]]:
    return [(name, entry.detail[name]) for name in TOLD if entry.detail.get(name) not in (None, "")]


def _detail(entry: Entry) -> str:
    return orjson.dumps(entry.as_json(), option=orjson.OPT_INDENT_2).decode()
