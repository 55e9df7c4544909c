"""How many records each object of a search may give, and how an overall LIMIT is shared out (SOSL reference)."""

from collections.abc import Sequence
from typing import TypeVar

RECORDS_MAX = 2_000
PLAIN_MAX = 250
"""How many records an object gives where nothing filters or sorts them."""

_T = TypeVar("_T")


def per_object(objects: int, limit: int | None, narrowed: bool) -> int:
    """How many records one of `objects` gives: its LIMIT; else 2,000 where it filters or sorts alone; else 250."""
    if limit is not None:
        return min(limit, RECORDS_MAX)
    share = RECORDS_MAX // objects
    return share if narrowed and objects == 1 else min(share, PLAIN_MAX)


def shared_out(lists: Sequence[list[_T]], limit: int | None) -> list[list[_T]]:
    """The beginning of each list: `limit` in all, evenly; what one list leaves over goes to the others."""
    left = min(RECORDS_MAX if limit is None else limit, RECORDS_MAX)
    counts = [0] * len(lists)
    hungry = [at for at, each in enumerate(lists) if each]
    while left and hungry:
        share = max(left // len(hungry), 1)
        for at in hungry:
            given = min(share, len(lists[at]) - counts[at], left)
            counts[at] += given
            left -= given
        hungry = [at for at in hungry if counts[at] < len(lists[at])]
    return [each[:count] for each, count in zip(lists, counts, strict=True)]
