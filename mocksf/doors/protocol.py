"""uvicorn's protocol with its transport within reach, so that a door can reset a connection."""

import socket
import struct
from asyncio import Transport
from collections.abc import Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "mocksf.transport"
"""The ASGI extension under which a request finds the connection that it came by."""
_LINGER_NOT = struct.pack("ii", 1, 0)


class ReachableProtocol(HttpToolsProtocol):
    """HTTP/1.1 on httptools; each scope carries the connection's transport."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


def reset(scope: Mapping[str, Any]) -> bool:
    """Break the connection with a TCP reset; False where the server does not show its transport.

    ASGI knows no reset. Under a server without `ReachableProtocol` nothing can be done but to say nothing.
    """
    transport: Transport | None = (scope.get("extensions") or {}).get(TRANSPORT, {}).get("transport")
    if transport is None:
        return False
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        # No lingering: the kernel drops what is unsent and answers with RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()
    return True
