"""The weather of an org over HTTP: rules as one ordered resource, each of which can be switched off and on again."""

from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import Response
from pydantic import Field

from mocksf.doors.control.asking import Chosen, Json, Problem, Row, Strict
from mocksf.doors.tenants import Shelved, Tenant
from mocksf.weather import Rule, RuleError, explain, parse_rule, parse_rules

EXAMPLE = {"kind": "lost_answer", "where": {"path": "*/composite", "nth": 2}, "how_often": {"chance": 0.3, "times": 2}}
Given = Annotated[Any, Body(examples=[EXAMPLE])]


class Place(Strict):
    """Where a rule is to stand."""

    at: int = Field(ge=0, description="0 is first; beyond the end is last")


async def rules(tenant: Chosen) -> list[Json]:
    """The rules in order, each with what it has matched and struck, and why it did not."""
    return [explain(laid) for laid in tenant.wire.weather.laid]


async def rule(rule_id: str, tenant: Chosen) -> Json:
    """One rule with its tally."""
    return explain(tenant.wire.weather.find(rule_id))


async def add(body: Given, tenant: Chosen) -> list[Json]:
    """Lay one rule, or a list of rules, down behind those that lie; all or none."""
    new = parse_rules(body if isinstance(body, list) else [body])
    taken = {rule.id for rule in tenant.wire.weather.rules} | set(tenant.shelved)
    for number, one in enumerate(new):
        if one.id and one.id in taken:
            raise RuleError([(f"rules[{number}].id", f"the id `{one.id}` is taken")])
    return [tenant.wire.weather.add(one).as_json() for one in new]


async def replace(body: Given, tenant: Chosen) -> list[Json]:
    """Lay these rules down instead of all others, those switched off included; `[]` is calm."""
    laid = tenant.wire.weather.replace(parse_rules(body))
    tenant.shelved.clear()
    return [rule.as_json() for rule in laid]


async def patch(rule_id: str, body: Annotated[dict[str, Any], Body()], tenant: Chosen) -> Json:
    """Change the given keys of one rule; its tally stays."""
    return tenant.wire.weather.patch(rule_id, body).as_json()


async def move(rule_id: str, body: Place, tenant: Chosen) -> list[Json]:
    """Let a rule stand elsewhere in the order; its tally stays."""
    tenant.wire.weather.move(rule_id, body.at)
    return await rules(tenant)


async def remove(rule_id: str, tenant: Chosen) -> Response:
    """Take one rule away."""
    if tenant.shelved.pop(rule_id, None) is None:
        tenant.wire.weather.remove(rule_id)
    return Response(status_code=204)


async def clear(tenant: Chosen) -> Response:
    """Calm: take all rules away."""
    tenant.wire.weather.clear()
    tenant.shelved.clear()
    return Response(status_code=204)


async def check(body: Given) -> list[Json]:
    """What the rules would be, without laying them down."""
    listed = body if isinstance(body, list) else [body]
    return [parse_rule(one, f"rules[{at}]").as_json() for at, one in enumerate(listed)]


async def off(rule_id: str, tenant: Chosen) -> Json:
    """Switch a rule off: it is kept aside, with its place, and strikes nothing."""
    switch_off(tenant, rule_id)
    return await shelf(tenant)


async def on(rule_id: str, tenant: Chosen) -> list[Json]:
    """Switch a rule on again, in its old place, with a new tally."""
    switch_on(tenant, rule_id)
    return await rules(tenant)


async def shelf(tenant: Chosen) -> list[Json]:
    """The rules that are switched off."""
    return [each.rule.as_json() for each in tenant.shelved.values()]


def switch_off(tenant: Tenant, rule_id: str) -> None:
    """Put a rule on the shelf. Raises NoSuchRule."""
    laid, order = tenant.wire.weather.find(rule_id), _order(tenant)
    tenant.shelved[rule_id] = Shelved(laid.rule, frozenset(order[: order.index(rule_id)]))
    tenant.wire.weather.remove(rule_id)


def switch_on(tenant: Tenant, rule_id: str) -> Rule:
    """Take a rule from the shelf. Raises Problem where it does not lie there."""
    if rule_id not in tenant.shelved:
        raise Problem(404, "rule_id", f"no rule `{rule_id}` is switched off")
    rule, behind = tenant.shelved[rule_id]
    laid = tenant.wire.weather.add(rule, _place([one.id for one in tenant.wire.weather.rules], behind))
    del tenant.shelved[rule_id]
    return laid


def _order(tenant: Tenant) -> list[str]:
    """The ids of all rules in their order, those that are switched off in their places."""
    order = [rule.id for rule in tenant.wire.weather.rules]
    for rule_id, each in tenant.shelved.items():
        order.insert(_place(order, each.behind), rule_id)
    return order


def _place(order: list[str], behind: frozenset[str]) -> int:
    """The place behind the last of these ids."""
    return max((at + 1 for at, rule_id in enumerate(order) if rule_id in behind), default=0)


ROWS = (
    Row("GET", "/rules", rules),
    Row("POST", "/rules", add, 201),
    Row("PUT", "/rules", replace),
    Row("DELETE", "/rules", clear, 204),
    Row("POST", "/rules/check", check),
    Row("GET", "/rules/off", shelf),
    Row("GET", "/rules/{rule_id}", rule),
    Row("PATCH", "/rules/{rule_id}", patch),
    Row("DELETE", "/rules/{rule_id}", remove, 204),
    Row("POST", "/rules/{rule_id}/move", move),
    Row("POST", "/rules/{rule_id}/off", off),
    Row("POST", "/rules/{rule_id}/on", on),
)
