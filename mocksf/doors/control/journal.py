"""The journal of an org over HTTP: filtered, paged, explained, and as an HTTP Archive."""

import json
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, StringConstraints

from mocksf.doors.control.asking import Chosen, Json, Problem, Row
from mocksf.doors.tenants import Tenant
from mocksf.har import body_told, har, headers_told, plain, target_told
from mocksf.journal import LIMIT, Exchange
from mocksf.nearmiss import verdicts
from mocksf.seeking import Wanted, seek
from mocksf.weather import OPERATIONS
from mocksf.weather.problems import nearest

PAGE = 200
Status = Annotated[str, StringConstraints(pattern=r"^(?:[1-5]\d\d|[1-5][xX]{2}|none)$")]
Loss = Annotated[str, StringConstraints(pattern="^(?:request|answer)$")]


def wanted(  # noqa: PLR0913  # a parameter per filter
    method: str | None = None,
    path: Annotated[str | None, Query(description="a part of the target, or a glob over the path")] = None,
    status: Annotated[Status | None, Query(description="404, 5xx, or `none`: nobody was answered")] = None,
    lost: Annotated[Loss | None, Query(description="`request` or `answer`")] = None,
    rule: Annotated[str | None, Query(description="the id of a rule that struck")] = None,
    fault: Annotated[str | None, Query(description="the kind of a rule that struck, or `any`")] = None,
    sobject: str | None = None,
    operation: str | None = None,
    call: Annotated[
        str | None, Query(description="a text in target, body or correlating header, as a call's key")
    ] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    after: Annotated[int, Query(ge=0, description="only exchanges with higher numbers")] = 0,
) -> Wanted:
    """The filters of a query string."""
    if operation is not None and operation not in OPERATIONS:
        raise Problem(422, "query.operation", f"no such operation `{operation}`{nearest(operation, OPERATIONS)}")
    return Wanted(method, path, status, lost, rule, fault, sobject, operation, call, since, until, after)


Filters = Annotated[Wanted, Depends(wanted)]


async def journal(
    tenant: Chosen,
    filters: Filters,
    limit: Annotated[int, Query(ge=1, le=LIMIT)] = PAGE,
    page: Annotated[int, Query(ge=1, description="1 holds the last exchanges, 2 those before them")] = 1,
) -> Json:
    """The last exchanges that fit every filter given, the oldest of the page first."""
    found = seek(tenant.wire.journal, filters)
    shown = page_of(found, page, limit)
    pages = -(-len(found) // limit)
    return {"total": len(found), "page": page, "pages": pages, "exchanges": [one.as_json() for one in shown]}


async def exchange(number: int, tenant: Chosen) -> Json:
    """One exchange whole: request, answer, fate, and what each rule had to do with it."""
    return told(tenant, find(tenant, number))


async def archive(tenant: Chosen, filters: Filters) -> Response:
    """The exchanges that fit, as an HTTP Archive (HAR 1.2); credentials are left out."""
    return Response(json.dumps(har(seek(tenant.wire.journal, filters))), media_type="application/json")


async def forget(tenant: Chosen) -> Response:
    """Empty the journal."""
    tenant.wire.journal.clear()
    return Response(status_code=204)


def page_of(found: list[Exchange], page: int, limit: int) -> list[Exchange]:
    """A page counted from the end: the first holds the newest."""
    end = len(found) - (page - 1) * limit
    return found[max(end - limit, 0) : max(end, 0)]


def find(tenant: Tenant, number: int) -> Exchange:
    """An exchange by its number. Raises Problem where it is not, or no longer, remembered."""
    for one in tenant.wire.journal:
        if one.number == number:
            return one
    raise Problem(404, "number", f"no exchange {number} is remembered; the last {LIMIT} are")


def told(tenant: Tenant, one: Exchange) -> dict[str, Any]:
    """An exchange with everything that is known of it, JSON-ready."""
    request = {
        "host": one.host,
        "target": target_told(one.target),
        "headers": headers_told(one.headers),
        "body": body_told(one.body),
        "body_bytes": one.body_bytes,
    }
    sent = one.sent
    answer = sent and {
        "status": sent.status,
        "headers": headers_told(sent.headers),
        "body": body_told(plain(sent)),
        "body_bytes": one.sent_bytes,
    }
    rules = [each.as_json() for each in verdicts(one, tenant.wire.weather.laid)]
    return {**one.as_json(), "took_s": one.took_s, "request": request, "answer": answer, "rules": rules}


ROWS = (
    Row("GET", "/journal", journal),
    Row("DELETE", "/journal", forget, 204),
    Row("GET", "/journal.har", archive),
    Row("GET", "/journal/{number}", exchange),
)
