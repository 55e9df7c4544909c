"""The service put together from its rooms."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from connector.live.book import Book
from connector.live.hub import Hub
from connector.service import audit, calls, configs, health, letters
from connector.service.access import Keys, door
from connector.service.errors import handle_errors
from connector.service.gate import Gate
from connector.service.metrics import Metrics

Life = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def service(
    hub: Hub,
    token: str | None,
    lifespan: Life | None = None,
    keys: Keys | None = None,
    book: Book | None = None,
    org: str = "this org",
    metrics: Metrics | None = None,
) -> FastAPI:
    """The service over one org's hub. With a `token` or `keys` every path asks for one, as Bearer or X-API-Key.

    With a `book` its configuration can be changed while it runs. Keys may be bound to orgs by the name `org`.

    Open to all are /health, /ready, /docs and /openapi.json, which tell nothing of any call.
    """
    app = FastAPI(title="connector", version="1", lifespan=lifespan or nothing, docs_url="/docs", redoc_url=None)
    needs, counted = door(token, keys, org), metrics or Metrics(hub.connector)
    app.include_router(calls.routes(hub, needs, counted))
    app.include_router(letters.routes(hub, needs))
    app.include_router(audit.routes(hub, needs))
    if book is not None:
        app.include_router(configs.routes(book, needs))
    app.include_router(health.routes(hub, needs, counted))
    handle_errors(app)
    app.add_middleware(Gate, hub=hub, org=org, metrics=counted)
    return app


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncIterator[None]:
    """A life without anything before or after it."""
    yield
