"""What has gone over the wire so far, counted: by route and status, by kind of fault, and how long answers took.

Counting costs the org's path a few additions; which route a request took is read off the shape of its path.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from mocksf.rest import ROUTER

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""The upper bounds of the histogram's buckets; 0.2 s is the line that a voice agent is held to."""
ELSEWHERE = "other"
"""The route of what leads nowhere: one name for all, so that strangers cannot fill the memory with theirs."""
KNOWN_MAX = 4096
"""How many beginnings of paths are remembered."""
_DATA = ["services", "data"]


class Histogram:
    """How many durations fell into which bucket, and their sum."""

    __slots__ = ("counts", "total_s")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_S) + 1)
        self.total_s = 0.0

    def add(self, seconds: float) -> None:
        """One duration more."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds

    def cumulated(self) -> Iterator[tuple[str, int]]:
        """The bounds as Prometheus writes them, each with how many durations lie at or below it."""
        sum_so_far = 0
        for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), self.counts, strict=True):
            sum_so_far += count
            yield bound, sum_so_far


class RouteTally:
    """What has gone over one route with one method."""

    __slots__ = ("durations", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[int | None, int] = {}
        """How many exchanges ended with which status; None where the client was given no answer."""
        self.durations = Histogram()
        """What clients waited for answers, on the org's clock."""


class Tally:
    """Counters that only grow; neither a reset of the org nor an emptied journal takes them back."""

    def __init__(self) -> None:
        self.routes: dict[tuple[str, str], RouteTally] = {}
        """By method and route."""
        self.faults: Counter[str] = Counter()
        """By kind: how often rules of it have struck whole exchanges."""
        self.lost: Counter[str] = Counter()
        """By what was lost: `request` or `answer`."""
        self._known: dict[tuple[str, str, str], RouteTally] = {}

    def count(self, method: str, target: str, status: int | None, seconds: float) -> None:
        """One exchange is over. `status` is None where the client was given no answer, and then it has no duration."""
        # Requests for the records of one object differ in the last segment alone, so what comes before is remembered.
        head, _, last = (target.partition("?")[0] if "?" in target else target).rpartition("/")
        if last not in _WORDS:
            last = _WRITTEN.get(last.lower(), _NAMED) if last.isalpha() else _NAMED
        tally = self._known.get((method, head, last)) or self._learn(method, head, last, target)
        try:
            tally.statuses[status] += 1
        except KeyError:
            tally.statuses[status] = 1
        if status is not None:
            durations = tally.durations
            durations.counts[bisect_left(BOUNDS_S, seconds)] += 1
            durations.total_s += seconds

    def strike(self, kinds: Iterable[str], lost: str) -> None:
        """What struck an exchange, and what of it was lost."""
        self.faults.update(kinds)
        if lost:
            self.lost[lost] += 1

    def _learn(self, method: str, head: str, last: str, target: str) -> RouteTally:
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        tally = self.routes.setdefault((method, route_of(method, target)), RouteTally())
        self._known[method, head, last] = tally
        return tally


_LITERALS = frozenset(each for route in ROUTER.routes for each in route.segments if not each.startswith("{"))
_WRITTEN = {each.lower(): each for each in _LITERALS}
_WORDS = _LITERALS | {""}
_NAMED = "*"


def _outline(segments: Iterable[str]) -> str:
    """A path with a star for each segment that is no word of any route."""
    return "/".join([each if each in _LITERALS else _NAMED for each in segments])


_ROUTES = {
    (route.method, route.versioned, _outline(route.segments)): route.path
    for route in sorted(ROUTER.routes, key=lambda one: len(one.names), reverse=True)
}


def route_of(method: str, target: str) -> str:
    """The route of a request as the table of resources writes it, or `other`."""
    segments = target.partition("?")[0].split("/")[1:]
    versioned = segments[:2] == _DATA and len(segments) > 3
    rest = segments[3:] if versioned else segments
    found = _ROUTES.get((method, versioned, _outline(rest))) if all(rest) else None
    return found or _tidied(method, target)


def _tidied(method: str, target: str) -> str:
    """The route of a path with doubled or trailing slashes, or in other case; a HEAD is a GET."""
    segments = [_WRITTEN.get(each.lower(), each) for each in target.partition("?")[0].split("/") if each]
    versioned = segments[:2] == _DATA and len(segments) > 3
    rest = segments[3:] if versioned else segments
    return _ROUTES.get(("GET" if method == "HEAD" else method, versioned, _outline(rest)), ELSEWHERE)
