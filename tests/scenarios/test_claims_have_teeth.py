"""Each claim holds as the connector ships, and fails where something is sabotaged that it speaks of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from connector import engine, verdicts, writing
from connector.alerts import Alerts
from connector.backoff import Backoff
from connector.commands import note
from connector.messages import Silence
from connector.verdicts import Action, Verdict
from mocksf.store import Store
from scenarios.claims import Claim
from scenarios.claims.arms import Sequential
from scenarios.claims.atomic_rollback import atomic_rollback
from scenarios.claims.backoff_schedule import backoff_schedule
from scenarios.claims.budget import ARMS, PINNED, budget_200ms
from scenarios.claims.mapping import mapping
from scenarios.claims.nothing import nothing_lost, nothing_twice, storms
from scenarios.weather import storm


def changed_requests(patch: pytest.MonkeyPatch, change: Callable[[Any], None]) -> None:
    def changed(self: Any, parts: Any) -> Any:
        asked = original(self, parts)
        change(asked.body)
        return asked

    original = engine.Composer.request
    patch.setattr(engine.Composer, "request", changed)


def another_field_moves_as_well(patch: pytest.MonkeyPatch) -> None:
    def more(body: Any) -> None:
        for part in body["compositeRequest"]:
            if "/Opportunity/" in part["url"]:
                part["body"]["NextStep"] = "Call back"

    changed_requests(patch, more)


def one_field_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    def less(body: Any) -> None:
        for part in body["compositeRequest"]:
            part["body"].pop("Competitor__c", None)

    changed_requests(patch, less)


def a_value_is_bent(patch: pytest.MonkeyPatch) -> None:
    def bent(body: Any) -> None:
        for part in body["compositeRequest"]:
            if "Seats__c" in part["body"]:
                part["body"]["Seats__c"] += 1

    changed_requests(patch, bent)


def halves_are_allowed(patch: pytest.MonkeyPatch) -> None:
    changed_requests(patch, lambda body: body.update(allOrNone=False))


def the_first_part_is_always_to_blame(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verdicts, "_stood_by", lambda _: False)


def the_org_does_not_roll_back(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def lasting(_: Store) -> Iterator[Callable[[], None]]:
        yield lambda: None

    patch.setattr(Store, "atomic", lasting)


def waits_are_halved(patch: pytest.MonkeyPatch) -> None:
    original = Backoff.delay_s

    def halved(self: Backoff, attempt: int, dice: Any) -> float | None:
        delay = original(self, attempt, dice)
        return delay and delay / 2

    patch.setattr(Backoff, "delay_s", halved)


def waits_are_a_microsecond_too_long(patch: pytest.MonkeyPatch) -> None:
    original = Backoff.delay_s

    def stretched(self: Backoff, attempt: int, dice: Any) -> float | None:
        delay = original(self, attempt, dice)
        return delay and delay + 1e-6

    patch.setattr(Backoff, "delay_s", stretched)


def alerts_are_noted_and_not_sent(patch: pytest.MonkeyPatch) -> None:
    def lie(_: Any, key: str) -> Iterator[Any]:
        yield from note("alerted", key, letters=1)

    patch.setattr(Alerts, "tell", lie)


def rejections_are_retried(patch: pytest.MonkeyPatch) -> None:
    original = writing.judge

    def hopeful(*args: Any, **kwargs: Any) -> Verdict:
        verdict = original(*args, **kwargs)
        return replace(verdict, action=Action.RETRY) if verdict.action is Action.REJECT else verdict

    patch.setattr(writing, "judge", hopeful)


def the_answer_waits_for_the_commit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("scenarios.host.RESERVE_S", -20.0)


def the_composite_is_taken_apart(patch: pytest.MonkeyPatch) -> None:
    arms = tuple(replace(arm, kind=Sequential) if arm.name == PINNED.name else arm for arm in ARMS)
    patch.setattr("scenarios.claims.budget.ARMS", arms)
    patch.setattr("scenarios.claims.budget.PINNED", arms[0])


def the_ocean_is_gone(patch: pytest.MonkeyPatch) -> None:
    """Where a trick brings nothing, the claim that it does must fail."""
    arms = tuple(replace(arm, agents="us") for arm in ARMS)
    patch.setattr("scenarios.claims.budget.ARMS", arms)
    patch.setattr("scenarios.claims.budget.PINNED", arms[0])


def silence_is_taken_for_success(patch: pytest.MonkeyPatch) -> None:
    original = writing.judge

    def deaf(reply: Any, *args: Any, **kwargs: Any) -> Verdict:
        return Verdict(Action.DONE) if isinstance(reply, Silence) else original(reply, *args, **kwargs)

    patch.setattr(writing, "judge", deaf)


def records_have_no_key(patch: pytest.MonkeyPatch) -> None:
    def unkeyed(body: Any) -> None:
        for part in body["compositeRequest"]:
            if "/Opportunity/" in part["url"]:
                part["method"], part["url"] = "POST", part["url"].rpartition("/Call_Key__c")[0]
                part["body"] = {"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-12-31", **part["body"]}

    changed_requests(patch, unkeyed)


def no_weather_at_all(patch: pytest.MonkeyPatch) -> None:
    """Storms without faults prove nothing, and the claim says so."""
    patch.setattr("scenarios.claims.nothing.storm", lambda seed: replace(storm(seed), rules=(), deaths=()))


@dataclass(frozen=True)
class Sabotage:
    judge: Callable[[], Claim]
    rig: Callable[[pytest.MonkeyPatch], None]

    def __str__(self) -> str:
        return self.rig.__name__


def few_maps() -> Claim:
    return mapping(0, maps=2)


def few_turns() -> Claim:
    return budget_200ms(0, storms(0, 6), turns=240)


def few_storms_lost() -> Claim:
    return nothing_lost(storms(0, 22))


def few_storms_twice() -> Claim:
    return nothing_twice(storms(0, 22))


SABOTAGES = [
    Sabotage(few_maps, another_field_moves_as_well),
    Sabotage(few_maps, one_field_is_forgotten),
    Sabotage(few_maps, a_value_is_bent),
    Sabotage(atomic_rollback, halves_are_allowed),
    Sabotage(atomic_rollback, the_org_does_not_roll_back),
    Sabotage(atomic_rollback, the_first_part_is_always_to_blame),
    Sabotage(backoff_schedule, waits_are_halved),
    Sabotage(backoff_schedule, waits_are_a_microsecond_too_long),
    Sabotage(backoff_schedule, alerts_are_noted_and_not_sent),
    Sabotage(backoff_schedule, rejections_are_retried),
    Sabotage(few_turns, the_answer_waits_for_the_commit),
    Sabotage(few_turns, the_composite_is_taken_apart),
    Sabotage(few_turns, the_ocean_is_gone),
    Sabotage(few_storms_lost, silence_is_taken_for_success),
    Sabotage(few_storms_lost, no_weather_at_all),
    Sabotage(few_storms_twice, records_have_no_key),
]


@pytest.mark.parametrize(
    "judge", dict.fromkeys(sabotage.judge for sabotage in SABOTAGES), ids=lambda judge: judge.__name__
)
def test_a_claim_holds_as_the_connector_ships(judge: Callable[[], Claim]) -> None:
    claim = judge()

    assert claim.holds, claim.evidence


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=str)
def test_a_claim_fails_where_it_is_sabotaged(sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch) -> None:
    sabotage.rig(monkeypatch)

    assert not sabotage.judge().holds


def test_the_budget_fails_on_a_disk_that_stalls() -> None:
    claim = budget_200ms(0, [], turns=100, host="stalling-disk")

    assert not claim.holds
    assert claim.evidence["answered_late"] > 0
