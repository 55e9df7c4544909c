"""The page of the orgs: several side by side, their snapshots, seed and reset."""

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from mocksf.doors.control import orgs, state
from mocksf.doors.control.asking import AllOrgs, Chosen, Openings, Problem, Row
from mocksf.doors.pages.frame import back, form_of, page
from mocksf.doors.tenants import Tenant, Tenants
from mocksf.permissions import EDITIONS


async def listing(request: Request, tenant: Chosen, tenants: AllOrgs) -> Response:
    """Lists the orgs, and the snapshots of the chosen one."""
    return await _shown(request, tenant, tenants)


async def create(request: Request, tenant: Chosen, tenants: AllOrgs, opening: Openings) -> Response:
    """Founds one org more."""
    form = await form_of(request)
    wishes = {name: form[name] for name in ("name", "schema", "edition", "seed") if form.get(name)}
    try:
        await orgs.create(orgs.NewOrg.model_validate(wishes), tenants, opening)
    except (ValidationError, Problem) as error:
        return await _shown(request, tenant, tenants, _said(error), form)
    return back(tenants.named(wishes["name"]), request, "/orgs")


async def fork(request: Request, tenant: Chosen, tenants: AllOrgs) -> Response:
    """Forks the chosen org."""
    form = await form_of(request)
    try:
        await orgs.fork(tenant.name, orgs.Twin.model_validate({"name": form.get("name", "")}), tenants)
    except (ValidationError, Problem) as error:
        return await _shown(request, tenant, tenants, {"fork": " ".join(_said(error).values())}, form)
    return back(tenants.named(form["name"]), request, "/orgs")


async def drop(request: Request, tenant: Chosen, tenants: AllOrgs) -> Response:
    """Lets the chosen org go."""
    await orgs.drop(tenant.name, tenants)
    return back(tenants.default, request, "/orgs")


async def reset(request: Request, tenant: Chosen) -> Response:
    """Makes the chosen org fresh."""
    await state.reset(tenant)
    return back(tenant, request, "/orgs")


async def take(request: Request, tenant: Chosen, tenants: AllOrgs) -> Response:
    """Takes a snapshot."""
    form = await form_of(request)
    try:
        state.keep(tenant, form.get("snapshot", ""))
    except Problem as problem:
        return await _shown(request, tenant, tenants, {"snapshot": str(problem)}, form)
    return back(tenant, request, "/orgs")


async def restore(request: Request, tenant: Chosen, name: str) -> Response:
    """Brings a snapshot back."""
    state.bring_back(tenant, name)
    return back(tenant, request, "/orgs")


async def forget(request: Request, tenant: Chosen, name: str) -> Response:
    """Forgets a snapshot."""
    await state.drop(name, tenant)
    return back(tenant, request, "/orgs")


def _said(error: ValidationError | Problem) -> dict[str, str]:
    """What is wrong, by the field of the form."""
    if isinstance(error, Problem):
        return {error.path.rpartition(".")[2]: str(error)}
    found = {str(one["loc"][0]): one["msg"] for one in error.errors()}
    if "name" in found:
        found["name"] = "a name has letters a-z, digits and hyphens inside, 40 at most"
    return found


async def _shown(
    request: Request,
    tenant: Tenant,
    tenants: Tenants,
    problems: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        tenant,
        "orgs",
        422 if problems else 200,
        orgs=await orgs.orgs(tenants),
        snapshots=await state.snapshots(tenant),
        editions=list(EDITIONS),
        problems=problems or {},
        form=form or {},
    )


ROWS = (
    Row("GET", "/ui/orgs", listing),
    Row("POST", "/ui/orgs", create),
    Row("POST", "/ui/orgs/fork", fork),
    Row("POST", "/ui/orgs/delete", drop),
    Row("POST", "/ui/orgs/reset", reset),
    Row("POST", "/ui/orgs/snapshots", take),
    Row("POST", "/ui/orgs/snapshots/{name}/restore", restore),
    Row("POST", "/ui/orgs/snapshots/{name}/forget", forget),
)
