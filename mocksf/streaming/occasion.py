"""On what occasion records change: who calls, by which API, when, and in which transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

BULK = "bulkapi"
_FAMILIES = {"soap": "soap", "async": BULK, "apexrest": "apex"}
"""The segment behind /services → the API as a change event names it."""
_CALL_OPTIONS = "sforce-call-options"


class Called(Protocol):
    """A call as an occasion looks at it."""

    version: str
    headers: Mapping[str, str]

    @property
    def segments(self) -> Sequence[str]:
        """The parts of its path."""
        ...


class Occasion:
    """One transaction. It gets a number when something of it is published, and not before."""

    __slots__ = ("_call", "now", "number", "user_id")

    def __init__(
        self, now: datetime, user_id: str | None = None, call: "Called | tuple[str, str] | None" = None
    ) -> None:
        """`call` is the call that is served, or the name and version of an API that works by itself."""
        self.now = now
        self.user_id = user_id
        self._call = call
        self.number: int | None = None

    @property
    def is_bulk(self) -> bool:
        """Whether rows of a bulk job are saved."""
        return isinstance(self._call, tuple) and self._call[0] == BULK

    @property
    def origin(self) -> str:
        """The API, its version and the client's name, as a change event tells them; empty for what no API did."""
        call = self._call
        if call is None:
            return ""
        if isinstance(call, tuple):
            return f"com/salesforce/api/{call[0]}/{call[1]}"
        family = _FAMILIES.get(call.segments[1].lower(), "rest") if len(call.segments) > 1 else "rest"
        version = call.version or next((each for each in reversed(call.segments) if "." in each), "")
        return f"com/salesforce/api/{family}/{version}{_client(call)}"


def _client(call: Called) -> str:
    for option in call.headers.get(_CALL_OPTIONS, "").split(","):
        name, _, value = option.partition("=")
        if name.strip().lower() == "client" and value.strip():
            return f";client={value.strip()}"
    return ""
