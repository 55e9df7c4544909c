"""A request that waits: for its commit instant, or for a row that somebody else holds.

The org never sleeps. What cannot be answered now becomes a `Parked` value; the door (or the world) presents it again
with `Org.resume` when `until` has come.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from mocksf.errors import Refusal
from mocksf.locks import LockKey
from mocksf.messages import Request


@dataclass(frozen=True, slots=True)
class Stranger:
    """Weather: somebody outside holds the rows of one object that this request is about to touch."""

    sobject: str
    hold_s: float


class Part(NamedTuple):
    """One operation as the weather's rules see it: a whole request, or one subrequest of a composite."""

    method: str
    path: str
    sobject: str | None
    reference_id: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a request is served: what the weather decided about it on arrival, and nothing else."""

    service_s: float = 0.0
    """How long the org works on it; a writer's rows are held meanwhile."""
    strangers: tuple[Stranger, ...] = ()
    undone: bool = False
    """Executed and counted, then undone before the commit."""
    hinder: Callable[[Part], Refusal | None] | None = None
    """Asked once per subrequest; a refusal makes that part fail as if the org had refused it."""


CALM = Terms()
EVENTS = LockKey("$events", "")
"""What a long poll waits for, among what wakes a parked request."""


class Quiet(Exception):
    """There is nothing to tell yet: whoever asked is to be asked again at `until`, or when something is published.

    What was done so far stays done.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(f"nothing to tell until {until}")
        self.until = until


@dataclass(slots=True)
class Errand:
    """One request on its way through the org, across as many presentations as it needs."""

    number: int
    request: Request
    terms: Terms
    arrived: datetime
    commit_at: datetime | None = None
    """Set when its rows are held and it works until that instant."""
    waiting_since: datetime | None = None
    """Set when it first met a held row."""
    touched: set[LockKey] = field(default_factory=set)
    verdicts: dict[str, Refusal | None] = field(default_factory=dict)
    """What `terms.hinder` said, per subrequest, so that a second presentation hears the same."""
    met: set[str] = field(default_factory=set)
    """The objects of which a stranger has already taken its one row."""
    gave_up: bool = False
    """Whether its patience ended at a held row: from then on it waits for nothing."""
    notes: object | None = None
    """What its handler has to remember from one presentation to the next: the state of a long poll."""
    visit: object | None = None
    """Who calls, and what, as settled on arrival (see rest/reception.py), so that nothing is counted twice."""


@dataclass(frozen=True, slots=True)
class Parked:
    """Not yet: present it again at `until`. `wakes` names the rows (or events) whose release may come earlier."""

    errand: Errand
    until: datetime
    wakes: tuple[LockKey, ...] = ()
