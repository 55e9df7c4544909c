"""What happened in a world, as plain rows: the raw evidence that laws, timelines and pictures read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from connector.intents import Caller
from connector.messages import Reply

END = 1_000_000
"""The turn number under which the end of a call is kept."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, for the reader: `lane` is caller, agent, connector, salesforce or slack."""

    at: datetime
    lane: str
    who: str
    what: str
    until: datetime | None = None
    """When it was over, for things that last."""


@dataclass(slots=True)
class Exchange:
    """One request and what became of it, seen from both ends."""

    number: int
    courier: str
    delivery: str | None
    lane: str
    method: str
    path: str
    body: Any
    sent: datetime
    cold: bool = False
    arrived: datetime | None = None
    """When the org saw it (None: never)."""
    status: int | None = None
    """What the org answered, whether or not anybody heard it."""
    response: Any = None
    done: datetime | None = None
    """When the org had done with it."""
    undone: bool = False
    """The weather took its effect back before the commit."""
    hidden: bool = False
    """The weather kept back or replaced what the org answered."""
    heard: datetime | None = None
    """When the client heard its answer, or gave up."""
    reply: Reply | None = None
    """What the client heard."""
    alive: bool = True
    """The client still listens."""
    struck: tuple[str, ...] = ()
    """The kinds of the weather's rules that struck it as a whole."""


@dataclass(slots=True)
class Receipt:
    """One turn: what the agent told the connector, and what it was answered within which time."""

    call: str
    turn: int
    intents: dict[str, Any]
    at: datetime
    """The instant of the turn, however often it has to be told."""
    asked: datetime
    caller: Caller
    """Who the agent knew the caller to be when it told the turn."""
    answered: datetime | None = None
    told: str | None = None
    """committed, accepted, dead, or the refusal's name; None while nothing was told."""
    committed: datetime | None = None
    """When the connector heard that everything critical of the turn is in the org."""
    deliveries: tuple[str, ...] = ()
    interrupted: bool = False
    """The connector died before it answered; the agent tells the turn again."""

    @property
    def name(self) -> str:
        """The turn as people call it: ``call/2``, or ``call/end``."""
        return f"{self.call}/{'end' if self.turn == END else self.turn}"


@dataclass(slots=True)
class Lookup:
    """One lookup by phone at the ring: when it was asked, when it came back, and whether with a person."""

    call: str
    asked: datetime
    answered: datetime | None = None
    found: bool = False


State = Literal["readable", "pending", "dead", "dark"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a critical intent stood when its caller hung up."""

    call: str
    turn: int
    intent: str
    state: State
    """In the org by SOQL; shown as under way; shown as a dead letter; or nowhere."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a reader of the org saw at an instant, in the middle of everything: half a composite, or nothing amiss."""

    at: datetime
    halves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """A composite of another program that is not all or none: its parts as asked, and as answered."""

    at: datetime
    parts: tuple[Mapping[str, Any], ...]
    answers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deploy that committed, and the objects that it changed."""

    at: datetime
    sobjects: frozenset[str]


@dataclass(slots=True)
class Trace:
    """Everything seen in one world."""

    events: list[Event] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    lookups: list[Lookup] = field(default_factory=list)
    crashes: list[datetime] = field(default_factory=list)
    restarts: list[datetime] = field(default_factory=list)
    own_s: float = 0.0
    """All time that the connector spent on itself."""
    dearest_s: float = 0.0
    """The most that one step of its own cost."""
    stopped: Counter[str] = field(default_factory=Counter)
    """Command → how many flows stood at it when their process died."""
    shown: list[Shown] = field(default_factory=list)
    glimpses: list[Glimpse] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    deploys: list[Deployed] = field(default_factory=list)

    def tell(self, at: datetime, lane: str, who: str, what: str, until: datetime | None = None) -> None:
        """Remember one thing that happened."""
        self.events.append(Event(at, lane, who, what, until))
