"""Snapshots, seed and reset of an org over HTTP."""

import re
from datetime import datetime

from fastapi.responses import Response

from mocksf.doors.control.asking import Chosen, Json, Problem, Row, Strict
from mocksf.doors.control.orgs import status_of
from mocksf.doors.tenants import Kept, Tenant
from mocksf.weather.problems import nearest

_NAME = re.compile(r"[\w.-]{1,80}")


class Seed(Strict):
    """The seed from which all chance follows."""

    seed: int


async def reset(tenant: Chosen) -> Json:
    """A fresh org under the same rules, with an empty journal; a manual clock goes back as well."""
    tenant.clock.set_back(tenant.wire.org.founded)  # first, for tokens and windows begin anew by the clock
    tenant.wire.reset()
    tenant.shared.tell()
    tenant.due.look()
    return status_of(tenant)


async def snapshots(tenant: Chosen) -> list[Json]:
    """The snapshots that were taken."""
    return [{"name": name, "now": kept.now.isoformat()} for name, kept in tenant.snapshots.items()]


async def take(name: str, tenant: Chosen) -> Json:
    """Keep everything as it is now under a name."""
    now = keep(tenant, name)
    return {"name": name, "now": now.isoformat()}


async def restore(name: str, tenant: Chosen) -> Json:
    """Back to a snapshot; a clock that runs by itself runs on."""
    bring_back(tenant, name)
    return status_of(tenant)


async def drop(name: str, tenant: Chosen) -> Response:
    """Forget a snapshot."""
    _known(tenant, name)
    del tenant.snapshots[name]
    return Response(status_code=204)


async def seed(tenant: Chosen) -> Json:
    """The seed from which all chance follows."""
    return {"seed": tenant.wire.org.dice.seed}


async def set_seed(body: Seed, tenant: Chosen) -> Json:
    """Begin all streams of chance anew from a seed."""
    tenant.wire.org.dice.seed = body.seed
    tenant.wire.org.dice.restore({})
    return await seed(tenant)


def keep(tenant: Tenant, name: str) -> datetime:
    """Take a snapshot. Raises Problem for a name that no address could carry."""
    if not _NAME.fullmatch(name):
        raise Problem(422, "name", "a snapshot is named with letters, digits, `.`, `_` and `-`, 80 at most")
    now = tenant.clock.now()
    tenant.snapshots[name] = Kept(tenant.wire.snapshot(), now, dict(tenant.shelved))
    return now


def bring_back(tenant: Tenant, name: str) -> None:
    """Restore a snapshot. Raises Problem where there is none of this name."""
    kept = _known(tenant, name)
    tenant.wire.restore(kept.state)
    tenant.clock.set_back(kept.now)
    tenant.shared.tell()
    tenant.shelved = dict(kept.shelved)
    tenant.due.look()


def _known(tenant: Tenant, name: str) -> Kept:
    if name not in tenant.snapshots:
        known = nearest(name, tenant.snapshots) if tenant.snapshots else "; none was taken"
        raise Problem(404, "name", f"no such snapshot `{name}`{known}")
    return tenant.snapshots[name]


ROWS = (
    Row("POST", "/reset", reset),
    Row("GET", "/snapshots", snapshots),
    Row("PUT", "/snapshots/{name}", take),
    Row("POST", "/snapshots/{name}/restore", restore),
    Row("DELETE", "/snapshots/{name}", drop, 204),
    Row("GET", "/seed", seed),
    Row("PUT", "/seed", set_seed),
)
