"""What a REST resource may lean on: the org behind it, who calls, and the call itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl

from mocksf.allowance import Allowance
from mocksf.bulk.jobs import Jobs
from mocksf.errors import Refusal, Refuse
from mocksf.hooks import Hooks
from mocksf.locks import LockKey, LockTable
from mocksf.messages import Json, Response
from mocksf.metadata.jobs import MetadataJobs
from mocksf.parked import Errand, Part
from mocksf.permissions import Access
from mocksf.records import Actor, Records
from mocksf.rest import bodies
from mocksf.rest.cursors import Cursors
from mocksf.rest.recents import Recents
from mocksf.schema import Schema, SObject
from mocksf.sessions import Caller, Sessions
from mocksf.settings import OrgSettings
from mocksf.store import Store
from mocksf.streaming import Streaming
from mocksf.targets import parameters, unquoted

Touch = Callable[[LockKey], None]
_ALLOW_SAVE = re.compile(r"\ballowSave\s*=\s*true\b", re.IGNORECASE)
DUPLICATE_HEADER_SINCE = 52.0
_AUTO_ASSIGN: dict[str, bool] = {"TRUE": True, "FALSE": False}
Hinder = Callable[[Part], Refusal | None]


class Premises(Protocol):
    """The org as its REST resources see it."""

    org_id: str
    schema: Schema
    founded: datetime
    store: Store
    records: Records
    sessions: Sessions
    allowance: Allowance
    cursors: Cursors
    recents: Recents
    jobs: Jobs
    metadata: MetadataJobs
    locks: LockTable
    settings: OrgSettings
    access: Access
    admin_id: str

    def change_schema(self, schema: Schema) -> None:
        """Go on with another schema; raises where that cannot be."""
        ...

    streaming: Streaming
    hooks: Hooks


class Routes(Protocol):
    """The router as a composite sees it: it answers every call.

    A batch, which may hold other calls than a composite, finds their routes first and then has them answered.
    """

    def __call__(self, session: "Session", call: "Call", part: Part | None, *, sheltered: bool = False) -> Response: ...

    def find(self, call: "Call") -> tuple[Any, tuple[str, ...]]: ...

    def answer(self, session: "Session", call: "Call", route: Any, values: tuple[str, ...]) -> Response: ...


class Call:
    """One operation: an HTTP request, or a subrequest of a composite, taken apart once.

    `segments` are those of the path, percent-decoded; empty ones (`//`, a trailing slash) are gone.
    """

    __slots__ = ("_content", "_json", "_query_text", "_segments", "headers", "method", "query", "version", "written")

    def __init__(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes = b"", value: Json = bodies.UNREAD
    ) -> None:
        self.written, _, query = target.partition("?")
        """The path as it was sent; empty once the segments are others."""
        self._segments: list[str] | None = None
        self._query_text = query
        self.query = parameters(query) if query else {}
        self.headers = headers
        self.method = self.query.get("_HttpMethod", method) if method == "POST" and self.query else method
        self.version = ""
        """The API version of the path, such as `66.0`; set by the router, empty outside of the data API."""
        self._content = content
        self._json = value

    @property
    def segments(self) -> list[str]:
        """The segments of the path."""
        if self._segments is None:
            self._segments = [unquoted(each) if "%" in each else each for each in self.written.split("/") if each]
        return self._segments

    @segments.setter
    def segments(self, segments: list[str]) -> None:
        self._segments, self.written = segments, ""

    def take(self, content: bytes) -> None:
        """Give the call its body, once it is clear that the caller may send one."""
        self._content = content

    def give(self, value: Json) -> None:
        """Give the call a body that is JSON already."""
        self._json = value

    @property
    def content(self) -> bytes:
        """The body as it came."""
        return self._content

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query's names and values, those that are given more than once too."""
        return parse_qsl(self._query_text, keep_blank_values=True)

    @property
    def path(self) -> str:
        """The path in its normal form."""
        return "/" + "/".join(self.segments)

    def header(self, name: str) -> str | None:
        """A header's value by its lower-case name, or None."""
        return self.headers.get(name)

    def json(self) -> Json:
        """The body as JSON, parsed once. Raises `Refuse.NO_BODY`, `Refuse.BAD_JSON` and `Refuse.WRONG_MEDIA_TYPE`."""
        if self._json is bodies.UNREAD:
            self._json = bodies.read(self.header("content-type"), self._content)
        return self._json

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; raises as `json` does, and `Refuse.BAD_JSON_SHAPE` where it is something else."""
        value = self.json()
        if not isinstance(value, dict):
            raise bodies.wrong_shape(value)
        return value


def _allows(duplicates: str, version: str) -> bool:
    """Whether a request waves duplicates through, which a header can say since v52.0 (documented)."""
    return float(version or DUPLICATE_HEADER_SINCE) >= DUPLICATE_HEADER_SINCE and bool(_ALLOW_SAVE.search(duplicates))


@dataclass(slots=True, eq=False)
class Session:
    """One request's stay in the org, shared by all subrequests of a composite."""

    org: Premises
    routes: Routes
    now: datetime
    caller: Caller | None
    base_url: str
    """Scheme and host that absolute addresses in answers name."""
    touch: Touch
    hinder: Hinder | None = None
    view: int = 0
    """The number of the caller's view: what was read through one is not shown through another."""
    seen: list[str] = field(default_factory=list)
    """The records that become recent items of the caller when the request is done."""
    errand: Errand | None = None
    """The request's way through the org, across its presentations; None where it cannot wait."""

    @property
    def user_id(self) -> str:
        """The id of the calling user, for routes that need a session."""
        assert self.caller is not None, "a route that acts for a user needs a caller"
        return self.caller.user_id

    def actor(self, call: Call) -> Actor:
        """Who writes, when, and whether assignment rules run: they do unless the header says no (documented)."""
        wish = call.header("sforce-auto-assign")
        assign = _AUTO_ASSIGN.get(wish.strip().upper(), wish) if wish else True
        duplicates = call.header("sforce-duplicate-rule-header")
        allowed = duplicates is not None and _allows(duplicates, call.version)
        return Actor(self.user_id, self.now, assign, allowed, call.version or "66.0")

    def sobject(self, name: str) -> SObject:
        """An object by its name in any case. Raises `Refuse.NO_SUCH_RESOURCE`."""
        found = self.org.schema.get(name)
        if found is None:
            raise Refuse.NO_SUCH_RESOURCE()
        return found
