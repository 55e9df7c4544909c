"""Queries: the first page, the pages behind it, and the deleted records too."""

import re
from collections.abc import Sequence
from typing import Any

from mocksf import soql
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.asking import asked_by
from mocksf.rest.recent import viewed
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

BATCH_MIN, BATCH_MAX = 200, 2000
_BATCH = re.compile(r"\bbatchSize\s*=\s*(\d{1,9})", re.IGNORECASE)


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A wished batch size below 200 or above 2000 is taken for the bound", Evidence.ASSUMED),
    ("Any offset within the result may follow a cursor id", Evidence.CLIENT),
    ("A locator serves only the user who ran the query", Evidence.ASSUMED),
    ("Pages behind the first show the records as the query found them", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def batch_size(call: Call) -> int:
    """How many records a page holds: the header's wish, within bounds (clamped: assumed)."""
    wish = call.header("sforce-query-options")
    found = _BATCH.search(wish) if wish else None
    return min(max(int(found[1]), BATCH_MIN), BATCH_MAX) if found else BATCH_MAX


def query(session: Session, call: Call) -> Response:
    """The first page of a query over the records that are there."""
    return _answer(session, call, include_deleted=False)


def query_all(session: Session, call: Call) -> Response:
    """The first page of a query over deleted records too."""
    return _answer(session, call, include_deleted=True)


def _answer(session: Session, call: Call, *, include_deleted: bool) -> Response:
    text = call.query.get("q")
    if text is None:
        raise Refuse.NO_QUERY()
    plan = soql.compile_soql(text, session.org.schema, asked_by(session), float(call.version))
    session.org.records.automation.freshen(session.now, session.user_id)
    result = soql.execute(plan, session.org.store, call.version, include_deleted)
    if plan.purposes:
        viewed(session, plan.purposes, result.records)
    size = batch_size(call)
    if len(result.records) <= size:
        return Response(200, {"totalSize": result.total, "done": True, "records": result.records})
    cursor_id = session.org.cursors.open(session.user_id, result.records, size, session.now)
    return _page(call, cursor_id, result.records, 0, size)


def more(session: Session, call: Call, locator: str) -> Response:
    """The page that a `nextRecordsUrl` points to."""
    cursor_id, cursor, offset = session.org.cursors.at(locator, session.user_id, session.now)
    size = batch_size(call) if call.header("sforce-query-options") else cursor.batch
    return _page(call, cursor_id, cursor.records, offset, size)


def _page(call: Call, cursor_id: str, records: Sequence[dict[str, Any]], offset: int, size: int) -> Response:
    behind = offset + size
    page: dict[str, Any] = {"totalSize": len(records), "done": behind >= len(records)}
    if not page["done"]:
        page["nextRecordsUrl"] = f"/services/data/v{call.version}/query/{cursor_id}-{behind}"
    page["records"] = records[offset:behind]
    return Response(200, page)


ROUTES = (
    Route("GET", "/query", query, composable=True),
    Route("GET", "/queryAll", query_all, composable=True),
    Route("GET", "/query/{locator}", more, composable=True),
    Route("GET", "/queryAll/{locator}", more, composable=True),
)
