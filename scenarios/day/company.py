"""A company from a seed: its customers, each with a story of its own day; which process serves whom, and dies when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from mocksf.dice import Dice
from scenarios.day.curve import HOUR_S, arrivals, open_s
from scenarios.figures import figures
from scenarios.recordings.generated import PEOPLE_MOST
from scenarios.slack import Away
from scenarios.story import Dies, Discards, Given, Glances, Happening, Imports, Replays, Rings, SessionsEnd, Story, Then
from scenarios.swarm import FAULTS, Rule

OFTEN = 0.5
"""How likely each fault is to exist in a customer's day at all."""
AGAIN = 0.25
"""How likely a call is one of somebody who rang before on that day."""
DEATHS_A_DAY = 6
"""How often a process dies, on average."""
LOOKS_EVERY_S = 45 * 60.0
"""How often somebody on call looks at the dead letters, and brings back what can be brought back."""
REPLAYS_PER_S = 5.0
AFTERWARDS_S = 3 * HOUR_S
"""How long after closing the world goes on: by then every line has run dry."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One customer's part of the day."""

    name: str
    story: Story
    process: int
    """Which of the company's processes serves it."""


@dataclass(frozen=True, slots=True)
class Company:
    """One day to be lived."""

    seed: int
    calls: int
    branches: tuple[Branch, ...]

    @property
    def lasts_s(self) -> float:
        """From the opening until everything is at rest."""
        return open_s() + AFTERWARDS_S


def company(seed: int, calls: int, orgs: int) -> Company:
    """The day of a seed: so many calls, spread over so many customers, two of them on each process."""
    rows = _customers(orgs)
    shares = _split(calls, [float(row["share"]) for row in rows])
    deaths = [_deaths(Dice(seed).named(f"process {number}")) for number in range((orgs + 1) // 2)]
    branches = []
    for number, (row, count) in enumerate(zip(rows, shares, strict=True)):
        dice = Dice(seed).named(f"customer {number}")
        story = _story(seed * 100 + number, row, count, deaths[number // 2], dice)
        branches.append(Branch(row["name"], story, number // 2))
    return Company(seed, calls, tuple(branches))


def _customers(orgs: int) -> list[dict[str, Any]]:
    """The first so many customers; beyond the list they come again under a number."""
    rows = figures("customers")["customers"]
    again = [(number // len(rows), rows[number % len(rows)]) for number in range(orgs)]
    return [{**row, "name": row["name"] if not times else f"{row['name']}-{times + 1}"} for times, row in again]


def _split(calls: int, shares: Sequence[float]) -> list[int]:
    counts = [int(calls * share / sum(shares)) for share in shares]
    counts[0] += calls - sum(counts)
    return counts


def _deaths(dice: Random) -> list[Dies]:
    count = dice.randint(1, 2 * DEATHS_A_DAY - 1)
    instants = sorted(round(dice.uniform(60, open_s()), 3) for _ in range(count))
    return [Dies(at_s, round(dice.choice((0.5, 3.0, 20.0, 90.0)) * dice.uniform(0.5, 1.5), 3)) for at_s in instants]


def _story(seed: int, row: Mapping[str, Any], calls: int, deaths: Sequence[Dies], dice: Random) -> Story:
    rings = _rings(calls, dice)
    when: list[Happening] = [*rings, *deaths, *_people(dice)]
    when += [Discards(each.call or "", open_s() + HOUR_S / 4) for each in rings if dice.random() < 0.01]
    config = {**row["config"], "org": {"phone_region": "US", **row["config"].get("org", {})}}
    away = sorted(round(dice.uniform(0, open_s()), 1) for _ in range(2))
    given = Given(
        weather=tuple(_weather(dice)),
        agents=row["agents"],
        instance=row["instance"],
        slack_away=tuple(Away(at_s, at_s + dice.uniform(60, 1200)) for at_s in away),
        config=config,
        seed=seed,
    )
    then = Then(at_rest=True)
    return Story(f"day-of-{row['name']}", f"A day of {row['name']}.", given, tuple(when), then, open_s() + AFTERWARDS_S)


def _rings(calls: int, dice: Random) -> list[Rings]:
    rang: dict[int, int] = {}
    found = []
    for number, at_s in enumerate(arrivals(calls, dice), 1):
        again = bool(rang) and (dice.random() < AGAIN or len(rang) == PEOPLE_MOST)
        person = dice.randrange(len(rang)) if again else len(rang)
        rang[person] = rang.get(person, 0) + 1
        times = rang[person]
        name = f"caller-{person}" if times == 1 else f"caller-{person}.{times}"
        found.append(Rings(name, at_s, dice.random() < 0.9, f"call-{number}"))
    return found


def _people(dice: Random) -> list[Happening]:
    """Who does what beside the calls: people on call, administrators, other programs, readers."""
    looks = int(open_s() / LOOKS_EVERY_S)
    replays = [Replays(number * LOOKS_EVERY_S, rate_per_s=REPLAYS_PER_S) for number in range(1, looks + 1)]
    last = Replays(open_s() + HOUR_S / 2, rate_per_s=REPLAYS_PER_S, reason="end of the day")
    beside: list[Happening] = [SessionsEnd(round(dice.uniform(0, open_s()), 3))]
    beside += [Imports(round(dice.uniform(0, open_s()), 3)) for _ in range(4)]
    beside += [Glances(round(dice.uniform(0, open_s()), 3)) for _ in range(4)]
    return [*replays, last, *beside]


def _weather(dice: Random) -> list[Rule]:
    """The faults of a day: which of them exist at all, and for how many minutes each rages."""
    found: list[Rule] = []
    for make in FAULTS:
        if dice.random() < OFTEN:
            rule = dict(make(dice))
            start = dice.uniform(0, open_s() - HOUR_S)
            end = start + dice.choice((30.0, 120.0, 400.0, 1500.0))
            often = {name: value for name, value in rule["how_often"].items() if name != "window"}
            window = {"from_s": round(start, 1), "to_s": round(end, 1)}
            found.append({**rule, "how_often": {**often, "window": window}})
    return found
