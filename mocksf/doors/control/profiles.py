"""Weather by name: the rules that lie are kept as a profile, and a profile is laid down on any org of the server."""

import re
from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import Response

from mocksf.doors.control.asking import AllOrgs, Chosen, Json, Problem, Row
from mocksf.doors.tenants import Tenant, Tenants
from mocksf.weather import Rule, parse_rules
from mocksf.weather import profiles as shipped
from mocksf.weather.problems import nearest

_NAME = re.compile(r"[\w.-]{1,80}")
Rules = Annotated[Any, Body()]


async def profiles(tenants: AllOrgs) -> list[Json]:
    """The profiles that were kept."""
    return listed(tenants)


async def profile(name: str, tenants: AllOrgs) -> Json:
    """One profile with its rules."""
    return {"name": name, "rules": [rule.as_json() for rule in _known(tenants, name)]}


async def keep(name: str, tenants: AllOrgs, tenant: Chosen, body: Rules = None) -> Json:
    """Keep the rules of the body, or where there is none those that lie, under a name."""
    keep_as(tenants, name, tenant.wire.weather.rules if body is None else parse_rules(body))
    return await profile(name, tenants)


async def lay(name: str, tenants: AllOrgs, tenant: Chosen) -> list[Json]:
    """Lay a profile down instead of all rules that lie, those switched off included."""
    return [rule.as_json() for rule in lay_down(tenants, name, tenant)]


async def forget(name: str, tenants: AllOrgs) -> Response:
    """Forget a profile; where it was laid down its rules stay."""
    _known(tenants, name)
    if name not in tenants.profiles:
        raise Problem(422, "name", f"`{name}` comes with the project and cannot be forgotten")
    del tenants.profiles[name]
    return Response(status_code=204)


def listed(tenants: Tenants) -> list[dict[str, Json]]:
    """The profiles with the kinds of their rules: those that were kept, then those that come with the project."""
    kept = [(name, rules, "") for name, rules in tenants.profiles.items()]
    own = [
        (each.name, list(each.rules), each.tells) for each in shipped().values() if each.name not in tenants.profiles
    ]
    return [
        {"name": name, "kinds": [rule.kind for rule in rules], "tells": tells, "shipped": bool(tells)}
        for name, rules, tells in (*kept, *own)
    ]


def keep_as(tenants: Tenants, name: str, rules: list[Rule]) -> None:
    """Keep rules under a name. Raises Problem for a name that no address could carry."""
    if not _NAME.fullmatch(name):
        raise Problem(422, "name", "a profile is named with letters, digits, `.`, `_` and `-`, 80 at most")
    tenants.profiles[name] = rules


def lay_down(tenants: Tenants, name: str, tenant: Tenant) -> list[Rule]:
    """Replace an org's rules by a profile's. Raises Problem where there is none of this name."""
    laid = tenant.wire.weather.replace(_known(tenants, name))
    tenant.shelved.clear()
    return laid


def _known(tenants: Tenants, name: str) -> list[Rule]:
    if name in tenants.profiles:
        return tenants.profiles[name]
    own = shipped().get(name)
    if own is None:
        raise Problem(404, "name", f"no such profile `{name}`{nearest(name, {**tenants.profiles, **shipped()})}")
    return list(own.rules)


ROWS = (
    Row("GET", "/profiles", profiles),
    Row("GET", "/profiles/{name}", profile),
    Row("PUT", "/profiles/{name}", keep),
    Row("DELETE", "/profiles/{name}", forget, 204),
    Row("POST", "/profiles/{name}/lay", lay),
)
