"""Queries: the first page, the pages behind it, and the deleted records too."""

import re
from collections.abc import Sequence
from typing import Any

from mocksf import soql
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.asking import asked_by
from mocksf.rest.columns import columns, wanted
from mocksf.rest.explain import explained
from mocksf.rest.recent import viewed
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

BATCH_MIN, BATCH_MAX = 200, 2000
_BATCH = re.compile(r"\bbatchSize\s*=\s*(\d{1,9})", re.IGNORECASE)


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Of a query with OFFSET only the first batch is returned", Evidence.DOCUMENTED),
    ("totalSize counts that batch alone, and it says that it is done", Evidence.ASSUMED),
    ("A wished batch size below 200 or above 2000 is taken for the bound", Evidence.ASSUMED),
    ("Any offset within the result may follow a cursor id", Evidence.CLIENT),
    ("A locator serves only the user who ran the query", Evidence.ASSUMED),
    ("Pages behind the first show the records as the query found them", Evidence.ASSUMED),
    ("Two long custom texts make pages of at most 200 records, a file's content of one", Evidence.DOCUMENTED),
    ("Children that do not fit a page have a locator of their own", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""


def batch_size(call: Call, most: int = BATCH_MAX) -> int:
    """How many records a page holds: the header's wish, within bounds (clamped: assumed), and `most` at most."""
    wish = call.header("sforce-query-options")
    found = _BATCH.search(wish) if wish else None
    return min(max(int(found[1]), BATCH_MIN), BATCH_MAX, most) if found else most


def query(session: Session, call: Call) -> Response:
    """The first page of a query over the records that are there."""
    return _answer(session, call, include_deleted=False)


def query_all(session: Session, call: Call) -> Response:
    """The first page of a query over deleted records too."""
    return _answer(session, call, include_deleted=True)


def _answer(session: Session, call: Call, *, include_deleted: bool) -> Response:
    text = call.query.get("q")
    if text is None:
        return _explained(session, call)
    plan = soql.compile_soql(text, session.org.schema, asked_by(session), float(call.version))
    if wanted(call.query):
        return columns(text, session.org.schema, call.version)
    session.org.records.automation.freshen(session.now, session.user_id)
    result = soql.execute(plan, session.org.store, call.version, include_deleted)
    if plan.purposes:
        viewed(session, plan.purposes, result.records)
    size = batch_size(call, plan.page_max)
    if len(plan.statements) > 1:
        _cut(session, call, result.records, size)
    if plan.one_page and len(result.records) > size:
        return Response(200, {"totalSize": size, "done": True, "records": result.records[:size]})
    if len(result.records) <= size:
        return Response(200, {"totalSize": result.total, "done": True, "records": result.records})
    if plan.kind == "aggregate":
        raise Refuse.AGGREGATE_PAGES()
    cursor_id = session.org.cursors.open(session.user_id, result.records, size, session.now)
    return _page(call, cursor_id, result.records, 0, size)


def _explained(session: Session, call: Call) -> Response:
    text = call.query.get("explain")
    if text is None:
        raise Refuse.NO_QUERY()
    return explained(session, call, text)


def _cut(session: Session, call: Call, records: Sequence[dict[str, Any]], size: int) -> None:
    """Cut families of children that do not fit a page; the rest of them is behind a locator of their own."""
    for record in records:
        for key, children in record.items():
            if type(children) is dict and "totalSize" in children and type(children.get("records")) is list:
                found = children["records"]
                _cut(session, call, found, size)
                if len(found) > size:
                    cursor_id = session.org.cursors.open(session.user_id, found, size, session.now)
                    record[key] = _page_body(call, cursor_id, found, 0, size)


def more(session: Session, call: Call, locator: str) -> Response:
    """The page that a `nextRecordsUrl` points to."""
    cursor_id, cursor, offset = session.org.cursors.at(locator, session.user_id, session.now)
    size = batch_size(call) if call.header("sforce-query-options") else cursor.batch
    return _page(call, cursor_id, cursor.records, offset, size)


def _page(call: Call, cursor_id: str, records: Sequence[dict[str, Any]], offset: int, size: int) -> Response:
    return Response(200, _page_body(call, cursor_id, records, offset, size))


def _page_body(call: Call, cursor_id: str, records: Sequence[dict[str, Any]], offset: int, size: int) -> dict[str, Any]:
    behind = offset + size
    page: dict[str, Any] = {"totalSize": len(records), "done": behind >= len(records)}
    if not page["done"]:
        page["nextRecordsUrl"] = f"/services/data/v{call.version}/query/{cursor_id}-{behind}"
    page["records"] = records[offset:behind]
    return page


ROUTES = (
    Route("GET", "/query", query, composable=True),
    Route("GET", "/queryAll", query_all, composable=True),
    Route("GET", "/query/{locator}", more, composable=True),
    Route("GET", "/queryAll/{locator}", more, composable=True),
)
