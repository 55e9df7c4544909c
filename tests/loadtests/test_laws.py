"""The laws after a load run: an honest run keeps all, and each sabotage of it breaks the law that speaks of it."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import orjson
import pytest

from loadtests.evidence import Told
from loadtests.laws import LAWS, breaches, witness_of
from scenarios.laws import name_of

PHONE, SECRET = "+14152000001", "s3cret-of-the-app"
KEYS = {"Account": "Caller_Key__c", "Contact": "Caller_Key__c", "Opportunity": "Call_Key__c", "Task": "Call_Key__c"}
FIELDS = {"seats": "Opportunity.Seats__c"}
TOLD = (
    Told("call-1", PHONE, 1, {"seats": 40}, 202, ("call-1/1/seats",)),
    Told("call-1", PHONE, 2, {"seats": 42}, 202, ("call-1/2/seats",)),
)
Steps = list[tuple[str, str, Mapping[str, Any]]]
STEPS: Steps = [
    ("accepted", "call-1/1/seats", {}),
    ("committed", "call-1/1/seats", {}),
    ("accepted", "call-1/2/seats", {}),
    ("failed", "call-1/2/seats", {"code": "UNABLE_TO_LOCK_ROW"}),
    ("trying", "call-1/2/seats", {"attempt": 2}),
    ("committed", "call-1/2/seats", {}),
]
Tables = dict[str, list[dict[str, Any]]]
ROWS: Tables = {
    "Account": [{"Id": "001A", "Caller_Key__c": PHONE}],
    "Contact": [{"Id": "003A", "Caller_Key__c": PHONE, "AccountId": "001A", "Phone": PHONE}],
    "Opportunity": [{"Id": "006A", "Call_Key__c": "call-1", "AccountId": "001A", "Seats__c": 42}],
    "Lead": [],
    "Task": [{"Id": "00TA", "Call_Key__c": "call-1"}],
    "FeedItem": [],
}


def chained(steps: Steps) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    previous = "0" * 64
    for seq, (kind, delivery, detail) in enumerate(steps, 1):
        content = {"seq": seq, "at": f"2026-01-05T09:00:{seq:02d}Z", "kind": kind, "delivery": delivery}
        content |= {"detail": dict(detail), "previous": previous}
        previous = sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
        entries.append({**content, "hash": previous})
    return entries


def broken(steps: Steps, rows: Tables, told: tuple[Told, ...] = TOLD, forge: bool = False) -> set[str]:
    entries = chained(steps)
    if forge:
        entries[1]["detail"] = {"forged": True}

    def ask(soql: str) -> list[dict[str, Any]]:
        fields, _, rest = soql.removeprefix("SELECT ").partition(" FROM ")
        names = [each.strip() for each in fields.split(",")]
        return [{name: row.get(name) for name in names} for row in rows[rest.split()[0]]]

    seen = witness_of(told, entries, FIELDS, KEYS, ask, (SECRET,))
    return {law for law, _ in breaches(seen)}


def test_an_honest_run_keeps_every_law():
    assert broken(STEPS, ROWS) == set()
    assert len({name_of(law) for law in LAWS}) == len(LAWS) == 12


def without(delivery: str) -> Steps:
    return [step for step in STEPS if step[1] != delivery]


def table(sobject: str, *rows: dict[str, Any]) -> Tables:
    return {**ROWS, sobject: list(rows)}


OPPORTUNITY = ROWS["Opportunity"][0]
SABOTAGES: list[tuple[str, Callable[[], set[str]]]] = [
    ("nothing accepted vanishes", lambda: broken(without("call-1/2/seats"), ROWS)),
    ("nothing is written twice", lambda: broken(STEPS, table("Opportunity", OPPORTUNITY, {**OPPORTUNITY, "Id": "6B"}))),
    ("nobody becomes two", lambda: broken(STEPS, table("Lead", {"Id": "00QA", "Phone": PHONE, "Call_Key__c": "x"}))),
    ("no composite is half there", lambda: broken(STEPS, table("Opportunity"))),
    ("what is committed is there", lambda: broken(STEPS, table("Opportunity", {**OPPORTUNITY, "Seats__c": None}))),
    ("the last word stands", lambda: broken(STEPS, table("Opportunity", {**OPPORTUNITY, "Seats__c": 40}))),
    ("the chain holds", lambda: broken(STEPS, ROWS, forge=True)),
    ("no secret is written down", lambda: broken([*STEPS, ("erased", "call-1/1/seats", {"why": SECRET})], ROWS)),
    ("nobody is named", lambda: broken([*STEPS, ("erased", "call-1/1/seats", {"who": PHONE})], ROWS)),
    ("each life is told once", lambda: broken([*STEPS, ("committed", "call-1/2/seats", {})], ROWS)),
    (
        "a replay is signed and counts once",
        lambda: broken([*STEPS, ("dead", "call-1/9/x", {}), ("replayed", "call-1/9/x", {"round": 2})], ROWS),
    ),
    ("nothing is left undone", lambda: broken(STEPS[:-1], ROWS)),
]


@pytest.mark.parametrize(("law", "sabotage"), SABOTAGES, ids=[law for law, _ in SABOTAGES])
def test_a_sabotage_is_caught_by_its_law(law: str, sabotage: Callable[[], set[str]]):
    assert law in sabotage()


def test_every_law_has_its_sabotage():
    assert {law for law, _ in SABOTAGES} == {name_of(law) for law in LAWS}
