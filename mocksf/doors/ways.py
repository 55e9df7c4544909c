"""Connections without a socket: what a client in the same process would keep open between its requests."""

from datetime import datetime

from mocksf.messages import Request, Response, Way
from mocksf.wire import Broken

NO_HANDSHAKE = "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol"
"""What OpenSSL says to a client whose handshake breaks off."""


class Ways:
    """The kept connections of one client: a request takes the one that was used last, or a new one."""

    def __init__(self) -> None:
        self._kept: list[Way] = []

    def led(self, request: Request) -> Request:
        """The request on its way."""
        request.way = self._kept.pop() if self._kept else Way(open=request.scheme != "https")
        return request

    def keep(self, request: Request, outcome: Response | Broken, now: datetime) -> None:
        """What becomes of the connection: a whole answer leaves it open, anything else ends it."""
        if request.way is not None and isinstance(outcome, Response):
            request.way.open, request.way.answered = True, now
            self._kept.append(request.way)
