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
    org: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the org that differ from the usual ones (`OrgSettings`), such as `daily_requests`."""
    schema: tuple[str, ...] = ("sample",)
    """What the org's schema is made of: names that come with mocksf, and files beside the stories (`data/…`)."""
    seed: int = 0
    """Added to the seed that the story is played with: where it was found, seed 0 brings back what was seen."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Somebody rings, `at_s` from the beginning, and the call goes as in a recording."""

    recording: str
    at_s: float = 0.0
    looks_up: bool = True
    """Whether the agent looks the caller up when it rings."""
    call: str | None = None
    """What the call is called, where the recording's own id will not do: one caller may ring many times."""


@dataclass(frozen=True, slots=True)
class Dies:
    """The connector's process dies and comes back `down_s` later."""

    at_s: float
    down_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Stumbles:
    """The connector's process dies over its `steps`-th command from `at_s` on: before it, or right `after` it."""

    at_s: float
    steps: int
    after: bool = False
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
    rate_per_s: float | None = None
    """How many a second; None: all at once."""


@dataclass(frozen=True, slots=True)
class Discards:
    """A person gives up the dead letters of a call."""

    call: str
    at_s: float
    actor: str = "on-call"
    reason: str = "the customer rang again"


@dataclass(frozen=True, slots=True)
class Imports:
    """Another program writes campaigns, one composite that is not all or none, of which one part is refused."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Glances:
    """Somebody reads the org in the middle of everything."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Adds:
    """Somebody enters a record by hand."""

    at_s: float
    sobject: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """Somebody changes by hand the records that a query finds."""

    at_s: float
    records: str
    """SOQL that selects their Id."""
    fields: Mapping[str, Any]
    short_ids: bool = False
    """Whether they are named by the 15 characters that old exports show."""


@dataclass(frozen=True, slots=True)
class Deletes:
    """Somebody deletes the records that a query finds."""

    at_s: float
    records: str


@dataclass(frozen=True, slots=True)
class Merges:
    """Somebody merges the first record that a query finds into the first that another finds."""

    at_s: float
    sobject: str
    loser: str
    master: str


@dataclass(frozen=True, slots=True)
class Converts:
    """Somebody converts the lead that a query finds."""

    at_s: float
    lead: str


@dataclass(frozen=True, slots=True)
class Refreshes:
    """The sandbox is copied anew: all that the calls had made is gone, the same people are there under new ids."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Deploys:
    """Somebody's deploy commits: fields come or go, values are switched off, rules are added."""

    at_s: float
    change: Mapping[str, Any]
    """As a YAML schema says it; `deleted` names what goes."""


ByHand = Adds | Changes | Deletes | Merges | Converts | Refreshes | Deploys
"""What people do in the org."""


@dataclass(frozen=True, slots=True)
class Suspends:
    """The connector's host is suspended and woken `lasts_s` later: to the process, its clock steps by as much."""

    at_s: float
    lasts_s: float


Happening = (
    ByHand | Suspends | Rings | Dies | Stumbles | SessionsEnd | TellsAgain | Replays | Discards | Imports | Glances
)


@dataclass(frozen=True, slots=True)
class Then:
    """What must be so at the end. What is not mentioned is not asked."""

    told: Mapping[str, Told] = field(default_factory=dict)
    """``recording/turn`` → what the agent was answered."""
    ends: Mapping[str, Status] = field(default_factory=dict)
    """``recording/turn`` (or ``recording/end``) → how its deliveries ended."""
    in_time: tuple[int, int] | None = None
    """Between which numbers the turns lie that were answered as committed."""
    tries: Mapping[str, int] = field(default_factory=dict)
    """``recording/turn`` → how many attempts were made (a second try after a bad session belongs to the first)."""
    alerts: int | None = None
    """How many messages Slack took."""
    rows: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """SOQL → the rows it gives, attributes left out."""
    dead: Mapping[str, int] | None = None
    """Category → how many dead letters of it entered the queue, replayed ones included; no other category may occur."""
    busiest_second: tuple[int, int] | None = None
    """Between which numbers the requests lie that reached the org within the busiest second after `after_s`."""
    after_s: float = 0.0
    sent: Mapping[str, int] = field(default_factory=dict)
    """Glob over paths → how many requests were sent there."""
    at_rest: bool = False
    """Whether everything must have come to an end; else what is still under way is left alone."""


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
