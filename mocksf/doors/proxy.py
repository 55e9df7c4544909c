"""The door for clients whose login hosts are hard-wired: an HTTPS proxy that answers for Salesforce's hosts itself.

A client comes with nothing but `HTTPS_PROXY` and the authority's certificate. What it wants to tell a host of
Salesforce's ends here: TLS is terminated with a leaf for that host, and the stream is handed to the org's own protocol.
Every other host is refused. The proxy opens no connection, so nothing ever leaves the machine.
"""

import asyncio
import re
from collections.abc import Callable
from typing import NamedTuple, cast

from mocksf.doors.listening import address, listening
from mocksf.doors.tls import DOMAINS, Leaves, host_within

PORT = 443
"""The one port at which an org's hosts answer."""
HEAD_BYTES_MAX = 16_384
HEAD_S = 30.0
"""How long a client may take to say where it wants to go."""
HANDSHAKE_S = 30.0
_END = b"\r\n\r\n"
_LINE = re.compile(rb"(\S+) (\S+) HTTP/1\.[01]\r\n")
_PLACE = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):(?P<port>\d{1,5})")
_OURS = " and ".join(f"*{each}" for each in DOMAINS)
_NOTHING_ELSE = f"This proxy answers for {_OURS} itself and reaches no other host"
Protocols = Callable[[], asyncio.Protocol]
"""Gives the protocol that a new connection is to speak."""


class Turned(NamedTuple):
    """A client that is turned away: status, reason, and the sentence that says what would help."""

    status: int
    reason: str
    sentence: str

    def written(self) -> bytes:
        """As it goes on the wire; the reason is all that most clients show of it."""
        body = f"{self.sentence}\n".encode("ascii", "replace")
        head = f"HTTP/1.1 {self.status} {self.reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


UNREADABLE = Turned(400, "Bad Request", "This is an HTTPS proxy; it was not spoken to in HTTP/1.1.")
TOO_LONG = Turned(431, "Request Header Fields Too Large", f"A head may have {HEAD_BYTES_MAX} bytes.")
NO_TUNNEL = Turned(
    405, "mocksf tunnels HTTPS only", f"{_NOTHING_ELSE}, over https:// only: set HTTPS_PROXY, and not HTTP_PROXY."
)


def asked_for(head: bytes) -> str | Turned:
    """The host that a head asks to be connected with, in lower case; or why it is turned away."""
    line = _LINE.match(head)
    if line is None:
        return UNREADABLE
    if line[1] != b"CONNECT":
        return NO_TUNNEL
    wanted = line[2].decode("ascii", "replace")
    place = _PLACE.fullmatch(wanted)
    if place is None:
        return UNREADABLE
    host = host_within(place["host"], DOMAINS)
    if host is None:
        said = f"{wanted} is refused. {_NOTHING_ELSE}; name what is to go past it in NO_PROXY."
        return Turned(403, "mocksf answers for Salesforce hosts only", said)
    if int(place["port"]) != PORT:
        said = f"{wanted} is refused. Hosts of Salesforce's answer at port {PORT}; what lies at others is not here."
        return Turned(403, f"mocksf answers at port {PORT} only", said)
    return host


class Proxy:
    """A listening socket whose tunnels all end at the org's own protocol. `port` 0 takes any free one."""

    def __init__(self, leaves: Leaves, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = listening(host, port)
        self.url = address("http", host, self._socket.getsockname()[1])
        """What `HTTPS_PROXY` is set to."""
        self._leaves = leaves
        self._server: asyncio.Server | None = None
        self._open: set[Tunnel] = set()

    async def open(self, protocols: Protocols) -> None:
        """Begin to answer, in the running loop."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Tunnel(self._leaves, protocols, self._open), sock=self._socket)

    def close(self) -> None:
        """Answer no longer; tunnels that are not yet handed over break off."""
        if self._server is not None:
            self._server.close()
        for tunnel in list(self._open):
            tunnel.abort()
        self._socket.close()


class Tunnel(asyncio.Protocol):
    """One connection to the proxy, until it is handed over or turned away."""

    def __init__(self, leaves: Leaves, protocols: Protocols, opened: "set[Tunnel]") -> None:
        self._leaves = leaves
        self._protocols = protocols
        self._opened = opened
        self._head = b""
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._handover: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._opened.add(self)
        self._patience = asyncio.get_running_loop().call_later(HEAD_S, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._done()

    def data_received(self, data: bytes) -> None:
        if self._transport is None or self._handover is not None:
            return
        self._head += data
        end = self._head.find(_END)
        if end < 0:
            if len(self._head) > HEAD_BYTES_MAX:
                self._turn_away(TOO_LONG)
            return
        # A client that speaks before it was answered speaks to the proxy, and there is nothing to tell a proxy.
        wanted = asked_for(self._head) if end + len(_END) == len(self._head) else UNREADABLE
        if isinstance(wanted, Turned):
            self._turn_away(wanted)
            return
        self._transport.pause_reading()
        self._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._handover = asyncio.get_running_loop().create_task(self._hand_over(self._transport, wanted))

    def abort(self) -> None:
        """Break off."""
        if self._handover is not None:
            self._handover.cancel()
        if self._transport is not None:
            self._transport.abort()
        self._done()

    def _turn_away(self, turned: Turned) -> None:
        assert self._transport is not None, "who spoke is connected"
        self._transport.write(turned.written())
        self._transport.close()

    def _done(self) -> None:
        self._opened.discard(self)
        if self._patience is not None:
            self._patience.cancel()

    async def _hand_over(self, transport: asyncio.Transport, host: str) -> None:
        """Terminate TLS, and let the org's protocol speak from there on."""
        waiting = _Waiting()
        try:
            secured = await asyncio.get_running_loop().start_tls(
                transport,
                waiting,
                self._leaves.context(host),
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE_S,
            )
        except OSError:  # the client does not trust the authority, or went away: it knows why
            transport.abort()
        else:
            if secured is not None and not waiting.lost:
                waiting.hand_over(secured, self._protocols())
        finally:
            self._done()


class _Waiting(asyncio.Protocol):
    """Keeps what a client sends right behind its handshake, until somebody is there to hear it."""

    def __init__(self) -> None:
        self.lost = False
        self._heard: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self._heard.append(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.lost = True

    def hand_over(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        """Let a protocol take the transport, and hear what has come already."""
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        for each in self._heard:
            protocol.data_received(each)
