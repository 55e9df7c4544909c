"""Paths to handlers: a Route is a row, the Router is total."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TypeVar

from mocksf import dialects
from mocksf.dialects import Dialect
from mocksf.errors import Refusal, Refuse
from mocksf.messages import Response
from mocksf.parked import Part
from mocksf.rest import bodies
from mocksf.rest.session import Call, Session
from mocksf.targets import unquoted
from mocksf.values import NotReadable

OLDEST, NEWEST = 31, 67
"""The API versions that the org serves: v31.0 (the oldest not retired) to v67.0."""
_VERSIONS = {f"v{number}.0": f"{number}.0" for number in range(OLDEST, NEWEST + 1)}
UNVERSIONED = frozenset({"services", "id", "setup", ".well-known", "cometd"})
"""The first segments of paths that lie under no API version."""
SUFFIX_UNTIL = 57
"""Up to this version an address may end in `.json` or `.xml`, to say what is answered (documented)."""
_SUFFIXES = (".json", ".xml")
READS = frozenset({"GET", "HEAD"})
"""The methods that write nothing."""
_PATHS_MAX = 4096
"""How many paths are remembered with their routes."""


class Needs(Enum):
    """What a route demands of its caller."""

    NOTHING = "no session"
    SESSION = "any session"
    API = "a session with the scope api"
    CHATTER = "a session that may use Chatter"


@dataclass(frozen=True)
class Route:
    """One documented resource and verb. A handler takes the session, the call, and what the path names."""

    method: str
    path: str
    """Under ``/services/data/vXX.X`` unless it begins with one of `UNVERSIONED`."""
    handler: Callable[..., Response]
    needs: Needs = Needs.API
    dialect: Dialect = dialects.rest
    composable: bool = False
    """Whether it may be a subrequest of a composite."""
    undoes: bool = False
    """Whether the handler itself undoes whatever it did before a refusal, so that nobody need do it once more."""
    since: int = OLDEST
    """The API version that brought it: in an older one there is no such resource."""

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path; a part in braces is a name, and one with a star stands for all that follows."""
        return tuple(each for each in self.path.split("/") if each)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in the path, in order: the handler's parameters."""
        return tuple(each.strip("{*}") for each in self.segments if each.startswith("{"))

    @cached_property
    def versioned(self) -> bool:
        """Whether it lives under an API version."""
        return self.segments[0] not in UNVERSIONED


@dataclass(slots=True)
class _Place:
    """One segment of all paths: what may follow it literally, and what may stand there by name."""

    literal: dict[str, "_Place"] = field(default_factory=dict)
    named: "_Place | None" = None
    rest: "_Place | None" = None
    """What stands for this segment and all behind it, where nothing else does."""
    routes: dict[str, Route] = field(default_factory=dict)

    def lay(self, route: Route) -> None:
        """Add a route's path below this place."""
        place = self
        for segment in route.segments:
            if segment.endswith("*}"):
                place.rest = place.rest or _Place()
                place = place.rest
            elif segment.startswith("{"):
                place.named = place.named or _Place()
                place = place.named
            else:
                place = place.literal.setdefault(segment.lower(), _Place())
        assert route.method not in place.routes, f"{route.method} {route.path} is laid twice"
        place.routes[route.method] = route

    def find(self, segments: list[str], at: int) -> "tuple[_Place, tuple[str, ...]] | None":
        """The place of a path and the values of its names; a literal segment is preferred to a named one."""
        place: _Place = self
        values: tuple[str, ...] = ()
        rest: tuple[_Place, tuple[str, ...]] | None = None
        for behind, segment in enumerate(segments[at:], at + 1):
            if place.rest is not None:
                rest = place.rest, (*values, "/".join(segments[behind - 1 :]))
            literal = place.literal.get(segment.lower()) if place.literal else None
            if literal is not None and place.named is None:
                place = literal
                continue
            found = literal.find(segments, behind) if literal is not None else None
            if found is not None:
                return found[0], values + found[1]
            if place.named is None:
                return rest
            place, values = place.named, (*values, segment)
        return (place, values) if place.routes else rest


_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")
Found = tuple[Route, tuple[str, ...]]
"""A route and the values of the names in its path."""


class Router:
    """All routes of an org. Calling it never fails: a refused call leaves no trace and is written down."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._data, self._other = _Place(), _Place()
        for route in self.routes:
            (self._data if route.versioned else self._other).lay(route)
        self._known: dict[tuple[str, str], tuple[Found, str]] = {}
        self._heads: dict[tuple[str, str], tuple[Found, str]] = {}
        """By method and path without its last segment, where this is a name and no word of any route."""
        self._words = frozenset(each.lower() for route in self.routes for each in route.segments)

    def find(self, call: Call) -> Found:
        """The route of a call. Raises `Refuse.NO_SUCH_RESOURCE` and `Refuse.WRONG_METHOD`; sets the call's version."""
        written = call.written
        known = self._known.get((call.method, written)) if written else None
        if known is not None:
            found, call.version = known
            return found
        found = self._search_by_head(call, written)
        if written and call.method in READS:
            _keep(self._known, (call.method, written), (found, call.version))
        return found

    def _search_by_head(self, call: Call, written: str) -> Found:
        """Search, unless a path was found that differs from this one in its last segment only, which is a name."""
        head, _, last = written.rpartition("/")
        name = unquoted(last) if "%" in last else last
        if not name or name.lower() in self._words or name.endswith(_SUFFIXES):
            return self._search(call)
        similar = self._heads.get((call.method, head))
        if similar is not None:
            (route, before), call.version = similar
            return route, (*before, name)
        route, values = self._search(call)
        if route.versioned and route.segments[-1].startswith("{") and not route.segments[-1].endswith("*}"):
            _keep(self._heads, (call.method, head), ((route, values[:-1]), call.version))
        return route, values

    def _search(self, call: Call) -> Found:
        segments = call.segments
        if len(segments) > 3 and segments[1].lower() == "data" and segments[0].lower() == "services":
            call.version = _VERSIONS.get(segments[2].lower(), "")
            if segments[-1].endswith(_SUFFIXES) and call.version and float(call.version) <= SUFFIX_UNTIL:
                segments = [*segments[:-1], segments[-1].rpartition(".")[0]]
            found = self._data.find(segments, 3) if call.version else None
        else:
            found = self._other.find(segments, 0)
            if len(segments) == 3 and found is not None:
                call.version = _VERSIONS.get(segments[2].lower(), "")
        if found is None:
            raise Refuse.NO_SUCH_RESOURCE()
        place, values = found
        route = place.routes.get("GET" if call.method == "HEAD" else call.method)
        if route is None:
            allowed = set(place.routes) | ({"HEAD"} if "GET" in place.routes else set())
            raise Refuse.WRONG_METHOD(method=call.method, allowed=",".join(sorted(allowed)))
        if route.since > OLDEST and route.versioned and float(call.version) < route.since:
            raise Refuse.NO_SUCH_RESOURCE()
        return route, values

    def __call__(self, session: Session, call: Call, part: Part | None, *, sheltered: bool = False) -> Response:
        """Answer a subrequest of a composite; `part` names it to the weather, where that may hinder parts.

        Only `Held` passes through: whoever presented the request undoes it and parks it.
        """
        try:
            route, values = self.find(call)
            _admit(session, call, route, part)
        except Refusal as refusal:
            return dialects.rest(refusal)
        return self.answer(session, call, route, values, sheltered=sheltered)

    def answer(
        self, session: Session, call: Call, route: Route, values: tuple[str, ...], *, sheltered: bool = False
    ) -> Response:
        """The answer of a route that was found; a refusal undoes its writes and is written in its dialect.

        A `sheltered` call leaves the undoing to its caller, who takes back more than this call.
        """
        try:
            if sheltered or route.undoes or call.method in READS or not route.versioned:
                return route.handler(session, call, *values)
            with session.org.store.atomic():
                return route.handler(session, call, *values)
        except NotReadable as refusal:
            return route.dialect(refusal.at(*bodies.place_of(call.content, refusal.field.name, refusal.value)))
        except Refusal as refusal:
            return route.dialect(refusal)


def _keep(known: dict[_Key, _Kept], key: _Key, kept: _Kept) -> None:
    """Remember something of a path; too many are forgotten all at once."""
    if len(known) >= _PATHS_MAX:
        known.clear()
    known[key] = kept


def _admit(session: Session, call: Call, route: Route, part: Part | None) -> None:
    """Raise where a route may not be part of a composite, or where the weather hinders this one."""
    if not route.composable:
        raise Refuse.NOT_IN_COMPOSITE(path=call.path)
    refusal = session.hinder(part) if session.hinder and part else None
    if refusal is not None:
        raise refusal
