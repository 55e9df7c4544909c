"""The orgs of a server, side by side: list, create, fork, delete."""

from dataclasses import replace
from importlib.metadata import version
from typing import Annotated, Any, Literal

from fastapi.responses import Response
from pydantic import Field

from mocksf.doors.control.asking import AllOrgs, Chosen, Json, Openings, Problem, Row, Strict
from mocksf.doors.tenants import NAME, Tenant, Tenants
from mocksf.permissions import EditionError
from mocksf.schema import Schema, default_schema, load_schema
from mocksf.settings import OrgSettings
from mocksf.streaming import SelectionError
from mocksf.weather import parse_rules

FOREVER = 1_000_000
"""As fast as a clock may run: a year in half a minute."""
Name = Annotated[str, Field(pattern=f"^{NAME.pattern}$", description="a label of a host: a-z, 0-9, hyphens inside")]


class NewOrg(Strict):
    """An org to be founded; what is left out is as with the org that the server began with."""

    name: Name
    schema_: Literal["standard", "sample", "same"] = Field(
        "same", alias="schema", description="the standard objects, the sample's as well, or what the server was given"
    )
    edition: str | None = None
    seed: int = 0
    factor: float | None = Field(None, ge=0, le=FOREVER, description="the pace of its clock; 0 is manual")
    rules: list[Any] = Field(default_factory=list)


class Twin(Strict):
    """What a fork is to be called."""

    name: Name


async def orgs(tenants: AllOrgs) -> list[Json]:
    """The orgs that are served, the default one first."""
    return [_told(tenant, tenants) for tenant in tenants]


async def org(name: str, tenants: AllOrgs) -> Json:
    """One org, with what its clients need to know."""
    tenant = tenants.named(name)
    return {**_told(tenant, tenants), "credentials": tenant.credentials}


async def create(body: NewOrg, tenants: AllOrgs, opening: Openings) -> Json:
    """Found one org more, with rows, ids, limits, rules, clock and journal of its own."""
    _free(body.name, tenants)
    rules = parse_rules(body.rules)
    wishes: dict[str, Any] = {"seed": body.seed, "rules": rules}
    if body.factor is not None:
        wishes |= {"factor": body.factor, "start": None}
    if body.schema_ != "same":
        wishes["schema"] = _schema(body.schema_)
    if body.edition is not None:
        wishes["settings"] = _settings(opening.usual.settings, body.edition)
    try:
        tenant = opening.open(body.name, tenants.default, **wishes)
    except SelectionError as error:  # the server's settings name objects that this schema has not
        raise Problem(422, "body.schema", str(error)) from None
    tenants.add(tenant)
    tenant.due.look()
    tenant.shared.watch()
    return await org(body.name, tenants)


async def fork(name: str, body: Twin, tenants: AllOrgs) -> Json:
    """A second org with the same past, ids and tokens, and a future of its own; only its host chooses it."""
    tenant = tenants.named(name)
    _free(body.name, tenants)
    tenants.fork(tenant, body.name).due.look()
    return await org(body.name, tenants)


async def drop(name: str, tenants: AllOrgs) -> Response:
    """Let an org go, with all that it knows."""
    tenant = tenants.named(name)
    if tenant is tenants.default:
        raise Problem(409, "name", f"`{name}` is the org that the server began with; it stays")
    tenants.drop(tenant)
    tenant.wire.org.store.close()
    return Response(status_code=204)


async def health(tenant: Chosen) -> Json:
    """That it is there, which org it is, and what time it has."""
    return status_of(tenant)


def status_of(tenant: Tenant) -> dict[str, Any]:
    """An org in figures."""
    return {
        "status": "ok",
        "version": version("mocksf"),
        "org_id": tenant.wire.org.org_id,
        "rules": len(tenant.wire.weather.rules),
        "exchanges": len(tenant.wire.journal),
        "now": tenant.clock.now().isoformat(),
        "factor": tenant.clock.factor,
        "waiting": tenant.clock.waiting,
    }


def _told(tenant: Tenant, tenants: Tenants) -> dict[str, Any]:
    held = tenant.wire.org
    return {
        "name": tenant.name,
        "org_id": held.org_id,
        "default": tenant is tenants.default,
        "edition": held.settings.organization_type,
        "objects": len(list(held.schema)),
        "seed": held.dice.seed,
        "now": tenant.clock.now().isoformat(),
        "factor": tenant.clock.factor,
        "rules": len(tenant.wire.weather.rules),
        "exchanges": len(tenant.wire.journal),
    }


def _free(name: str, tenants: Tenants) -> None:
    if any(tenant.name == name for tenant in tenants):
        raise Problem(409, "name", f"there is an org `{name}` already")


def _schema(word: str) -> Schema:
    return load_schema([word]) if word == "sample" else default_schema()


def _settings(usual: OrgSettings, edition: str) -> OrgSettings:
    try:
        return replace(usual, edition=edition)
    except EditionError as error:
        raise Problem(422, "body.edition", str(error)) from None


ROWS = (
    Row("GET", "/health", health),
    Row("GET", "/orgs", orgs),
    Row("POST", "/orgs", create, 201),
    Row("GET", "/orgs/{name}", org),
    Row("DELETE", "/orgs/{name}", drop, 204),
    Row("POST", "/orgs/{name}/fork", fork, 201),
)
