"""The service put together from its rooms."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI

from connector.live.book import Book
from connector.live.hub import Hub
from connector.service import audit, calls, configs, health, letters
from connector.service.access import Keys, door
from connector.service.answers import Answers
from connector.service.errors import handle_errors
from connector.service.gate import Gate
from connector.service.metrics import Metrics
from connector.service.pages.all import pages
from connector.service.pages.office import Office
from connector.service.pages.visits import Visits
from connector.service.shares import Share

Life = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Shared:
    """What the service of one org has in common with whoever tells of all of them."""

    metrics: Metrics
    visits: Visits
    org: str = "this org"
    orgs: tuple[str, ...] = ()
    """The names of all that are served, where there are several."""
    share: Share = field(default_factory=Share)
    """Its part of the event loop."""


def service(
    hub: Hub,
    token: str | None,
    lifespan: Life | None = None,
    keys: Keys | None = None,
    book: Book | None = None,
    shared: Shared | None = None,
) -> FastAPI:
    """The service over one org's hub. With a `token` or `keys` every path asks for one, as Bearer or X-API-Key.

    With a `book` its configuration can be changed while it runs, and it has pages under /ui/.
    Open to all are /health, /ready, /docs and /openapi.json, which tell nothing of any call.
    """
    app = FastAPI(title="connector", version="1", lifespan=lifespan or nothing, docs_url="/docs", redoc_url=None)
    own = shared or Shared(Metrics(hub.connector), Visits(token, keys))
    app.state.org, app.state.orgs = own.org, own.orgs
    needs, answers = door(token, keys, own.org), Answers()
    app.include_router(calls.routes(hub, needs, own.metrics, answers))
    app.include_router(letters.routes(hub, needs))
    app.include_router(audit.routes(hub, needs))
    if book is not None:
        app.include_router(configs.routes(book, needs))
        for router in pages(Office(hub, book, answers, own.visits, own.org)):
            app.include_router(router, include_in_schema=False)
    app.include_router(health.routes(hub, needs, own.metrics))
    handle_errors(app)
    app.add_middleware(Gate, hub=hub, org=own.org, metrics=own.metrics, share=own.share)
    return app


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncIterator[None]:
    """A life without anything before or after it."""
    yield
