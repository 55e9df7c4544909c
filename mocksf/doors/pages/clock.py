"""The page of the clock: read it, stop it, move it on, set it, let it run."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import Response

from mocksf.doors.control.asking import Chosen, Problem, Row
from mocksf.doors.control.orgs import FOREVER
from mocksf.doors.control.time import told
from mocksf.doors.pages.frame import back, form_of, page
from mocksf.doors.tenants import Tenant

STEPS = ((1, "1 second"), (60, "1 minute"), (3600, "1 hour"), (86_400, "1 day"), (15 * 86_400, "15 days"))


async def clock(request: Request, tenant: Chosen) -> Response:
    """Shows the clock."""
    return _shown(request, tenant)


async def freeze(request: Request, tenant: Chosen) -> Response:
    """Stops the clock."""
    tenant.clock.run_at(0)
    return back(tenant, request, "/clock")


async def run(request: Request, tenant: Chosen) -> Response:
    """Lets the clock run at a pace."""
    text = (await form_of(request)).get("factor", "")
    factor = _number(text)
    if factor is None or factor > FOREVER:
        return _shown(request, tenant, "factor", f"a number from 0 to {FOREVER:,} is wanted, not “{text}”")
    tenant.clock.run_at(factor)
    return back(tenant, request, "/clock")


async def advance(request: Request, tenant: Chosen) -> Response:
    """Moves the clock on."""
    text = (await form_of(request)).get("seconds", "")
    seconds = _number(text)
    if seconds is None:
        return _shown(request, tenant, "seconds", f"a number of seconds is wanted, not “{text}”")
    try:
        await tenant.clock.advance(seconds)
    except ValueError as error:
        return _shown(request, tenant, "seconds", str(error))
    return back(tenant, request, "/clock")


async def set_to(request: Request, tenant: Chosen) -> Response:
    """Moves the clock on to an instant."""
    text = (await form_of(request)).get("now", "")
    try:
        instant = datetime.fromisoformat(text)
        await tenant.clock.move_to(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    except Problem as problem:
        return _shown(request, tenant, "now", str(problem))
    except ValueError as error:
        said = str(error) if "time" in str(error) else f"an instant is wanted, such as 2026-01-05T09:00, not “{text}”"
        return _shown(request, tenant, "now", said)
    return back(tenant, request, "/clock")


def _shown(request: Request, tenant: Tenant, place: str = "", said: str = "") -> Response:
    problems = {place: said} if said else {}
    now = tenant.clock.now()
    return page(
        request, tenant, "clock", 422 if said else 200, told=told(tenant), now=now, steps=STEPS, problems=problems
    )


def _number(text: str) -> float | None:
    """A number that is neither negative nor endless; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


ROWS = (
    Row("GET", "/ui/clock", clock),
    Row("POST", "/ui/clock/freeze", freeze),
    Row("POST", "/ui/clock/run", run),
    Row("POST", "/ui/clock/advance", advance),
    Row("POST", "/ui/clock/set", set_to),
)
