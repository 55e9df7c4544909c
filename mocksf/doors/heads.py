"""Heads of requests that a connection has seen before: who keeps a connection says the same with each request."""

import re
from collections.abc import Mapping
from typing import NamedTuple

KEPT_MAX = 16
"""How many heads a connection remembers."""
HEAD_BYTES_MAX = 4096
"""Longer ones are not remembered, nor are those behind a longer request line."""
_REQUEST_LINE = re.compile(rb"(GET|POST|PATCH|DELETE|PUT|HEAD) (/services/data/[!-\"$-~]*) HTTP/1\.1\r\n")
"""The lines that need no parser: a known method, a target of printable characters without a fragment."""
_END = b"\r\n\r\n"


class Piece(NamedTuple):
    """What the socket gave at once, where it looks like the beginning of a request: its line and its headers."""

    method: str
    target: str
    head: bytes
    """Everything behind the request line, up to the empty line and with it."""
    body: bytes
    """What came behind the head: the body, or its beginning, or more."""


def piece_of(data: bytes) -> Piece | None:
    """The request that some bytes begin with; None where only a parser can say."""
    line = _REQUEST_LINE.match(data)
    if line is None:
        return None
    begin = line.end()
    end = data.find(_END, begin - 2) + 4
    if end < 4 or end - begin > HEAD_BYTES_MAX or begin > HEAD_BYTES_MAX:
        return None
    return Piece(line[1].decode(), line[2].decode(), data[begin:end], data[end:])


class Heads:
    """What a parser made of heads, by their bytes: equal bytes mean the same again.

    That a head tells how long its body is holds for all that is remembered: the protocol leaves bodies in chunks,
    upgrades and farewells out.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Mapping[str, str], int]] = {}

    def headers_of(self, piece: Piece) -> dict[str, str] | None:
        """The headers of a request that is there as a whole, and nothing behind it; None where that is not known."""
        known = self._known.get(piece.head)
        if known is None or len(piece.body) != known[1]:
            return None
        return {**known[0]}

    def learn(self, head: bytes, headers: Mapping[str, str], body_bytes: int) -> None:
        """Remember what a parser made of a head."""
        if "transfer-encoding" in headers:
            return
        if len(self._known) >= KEPT_MAX:
            self._known.clear()
        self._known[head] = headers, body_bytes
