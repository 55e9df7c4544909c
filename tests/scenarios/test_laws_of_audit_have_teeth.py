"""The laws about records, people, maps, hang-ups and whole runs: each catches a sabotage of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from connector import delivery, replay
from connector.commands import note
from mocksf.org import Org
from mocksf.records import Records
from scenarios import laws_of_audit, laws_of_org, laws_of_runs, laws_of_time
from scenarios.laws import ALWAYS, AT_REST, NUMBERED
from scenarios.laws_of_runs import RUNS, RunLaw
from scenarios.library import stories
from scenarios.play import play
from scenarios.seen import Seen
from scenarios.service import ServiceTimes
from scenarios.shop import shop_config
from scenarios.story import Given, Imports, Story, Then
from tests.scenarios.test_laws_have_teeth import (
    OUTAGE,
    SABOTAGES,
    Sabotage,
    lived,
    promises_are_not_written_down,
    within,
)

Patch = pytest.MonkeyPatch


def every_failure_is_told_twice(patch: Patch) -> None:
    def stammered(kind: str, key: str, **detail: Any) -> Iterator[Any]:
        for _ in range(2 if kind == "failed" else 1):
            yield from note(kind, key, **detail)

    patch.setattr(delivery, "note", stammered)


def replays_are_anonymous(patch: Patch) -> None:
    def unsigned(kind: str, key: str, **detail: Any) -> Iterator[Any]:
        return (yield from note(kind, key, **{**detail, "actor": ""}))

    patch.setattr(replay, "note", unsigned)


def the_committed_is_sent_again(patch: Patch) -> None:
    def doubled(*args: Any) -> Iterator[Any]:
        yield from original(*args)
        return (yield from original(*args))

    original = delivery.attempts
    patch.setattr(delivery, "attempts", doubled)


def an_entry_names_the_caller(patch: Patch) -> None:
    def gossip(kind: str, key: str, **detail: Any) -> Iterator[Any]:
        yield from note(kind, key, **detail, about="a call of Mara Quist")

    patch.setattr(delivery, "note", gossip)


def a_success_is_taken_back(patch: Patch) -> None:
    def created(self: Records, actor: Any, sobject: Any, *rest: Any) -> Any:
        made = original(self, actor, sobject, *rest)
        if sobject.name == "Campaign":
            self.delete(actor, sobject, made)
        return made

    original = Records.create
    patch.setattr(Records, "create", created)


def the_validator_is_blind(patch: Patch) -> None:
    patch.setattr("scenarios.seen.is_good", lambda _: True)
    patch.setattr("scenarios.seen._VALIDATED", {})


def imported() -> Seen:
    return play(Story("imports", "Campaigns.", Given(near=True), (Imports(1), Imports(2)), Then(), 10)).seen


def badly_mapped() -> Seen:
    return lived(config=shop_config({"fields": {"competitor": {"target": "Opportunity.Rival__c", "type": "text"}}}))


OUTAGE_ONCE = within(OUTAGE, 20, 23)
MORE = [
    Sabotage(laws_of_audit.each_life_is_told_once, every_failure_is_told_twice, lambda: lived(OUTAGE_ONCE)),
    Sabotage(
        laws_of_audit.a_replay_is_signed_and_counts_once,
        replays_are_anonymous,
        lambda: play(stories()["outage-long"]).seen,
    ),
    Sabotage(laws_of_audit.a_replay_is_signed_and_counts_once, the_committed_is_sent_again, lambda: lived(timed=True)),
    Sabotage(laws_of_audit.nobody_is_named, an_entry_names_the_caller, lived),
    Sabotage(laws_of_org.a_part_stands_or_falls_alone, a_success_is_taken_back, imported),
    Sabotage(laws_of_org.a_valid_map_meets_no_schema_error, the_validator_is_blind, badly_mapped),
    Sabotage(laws_of_time.nothing_is_in_the_dark_at_hang_up, promises_are_not_written_down, lived),
]


@pytest.mark.parametrize("sabotage", MORE, ids=str)
def test_a_law_catches_its_sabotage(sabotage: Sabotage, monkeypatch: Patch) -> None:
    assert list(sabotage.law(sabotage.live())) == []

    sabotage.rig(monkeypatch)

    assert list(sabotage.law(sabotage.live())) != []


def chance_comes_from_elsewhere(patch: Patch) -> None:
    rolls = count(1)
    patch.setattr(ServiceTimes, "_share", lambda _: next(rolls) % 97 / 100 + 0.01)


def windows_are_always_open(patch: Patch) -> None:
    patch.setattr("mocksf.weather.laid._open", lambda *_: True)


def nothing_is_restored(patch: Patch) -> None:
    patch.setattr(Org, "restore", lambda *_: None)


def all_orgs_are_one(patch: Patch) -> None:
    patch.setattr("scenarios.world.Org", lambda *args, **settings: Org(*args, **{**settings, "name": "one"}))


RIGS: list[tuple[RunLaw, Callable[[Patch], None]]] = [
    (laws_of_runs.a_seed_is_a_world, chance_comes_from_elsewhere),
    (laws_of_runs.a_rule_that_sleeps_changes_nothing, windows_are_always_open),
    (laws_of_runs.what_is_restored_goes_on_the_same, nothing_is_restored),
    (laws_of_runs.orgs_keep_to_themselves, all_orgs_are_one),
]


@pytest.mark.parametrize(("law", "rig"), RIGS, ids=lambda each: each.__name__)
def test_a_law_about_runs_catches_its_sabotage(law: RunLaw, rig: Callable[[Patch], None], monkeypatch: Patch) -> None:
    story = stories()["wrong-region"]
    assert list(law(story)) == []

    rig(monkeypatch)

    assert list(law(story)) != []


def test_every_law_has_a_sabotage() -> None:
    assert {each.law for each in (*SABOTAGES, *MORE)} == {*ALWAYS, *AT_REST}
    assert [law for law, _ in RIGS] == list(RUNS)


def test_every_numbered_law_of_the_facts_is_written_and_every_law_has_a_number() -> None:
    assert list(NUMBERED) == [f"I{number}" for number in range(1, 20)]
    named = {name for names in NUMBERED.values() for name in names}
    assert named == {law.__name__ for law in (*ALWAYS, *AT_REST, *RUNS)}
