"""All that a flow may ask of the world around it, as values; the live runner and the simulator carry them out.

A flow is a generator that yields commands and is sent replies. Every yield is a place to crash.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from connector.messages import Reply, Request


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; the reply is an `Answer`, or `Silence` once `timeout_s` is over or the connection breaks."""

    request: Request
    timeout_s: float
    lane: str = "critical"
    """Which pool of connections it may use: `critical`, `async`, `lookup`, `login` or `alerts`."""


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Sleep until an instant of the connector's clock (at once, where it is past)."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class Now:
    """Read the clock: the reply is a datetime."""


@dataclass(frozen=True, slots=True)
class Note:
    """Append to the ledger, durably; the flow goes on only when the entry is safe. The reply is the stored entry."""

    kind: str
    delivery: str
    """The key of the delivery that the entry is about."""
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TakePlace:
    """Wait for one's turn among the flows that write the same records: first come, first served, per record key."""

    keys: tuple[str, ...]
    ahead: bool = False
    """Before those who wait, through others or not, for a place that the asker holds: they cannot go on anyway."""
    on_behalf: str = ""
    """The delivery that is worked on. Its place in line is kept, whoever goes on with it after a crash."""


@dataclass(frozen=True, slots=True)
class GivePlace:
    """Let the next in line go on; whoever ends without saying so is taken to have said it."""

    keys: tuple[str, ...]


Command = Send | WaitUntil | Now | Note | TakePlace | GivePlace

T = TypeVar("T")
Flow = Generator[Command, Any, T]
"""A piece of the connector's work that ends with a T."""


def send(request: Request, timeout_s: float, lane: str = "critical") -> Flow[Reply]:
    """Send and hear back."""
    reply: Reply = yield Send(request, timeout_s, lane)
    return reply


def wait_until(instant: datetime) -> Flow[None]:
    """Sleep."""
    yield WaitUntil(instant)


def now() -> Flow[datetime]:
    """Read the clock."""
    instant: datetime = yield Now()
    return instant


def note(kind: str, delivery: str, **detail: Any) -> Flow[Any]:
    """Write down, durably, and only then go on."""
    entry: Any = yield Note(kind, delivery, detail)
    return entry
