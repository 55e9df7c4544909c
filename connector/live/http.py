"""Requests over HTTP: several small pools per lane over one TLS context, and every mishap named as a silence."""

import asyncio
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx
import orjson

from connector.messages import Answer, Json, Reply, Request, Silence

IN_FLIGHT = 4
"""Requests at a time per httpx client; a client with many in flight collapses (facts on performance, clients)."""
CLIENTS: Mapping[str, int] = {"critical": 8, "async": 2, "lookup": 4, "login": 1, "alerts": 1}
"""Lane → how many clients it has."""

WARMED = ("critical", "lookup")
"""The lanes on which somebody waits for the answer."""

SILENCES: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectError, "refused"),
    (httpx.ConnectTimeout, "refused"),
    (httpx.PoolTimeout, "refused"),
    (httpx.UnsupportedProtocol, "refused"),
    (httpx.InvalidURL, "refused"),
    (httpx.LocalProtocolError, "refused"),
    (httpx.TimeoutException, "timeout"),
    (httpx.DecodingError, "garbled"),
    (httpx.NetworkError, "reset"),
    (httpx.RemoteProtocolError, "reset"),
    (httpx.HTTPError, "reset"),
)
"""What httpx raises → the reason; the first row that fits decides. What was refused has certainly not been done."""

CUT_SHORT = "without sending complete message body"
"""What h11 says of an answer that stops in the middle."""


class Transport(Protocol):
    """What the runner needs to send."""

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        """Answer, or silence once `timeout_s` (on the wall) is over; never an exception."""
        ...


@dataclass(slots=True, eq=False)
class _Client:
    client: httpx.AsyncClient
    room: int = IN_FLIGHT
    in_flight: int = 0


@dataclass
class _Pool:
    """The clients of one lane; whoever finds them all busy waits in line."""

    clients: list[_Client]
    line: deque[asyncio.Future[_Client]] = field(default_factory=deque)

    async def lease(self) -> _Client:
        freest = min(self.clients, key=lambda each: each.in_flight - each.room)
        if freest.in_flight < freest.room:
            freest.in_flight += 1
            return freest
        ticket: asyncio.Future[_Client] = asyncio.get_running_loop().create_future()
        self.line.append(ticket)
        try:
            return await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self.release(ticket.result())
            raise

    def release(self, client: _Client) -> None:
        while self.line:
            ticket = self.line.popleft()
            if not ticket.done():
                ticket.set_result(client)
                return
        client.in_flight -= 1


class HttpTransport:
    """The connector's way out. One TLS context for all clients: making one takes 50 ms (facts on performance)."""

    def __init__(
        self, base_url: str, trust: ssl.SSLContext | None = None, connections: Mapping[str, int] | None = None
    ) -> None:
        """`connections`: lane → requests at a time, where `CLIENTS` does not do."""
        context = trust or ssl.create_default_context()
        widths = {lane: count * IN_FLIGHT for lane, count in CLIENTS.items()} | dict(connections or {})
        self._pools = {lane: _pool(base_url, context, width) for lane, width in widths.items()}

    async def send(self, request: Request, timeout_s: float, lane: str) -> Reply:
        """Answer, or silence once `timeout_s` (on the wall) is over; waiting for a free client counts."""
        pool = self._pools[lane]
        leased: _Client | None = None
        try:
            async with asyncio.timeout(timeout_s):
                leased = await pool.lease()
                return read(await _exchanged(leased.client, request))
        except TimeoutError:
            return Silence("refused" if leased is None else "timeout")
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            return Silence(reason_of(problem))
        finally:
            if leased is not None:
                pool.release(leased)

    async def warm(self, path: str, timeout_s: float) -> int:
        """Open one connection of every client on which somebody waits for an answer; how many were opened.

        Trust is made before a call comes: a cold TLS handshake takes two round trips and more of its budget.
        """
        replies = [
            self.send(Request("GET", path, authorised=False), timeout_s, lane)
            for lane in WARMED
            for _ in self._pools[lane].clients
        ]
        return sum(isinstance(reply, Answer) for reply in await asyncio.gather(*replies))

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            for each in pool.clients:
                await each.client.aclose()


def _pool(base_url: str, context: ssl.SSLContext, width: int) -> _Pool:
    rooms = [min(IN_FLIGHT, width - begun) for begun in range(0, width, IN_FLIGHT)]
    return _Pool([_Client(_client(base_url, context), room) for room in rooms])


def _client(base_url: str, context: ssl.SSLContext) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT, keepalive_expiry=55.0)
    return httpx.AsyncClient(base_url=base_url, verify=context, timeout=None, limits=limits, trust_env=False)


async def _exchanged(client: httpx.AsyncClient, request: Request) -> httpx.Response:
    headers = {"Accept": "application/json", **request.headers}
    if isinstance(request.body, str):
        content: bytes | None = request.body.encode()
    elif request.body is None:
        content = None
    else:
        content = orjson.dumps(request.body)
        headers.setdefault("Content-Type", "application/json; charset=UTF-8")
    return await client.request(request.method, request.url or request.path, content=content, headers=headers)


def reason_of(problem: Exception) -> str:
    """A mishap's reason, in the words of `Silence`."""
    if isinstance(problem, httpx.RemoteProtocolError) and CUT_SHORT in str(problem):
        return "truncated"
    return next(reason for kind, reason in SILENCES if isinstance(problem, kind))


def read(answer: httpx.Response) -> Reply:
    """An HTTP answer with its JSON parsed; one that says JSON and is none is a silence: nobody knows what it meant."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if not answer.content:
        return Answer(answer.status_code, None, headers)
    body: Json = answer.text
    if "json" in headers.get("content-type", ""):
        try:
            body = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            return Silence("garbled")
    return Answer(answer.status_code, body, headers)
