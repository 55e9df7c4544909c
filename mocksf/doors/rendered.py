"""A response as the client gets it: the org's own bytes, compressed where the client asked for that."""

import gzip
from typing import NamedTuple

from mocksf.messages import Raw, Request, Response
from mocksf.rest.render import HOUSE_HEADERS, own_headers, written

GZIP_FROM_BYTES = 2048
"""Shorter bodies are sent as they are: an org compresses "normally", not always (facts on REST §1.4)."""
_LEVEL = 1


class Rendered(NamedTuple):
    """Status, headers and body, ready for any door."""

    status: int
    own: dict[str, str]
    """The headers beside those that every answer carries."""
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """All headers."""
        return {**HOUSE_HEADERS, **self.own}


def rendered(request: Request, response: Response) -> Rendered:
    """The same for every door, so that doors cannot differ."""
    body = written(request, response)
    own = own_headers(response, body)
    if request.method.upper() == "HEAD":
        return Rendered(response.status, own, b"")
    if len(body) >= GZIP_FROM_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        own["Content-Encoding"] = "gzip"
        body = _packed(body)
    return Rendered(response.status, own, bytes(body))  # not `Raw`, which not every library takes for bytes


def _packed(body: bytes) -> bytes:
    """A body compressed; one that the org keeps is compressed once."""
    if not isinstance(body, Raw):
        return _compressed(body)
    if body.packed is None:
        body.packed = _compressed(body)
    return body.packed


def _compressed(body: bytes) -> bytes:
    # No time stamp: equal answers are equal bytes.
    return gzip.compress(body, _LEVEL, mtime=0)
