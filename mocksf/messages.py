"""Requests and responses as plain values: what every door brings in and carries out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from mocksf.targets import parameters, unquoted

Json = Any
"""A value that JSON can write: dict, list, str, int, float, bool or None."""


class Raw(bytes):
    """Bytes that are already what goes on the wire: JSON rendered before, HTML, a blob."""

    packed: bytes | None = None
    """The same compressed, once somebody has asked for that."""


@dataclass(slots=True, eq=False)
class Way:
    """One connection, as far as it matters to what may happen on it."""

    open: bool = False
    """Whether it stands already."""
    answered: datetime | None = None
    """When it last brought an answer, on the org's clock; None where that is not known."""


@dataclass(slots=True)
class Request:
    """One HTTP request, read whole. Header names are lower case; `target` is path and query as sent."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | IO[bytes] = b""
    host: str = ""
    scheme: str = "https"
    way: Way | None = None
    """The connection that it comes by; None where a door has none, and then any connection is thinkable."""

    @property
    def path(self) -> str:
        """The path, percent-decoded, without the query."""
        return unquoted(self.target.partition("?")[0])

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one the last."""
        return parameters(self.target.partition("?")[2])

    def header(self, name: str) -> str | None:
        """A header's value by its lower-case name, or None."""
        return self.headers.get(name)


@dataclass(slots=True)
class Response:
    """One HTTP response. `body` is a JSON value, `Raw` bytes, an iterator of bytes, or None for no body."""

    status: int
    body: Json | Raw | Iterator[bytes] = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status < 300
