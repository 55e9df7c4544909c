"""A served org for the length of a block, in a thread of its own, with its credentials at hand."""

import ssl
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

import httpx

from mocksf.doors.served_clock import ServedClock
from mocksf.doors.serving import Served, Serving
from mocksf.journal import Journal
from mocksf.org import Org
from mocksf.weather import Weather

T = TypeVar("T")


class ServedOrg:
    """Serve an org: ``with ServedOrg(Served(tls=True)) as served: …``; `served.credentials` is what `serve` prints."""

    def __init__(self, served: Served | None = None) -> None:
        self._serving = Serving(served or Served())
        self.credentials: dict[str, Any] = self._serving.credentials
        self.url: str = self.credentials["url"]
        self.token: str = self.credentials["token"]
        self.org_id: str = self.credentials["org_id"]
        self.ca: str | None = self.credentials["ca"]

    def __enter__(self) -> "ServedOrg":
        self._serving.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._serving.server.stop()

    @property
    def journal(self) -> Journal:
        """What went over the wire."""
        return self._serving.wire.journal

    def client(self, *, token: bool = True, **options: Any) -> httpx.Client:
        """An httpx client of this server, over a real socket; with `token` it is logged in as the administrator."""
        own = {"Authorization": f"Bearer {self.token}"} if token else {}
        headers = {**own, **(options.pop("headers", None) or {})}
        return httpx.Client(base_url=self.url, headers=headers, verify=self.trust(), **options)

    def trust(self) -> ssl.SSLContext | bool:
        """What a client verifies the server with."""
        tls = self._serving.server.tls
        return tls.client_context() if tls else False

    def call(self, operation: Callable[[], Coroutine[Any, Any, T]] | Callable[[], T]) -> T:
        """Do something in the server's own thread, for instance look at its org."""
        return self._serving.server.call(operation)

    @property
    def org(self) -> Org:
        """The org itself; touch it, its weather and its clock inside `call` only."""
        return self._serving.wire.org

    @property
    def weather(self) -> Weather:
        """The rules over it."""
        return self._serving.wire.weather

    @property
    def clock(self) -> ServedClock:
        """Its time."""
        return self._serving.clock

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._serving.server.port
