"""Bad weather from a seed: each storm picks which faults exist at all, where it rages, and when the process dies."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from random import Random
from typing import Any

from mocksf.dice import Dice
from scenarios.play import Played, play
from scenarios.seen import Seen
from scenarios.slack import Away
from scenarios.story import (
    Dies,
    Discards,
    Given,
    Glances,
    Happening,
    Imports,
    Replays,
    Rings,
    SessionsEnd,
    Story,
    Stumbles,
    Then,
)
from scenarios.swarm import CALM_AFTER_S, FAULTS, Rule, raging
from scenarios.world import World

NEAR = "next door"
PAIRS = (NEAR, "us/NA130", "us/NA130", "eu/EU2", "eu/NA130")

CALLS = ("happy-call", "happy-call", "unknown-caller")
UNASKED = (None, None, 0.0, 20.0)
"""From when on nobody is looked up when it rings."""
DEATHS = (0, 0, 1, 1, 2, 3)
OFTEN = 0.3
"""How likely each fault is to exist in a storm at all."""
LULL_S = CALM_AFTER_S + 1000.0
"""When the person on call comes: what the storm killed is dead by then."""
REST_AFTER_S = CALM_AFTER_S + 8 * 450.0
"""By then every delivery that stood in line behind others had its whole schedule."""
RINGING_S = 240.0
"""Within which so many calls as are wanted ring."""
GIVEN_UP = 0.08
"""How likely the dead letters of a call are given up."""
AGAIN = 0.2
"""How likely a generated call is one of somebody who rang before."""


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
    stumbles: tuple[Stumbles, ...] = ()
    sessions_end: tuple[SessionsEnd, ...] = ()
    replays: tuple[Replays, ...] = ()
    discards: tuple[Discards, ...] = ()
    beside: tuple[Imports | Glances, ...] = ()
    """What others do in the same org meanwhile."""

    def as_json(self) -> dict[str, Any]:
        """The storm as a value to be written down and read by people."""
        away = [[each.from_s, each.to_s] for each in self.slack_away]
        rows = {name: [list(each) for each in getattr(self, name)] for name in ("calls", "deaths")}
        others = [name for name in EXTRAS if getattr(self, name)]
        return {
            "seed": self.seed,
            "rules": list(self.rules),
            **rows,
            "pair": self.pair,
            "slack_away": away,
            "unasked_from_s": self.unasked_from_s,
            **{name: [{type(each).__name__: asdict(each)} for each in getattr(self, name)] for name in others},
        }

    def story(self) -> Story:
        """The storm as a story: the same run, and one that can be put into the library."""
        agents, _, instance = self.pair.partition("/")
        near = self.pair == NEAR
        place: dict[str, Any] = {"near": True} if near else {"agents": agents, "instance": instance}
        given = Given(
            weather=self.rules,
            slack_away=self.slack_away,
            config={"org": {"phone_region": "US"}},
            seed=self.seed,
            **place,
        )
        return Story(
            name=f"storm-{self.seed}",
            tells=f"The storm of seed {self.seed}.",
            given=given,
            when=tuple(self._when()),
            then=Then(at_rest=True),
            seconds=REST_AFTER_S,
        )

    def _when(self) -> Iterator[Happening]:
        for number, (name, at_s) in enumerate(self.calls):
            asks = self.unasked_from_s is None or at_s < self.unasked_from_s
            yield Rings(name, at_s, looks_up=asks, call=f"call-{number + 1}")
        yield from (Dies(at_s, down_s) for at_s, down_s in self.deaths)
        for name in EXTRAS:
            yield from getattr(self, name)


EXTRAS = ("stumbles", "sessions_end", "replays", "discards", "beside")


@dataclass(frozen=True, slots=True)
class Weathered:
    """What came of a storm."""

    storm: Storm
    world: World
    seen: Seen
    broken: list[tuple[str, str]]


def storm(seed: int, calls: int | None = None) -> Storm:
    """The storm of a seed. Swarm testing: a coin per fault decides whether it exists in this run at all.

    One fault, each in its turn, is there for certain and rages, so that a few storms in a row leave none out.
    Without `calls` one to three people ring; else so many, most of them generated.
    """
    dice = Dice(seed).named("storm")
    first = dice.choice(CALLS)
    ringing = [(first, round(dice.uniform(0, 20), 3))]
    ringing += [(dice.choice(CALLS), round(dice.uniform(0, 90), 3)) for _ in range(dice.randint(0, 2))]
    rules = [raging(FAULTS[seed % len(FAULTS)], first, dice)]
    rules += [make(dice) for make in FAULTS if dice.random() < OFTEN]
    deaths = [(round(dice.uniform(1, 200), 3), round(dice.uniform(0.1, 20), 3)) for _ in range(dice.choice(DEATHS))]
    away = (Away(0, round(dice.uniform(10, 400), 3)),) if dice.random() < 0.2 else ()
    unasked_from_s = Dice(seed).named("unasked").choice(UNASKED)
    wanted = Storm(seed, tuple(rules), tuple(ringing), tuple(sorted(deaths)), dice.choice(PAIRS), away, unasked_from_s)
    if calls is not None:
        wanted = replace(wanted, calls=_ringing(wanted.calls, calls, Dice(seed).named("ringing")))
    return _peopled(wanted, Dice(seed).named("people"))


def _ringing(first: Sequence[tuple[str, float]], count: int, dice: Random) -> tuple[tuple[str, float], ...]:
    """So many calls, the first ones as they were; some by people who rang before, perhaps while they still talk."""
    calls, rang = list(first[:count]), list[int]()
    while len(calls) < count:
        at_s = round(dice.uniform(0, RINGING_S), 3)
        if rang and dice.random() < AGAIN:
            calls.append((f"caller-{dice.choice(rang)}.{dice.randint(2, 9)}", at_s))
        else:
            rang.append(dice.randrange(500))
            calls.append((f"caller-{rang[-1]}", at_s))
    return tuple(calls)


def _peopled(wanted: Storm, dice: Random) -> Storm:
    """The storm with those who do something in it: administrators, people on call, other programs, readers."""

    def some(most: int, until_s: float = 300.0) -> list[float]:
        return sorted(round(dice.uniform(5, until_s), 3) for _ in range(dice.randint(0, most)))

    replays = [*some(1, LULL_S), *((LULL_S,) if dice.random() < 0.3 else ())]
    return replace(
        wanted,
        stumbles=tuple(
            Stumbles(at_s, dice.randint(1, 60), dice.random() < 0.5, round(dice.uniform(0.1, 20), 3))
            for at_s in some(2, 120)
        ),
        sessions_end=tuple(SessionsEnd(at_s) for at_s in some(1)),
        replays=tuple(Replays(at_s, rate_per_s=dice.choice((None, 2.0, 10.0))) for at_s in replays),
        discards=tuple(
            Discards(f"call-{number}", LULL_S - 60)
            for number in range(1, len(wanted.calls) + 1)
            if dice.random() < GIVEN_UP
        ),
        beside=(*(Imports(at_s) for at_s in some(1)), *(Glances(at_s) for at_s in some(3))),
    )


def weathered(wanted: Storm, connector_of: Any = None) -> Weathered:
    """Live through a storm until all is at rest, and let the laws judge."""
    done: Played = play(wanted.story(), connector_of=connector_of)
    return Weathered(wanted, done.world, done.seen, done.broken)


def shrunk(wanted: Storm) -> Storm:
    """The smallest storm found, by leaving things out, that still breaks the same law."""
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


def _less(wanted: Storm) -> Iterator[Storm]:
    """Storms with less in them: halves first where there is much, then all but one; last, nothing takes time."""
    for each in fields(wanted):
        held = getattr(wanted, each.name)
        for fewer in _fewer(held) if isinstance(held, tuple) else ():
            if fewer or each.name != "calls":
                yield replace(wanted, **{each.name: fewer})  # type: ignore[arg-type]  # each of its own kind
    if wanted.unasked_from_s is not None:
        yield replace(wanted, unasked_from_s=None)
    if wanted.pair != NEAR:
        yield replace(wanted, pair=NEAR)


def _fewer(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if len(items) > 3:
        half = len(items) // 2
        yield from (items[:half], items[half:])
    yield from (items[:number] + items[number + 1 :] for number in range(len(items)))
