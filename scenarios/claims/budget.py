"""The claim `budget_200ms`: the agent is always answered in time, and the tricks are worth what they cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles as cut_points

from connector.config import ConnectorConfig
from connector.engine import Connector
from connector.ledger import MemoryLedger
from connector.login import credentials_of
from mocksf.dice import Dice
from scenarios.claims.arms import Sequential, Synchronous
from scenarios.claims.claim import FULL, Claim
from scenarios.figures import figures, own_time, service_median_ms
from scenarios.lines import distance
from scenarios.play import settle_in
from scenarios.recordings import Recording, recording
from scenarios.recordings.model import Heard
from scenarios.shop import SECRETS, shop_config
from scenarios.weather import Weathered
from scenarios.world import Setting, World

TELLS = (
    "Every turn is answered within 200 ms in every weather; with region pinning, one composite and asynchronous log "
    "at least 40 % of turns are even committed by then, and with any one of the tricks off fewer are."
)
BUDGET_S = 0.2
FLOOR = 0.40
APART_S = 4.0
RINGS = 300
"""So many callers are looked up at most; no more than turns are told."""
NEVER = recording("happy-call").end.model_copy(update={"at_s": 1e7})
"""The end of a call that is not awaited: here only the turn counts."""

Maker = Callable[[ConnectorConfig, MemoryLedger, Dice], Connector]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to run the connector: where, and how it writes. `tricks_off` is what it does without."""

    name: str
    agents: str
    instance: str
    kind: type[Connector] = Connector
    looks_up: bool = True
    """Whether callers are looked up when they ring; else the delivery does it."""
    counts: bool = True
    """Whether the claim looks at it; the others are for the picture."""


PINNED = Arm("pinned, composite, async log", "us", "NA130")
ARMS = (
    PINNED,
    Arm("pinned, composite, async log, nobody looked up", "us", "NA130", looks_up=False, counts=False),
    Arm("unpinned, composite, async log", "eu", "NA130"),
    Arm("pinned, part by part, async log", "us", "NA130", Sequential),
    Arm("pinned, composite, log and post in the turn", "us", "NA130", Synchronous),
    Arm("unpinned, part by part, async log", "eu", "NA130", Sequential, counts=False),
)


def budget_200ms(seed: int, storms: Sequence[Weathered], turns: int = FULL.turns, host: str = "ordinary") -> Claim:
    """Answers in the storms, and commits per arm on a fair day. `host` is a row of `data/own_time.yaml`."""
    waits = {arm.name: _commits(arm, seed, host, turns if arm is PINNED else turns // 2) for arm in ARMS}
    shares = {name: _share(found) for name, found in waits.items()}
    answers = [*_answers(storms), *(wait for name in waits for wait in waits[name].answers)]
    late = sum(answer > BUDGET_S for answer in answers)
    others = [shares[arm.name] for arm in ARMS if arm.counts and arm is not PINNED]
    holds = late == 0 and shares[PINNED.name] >= FLOOR and max(others) < FLOOR
    evidence = {
        "turns_answered": len(answers),
        "answered_late": late,
        "slowest_answer_ms": round(max(answers) * 1000, 3),
        "storms": len(storms),
        "floor": FLOOR,
        "committed_within_budget": {name: round(share, 4) for name, share in shares.items()},
        "commit_ms": {name: _percentiles(found.commits) for name, found in waits.items()},
        "turns_per_arm": {name: len(found.commits) for name, found in waits.items()},
        "lookups_with_data_within_budget": round(_lookups(seed, host, min(RINGS, turns)), 4),
        "figures": _sources(host),
    }
    pictures = {"commits": {name: found.commits for name, found in waits.items()}, "shares": shares, "floor": FLOOR}
    return Claim("budget_200ms", TELLS, holds, evidence, pictures)


def _sources(host: str) -> dict[str, str]:
    median = service_median_ms(["upsert"] * 3)
    return {
        "round_trips": figures("regions")["round_trip_ms"]["evidence"],
        "service_times": f"{figures('service_times')['evidence']} (median of a composite of three: {median:g} ms)",
        "connector_own_time": f"{figures('own_time')['hosts'][host]['evidence']} ({host})",
    }


# -- answers in the storms ---------------------------------------------------------------------------------------


def _answers(storms: Sequence[Weathered]) -> list[float]:
    """How long each turn waited for its answer; those over which the process died are told again, and count then."""
    receipts = [(each.seen.now, receipt) for each in storms for receipt in each.seen.receipts]
    return [((each.answered or now) - each.asked).total_seconds() for now, each in receipts if not each.interrupted]


# -- commits on a fair day ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from the telling of each turn to its commit, and to its answer."""

    commits: list[float]
    answers: list[float]


def _fair_day(arm: Arm, seed: int, host: str) -> World:
    def made(config: ConnectorConfig, ledger: MemoryLedger, dice: Dice) -> Connector:
        return arm.kind(config, ledger, dice.named("connector"), credentials_of(config, SECRETS))

    apart, config = distance(arm.agents, arm.instance), shop_config({"org": {"phone_region": "US"}})
    setting = Setting(
        timed=True, strata=1000, distance=apart, own_time=own_time(host), config=config, connector_of=made
    )
    return World(setting, seed)


def _commits(arm: Arm, seed: int, host: str, turns: int) -> Waits:
    """One-turn calls by strangers, one every few seconds, so that connections and token are warm."""
    world = _fair_day(arm, seed, host)
    for number in range(turns):
        world.ring(_turn(number), number * APART_S, f"call-{number + 1}", looks_up=arm.looks_up)
    world.run(turns * APART_S + 60)
    receipts = world.trace.receipts[1:]  # the first pays for login and handshake; every later one finds both
    commits = [(each.committed - each.asked).total_seconds() for each in receipts if each.committed]
    answers = [(each.answered - each.asked).total_seconds() for each in receipts if each.answered]
    return Waits(commits, answers)


def _lookups(seed: int, host: str, rings: int) -> float:
    """The share of lookups, of a person whom the org knows, that came back with data in time; any other counts not."""
    world = _fair_day(PINNED, seed, host)
    call = recording("happy-call").model_copy(update={"intents": (), "end": NEVER})
    settle_in(world, call)
    for number in range(rings):
        world.ring(call, number * APART_S, f"ring-{number + 1}")
    world.run(rings * APART_S + 60)
    looks = world.trace.lookups[1:]
    waits = [(each.answered - each.asked).total_seconds() for each in looks if each.answered and each.found]
    return sum(wait <= BUDGET_S for wait in waits) / len(looks)


def _turn(number: int) -> Recording:
    """A stranger who says one thing."""
    base = recording("happy-call")
    caller = base.caller.model_copy(
        update={"known": None, "stranger": base.caller.person, "phone": f"+1415555{number:04d}"}
    )
    heard = (Heard(at_s=3.0, turn=1, name="seats", value=1 + number % 99),)
    parts = {"caller": caller, "intents": heard, "utterances": base.utterances[:2], "end": NEVER}
    return base.model_copy(update=parts)


def _share(found: Waits) -> float:
    return sum(wait <= BUDGET_S for wait in found.commits) / max(1, len(found.commits))


def _percentiles(waits: Sequence[float]) -> dict[str, float]:
    points = cut_points(waits, n=100)
    return {f"p{share}": round(points[share - 1] * 1000, 1) for share in (50, 95, 99)}
