"""The door with a socket: a plain ASGI application that spends fates for real, on the org's clock."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from mocksf.doors.protocol import Begun, begun_before, close, reset, way_of
from mocksf.doors.rendered import Rendered, rendered
from mocksf.doors.tenants import Tenant, Tenants
from mocksf.faults import Drip, Ending
from mocksf.messages import Request, Response
from mocksf.rest.bodies import BODY_BYTES_MAX
from mocksf.rest.reception import overfull
from mocksf.rest.trouble import apology
from mocksf.wire import Broken, Dripping, Flight, step

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTROL = "/_mocksf"
FLUSH_TURNS = 3
"""Turns of the loop after which written bytes have left for the socket."""


class AsgiDoor:
    """Orgs behind HTTP. Requests under `/_mocksf` go to the control plane, where there is one."""

    def __init__(self, tenants: Tenants, control: App | None = None) -> None:
        self._tenants = tenants
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._control is not None and _is_control(scope["path"]):
            await self._control({**scope, "root_path": CONTROL}, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    def refuses(self, host: str) -> bool:
        """Whether the handshake of a connection to a host fails: asked by who terminates TLS."""
        tenant = self._tenants.of_host(host) or self._tenants.default
        return not tenant.wire.weather.calm and tenant.wire.refuses(Request("CONNECT", "/", host=host))

    def begin(self, request: Request) -> Rendered | Begun:
        """Take a request as far as it goes without waiting: to its answer, or to what there is to wait for."""
        tenant = self._tenants.of(request)
        if tenant.wire.org.store.shared:
            tenant.shared.follow()
        flight = tenant.wire.flight(request)
        at = _stepped(request, flight)
        if not isinstance(at, Response) or isinstance(at, Dripping):
            return Begun(request, flight, at, tenant)
        tenant.due.look()
        return _written(tenant, request, at)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun: Rendered | Begun | None = begun_before(scope)
        if begun is None:
            request = await _read(scope, receive)
            if request is None:
                return
            refused = overfull(request)
            begun = self.begin(request) if refused is None else rendered(request, refused)
        if isinstance(begun, Rendered):
            await _answer(send, begun)
            return
        at, tenant = begun.at, begun.tenant
        while isinstance(at, datetime):
            await tenant.waited(at)
            at = _stepped(begun.request, begun.flight)
        tenant.due.look()
        if isinstance(at, Dripping):
            await _drip(send, tenant, _written(tenant, begun.request, at), at.drip)
        elif isinstance(at, Response):
            await _answer(send, _written(tenant, begun.request, at))
        else:
            await _break_off(scope, receive, send, begun, at)

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server's start and end; work that time brings is watched meanwhile."""
        while (message := await receive())["type"] != "lifespan.shutdown":
            if message["type"] == "lifespan.startup":
                for tenant in self._tenants:
                    tenant.due.look()
                    tenant.shared.watch()
                await send({"type": "lifespan.startup.complete"})
        for tenant in self._tenants:
            tenant.due.stop()
            tenant.shared.stop()
            if tenant.wire.org.store.shared:
                tenant.wire.org.store.close()
        await send({"type": "lifespan.shutdown.complete"})


def _written(tenant: Tenant, request: Request, response: Response) -> Rendered:
    """The answer as it leaves for the wire; the journal remembers it."""
    answer = rendered(request, response)
    tenant.wire.journal.sent(request, answer)
    if request.way is not None and not tenant.wire.weather.calm:
        request.way.answered = tenant.clock.now()
    return answer


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
    host, scheme, way = headers.get("host", ""), scope["scheme"], way_of(scope)
    return Request(scope["method"], target.decode("ascii"), headers, body, host, scheme, way)


async def _answer(send: Send, answer: Rendered) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


async def _drip(send: Send, tenant: Tenant, answer: Rendered, drip: Drip) -> None:
    """The body piece by piece, with pauses on the org's clock."""
    await send(_start(answer))
    for at in range(0, len(answer.body), drip.piece_bytes):
        if at:
            await tenant.clock.until(tenant.clock.now() + timedelta(seconds=drip.pause_s))
        await send({"type": "http.response.body", "body": answer.body[at : at + drip.piece_bytes], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _break_off(scope: Scope, receive: Receive, send: Send, begun: Begun, broken: Broken) -> None:
    """Some bytes perhaps, then a reset, or silence until the client hangs up."""
    if broken.response is not None:
        answer = rendered(begun.request, broken.response)
        answer = answer._replace(body=answer.body[: broken.sent_bytes])
        begun.tenant.wire.journal.sent(begun.request, answer)
        await send(_start(answer))
        await send({"type": "http.response.body", "body": answer.body, "more_body": True})
        for _ in range(FLUSH_TURNS):
            await asyncio.sleep(0)
    if broken.ending is Ending.RESET:
        reset(scope)
    elif broken.ending is Ending.CLOSE:
        close(scope)
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
