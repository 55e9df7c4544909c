"""The verdict on a run: an honest run passes every claim, and each sabotage is caught by the claim it breaks."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from loadtests.evidence import Course, Evidence, Step, Told, read_told, write_told
from loadtests.profiles import Closed, Profile
from loadtests.verdict import CLAIMS, judge

SCHEDULE = (0.2, 1.0, 5.0, 30.0, 300.0)
PROFILE = Profile("p", "P.", users=1, ramp_per_s=1, duration_s=1, arrivals=Closed(1.0), whole_schedule=True)
TOLD = (
    Told("call-1", "+4930111", 1, {"demo_requested": "2026-01-05T09:00:00.000+0000"}, 202, ("call-1/1",)),
    Told("call-2", "+4930222", 1, {"competitor": "Acme"}, 202, ("call-2/1",)),
)


def course(key: str, *steps: tuple[str, float]) -> Course:
    return Course(key, tuple(Step(kind, at) for kind, at in steps))


def exhausted(key: str, waits: tuple[float, ...] = SCHEDULE) -> Course:
    steps, at = [("accepted", 0.0), ("failed", 0.0)], 0.0
    for wait in waits:
        at += wait
        steps += [("trying", at), ("failed", at)]
    return course(key, *steps, ("dead", at))


HONEST = Evidence(
    told=TOLD,
    courses={
        "call-1/1": course("call-1/1", ("accepted", 0.0), ("committed", 0.1)),
        "call-2/1": exhausted("call-2/1"),
    },
    rows={
        "Account": [{"Caller_Key__c": "+4930111"}],
        "Contact": [{"Caller_Key__c": "+4930111"}],
        "Opportunity": [{"Call_Key__c": "call-1", "Demo_Requested_At__c": "2026-01-05T09:00:00.000+0000"}],
    },
    field_map={"demo_requested": "Opportunity.Demo_Requested_At__c", "competitor": "Opportunity.Competitor__c"},
    schedule=SCHEDULE,
)


def with_rows(**rows: object) -> Evidence:
    return replace(HONEST, rows={**HONEST.rows, **rows})  # type: ignore[dict-item]


def with_course(key: str, found: Course) -> Evidence:
    return replace(HONEST, courses={**HONEST.courses, key: found})


def broken(evidence: Evidence) -> list[str]:
    return [verdict.name for verdict in judge(evidence, PROFILE) if not verdict.holds]


def test_an_honest_run_passes_every_claim():
    assert broken(HONEST) == []


def test_every_claim_is_named_once():
    names = [claim.__name__ for claim in CLAIMS]

    assert names == [
        "mapping",
        "atomic_rollback",
        "backoff_schedule",
        "budget_200ms",
        "nothing_lost",
        "nothing_twice",
        "laws",
    ]


OPPORTUNITY = HONEST.rows["Opportunity"][0]
SABOTAGES: dict[str, tuple[Callable[[], Evidence], list[str]]] = {
    "a value in the wrong field": (
        lambda: with_rows(Opportunity=[{**OPPORTUNITY, "Demo_Requested_At__c": None}]),
        ["mapping"],
    ),
    "an account without its opportunity": (
        lambda: with_rows(Account=[*HONEST.rows["Account"], {"Caller_Key__c": "+4930222"}]),
        ["atomic_rollback"],
    ),
    "a retry too early": (
        lambda: with_course("call-2/1", exhausted("call-2/1", (0.2, 1.0, 4.9, 30.0, 300.0))),
        ["backoff_schedule"],
    ),
    "a retry too late": (
        lambda: with_course("call-2/1", exhausted("call-2/1", (0.2, 1.0, 5.0, 30.0, 300.3))),
        ["backoff_schedule"],
    ),
    "a seventh attempt": (
        lambda: with_course("call-2/1", exhausted("call-2/1", (*SCHEDULE, 300.0))),
        ["backoff_schedule"],
    ),
    "a schedule that nobody saw": (
        lambda: with_course("call-2/1", course("call-2/1", ("accepted", 0.0), ("dead", 0.1))),
        ["backoff_schedule"],
    ),
    "slow answers": (lambda: replace(HONEST, within_budget=0.5), ["budget_200ms"]),
    "a delivery that never ends": (
        lambda: with_course("call-1/1", course("call-1/1", ("accepted", 0.0))),
        ["nothing_lost"],
    ),
    "a delivery that the ledger forgot": (
        lambda: replace(HONEST, courses={"call-2/1": exhausted("call-2/1")}),
        ["nothing_lost"],
    ),
    "a committed call that the org does not know": (
        lambda: with_rows(Account=[], Contact=[], Opportunity=[]),
        ["mapping", "nothing_lost"],
    ),
    "an opportunity written twice": (
        lambda: with_rows(Opportunity=[OPPORTUNITY, OPPORTUNITY]),
        ["nothing_twice"],
    ),
    "a record without a key": (
        lambda: with_rows(Contact=[*HONEST.rows["Contact"], {"Caller_Key__c": None}]),
        ["nothing_twice"],
    ),
    "a broken law": (lambda: replace(HONEST, breaches=(("the chain holds", "entry 2 does not follow"),)), ["laws"]),
    "nobody calling": (lambda: replace(HONEST, told=()), ["budget_200ms"]),
}


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_each_sabotage_breaks_its_claim(sabotage: str):
    evidence, claims = SABOTAGES[sabotage]

    assert broken(evidence()) == claims


def test_a_refused_turn_is_owed_nothing():
    refused = Told("call-3", "+4930333", 1, {"competitor": "Acme"}, 422)

    assert broken(replace(HONEST, told=(*TOLD, refused))) == []


def test_a_scaled_clock_stretches_what_lateness_the_machine_is_allowed():
    late = with_course("call-2/1", exhausted("call-2/1", (0.2, 1.0, 5.0, 30.0, 302.0)))

    assert broken(late) == ["backoff_schedule"]
    assert broken(replace(late, scale=60.0)) == []


def test_a_verdict_shows_three_violations_and_counts_the_rest():
    rows = [{"Caller_Key__c": f"+49{number}"} for number in range(5) for _ in range(2)]

    verdict = judge(with_rows(Contact=rows), PROFILE)[-2]

    assert verdict.evidence.count("is there 2 times") == 3
    assert verdict.evidence.endswith("… and 2 more")


def test_what_callers_were_told_survives_the_way_through_a_file(tmp_path: Path):
    write_told(tmp_path / "told.jsonl", TOLD)

    assert tuple(read_told(tmp_path / "told.jsonl")) == TOLD
