"""Targets of requests taken apart: percent signs and parameters, as the standard library reads them, but sooner."""

from functools import lru_cache
from urllib.parse import unquote

KEPT_CHARS_MAX = 1024
"""Longer queries are taken apart anew each time."""
_ASCII = {high + low: chr(int(high + low, 16)) for high in "01234567" for low in "0123456789abcdefABCDEF"}


def unquoted(text: str) -> str:
    """A text with its escapes undone; what is no UTF-8 becomes the replacement character."""
    first, *pieces = text.split("%")
    if not pieces:
        return text
    written = [first]
    for piece in pieces:
        char = _ASCII.get(piece[:2])
        if char is None:  # an escape beyond ASCII, or none at all
            return unquote(text)
        written += (char, piece[2:])
    return "".join(written)


def parameters(query: str) -> dict[str, str]:
    """The parameters of a query; of a repeated one the last, of one without a value the empty text."""
    return {**_parameters(query)} if len(query) <= KEPT_CHARS_MAX else _parameters.__wrapped__(query)


@lru_cache(maxsize=2048)
def _parameters(query: str) -> dict[str, str]:
    known = {}
    for pair in query.replace("+", " ").split("&"):
        if pair:
            name, _, value = pair.partition("=")
            known[unquoted(name)] = unquoted(value)
    return known
