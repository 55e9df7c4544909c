"""A story as a typed value: what it tells, what is given, what happens when, and what must be so then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scenarios.slack import Away

Told = Literal["committed", "accepted", "dead", "unfit", "conflict"]
Status = Literal["committed", "dead", "discarded", "pending"]


@dataclass(frozen=True, slots=True)
class Given:
    """The world before anything happens. `weather` is a list of rules in their JSON form (design §8.4)."""

    weather: tuple[Mapping[str, Any], ...] = ()
    agents: Literal["us", "eu"] = "us"
    instance: str = "NA130"
    near: bool = False
    """No distance and no service time, so that every instant is exact; else those of the region pair."""
    host: str | None = "ordinary"
    """Which host the connector runs on (`data/own_time.yaml`); None for one that costs no time."""
    slack_away: tuple[Away, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    """What differs from the company's usual configuration, section by section."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Somebody rings, `at_s` from the beginning, and the call goes as in a recording."""

    recording: str
    at_s: float = 0.0
    looks_up: bool = True
    """Whether the agent looks the caller up when it rings."""


@dataclass(frozen=True, slots=True)
class Dies:
    """The connector's process dies and comes back `down_s` later."""

    at_s: float
    down_s: float = 2.0


@dataclass(frozen=True, slots=True)
class SessionsEnd:
    """Every session of the org ends: an administrator revoked them, or they expired."""

    at_s: float


@dataclass(frozen=True, slots=True)
class TellsAgain:
    """The agent tells a turn of a running call again; with `value` in place of what was said first."""

    recording: str
    turn: int
    at_s: float
    value: Any = None


@dataclass(frozen=True, slots=True)
class Replays:
    """A person replays every dead letter."""

    at_s: float
    actor: str = "on-call"
    reason: str = "the org is back"


Happening = Rings | Dies | SessionsEnd | TellsAgain | Replays


@dataclass(frozen=True, slots=True)
class Then:
    """What must be so at the end. What is not mentioned is not asked."""

    told: Mapping[str, Told] = field(default_factory=dict)
    """``recording/turn`` → what the agent was answered."""
    ends: Mapping[str, Status] = field(default_factory=dict)
    """``recording/turn`` (or ``recording/end``) → how its deliveries ended."""
    tries: Mapping[str, int] = field(default_factory=dict)
    """``recording/turn`` → how many attempts were made (a second try after a bad session belongs to the first)."""
    alerts: int | None = None
    """How many messages Slack took."""
    rows: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """SOQL → the rows it gives, attributes left out."""


@dataclass(frozen=True, slots=True)
class Story:
    """One story. Its name is hyphened and is how the command line calls it."""

    name: str
    tells: str
    given: Given
    when: tuple[Happening, ...]
    then: Then
    seconds: float = 900.0
    """How long the world is watched."""
