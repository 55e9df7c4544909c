"""uvicorn's protocol with a short way for requests that are answered at once, and its transport within reach."""

import re
import socket
import struct
from asyncio import TimerHandle, Transport
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from mocksf.doors.heads import Heads, Piece, piece_of
from mocksf.doors.rendered import Rendered
from mocksf.doors.tenants import Tenant
from mocksf.messages import Request, Response, Way
from mocksf.rest.reception import URI_BYTES_MAX
from mocksf.rest.render import HOUSE_HEADERS
from mocksf.wire import Broken, Flight

CONNECTION = "mocksf.connection"
"""The ASGI extension under which a request finds the transport that it came by, and what is already `begun` of it."""
SHORT_BODY_MAX = 64 * 1024
"""Larger bodies go the long way, which reads no faster than it can."""
_SHORT_PREFIX = b"/services/data/"
_LONG_HEADERS = frozenset({b"expect", b"upgrade", b"x-forwarded-for", b"x-forwarded-proto"})
"""What these ask for is uvicorn's to do."""
_BODILESS = frozenset({204, 304})
_LINGER_NOT = struct.pack("ii", 1, 0)
_USAGE = "Sforce-Limit-Info"
"""Another one with every answer, so never worth keeping; and the org's own word, so never unsafe."""
_PLACE = "Location"
"""That of a new record, which no other answer names."""
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Begun:
    """An exchange that has to wait, or to break."""

    request: Request
    flight: Flight
    at: datetime | Response | Broken
    tenant: Tenant


class Door(Protocol):
    """What stands behind the short way."""

    def begin(self, request: Request) -> Rendered | Begun:
        """Take a request as far as it goes without waiting."""
        ...


class ReachableProtocol(HttpToolsProtocol):
    """HTTP/1.1 on httptools.

    A request to an org's data is kept back until it is there as a whole. Then the door begins it; what it answers at
    once is written at once, without the task, the events and the messages of ASGI, which cost more than the answer.
    All else is told to uvicorn as if it came only now, and goes on as ASGI. The bytes are the same either way.
    """

    _short = False
    _idle = True
    """Whether the parser is between two requests."""
    _body = b""
    _piece: Piece | None = None
    """The piece of data that began with the request that is being parsed, where it may be remembered."""
    _ahead: Rendered | Begun | Exception | None = None
    """What was begun before the parser has seen the request."""
    _quiet_since: float | None = None
    """When the last short answer was written; None while a request comes in, or went the long way."""
    _watch: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._heads = Heads()
        self._way = Way(open=True)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._watch is not None:
            self._watch.cancel()

    def data_received(self, data: bytes) -> None:
        self._quiet_since = None
        piece = piece_of(data) if self._idle and self._may_answer() else None
        if piece is None:
            super().data_received(data)
            return
        headers = self._heads.headers_of(piece)
        if headers is None:
            self._piece = piece
            super().data_received(data)
            self._piece = None
            return
        self._unset_keepalive_if_required()
        begun = self._begun(self._request(piece.method, piece.target, headers, piece.body))
        if isinstance(begun, Rendered):
            self._answer(begun, piece.method)
            return
        self._ahead = begun
        super().data_received(data)

    def _may_answer(self) -> bool:
        """Whether a request may be answered at once.

        Answers keep the order of their requests: behind one that is still on its way, none is.
        """
        cycle: RequestResponseCycle | None = self.cycle
        return (cycle is None or cycle.response_complete) and not self.flow.write_paused

    def on_message_begin(self) -> None:
        self._idle = False
        self._short = self._may_answer()
        self._body = b""
        self.url = b""
        self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self.headers.append((name, value))
        if name in _LONG_HEADERS:
            self._short = False

    def on_headers_complete(self) -> None:
        url = self.url
        usual = url.startswith(_SHORT_PREFIX) and url.isascii() and b"#" not in url
        self._short = self._short and usual and self.parser.get_http_version() == "1.1" and not self._is_large()
        if not self._short:
            self._go_long()

    def _is_large(self) -> bool:
        """Whether the head may be larger than the edge of an org lets through: then it is weighed on the long way."""
        if self._piece is not None:
            return False  # pieces are small
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > URI_BYTES_MAX

    def on_body(self, body: bytes) -> None:
        if not self._short:
            super().on_body(body)
            return
        self._body += body
        if len(self._body) > SHORT_BODY_MAX:
            self._go_long()
            super().on_body(self._body)

    def on_message_complete(self) -> None:
        self._idle = True
        if self._short:
            self._begin()
        else:
            self._piece = None
            super().on_message_complete()

    def _begin(self) -> None:
        """A request is there as a whole, parsed: begin it, unless that was done ahead."""
        begun, self._ahead = self._ahead, None
        if begun is None:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
            method, keep_alive = self.parser.get_method().decode("ascii"), self.parser.should_keep_alive()
            if self._piece is not None and keep_alive:
                self._heads.learn(self._piece.head, headers, len(self._body))
            self._piece = None
            begun = self._begun(self._request(method, self.url.decode("ascii"), headers, self._body))
            if isinstance(begun, Rendered):
                self._answer(begun, method, keep_alive)
                return
        assert not isinstance(begun, Rendered), "what is answered at once is not begun ahead"
        self._go_long(begun)
        super().on_body(self._body)
        super().on_message_complete()

    def _begun(self, request: Request) -> Rendered | Begun | Exception:
        try:
            begun: Rendered | Begun = self.config.app.begin(request)  # type: ignore[union-attr]  # a Door, no other
        except Exception as error:  # raised again where uvicorn tells of it
            return error
        return begun

    def _request(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
        return Request(method, target, headers, body, headers.get("host", ""), self.scheme or "", self._way)

    def _answer(self, answer: Rendered, method: str, keep_alive: bool = True) -> None:
        pieces = [STATUS_LINE[answer.status]]
        own = answer.own
        if HOUSE_HEADERS.keys().isdisjoint(own):
            pieces.append(_HOUSE_LINES)
        else:
            own = answer.headers
        pieces += [
            b"sforce-limit-info: %b\r\n" % header[1].encode()
            if header[0] == _USAGE
            else (_line(header) if header[0] != _PLACE else _line.__wrapped__(header))
            for header in own.items()
        ]
        if not keep_alive:
            pieces.append(b"connection: close\r\n")
        if method == "HEAD" or answer.status in _BODILESS:
            pieces.append(b"\r\n")
        elif answer.body:
            pieces += (b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(answer.body), answer.body, b"\r\n0\r\n\r\n")
        else:
            pieces.append(b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n")
        self.transport.write(b"".join(pieces))
        self.server_state.total_requests += 1
        if keep_alive:
            self._rest()
        else:
            self.transport.close()

    def _rest(self) -> None:
        """Wait for another request, but not for ever: one timer goes with the connection, and looks now and then."""
        self._quiet_since = self.loop.time()
        if self._watch is None:
            self._watch = self.loop.call_later(self.timeout_keep_alive, self._look)

    def _look(self) -> None:
        quiet_s = 0.0 if self._quiet_since is None else self.loop.time() - self._quiet_since
        if quiet_s >= self.timeout_keep_alive:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(self.timeout_keep_alive - quiet_s, self._look)

    def _go_long(self, begun: Begun | Exception | None = None) -> None:
        """Tell uvicorn what has come so far, the body left out."""
        self._short = False
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport, "begun": begun, "way": self._way}}
        self.url = url
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()


@lru_cache(maxsize=4096)
def _line(header: tuple[str, str]) -> bytes:
    name, value = header
    if _UNSAFE.search(value):
        message = f"the value of {name} would break its line"
        raise ValueError(message)
    return f"{name.lower()}: {value}\r\n".encode("latin-1")


_HOUSE_LINES = b"".join(map(_line, HOUSE_HEADERS.items()))


def begun_before(scope: Mapping[str, Any]) -> Begun | None:
    """What the short way has begun of a request. Raises what it met with."""
    begun: Begun | Exception | None = _connection(scope).get("begun")
    if isinstance(begun, Exception):
        raise begun
    return begun


def way_of(scope: Mapping[str, Any]) -> Way | None:
    """The connection by which a request came; None where the server does not show it."""
    way: Way | None = _connection(scope).get("way")
    return way


def reset(scope: Mapping[str, Any]) -> bool:
    """Break the connection with a TCP reset; False where the server does not show its transport.

    ASGI knows no reset. Under a server without `ReachableProtocol` nothing can be done but to say nothing.
    """
    transport: Transport | None = _connection(scope).get("transport")
    if transport is None:
        return False
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        # No lingering: the kernel drops what is unsent and answers with RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()
    return True


def close(scope: Mapping[str, Any]) -> bool:
    """Close the connection in order, without (more of) an answer; False where the server does not show it."""
    transport: Transport | None = _connection(scope).get("transport")
    if transport is None:
        return False
    transport.close()
    return True


def _connection(scope: Mapping[str, Any]) -> Mapping[str, Any]:
    known: Mapping[str, Any] = (scope.get("extensions") or {}).get(CONNECTION, {})
    return known
