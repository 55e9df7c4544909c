"""Load profiles as rows: how many callers, how they arrive, in which weather, and what they may expect.

Plain data: this module never imports Locust, which patches the process that imports it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from random import Random
from typing import Any

Rule = Mapping[str, Any]
"""One weather rule, as the control plane of the org takes it."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Each caller means to begin a call every `interval_s`, and waits for the one before to end."""

    interval_s: float


@dataclass(frozen=True, slots=True)
class Poisson:
    """Calls come when they come: `calls_per_s` on average, whatever became of those before."""

    calls_per_s: float

    def instants(self, duration_s: float, dice: Random) -> Iterator[float]:
        """The seconds after the start at which calls begin, in order, all below `duration_s`."""
        at = dice.expovariate(self.calls_per_s)
        while at < duration_s:
            yield at
            at += dice.expovariate(self.calls_per_s)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the run must keep to be called good; times in milliseconds on the wall of the machine that measures."""

    budget_ms: float = 200.0
    """A turn is answered within this time …"""
    within: float = 0.99
    """… in at least this share of the turns, counted from the intended start."""
    early_ms: float = 0.5
    """The entry of a failure is written so long after the failure itself, so that a wait may seem shorter by it."""
    late_ms: float = 250.0
    """A retry may start this much after its instant, never before it."""
    drain_s: float = 20.0
    """After the last call, everything has ended (in the org or among the dead letters) within this time."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One row: who comes, when, for how long, in which weather, and within which limits."""

    name: str
    tells: str
    users: int
    ramp_per_s: float
    duration_s: float
    arrivals: Closed | Poisson
    weather: tuple[Rule, ...] = ()
    clock: str = "scaled:60"
    """The clock of org and connector: sixty seconds to the second, so that waits of 336 s fit into a short run."""
    limits: Limits = Limits()
    whole_schedule: bool = False
    """Whether at least one delivery must be seen to fail at every instant of the retry schedule."""
    seed: int = 0

    @property
    def scale(self) -> float:
        """How many seconds of the org and the connector pass in one second on the wall."""
        return float(self.clock.removeprefix("scaled:")) if self.clock.startswith("scaled:") else 1.0

    @property
    def interval_s(self) -> float:
        """How often one caller means to call; 0 for open arrivals, where every call has an instant of its own."""
        return self.arrivals.interval_s if isinstance(self.arrivals, Closed) else 0.0


COMPOSITE = {"path": "*/composite"}


def outage(from_s: float, to_s: float) -> Rule:
    """Composites are refused with 503 between two instants of the org's clock, in seconds after its start."""
    how_often = {"window": {"from_s": from_s, "to_s": to_s}}
    return {"kind": "error", "code": "SERVER_UNAVAILABLE", "status": 503, "where": COMPOSITE, "how_often": how_often}


SERVICE = {"kind": "latency", "at": "service", "median_s": 0.19, "sigma": 0.5, "where": COMPOSITE}
"""A composite of three takes 190 ms in the median (assumed, with the figures in docs/performance.md)."""

ROUGH: tuple[Rule, ...] = (
    SERVICE,
    {"kind": "lost_answer", "where": COMPOSITE, "how_often": {"chance": 0.03}},
    {"kind": "lost_request", "where": COMPOSITE, "how_often": {"chance": 0.03}},
    {"kind": "error", "code": "UNABLE_TO_LOCK_ROW", "where": COMPOSITE, "how_often": {"chance": 0.03}},
)

PROFILES: tuple[Profile, ...] = (
    Profile(
        "short",
        "Thirty seconds of callers on a clock sixty times as fast, with an outage longer than the retry schedule.",
        users=4,
        ramp_per_s=4,
        duration_s=30,
        arrivals=Poisson(calls_per_s=3),
        weather=(outage(300, 720), *ROUGH),
        whole_schedule=True,
    ),
    Profile(
        "calm",
        "A minute of callers in real time and fair weather: what the budget costs with nothing in the way.",
        users=4,
        ramp_per_s=2,
        duration_s=60,
        arrivals=Closed(interval_s=1.0),
        clock="real",
    ),
    Profile(
        "rough",
        "Five minutes of callers who lose requests, answers and locks all the while.",
        users=8,
        ramp_per_s=1,
        duration_s=300,
        arrivals=Poisson(calls_per_s=4),
        weather=ROUGH,
        limits=Limits(drain_s=60.0),
    ),
    Profile(
        "smoke",
        "Five seconds of two callers: that the pieces fit together.",
        users=2,
        ramp_per_s=2,
        duration_s=5,
        arrivals=Closed(interval_s=0.5),
    ),
)

BY_NAME: Mapping[str, Profile] = {profile.name: profile for profile in PROFILES}


def profile(name: str) -> Profile:
    """The row of that name. Raises ValueError, with the nearest name, where there is none."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = get_close_matches(name, BY_NAME, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(BY_NAME)}"
    message = f"no load profile is named {name!r}; {hint}"
    raise ValueError(message)
