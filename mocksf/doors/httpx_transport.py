"""httpx over the local door: the client's own transport, without a socket, with the errors of the real thing."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx

from mocksf.doors.airspace import Airspace
from mocksf.doors.local import LocalDoor
from mocksf.doors.loop import VirtualLoop
from mocksf.doors.rendered import rendered
from mocksf.doors.ways import NO_HANDSHAKE, Ways
from mocksf.faults import Ending
from mocksf.messages import Request, Response
from mocksf.wire import Broken


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for `httpx.Client` and `httpx.AsyncClient` alike.

    The client's read timeout is virtual time. On a `VirtualLoop` over the same clock async requests fly side by side;
    on any other loop each one is over before the next begins.
    Raises httpx.ReadTimeout after silence and httpx.ReadError after a reset, as over a socket.
    """

    def __init__(self, door: LocalDoor) -> None:
        self._door = door
        self._airspace = Airspace(door)
        self._ways = Ways()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        plain = self._ways.led(as_request(request, request.read()))
        return self._answered(request, plain, self._door.send(plain, _patience_s(request)))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        plain = self._ways.led(as_request(request, await request.aread()))
        loop = asyncio.get_running_loop()
        if isinstance(loop, VirtualLoop) and loop.clock is self._door.clock:
            return self._answered(request, plain, await self._airspace.carry(plain, _patience_s(request)))
        return self._answered(request, plain, self._door.send(plain, _patience_s(request)))

    def _answered(self, request: httpx.Request, plain: Request, outcome: Response | Broken) -> httpx.Response:
        """What the client gets; the journal remembers a whole answer as it was written."""
        self._ways.keep(plain, outcome, self._door.clock.now())
        if not isinstance(outcome, Response):
            return _broken(request, plain, outcome)
        answer = rendered(plain, outcome)
        self._door.wire.journal.sent(plain, answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.body, None), request=request)


def as_request(request: httpx.Request, body: bytes) -> Request:
    """An httpx request as the org takes it."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.headers.raw}
    target = request.url.raw_path.decode("ascii")
    return Request(request.method, target, headers, body, headers.get("host", ""), request.url.scheme)


def _broken(request: httpx.Request, plain: Request, outcome: Broken) -> httpx.Response:
    """What the client gets of an answer that breaks off. Raises httpx.ReadTimeout, ReadError, ConnectError."""
    if outcome.response is None:
        raise _error(outcome.ending, request)
    answer = rendered(plain, outcome.response)
    stream = _Body(answer.body[: outcome.sent_bytes], _error(outcome.ending, request, TORN))
    return httpx.Response(answer.status, headers=answer.headers, stream=stream, request=request)


TORN = "peer closed connection without sending complete message body (incomplete chunked read)"
"""What httpx says of a body that ends too early."""


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body, whole or broken off."""

    def __init__(self, body: bytes, error: httpx.TransportError | None) -> None:
        self._body = body
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield self._body
        if self._error is not None:
            raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def _error(ending: Ending, request: httpx.Request, torn: str = "") -> httpx.TransportError:
    if ending is Ending.REFUSED:
        return httpx.ConnectError(NO_HANDSHAKE, request=request)
    if ending is Ending.RESET:
        return httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    if ending is Ending.CLOSE:
        return httpx.RemoteProtocolError(torn or "Server disconnected without sending a response.", request=request)
    return httpx.ReadTimeout("The read operation timed out", request=request)


def _patience_s(request: httpx.Request) -> float | None:
    timeout = request.extensions.get("timeout") or {}
    patience: float | None = timeout.get("read")
    return patience
