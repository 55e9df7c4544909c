"""What a process asks of its clerk, in the order in which it asks; and what the clerk has to tell when it is done."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

from connector.chain import Draft, Entry, Head
from connector.live.fleet.crew import Crew
from connector.live.fleet.tickets import Give, Take, Turn

OPENS = frozenset({"accepted", "replayed"})
"""Kinds of entry that make work of a delivery."""
CLOSES = frozenset({"committed", "discarded", "alerted", "alert_failed"})
"""Kinds of entry with which it may be done."""
WRITTEN = frozenset({"committed", "dead", "discarded"})
"""Kinds of entry after which a delivery needs no place in line any more."""


@dataclass(frozen=True, slots=True)
class Append:
    """One entry to put at the end of the chain."""

    draft: Draft
    payload: bytes | None
    digest: str | None
    work: Literal["begins", "ends"] | None
    """What the entry means for the list of who works on what."""
    places: tuple[str, ...]
    """Pseudonyms of the places at whose end the delivery stands from now on."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something about the fleet itself, done under the head's lock (or `loose`, beside it)."""

    do: Callable[[Crew], Any]
    answer: "Future[Any]"
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Want:
    """A turn that is asked for, and whom to tell when it comes."""

    take: Take
    granted: "Future[None]"


Order = Append | Ask | Want | Give


@dataclass(slots=True)
class Done:
    """What came of some orders."""

    head: Head
    foreign: list[Entry] = field(default_factory=list)
    """What others have appended before."""
    appended: list[Entry] = field(default_factory=list)
    answers: list[tuple["Future[Any]", Any]] = field(default_factory=list)
    granted: set[Turn] = field(default_factory=set)


def work_of(kind: str, under_way: bool) -> Literal["begins", "ends"] | None:
    """What an entry of a kind means, given whether anything is left to be done for its delivery after it."""
    if kind in OPENS:
        return "begins"
    return "ends" if kind in CLOSES and not under_way else None
