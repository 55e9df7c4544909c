"""The roots: which API versions there are, and which resources one of them has."""

from mocksf.errors import Refuse
from mocksf.messages import Response
from mocksf.rest.routing import NEWEST, OLDEST, Needs, Route
from mocksf.rest.session import Call, Session

_SEASONS = ("Summer", "Winter", "Spring")
_RESOURCES = (
    "tooling", "chatter", "tabs", "appMenu", "quickActions", "queryAll", "search", "composite", "parameterizedSearch",
    "theme", "recent", "connect", "limits", "process", "query", "jobs", "ui-api", "sobjects", "actions",
)  # fmt: skip
"""What the list of resources names, in no order that means anything (recorded: it is not sorted)."""
_SINCE = {"actions": 32, "ui-api": 41, "composite": 34}
"""The version that brought a resource, where that is a later one than the oldest."""


def label(number: int) -> str:
    """A version's release: `Summer '14` is 31, and three seasons make a year."""
    steps = number - OLDEST
    year = 14 + (steps + 2) // 3
    # One release is spelt with a typographic apostrophe, and clients have seen it for years (documented).
    apostrophe = "\u2019" if number == 42 else "'"
    return f"{_SEASONS[steps % 3]} {apostrophe}{year}"


_VERSIONS = [
    {"label": label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
    for number in range(OLDEST, NEWEST + 1)
]


def versions(_: Session, __: Call) -> Response:
    """All versions, the newest last; open to everybody and free of charge."""
    return Response(200, _VERSIONS)


def resources(session: Session, call: Call, version: str) -> Response:
    """The resources of one version, and the address of the caller's identity."""
    if not call.version:
        raise Refuse.NO_SUCH_RESOURCE()
    root = f"/services/data/v{call.version}"
    identity = f"{session.base_url}/id/{session.org.org_id}/{session.user_id}"
    assert version, "the path names a version"
    there = [name for name in _RESOURCES if float(call.version) >= _SINCE.get(name, OLDEST)]
    return Response(200, {name: f"{root}/{name}" for name in there} | {"identity": identity})


ROUTES = (
    Route("GET", "/services/data", versions, Needs.NOTHING),
    Route("GET", "/services/data/{version}", resources),
)
