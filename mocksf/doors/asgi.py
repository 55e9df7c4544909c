"""The door with a socket: a plain ASGI application that spends fates for real, on the org's clock."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from mocksf.doors.protocol import Begun, begun_before, reset
from mocksf.doors.rendered import Rendered, rendered
from mocksf.doors.served_clock import ServedClock
from mocksf.faults import Ending
from mocksf.messages import Request, Response
from mocksf.rest.bodies import BODY_BYTES_MAX
from mocksf.rest.trouble import apology
from mocksf.wire import Broken, Flight, Wire, step

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTROL = "/_mocksf"
FLUSH_TURNS = 3
"""Turns of the loop after which written bytes have left for the socket."""


class AsgiDoor:
    """An org behind HTTP. Requests under `/_mocksf` go to the control plane, where there is one."""

    def __init__(self, wire: Wire, control: App | None = None) -> None:
        clock = wire.org.clock
        if not isinstance(clock, ServedClock):
            message = f"a served org needs a ServedClock, not {type(clock).__name__}"
            raise TypeError(message)
        self.wire = wire
        self.clock = clock
        self._control = control
        self._due: asyncio.Task[None] | None = None
        self._due_at: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._control is not None and _is_control(scope["path"]):
            await self._control({**scope, "root_path": CONTROL}, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    def begin(self, request: Request) -> Rendered | Begun:
        """Take a request as far as it goes without waiting: to its answer, or to what there is to wait for."""
        flight = self.wire.flight(request)
        at = _stepped(request, flight)
        if not isinstance(at, Response):
            return Begun(request, flight, at)
        self.watch_due()
        return rendered(request, at)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun: Rendered | Begun | None = begun_before(scope)
        if begun is None:
            request = await _read(scope, receive)
            if request is None:
                return
            begun = self.begin(request)
        if isinstance(begun, Rendered):
            await _answer(send, begun)
            return
        at = begun.at
        while isinstance(at, datetime):
            await self.clock.until(at)
            at = _stepped(begun.request, begun.flight)
        self.watch_due()
        if isinstance(at, Response):
            await _answer(send, rendered(begun.request, at))
        else:
            await _break_off(scope, receive, send, begun.request, at)

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server's start and end; work that time brings is watched meanwhile."""
        while (message := await receive())["type"] != "lifespan.shutdown":
            if message["type"] == "lifespan.startup":
                self.watch_due()
                await send({"type": "lifespan.startup.complete"})
        if self._due is not None:
            self._due.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    def watch_due(self) -> None:
        """Make sure that the org's next due work is run at its instant."""
        due = self.wire.org.next_due()
        if due is None or (self._due_at is not None and self._due_at <= due):
            return
        if self._due is not None:
            self._due.cancel()
        self._due_at = due
        self._due = asyncio.get_running_loop().create_task(self._run_due(due))

    async def _run_due(self, due: datetime) -> None:
        await self.clock.watch(due)
        self.wire.org.run_due(self.clock.now())
        self._due = self._due_at = None
        self.watch_due()


def _stepped(request: Request, flight: Flight) -> datetime | Response | Broken:
    """The flight's next step; where the org itself is broken, the client gets its 500 and the log the reason."""
    try:
        return step(flight)
    except Exception as error:
        return apology(request, error)


def _is_control(path: str) -> bool:
    return path == CONTROL or path.startswith(CONTROL + "/")


async def _read(scope: Scope, receive: Receive) -> Request | None:
    """The request, whole; None where the client hung up. Of an oversized body only so much is kept as shows it."""
    chunks: list[bytes] = []
    kept = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk: bytes = message.get("body", b"")
        if kept <= BODY_BYTES_MAX:
            chunks.append(chunk)
            kept += len(chunk)
        if not message.get("more_body", False):
            break
    query = scope["query_string"]
    target = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    return Request(scope["method"], target.decode("ascii"), headers, body, headers.get("host", ""), scope["scheme"])


async def _answer(send: Send, answer: Rendered) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


async def _break_off(scope: Scope, receive: Receive, send: Send, request: Request, broken: Broken) -> None:
    """Some bytes perhaps, then a reset, or silence until the client hangs up."""
    if broken.response is not None:
        answer = rendered(request, broken.response)
        await send(_start(answer))
        await send({"type": "http.response.body", "body": answer.body[: broken.sent_bytes], "more_body": True})
        for _ in range(FLUSH_TURNS):
            await asyncio.sleep(0)
    if broken.ending is Ending.RESET:
        reset(scope)
    # An application that returns without an answer is given a 500 by its server; so it stays until the client leaves.
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(answer: Rendered) -> MutableMapping[str, Any]:
    return {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [_encoded(pair) for pair in answer.headers.items()],
    }


@lru_cache(maxsize=1024)
def _encoded(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    return pair[0].lower().encode("latin-1"), pair[1].encode("latin-1")
