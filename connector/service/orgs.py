"""Several customers' orgs behind one address: each under /orgs/NAME; one that is alone without that as well."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Receive, Scope, Send

from connector.live.book import Book
from connector.live.hub import Hub
from connector.messages import Json
from connector.service.access import Access, Keys, door
from connector.service.app import Life, Shared, nothing, service
from connector.service.errors import answered, handle_errors
from connector.service.health import health_of, lacking_of
from connector.service.metrics import Metrics
from connector.service.pages import gate
from connector.service.pages.frame import page
from connector.service.pages.office import let_in
from connector.service.pages.visits import Visits
from connector.service.shares import Shares

PREFIX = "/orgs/"


@dataclass(frozen=True, slots=True)
class OrgHere:
    """One org that is served. `name` is what its paths call it."""

    name: str
    hub: Hub
    book: Book | None = None


def services(orgs: list[OrgHere], token: str | None, lifespan: Life | None = None, keys: Keys | None = None) -> "Orgs":
    """The service over all of them. Each has its own configuration, ledger, lanes, limits and API description."""
    visits, metrics = Visits(token, keys), {each.name: Metrics(each.hub.connector) for each in orgs}
    apps, shares = {}, Shares()
    for each in orgs:
        shared = Shared(metrics[each.name], visits, each.name, tuple(metrics), shares.joined())
        apps[each.name] = service(each.hub, token, keys=keys, book=each.book, shared=shared)
    hall = _hall(orgs, token, lifespan, keys, metrics)
    _pages(hall, orgs, visits)
    _elsewhere(hall)
    return Orgs(apps, hall, shares)


class Orgs:
    """Leads each request to its org."""

    def __init__(self, apps: Mapping[str, ASGIApp], hall: FastAPI, shares: Shares) -> None:
        self.apps, self.hall, self.shares = apps, hall, shares
        self._watching: asyncio.Task[None] | None = None
        self._alone = next(iter(apps.values())) if len(apps) == 1 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        path = scope.get("path", "")
        if self._watching is None and self._alone is None:
            self._watching = asyncio.get_running_loop().create_task(self.shares.watch())
        if scope["type"] == "lifespan" or path == "/orgs":
            await self.hall(scope, receive, send)
        elif path.startswith(PREFIX):
            name = path.removeprefix(PREFIX).partition("/")[0]
            app = self.apps.get(name, self.hall)
            root = f"{scope.get('root_path', '')}{PREFIX}{name}"
            await app({**scope, "root_path": root} if app is not self.hall else scope, receive, send)
        else:
            await (self._alone or self.hall)(scope, receive, send)


def _hall(
    orgs: list[OrgHere], token: str | None, lifespan: Life | None, keys: Keys | None, metrics: dict[str, Metrics]
) -> FastAPI:
    """What is answered for all of them together."""
    hall = FastAPI(title="connector", version="1", lifespan=lifespan or nothing, docs_url="/docs", redoc_url=None)
    _listing(hall, orgs, door(token, keys))
    _watching(hall, orgs)

    @hall.get("/metrics", dependencies=[door(token, keys)("metrics")])
    def told() -> Response:
        """Everything of every org for Prometheus, by org."""
        return Response(_together(metrics), media_type="text/plain; version=1.0.0; charset=utf-8")

    handle_errors(hall)
    return hall


def _pages(hall: FastAPI, orgs: list[OrgHere], visits: Visits) -> None:
    hall.include_router(gate.routes(visits), include_in_schema=False)

    @hall.get("/ui/", include_in_schema=False, dependencies=[Depends(let_in(visits, "status", None))])
    async def listed(request: Request) -> Response:
        """The orgs that a person may see."""
        access = request.state.visit.access
        return page(
            request,
            "orgs",
            listed=[{"name": each.name, **health_of(each.hub)} for each in orgs if access.sees(each.name)],
        )


def _elsewhere(hall: FastAPI) -> None:
    @hall.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def elsewhere(path: str) -> Response:
        first, _, rest = path.partition("/")
        sentence = f"several orgs are served here: write /orgs/NAME/{path}; GET /orgs names those that your key may see"
        if first == "orgs":
            sentence = f"there is no org {rest.partition('/')[0]!r} here; GET /orgs names those that your key may see"
        return answered(404, "refused", sentence)


def _listing(hall: FastAPI, orgs: list[OrgHere], needs: Any) -> None:
    @hall.get("/orgs")
    async def listed(access: Annotated[Access, needs("status")]) -> Json:
        """The orgs that the key may see, and how each is."""
        seen = [each for each in orgs if access.sees(each.name)]
        return {"orgs": [{"name": each.name, **health_of(each.hub)} for each in seen]}


def _watching(hall: FastAPI, orgs: list[OrgHere]) -> None:
    @hall.get("/health")
    async def health(response: Response) -> Json:
        """All orgs in figures, without their names; no token needed. 503 where no org can be written for."""
        told = [health_of(each.hub) for each in orgs]
        broken = sum(each["status"] == "ledger broken" for each in told)
        response.status_code = 503 if broken == len(orgs) else 200
        sums = {key: sum(each[key] for each in told) for key in ("pending", "dead", "untold", "broke_off")}
        return {"status": "ok" if not broken else f"ledger broken of {broken}", "orgs": len(orgs), **sums}

    @hall.get("/ready")
    async def ready(response: Response) -> Json:
        """Whether turns should be sent here: 503 while no org is ready; one that is not must not stop the others."""
        waiting = sum(bool(lacking_of(each.hub)) for each in orgs)
        response.status_code = 503 if waiting == len(orgs) else 200
        return {"ready": waiting < len(orgs), "orgs": len(orgs), "not_ready": waiting}


class _Labelled(Collector):
    """The metrics of every org, each with its name beside the other labels."""

    def __init__(self, metrics: Mapping[str, Metrics]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for org, one in self._metrics.items():
            for family in one.collect():
                whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                whole.samples += [each._replace(labels={"org": org, **each.labels}) for each in family.samples]
        yield from families.values()


def _together(metrics: Mapping[str, Metrics]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Labelled(metrics))
    return generate_latest(registry)
