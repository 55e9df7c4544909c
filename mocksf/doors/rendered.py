"""A response as the client gets it: the org's own bytes, compressed where the client asked for that."""

import gzip
from typing import NamedTuple

from mocksf.messages import Request, Response
from mocksf.rest.render import render

GZIP_FROM_BYTES = 2048
"""Shorter bodies are sent as they are: an org compresses "normally", not always (facts on REST §1.4)."""
_LEVEL = 1


class Rendered(NamedTuple):
    """Status, headers and body, ready for any door."""

    status: int
    headers: dict[str, str]
    body: bytes


def rendered(request: Request, response: Response) -> Rendered:
    """The same for every door, so that doors cannot differ."""
    status, headers, body = render(request, response)
    if len(body) >= GZIP_FROM_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        # No time stamp: equal answers are equal bytes.
        body = gzip.compress(body, _LEVEL, mtime=0)
    return Rendered(status, headers, body)
