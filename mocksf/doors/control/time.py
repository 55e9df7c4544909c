"""The clock of an org over HTTP: read it, move it on, set it, stop it, let it run."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

from mocksf.doors.control.asking import Chosen, Json, Problem, Row, Strict
from mocksf.doors.control.orgs import FOREVER
from mocksf.doors.tenants import Tenant


class Advance(Strict):
    """How far to move the clock on."""

    seconds: float = Field(ge=0, allow_inf_nan=False)


class SetTo(Strict):
    """Where to move the clock."""

    now: AwareDatetime


class Pace(Strict):
    """How fast the clock runs: seconds of the org per second of the wall; 0 stops it."""

    factor: float = Field(ge=0, le=FOREVER)


async def time(tenant: Chosen) -> Json:
    """The org's time, how fast it runs, and how many requests wait for an instant to come."""
    return told(tenant)


async def advance(body: Advance, tenant: Chosen) -> Json:
    """Move the clock on; whoever waits is served on the way, in order, and what is due happens."""
    try:
        await tenant.clock.advance(body.seconds)
    except ValueError as error:
        raise Problem(409, "seconds", str(error)) from None
    tenant.shared.tell()
    return told(tenant)


async def set_to(body: SetTo, tenant: Chosen) -> Json:
    """Move the clock on to an instant."""
    await move(tenant, body.now, "now")
    return told(tenant)


async def run(body: Pace, tenant: Chosen) -> Json:
    """Let the clock go on at another pace."""
    tenant.clock.run_at(body.factor)
    tenant.shared.tell()
    return told(tenant)


async def freeze(tenant: Chosen) -> Json:
    """Stop the clock; it moves only when told to."""
    tenant.clock.run_at(0)
    tenant.shared.tell()
    return told(tenant)


async def move(tenant: Tenant, instant: datetime, path: str) -> None:
    """Move a clock on to an instant. Raises Problem for the past."""
    try:
        await tenant.clock.move_to(instant)
    except ValueError as error:
        raise Problem(409, path, str(error)) from None
    tenant.shared.tell()


def told(tenant: Tenant) -> dict[str, Any]:
    """A clock, JSON-ready."""
    due = tenant.wire.org.next_due()
    known = {"now": tenant.clock.now().isoformat(), "factor": tenant.clock.factor, "waiting": tenant.clock.waiting}
    wake = tenant.clock.next_wake
    return known | {"next_wake": wake and wake.isoformat(), "next_due": due and due.isoformat()}


ROWS = (
    Row("GET", "/clock", time),
    Row("POST", "/clock/advance", advance),
    Row("POST", "/clock/set", set_to),
    Row("POST", "/clock/run", run),
    Row("POST", "/clock/freeze", freeze),
)
