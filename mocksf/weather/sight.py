"""A request as the weather sees it: method, path, object, operation, headers, and which part of a composite it is."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import inf
from typing import Any, Protocol

from mocksf.messages import Request
from mocksf.parked import Part

_SOBJECT = re.compile(r"/sobjects/([A-Za-z0-9_]+)", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\s+([A-Za-z0-9_]+)", re.IGNORECASE)
_INNER = re.compile(r"\([^()]*\)")
_KEY_OR_ID = r"/sobjects/[^/]+/[^/]+(?:/[^/]+)?"

# The first row that fits names the operation; `*` stands for any method.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("login", "POST", r"/services/oauth2/token|/services/Soap/[uc]/.*"),
    ("versions", "*", r"/services/data(?:/v[\d.]+)?"),
    ("limits", "*", r".*/limits(?:/.*)?"),
    ("query", "*", r".*/(?:query|queryAll)(?:/.*)?"),
    ("search", "*", r".*/(?:search|parameterizedSearch)(?:/.*)?"),
    ("composite", "*", r".*/composite(?:/.*)?"),
    ("chatter", "*", r".*/(?:chatter|connect)/.*"),
    ("describe", "*", r".*/sobjects(?:/[^/]+/describe.*)?"),
    ("describe", "GET", r".*/sobjects/[^/]+"),
    ("create", "POST", r".*/sobjects/[^/]+"),
    ("retrieve", "GET", rf".*{_KEY_OR_ID}"),
    ("upsert", "PATCH", r".*/sobjects/[^/]+/[^/]+/[^/]+"),
    ("update", "PATCH", r".*/sobjects/[^/]+/[^/]+"),
    ("delete", "DELETE", rf".*{_KEY_OR_ID}"),
)
_TABLE = tuple((name, method, re.compile(pattern, re.IGNORECASE)) for name, method, pattern in _ROWS)

OPERATIONS: tuple[str, ...] = (*dict.fromkeys(name for name, _, _ in _ROWS), "other")
"""The names that `where.operation` knows."""


class Around(Protocol):
    """What the weather may know of the org that it lies over."""

    @property
    def tenant(self) -> str:
        """The org's name."""
        ...

    def user(self, request: Request) -> str | None:
        """The username of whoever calls, or None."""
        ...


class Nowhere:
    """Weather over no org in particular."""

    tenant = ""

    def user(self, _: Request) -> None:
        return


NOWHERE = Nowhere()


@dataclass(frozen=True)
class Sight:
    """One exchange, or one part of a composite exchange, ready to be matched."""

    request: Request
    part: Part | None = None
    around: Around = NOWHERE
    now: datetime | None = None

    @cached_property
    def opens(self) -> bool:
        """Whether the exchange opens a connection first, as far as the door knows."""
        return self.request.way is None or not self.request.way.open

    @cached_property
    def idle_s(self) -> float | None:
        """How long its connection has been idle: for ever where the door knows none, None where it is a new one."""
        way = self.request.way
        if way is None:
            return inf
        return None if way.answered is None or self.now is None else (self.now - way.answered).total_seconds()

    @cached_property
    def path(self) -> str:
        """The exchange's path: decoded, without query, doubled slashes and trailing slash."""
        return _tidy(self.request.path)

    @cached_property
    def part_path(self) -> str | None:
        """The path of the part, or None where the sight is of a whole exchange."""
        return _tidy(self.part.path.partition("?")[0]) if self.part else None

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The exchange's method, and the part's."""
        return (self.request.method, self.part.method) if self.part else (self.request.method,)

    @cached_property
    def sobject(self) -> str | None:
        """The object in the path, or after the FROM of a query; None where there is none."""
        if self.part and self.part.sobject:
            return self.part.sobject
        found = _SOBJECT.search(self.part_path or self.path) or _FROM.search(self._soql())
        return found[1] if found else None

    @cached_property
    def operation(self) -> str:
        """One of `OPERATIONS`."""
        method = self.part.method if self.part else self.request.query.get("_HttpMethod", self.request.method)
        path = self.part_path or self.path
        return next(
            (name for name, wanted, shape in _TABLE if wanted in ("*", method) and shape.fullmatch(path)), "other"
        )

    @cached_property
    def parts(self) -> "tuple[Sight, ...]":
        """The parts of a composite, each as if it were a request of its own."""
        wanted = self._json.get("compositeRequest") if isinstance(self._json, dict) else None
        listed = [part for part in wanted if isinstance(part, dict)] if isinstance(wanted, list) else []
        return tuple(Sight(Request(str(part.get("method", "")), str(part.get("url", "")))) for part in listed)

    @cached_property
    def rows(self) -> int:
        """How many records a collection holds."""
        records = self._json.get("records") if isinstance(self._json, dict) else None
        return len(records) if isinstance(records, list) else 0

    @cached_property
    def user(self) -> str | None:
        """The username of whoever calls."""
        return self.around.user(self.request)

    @cached_property
    def text(self) -> str:
        """The body as text; of a body that lies in a file nothing."""
        body = self.request.body
        return body.decode(errors="replace") if isinstance(body, bytes) else ""

    def values(self, path: str) -> list[str]:
        """What stands in the body's JSON under a dotted path, as text; `*` is every key, or every place of a list."""
        found = [self._json]
        for step in path.split("."):
            found = [inner for value in found for inner in _inside(value, step)]
        return [value if isinstance(value, str) else json.dumps(value) for value in found]

    @cached_property
    def _json(self) -> Any:
        try:
            return json.loads(self.text) if self.text else None
        except ValueError:
            return None

    def _soql(self) -> str:
        """The query's text without its child subqueries, so that the outer FROM is the first."""
        text = self.request.query.get("q", "") if self.operation == "query" else ""
        while (flat := _INNER.sub(" ", text)) != text:
            text = flat
        return text


def _inside(value: Any, step: str) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values()) if step == "*" else [value[step]] if step in value else []
    if isinstance(value, list):
        if step == "*":
            return value
        return [value[int(step)]] if step.isdigit() and int(step) < len(value) else []
    return []


def _tidy(path: str) -> str:
    return re.sub(r"/{2,}", "/", path).rstrip("/") or "/"
