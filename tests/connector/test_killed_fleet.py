"""Real processes on one ledger in PostgreSQL, killed under load at points that chance names; and what is left."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from threading import Lock
from typing import Any

import pytest

from connector.live.failpoints import NAMES
from tests.connector.ledgers import KEY, DatabaseShelf
from tests.connector.served import Served, at_rest, begun, posted, ready, rows, started

pytestmark = pytest.mark.sockets

FIELDS = {"seats": {"target": "Opportunity.Seats__c", "type": "integer"}}
CALLS, TURNS, AT_ONCE = 10, 3, 6
STARTS = 6
"""So many requests a start takes, for the login and for what the org says about its fields."""
PACE = "scaled:60"
LEASE_S = 120
"""Two seconds on the wall."""


@pytest.fixture(scope="module")
def org() -> Iterator[dict[str, Any]]:
    served = started("mocksf", "serve", "--port", 0, "--schema", "sample", "--clock", PACE)
    yield served.said
    served.ended()


@dataclass
class Fleet:
    """Connector processes on one ledger. `doomed` is killed when so many turns were told."""

    shelf: DatabaseShelf
    processes: list[Served]
    doomed: Served
    doom: int
    dice: Random
    told: int = 0
    lock: Lock = field(default_factory=Lock)

    def one_of(self) -> Served:
        with self.lock:
            self.told += 1
            if self.told == self.doom:
                self.doomed.killed()
            living = [each for each in self.processes if each.process.poll() is None]
            return self.dice.choice(living)

    def tell(self, call: int, turn: int) -> None:
        """Tell a turn to whoever lives, until somebody has answered."""
        body = {"turn": turn, "caller": {"phone": number(call)}, "intents": [{"name": "seats", "value": value(turn)}]}
        while posted(f"{self.one_of().url}/calls/call-{call}/intents", body) not in {200, 202}:
            pass

    def whole_call(self, call: int) -> None:
        for turn in range(1, TURNS + 1):
            self.tell(call, turn)


def number(call: int) -> str:
    """Two calls each are of one caller."""
    return f"+141555502{call // 2:02d}"


def value(turn: int) -> int:
    return 100 + turn


@pytest.fixture
def fleet(database: DatabaseShelf, org: dict[str, Any], tmp_path: Path) -> Iterator[Fleet]:
    """Two processes that die at failpoints, one that is killed from outside, and one that lives on."""
    dice = Random(SystemRandom().randrange(10**6))
    points = [f"{point}:{STARTS + dice.randrange(1, 8)}" for point in dice.sample(sorted(NAMES), 2)]
    with ExitStack() as stack:
        ways = [begun(*command(database, tmp_path, org), **environ(org, point)) for point in (*points, "", "")]
        for process in ways:
            stack.callback(process.kill)
        processes = [ready(each) for each in ways]
        yield Fleet(database, processes, processes[2], dice.randrange(8, CALLS * TURNS), dice)
        for served in processes[:-1]:
            served.killed()
        assert processes[-1].ended() == 0


def command(shelf: DatabaseShelf, folder: Path, org: dict[str, Any]) -> tuple[object, ...]:
    login = {"instance_url": org["url"], "client_id": org["client_id"], "client_secret": {"env": "S"}}
    config = {"org": {"name": "acme", "login": login}, "fields": FIELDS, "delivery": {"budget_ms": 60_000}}
    path = folder / "connector.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return (
        "connector", "serve", path, "--ledger", shelf.place, "--port", 0, "--clock", PACE, "--lease", LEASE_S,
        "--anchor", shelf.anchor,
    )  # fmt: skip


def environ(org: dict[str, Any], failpoint: str = "") -> dict[str, str]:
    return {"S": org["client_secret"], "CONNECTOR_LEDGER_KEY": KEY, "CONNECTOR_FAILPOINT": failpoint}


def test_whoever_is_killed_nothing_is_lost_and_nothing_is_written_twice(fleet: Fleet, org: dict[str, Any]):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fleet.whole_call, range(CALLS)))
    at_rest(fleet.processes[-1].url)

    entries = fleet.shelf.stored()
    kinds = Counter((entry.kind, entry.delivery) for entry in entries)
    wanted = {f"call-{call}/{turn}/seats" for call in range(CALLS) for turn in range(1, TURNS + 1)}
    found = rows(org, "SELECT Call_Key__c, Seats__c FROM Opportunity WHERE Call_Key__c LIKE 'call-%'")
    people = rows(org, "SELECT Caller_Key__c FROM Contact WHERE Caller_Key__c LIKE '+141555502%'")
    assert fleet.shelf.verified_by_anchor().broken is None
    for kind in ("accepted", "committed"):
        assert {each: kinds[kind, each] for each in wanted} == dict.fromkeys(wanted, 1)
    assert {row["Call_Key__c"]: row["Seats__c"] for row in found} == {f"call-{n}": value(TURNS) for n in range(CALLS)}
    assert len(found) == CALLS
    assert sorted(row["Caller_Key__c"] for row in people) == sorted({number(call) for call in range(CALLS)})
    assert sum(each.process.poll() is not None for each in fleet.processes) >= 1
