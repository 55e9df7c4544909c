"""Bad weather from a seed: each storm picks which faults exist at all, where it rages, and when the process dies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from mocksf.dice import Dice
from scenarios.figures import own_time
from scenarios.laws import broken_laws
from scenarios.lines import NEXT_DOOR, distance
from scenarios.play import settle_in
from scenarios.recordings import recording
from scenarios.seen import Seen
from scenarios.shop import shop_config
from scenarios.slack import Away
from scenarios.world import Setting, World

Rule = Mapping[str, Any]

NEAR = "next door"
PAIRS = (NEAR, "us/NA130", "us/NA130", "eu/EU2", "eu/NA130")

CALLS = ("happy-call", "happy-call", "unknown-caller")
UNASKED = (None, None, 0.0, 20.0)
"""From when on nobody is looked up when it rings."""
DEATHS = (0, 0, 1, 1, 2, 3)
OFTEN = 0.3
"""How likely each fault is to exist in a storm at all."""

CALM_AFTER_S = 480.0
"""From here on no fault strikes any more: liveness is judged after that."""
REST_AFTER_S = CALM_AFTER_S + 8 * 450.0
"""By then every delivery that stood in line behind others had its whole schedule."""


@dataclass(frozen=True, slots=True)
class Storm:
    """One run to be made: rules in their JSON form, calls as (recording, at_s), deaths as (at_s, down_s)."""

    seed: int
    rules: tuple[Rule, ...]
    calls: tuple[tuple[str, float], ...]
    deaths: tuple[tuple[float, float], ...]
    pair: str = NEAR
    """Where the agents are and the instance lies, such as ``us/NA130``; or next door, where nothing takes time."""
    slack_away: tuple[Away, ...] = ()
    unasked_from_s: float | None = None
    """Who rings from here on is never looked up when it rings; None: everybody is."""

    def as_json(self) -> dict[str, Any]:
        """The storm as a value to be written down and read by people."""
        away = [[each.from_s, each.to_s] for each in self.slack_away]
        calls, deaths = [list(each) for each in self.calls], [list(each) for each in self.deaths]
        return {
            "seed": self.seed,
            "rules": list(self.rules),
            "calls": calls,
            "deaths": deaths,
            "pair": self.pair,
            "slack_away": away,
            "unasked_from_s": self.unasked_from_s,
        }


@dataclass(frozen=True, slots=True)
class Weathered:
    """What came of a storm."""

    storm: Storm
    world: World
    seen: Seen
    broken: list[tuple[str, str]]


def storm(seed: int) -> Storm:
    """The storm of a seed. Swarm testing: a coin per fault decides whether it exists in this run at all.

    One fault, each in its turn, is there for certain and rages, so that a few storms in a row leave none out.
    """
    dice = Dice(seed).named("storm")
    first = dice.choice(CALLS)
    calls = [(first, round(dice.uniform(0, 20), 3))]
    calls += [(dice.choice(CALLS), round(dice.uniform(0, 90), 3)) for _ in range(dice.randint(0, 2))]
    rules = [_raging(FAULTS[seed % len(FAULTS)], first, dice)]
    rules += [make(dice) for make in FAULTS if dice.random() < OFTEN]
    deaths = [(round(dice.uniform(1, 200), 3), round(dice.uniform(0.1, 20), 3)) for _ in range(dice.choice(DEATHS))]
    away = (Away(0, round(dice.uniform(10, 400), 3)),) if dice.random() < 0.2 else ()
    unasked_from_s = Dice(seed).named("unasked").choice(UNASKED)
    return Storm(seed, tuple(rules), tuple(calls), tuple(sorted(deaths)), dice.choice(PAIRS), away, unasked_from_s)


def weathered(wanted: Storm, connector_of: Any = None) -> Weathered:
    """Live through a storm until all is at rest, and let the laws judge."""
    setting = Setting(
        weather=wanted.rules,
        timed=wanted.pair != NEAR,
        distance=NEXT_DOOR if wanted.pair == NEAR else distance(*wanted.pair.split("/")),
        own_time=own_time("ordinary"),
        slack_away=wanted.slack_away,
        config=shop_config({"org": {"phone_region": "US"}}),
        connector_of=connector_of,
    )
    world = World(setting, wanted.seed)
    for name in dict.fromkeys(name for name, _ in wanted.calls):
        settle_in(world, recording(name))
    for number, (name, at_s) in enumerate(wanted.calls):
        asks = wanted.unasked_from_s is None or at_s < wanted.unasked_from_s
        world.ring(recording(name), at_s, f"call-{number + 1}", looks_up=asks)
    for at_s, down_s in wanted.deaths:
        world.crash(at_s, down_s)
    world.run(REST_AFTER_S)
    seen = Seen(world, at_rest=True)
    return Weathered(wanted, world, seen, broken_laws(seen))


def shrunk(wanted: Storm) -> Storm:
    """The smallest storm found, by leaving things out one by one, that still breaks the same law."""
    laws = {law for law, _ in weathered(wanted).broken}
    if not laws:
        return wanted
    smaller = True
    while smaller:
        smaller = False
        for less in _less(wanted):
            if laws & {law for law, _ in weathered(less).broken}:
                wanted, smaller = less, True
                break
    return wanted


def _less(wanted: Storm) -> list[Storm]:
    found = [replace(wanted, rules=each) for each in _without_one(wanted.rules)]
    found += [replace(wanted, calls=each) for each in _without_one(wanted.calls) if each]
    found += [replace(wanted, deaths=each) for each in _without_one(wanted.deaths)]
    found += [] if wanted.unasked_from_s is None else [replace(wanted, unasked_from_s=None)]
    found += [replace(wanted, slack_away=())] if wanted.slack_away else []
    return found + ([] if wanted.pair == NEAR else [replace(wanted, pair=NEAR)])


def _without_one(items: tuple[Any, ...]) -> Sequence[tuple[Any, ...]]:
    return [items[:number] + items[number + 1 :] for number in range(len(items))]


# -- the faults --------------------------------------------------------------------------------------------------


def _often(dice: Random) -> dict[str, Any]:
    start = round(dice.uniform(0, 60), 3)
    end = round(min(start + dice.choice((5.0, 20.0, 60.0, 150.0, 420.0)), CALM_AFTER_S), 3)
    return {"chance": dice.choice((0.1, 0.3, 0.6, 1.0)), "window": {"from_s": start, "to_s": end}}


def _raging(make: Callable[[Random], Rule], call: str, dice: Random) -> Rule:
    """A fault that the storm's first call meets for certain."""
    rule = dict(make(dice))
    window = {"from_s": 0, "to_s": round(dice.uniform(100, CALM_AFTER_S), 3)}
    if make is _lock:
        rule["settings"] = {"sobject": "Opportunity" if call == "happy-call" else "Lead", "hold_s": 14.0}
    if make is _bad_session:
        return rule
    return {**rule, "how_often": {"chance": dice.choice((0.4, 0.8)), "window": window}}


def _path(dice: Random) -> dict[str, Any]:
    return dice.choice(
        ({}, {"path": "*/composite"}, {"path": "*/composite"}, {"path": "*/chatter/*"}, {"method": "GET"})
    )


def _lost_answer(dice: Random) -> Rule:
    return {"kind": "lost_answer", "where": _path(dice), "how_often": _often(dice)}


def _lost_request(dice: Random) -> Rule:
    return {"kind": "lost_request", "where": _path(dice), "how_often": _often(dice)}


def _undone(dice: Random) -> Rule:
    return {"kind": "timeout", "phase": "before_commit", "where": _path(dice), "how_often": _often(dice)}


def _reset(dice: Random) -> Rule:
    phase = dice.choice(("before_org", "before_commit", "after_commit"))
    return {"kind": "reset", "phase": phase, "where": _path(dice), "how_often": _often(dice)}


def _outage(dice: Random) -> Rule:
    settings = {"status": 503, "code": "SERVER_UNAVAILABLE", "message": "The server is busy."}
    return {"kind": "error", "settings": settings, "where": _path(dice), "how_often": _often(dice)}


def _rejection(dice: Random) -> Rule:
    settings = {"status": 400, "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Not today."}
    return {
        "kind": "error",
        "settings": settings,
        "where": {"part": dice.choice(("acc", "con", "opp", "lead"))},
        "how_often": _often(dice),
    }


def _lock(dice: Random) -> Rule:
    sobject = dice.choice(("Account", "Contact", "Opportunity", "Lead", "Task"))
    settings = {"sobject": sobject, "hold_s": dice.choice((0.5, 4.0, 9.9, 10.1, 14.0))}
    return {"kind": "lock_holder", "settings": settings, "how_often": _often(dice)}


def _slow_way(dice: Random) -> Rule:
    """Requests that come late, some of them after their sender gave up."""
    seconds = dice.choice((0.3, 3.0, 14.9, 16.0))
    return {"kind": "latency", "at": dice.choice(("there", "back")), "seconds": seconds, "how_often": _often(dice)}


def _late_error(dice: Random) -> Rule:
    """An edge that gives up after the org has committed."""
    settings = {"status": dice.choice((502, 503, 504)), "html": True}
    return {
        "kind": "error",
        "settings": settings,
        "phase": "after_commit",
        "where": _path(dice),
        "how_often": _often(dice),
    }


def _bad_session(dice: Random) -> Rule:
    settings = {"status": 401, "code": "INVALID_SESSION_ID", "message": "Session expired or invalid"}
    often = {**_often(dice), "chance": 1.0, "times": dice.choice((1, 2, 5))}
    return {"kind": "error", "settings": settings, "where": {"path": "/services/data/*"}, "how_often": often}


def _torn_answer(dice: Random) -> Rule:
    settings = {"after_bytes": dice.choice((0, 20, 200))}
    return {"kind": "reset", "settings": settings, "phase": "mid_body", "where": _path(dice), "how_often": _often(dice)}


FAULTS = (
    *(_lost_answer, _lost_request, _undone, _reset, _outage, _rejection, _lock, _slow_way),
    *(_late_error, _bad_session, _torn_answer),
)
"""Every fault that a storm may bring."""
