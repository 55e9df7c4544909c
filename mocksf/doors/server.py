"""uvicorn around a door: a socket bound at once, an announcement when it answers, a stop that does not linger."""

import asyncio
import gc
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvicorn

from mocksf.doors.asgi import AsgiDoor
from mocksf.doors.listening import address, listening
from mocksf.doors.protocol import ReachableProtocol
from mocksf.doors.proxy import Proxy
from mocksf.doors.tls import Tls

T = TypeVar("T")
GC_THRESHOLDS = (20_000, 20, 50)
"""How many new containers bring a collection, and how many of these an older one: the journal keeps many for long."""
START_S = 30.0
GRACE_S = 1
"""How long requests that wait for their instant may still take when the server stops."""


class Server:
    """One door on one port, and behind a proxy on another. `port` 0 takes any free one; `url` is known at once."""

    def __init__(
        self,
        door: AsgiDoor,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: Tls | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._socket = listening(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self.tls = tls
        self._server = _Announcing(_config(door, tls), proxy)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return address("https" if self.tls else "http", self.host, self.port)

    def run(self, when_ready: Callable[[], None]) -> None:
        """Serve in this thread until a signal comes; the process is the server's own."""
        self._server.when_ready = when_ready
        gc.collect()
        gc.freeze()  # schema and routes stay for good: no collection need walk through them
        gc.set_threshold(*GC_THRESHOLDS)
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Serve in a thread of its own; returns when it answers. Raises RuntimeError where it does not."""
        ready = threading.Event()
        self._server.when_ready = ready.set
        self._thread = threading.Thread(target=self._run_aside, name="mocksf-server", daemon=True)
        self._thread.start()
        if not ready.wait(START_S):
            message = f"the server on {self.url} did not start within {START_S:g} s"
            raise RuntimeError(message)

    def stop(self) -> None:
        """End the thread that `start` began."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(START_S)
        self._socket.close()

    def call(self, operation: Callable[[], Coroutine[Any, Any, T]] | Callable[[], T]) -> T:
        """Do something inside the server's thread, where its org lives, and return what came of it."""
        assert self._loop is not None, "the server runs in a thread of its own"
        return asyncio.run_coroutine_threadsafe(_done(operation), self._loop).result(START_S)

    def _run_aside(self) -> None:
        with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
            self._loop = runner.get_loop()
            runner.run(self._server.serve(sockets=[self._socket]))


class _Announcing(uvicorn.Server):
    """A server that says when it answers, at its own port and at that of a proxy."""

    when_ready: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, config: uvicorn.Config, proxy: Proxy | None) -> None:
        super().__init__(config)
        self._proxy = proxy

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self._proxy is not None:
            await self._proxy.open(self._protocol)
        if not self.should_exit:
            self.when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hang up first: open connections, and silences that are held, would only delay the end."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:  # a connection that is being made has none yet
                connection.transport.abort()
        if self._proxy is not None:
            self._proxy.close()
        await super().shutdown(sockets=sockets)

    def _protocol(self) -> asyncio.Protocol:
        """What a connection speaks, as uvicorn makes it for those to its own port."""
        return ReachableProtocol(self.config, self.server_state, self.lifespan.state)


async def _done(operation: Callable[[], Coroutine[Any, Any, T]] | Callable[[], T]) -> T:
    result = operation()
    return await result if asyncio.iscoroutine(result) else result


def _config(door: AsgiDoor, tls: Tls | None) -> uvicorn.Config:
    config = uvicorn.Config(
        door,
        http=ReachableProtocol,
        ws="none",
        interface="asgi3",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=str(tls.chain) if tls else None,
        ssl_keyfile=str(tls.key) if tls else None,
    )
    config.load()
    if tls is not None and config.ssl is not None:
        tls.leaves.follow(config.ssl)
    return config
