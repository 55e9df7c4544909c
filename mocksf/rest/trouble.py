"""When the org itself is broken: what a client hears of it, and what a developer reads."""

import logging
from traceback import extract_tb
from zlib import crc32

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.messages import Request, Response

LOG = logging.getLogger("mocksf")


def apology(request: Request, error: Exception) -> Response:
    """What a door with a socket answers where the org raised: 500, and an ErrorId that the log explains.

    In process nobody apologises: there the exception itself reaches whoever called. The sentence is recorded; equal
    bugs have equal ids.
    """
    number = error_id(error)
    LOG.error("ErrorId %s: %s %s failed", number, request.method, request.target, exc_info=error)
    return dialects.rest(Refuse.UNEXPECTED(id=number))


def error_id(error: Exception) -> str:
    """A number for a bug in the form of real ones, `243926966-107564 (1182868337)`: where, the line, and what."""
    frames = extract_tb(error.__traceback__)
    where = crc32(" ".join(frame.name for frame in frames).encode())
    line = frames[-1].lineno if frames else 0
    return f"{where}-{line} ({crc32(repr(error).encode())})"
