"""The weather console: the rules in order, switched on and off, moved, written, changed and taken away."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from mocksf.doors.control import profiles, rules
from mocksf.doors.control.asking import AllOrgs, Chosen, Problem, Row
from mocksf.doors.pages import rule_form
from mocksf.doors.pages.frame import back, form_of, page
from mocksf.doors.tenants import Tenant, Tenants
from mocksf.weather import RuleError, explain


async def console(request: Request, tenant: Chosen, tenants: AllOrgs) -> Response:
    """Lists the rules with what became of them."""
    return _console(request, tenant, tenants)


async def keep(request: Request, tenant: Chosen, tenants: AllOrgs) -> Response:
    """Keeps the rules that lie as a profile."""
    try:
        profiles.keep_as(tenants, (await form_of(request)).get("profile", ""), tenant.wire.weather.rules)
    except Problem as problem:
        return _console(request, tenant, tenants, str(problem))
    return back(tenant, request, "/weather")


async def lay(request: Request, tenant: Chosen, tenants: AllOrgs, name: str) -> Response:
    """Lays a profile down instead of the rules that lie."""
    profiles.lay_down(tenants, name, tenant)
    return back(tenant, request, "/weather")


async def forget(request: Request, tenant: Chosen, tenants: AllOrgs, name: str) -> Response:
    """Forgets a profile."""
    await profiles.forget(name, tenants)
    return back(tenant, request, "/weather")


def _console(request: Request, tenant: Tenant, tenants: Tenants, said: str = "") -> Response:
    return page(
        request,
        tenant,
        "weather",
        422 if said else 200,
        profiles=profiles.listed(tenants),
        problems={"profile": said} if said else {},
        rules=[explain(laid) for laid in tenant.wire.weather.laid],
        shelved=[each.rule.as_json() for each in tenant.shelved.values()],
    )


async def new(request: Request, tenant: Chosen) -> Response:
    """Asks for a new rule."""
    return _form(request, tenant, dict(request.query_params), {})


async def add(request: Request, tenant: Chosen) -> Response:
    """Lays a new rule down, or says what is wrong with it."""
    form = await form_of(request)
    rule, _, problems = rule_form.checked(form)
    if rule is not None and rule.id in tenant.shelved:
        problems = {"id": f"the id `{rule.id}` is taken by a rule that is switched off"}
    if rule is not None and not problems:
        try:
            tenant.wire.weather.add(rule)
        except RuleError as error:
            problems = rule_form.placed(error)
    return _form(request, tenant, form, problems) if problems else back(tenant, request, "/weather")


async def edit(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Shows a rule to be changed."""
    laid = tenant.wire.weather.find(rule_id)
    return _form(request, tenant, rule_form.written(laid.rule), {}, rule_id)


async def change(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Changes a rule in its place, or says what is wrong."""
    tenant.wire.weather.find(rule_id)
    form = await form_of(request)
    rule, told, problems = rule_form.checked(form, rule_id)
    if rule is None:
        return _form(request, tenant, form, problems, rule_id)
    tenant.wire.weather.patch(rule_id, told)
    return back(tenant, request, "/weather")


async def up(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Moves a rule up by one."""
    return _moved(request, tenant, rule_id, -1)


async def down(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Moves a rule down by one."""
    return _moved(request, tenant, rule_id, 1)


async def off(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Switches a rule off."""
    rules.switch_off(tenant, rule_id)
    return back(tenant, request, "/weather")


async def on(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Switches a rule on."""
    rules.switch_on(tenant, rule_id)
    return back(tenant, request, "/weather")


async def remove(request: Request, tenant: Chosen, rule_id: str) -> Response:
    """Takes a rule away."""
    await rules.remove(rule_id, tenant)
    return back(tenant, request, "/weather")


async def all_off(request: Request, tenant: Chosen) -> Response:
    """Calm: switches every rule off."""
    for rule in tenant.wire.weather.rules[::-1]:
        rules.switch_off(tenant, rule.id)
    return back(tenant, request, "/weather")


async def all_on(request: Request, tenant: Chosen) -> Response:
    """Switches every rule on again, each in its place."""
    for rule_id in sorted(tenant.shelved, key=lambda one: len(tenant.shelved[one].behind)):
        rules.switch_on(tenant, rule_id)
    return back(tenant, request, "/weather")


def _moved(request: Request, tenant: Tenant, rule_id: str, by: int) -> Response:
    weather = tenant.wire.weather
    place = weather.laid.index(weather.find(rule_id))
    weather.move(rule_id, max(place + by, 0))
    return back(tenant, request, "/weather")


def _form(
    request: Request, tenant: Tenant, form: Mapping[str, Any], problems: dict[str, str], rule_id: str = ""
) -> Response:
    return page(
        request,
        tenant,
        "weather_rule",
        422 if problems else 200,
        form=form,
        problems=problems,
        rule_id=rule_id,
        groups=rule_form.inputs(),
        kinds=rule_form.kinds(),
        phases=rule_form.phases(),
    )


ROWS = (
    Row("GET", "/ui/weather", console),
    Row("GET", "/ui/weather/new", new),
    Row("POST", "/ui/weather/new", add),
    Row("POST", "/ui/weather/profiles", keep),
    Row("POST", "/ui/weather/profiles/{name}/lay", lay),
    Row("POST", "/ui/weather/profiles/{name}/forget", forget),
    Row("POST", "/ui/weather/off", all_off),
    Row("POST", "/ui/weather/on", all_on),
    Row("GET", "/ui/weather/rules/{rule_id}", edit),
    Row("POST", "/ui/weather/rules/{rule_id}", change),
    Row("POST", "/ui/weather/rules/{rule_id}/up", up),
    Row("POST", "/ui/weather/rules/{rule_id}/down", down),
    Row("POST", "/ui/weather/rules/{rule_id}/off", off),
    Row("POST", "/ui/weather/rules/{rule_id}/on", on),
    Row("POST", "/ui/weather/rules/{rule_id}/remove", remove),
)
