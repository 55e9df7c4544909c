"""The first page: one org at a glance."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from mocksf.doors.control import records, rules
from mocksf.doors.control.asking import Chosen, Row
from mocksf.doors.control.journal import page_of
from mocksf.doors.pages.frame import UI, page

LAST = 12


async def root() -> Response:
    """Leads to the first page."""
    return RedirectResponse(f"{UI}/", 307)


async def home(request: Request, tenant: Chosen) -> Response:
    """Shows clock, weather, records and the last exchanges."""
    held = [one for one in records.listed(tenant) if one["records"]]
    return page(
        request,
        tenant,
        "home",
        objects=sorted(held, key=lambda one: -one["records"])[:LAST],
        exchanges=page_of(list(tenant.wire.journal), 1, LAST)[::-1],
        rules=await rules.rules(tenant),
        used=tenant.wire.org.allowance.used(tenant.clock.now()),
    )


ROWS = (Row("GET", "/", root), Row("GET", "/ui", root), Row("GET", "/ui/", home))
