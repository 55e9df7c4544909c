"""What the connector says to Salesforce and hears back. Its own values: it shares no code with the mock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
"""A value that JSON can write."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to the org (or to Slack, where `url` is absolute). `path` carries the query, percent-encoded."""

    method: str
    path: str
    body: Json = None
    """Sent as JSON; a `str` is sent as it stands (form-encoded token requests)."""
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    """An absolute address that overrides the org's host."""
    authorised: bool = True
    """Whether whoever sends it adds the bearer token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `body` is parsed JSON where the content type says so, else text; None where there is no body."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status < 300


@dataclass(frozen=True, slots=True)
class Silence:
    """No usable answer: what was asked is *perhaps done*. `reason`: timeout, reset, refused, truncated, garbled."""

    reason: str

    @property
    def perhaps_done(self) -> bool:
        """Whether the request may have reached the org (a refused connection cannot have)."""
        return self.reason != "refused"


Reply = Answer | Silence
