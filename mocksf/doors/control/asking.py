"""What every operation of the control plane leans on: which org is meant, rows of routes, and how to say no."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from mocksf.doors.opening import Opening
from mocksf.doors.tenants import Tenant, Tenants

Json = Any
Operation = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One operation of the control plane: its docstring is its line in the OpenAPI document."""

    method: str
    path: str
    operation: Operation
    status: int = 200


class Strict(BaseModel):
    """A body with a key that nobody knows is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(Exception):
    """A request that the control plane cannot serve."""

    def __init__(self, status: int, path: str, message: str) -> None:
        super().__init__(message)
        self.status, self.path = status, path


def tenants_of(request: Request) -> Tenants:
    """The orgs of the server."""
    known: Tenants = request.app.state.tenants
    return known


def opening_of(request: Request) -> Opening:
    """How the server opens one org more."""
    known: Opening = request.app.state.opening
    return known


def chosen(
    request: Request,
    org: Annotated[str | None, Query(description="the org that is meant; else the host's first label says it")] = None,
) -> Tenant:
    """The org that a call is about: by `?org=`, else by the host, else the default one."""
    tenants = tenants_of(request)
    found = tenants.named(org) if org else tenants.of_host(request.headers.get("host", "")) or tenants.default
    found.shared.follow()
    return found


Chosen = Annotated[Tenant, Depends(chosen)]
AllOrgs = Annotated[Tenants, Depends(tenants_of)]
Openings = Annotated[Opening, Depends(opening_of)]
