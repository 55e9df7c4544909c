"""Each law has a sabotage of its own that it catches, and is silent where nothing is sabotaged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from connector import delivery, engine, writing
from connector.alerts import Alerts
from connector.backoff import Backoff
from connector.commands import note
from connector.engine import Connector
from connector.intents import Accepted
from connector.login import Session
from connector.messages import Silence
from connector.verdicts import Action, Verdict
from mocksf.allowance import Allowance
from scenarios import laws_of_order, laws_of_record, laws_of_time
from scenarios.figures import NO_TIME, OwnTime, Quantiles
from scenarios.host import Host
from scenarios.laws import Law, name_of
from scenarios.places import Places
from scenarios.play import settle_in
from scenarios.recordings import Recording, recording
from scenarios.seen import Seen
from scenarios.shop import SECRETS, shop_config
from scenarios.world import Setting, World

OUTAGE = {"kind": "error", "status": 503, "code": "SERVER_UNAVAILABLE"}
REFUSAL = {"kind": "error", "status": 400, "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "where": {"part": "opp"}}
SILENT = {"kind": "timeout", "where": {"path": "*/composite"}}


def within(rule: dict[str, Any], from_s: float, to_s: float) -> dict[str, Any]:
    return {**rule, "how_often": {"window": {"from_s": from_s, "to_s": to_s}}}


def stranger(call: Recording) -> Recording:
    person = call.caller.model_copy(update={"known": None, "stranger": call.caller.person})
    return call.model_copy(update={"caller": person})


def two_words_on_one_field() -> Recording:
    """Turn 2 says 42 seats, turn 3 says 7."""
    call = recording("happy-call")
    seats = call.intents[1].model_copy(update={"turn": 3, "value": 7, "at_s": 25.0})
    return call.model_copy(update={"intents": (*call.intents[:2], seats)})


def lived(
    *weather: dict[str, Any],
    call: Recording | None = None,
    crash_at_s: float | None = None,
    looks_up: bool = True,
    **setting: Any,
) -> Seen:
    world = World(Setting(weather=weather, **setting))
    call = call or recording("happy-call")
    settle_in(world, call)
    world.ring(call, looks_up=looks_up)
    if crash_at_s is not None:
        world.crash(crash_at_s)
    world.run(5000)
    return Seen(world, at_rest=True)


# -- the sabotages -----------------------------------------------------------------------------------------------


def promises_are_not_written_down(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Connector, "accept", lambda *_: Accepted(known=("call-2026-0001/1/never",)))


def every_try_makes_a_new_record(patch: pytest.MonkeyPatch) -> None:
    def unkeyed(self: Any, parts: Any) -> Any:
        asked = original(self, parts)
        for part in asked.body["compositeRequest"]:
            if "/Opportunity/" in part["url"]:
                part["method"], part["url"] = "POST", part["url"].rpartition("/Call_Key__c")[0]
                part["body"] = {"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-12-31", **part["body"]}
        return asked

    original = engine.Composer.request
    patch.setattr(engine.Composer, "request", unkeyed)


def nobody_asks_who_it_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(writing, "unidentified", lambda *_: False)


def halves_are_allowed(patch: pytest.MonkeyPatch) -> None:
    def halves(self: Any, parts: Any) -> Any:
        asked = original(self, parts)
        asked.body["allOrNone"] = False
        return asked

    original = engine.Composer.request
    patch.setattr(engine.Composer, "request", halves)


def the_connector_is_impatient(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Backoff, "delay_s", lambda self, attempt, _: self.schedule[attempt - 1] / 2 if attempt < 6 else None)


def the_connector_never_gives_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Backoff, "delay_s", lambda *_: 300.0)


def rejections_are_taken_for_outages(patch: pytest.MonkeyPatch) -> None:
    def hopeful(*args: Any, **kwargs: Any) -> Verdict:
        verdict = original(*args, **kwargs)
        return replace(verdict, action=Action.RETRY) if verdict.action is Action.REJECT else verdict

    original = writing.judge
    patch.setattr(writing, "judge", hopeful)


def a_bad_session_is_tried_thrice(patch: pytest.MonkeyPatch) -> None:
    def stubborn(session: Session, request: Any, timeout_s: float, lane: str, key: Any = None) -> Iterator[Any]:
        for _ in range(3):
            reply = yield from original(session, request, timeout_s, lane, key)
            if getattr(reply, "status", 0) != 401:
                break
        return reply

    original = writing.authorised
    patch.setattr(writing, "authorised", stubborn)


def the_answer_waits_for_the_commit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("scenarios.host.RESERVE_S", -20.0)


def calls_are_counted_twice(patch: pytest.MonkeyPatch) -> None:
    original = Allowance.spend
    patch.setattr(Allowance, "spend", lambda self, now, calls=1: original(self, now, calls * 2))


def an_entry_is_changed_later(patch: pytest.MonkeyPatch) -> None:
    def tampered(self: Host, entry: Any) -> None:
        entries = self.ledger._entries
        entries[0] = replace(entries[0], detail={**entries[0].detail, "turn": "9"})
        original(self, entry)

    original = Host._heed
    patch.setattr(Host, "_heed", tampered)


def tries_are_not_announced(patch: pytest.MonkeyPatch) -> None:
    def secretly(kind: str, key: str, **detail: Any) -> Iterator[Any]:
        if kind != "trying":
            yield from note(kind, key, **detail)

    patch.setattr(delivery, "note", secretly)


def a_failure_tells_the_secret(patch: pytest.MonkeyPatch) -> None:
    def talkative(kind: str, key: str, **detail: Any) -> Iterator[Any]:
        detail["sent_with"] = SECRETS["SALESFORCE_CLIENT_SECRET"]
        yield from note(kind, key, **detail)

    patch.setattr(delivery, "note", talkative)


def silence_is_taken_for_success(patch: pytest.MonkeyPatch) -> None:
    original = writing.judge

    def deaf(reply: Any, *args: Any, **kwargs: Any) -> Verdict:
        return Verdict(Action.DONE) if isinstance(reply, Silence) else original(reply, *args, **kwargs)

    patch.setattr(writing, "judge", deaf)


def nobody_waits_in_line(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Places, "take", lambda _self, _owner, _keys, wake, _ahead: wake())


def nothing_is_started_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Connector, "recover", lambda _: [])


def nobody_is_told(patch: pytest.MonkeyPatch) -> None:
    def mute(*_: Any) -> Iterator[Any]:
        return
        yield

    patch.setattr(Alerts, "tell", mute)


def a_lie_about_the_alert(patch: pytest.MonkeyPatch) -> None:
    def lie(_: Any, key: str) -> Iterator[Any]:
        yield from note("alerted", key, letters=1)

    patch.setattr(Alerts, "tell", lie)


def a_post_is_posted_again_without_a_look(patch: pytest.MonkeyPatch) -> None:
    def blind(*_: Any) -> Iterator[Any]:
        return None
        yield

    patch.setattr(writing.PostWriting, "_found", blind)


# -- which law catches which -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sabotage:
    law: Law
    rig: Callable[[pytest.MonkeyPatch], None]
    live: Callable[[], Seen]

    def __str__(self) -> str:
        return f"{name_of(self.law)} - {self.rig.__name__}"


POSTED = {"kind": "lost_answer", "where": {"path": "*/chatter/*"}, "how_often": {"times": 1}}
LOST = {"kind": "lost_request", "where": {"path": "*/composite", "nth": 2}}
EXPIRED = {"kind": "error", "status": 401, "code": "INVALID_SESSION_ID", "where": {"path": "*/composite"}}
EXPIRED |= {"message": "Session expired or invalid"}

record, order, time = laws_of_record, laws_of_order, laws_of_time
SABOTAGES = [
    Sabotage(record.nothing_accepted_vanishes, promises_are_not_written_down, lived),
    Sabotage(record.nothing_is_written_twice, every_try_makes_a_new_record, lived),
    Sabotage(record.nothing_is_written_twice, a_post_is_posted_again_without_a_look, lambda: lived(POSTED)),
    Sabotage(record.nobody_becomes_two, nobody_asks_who_it_is, lambda: lived(looks_up=False)),
    Sabotage(
        record.no_composite_is_half_there,
        halves_are_allowed,
        lambda: lived(within(REFUSAL, 10, 100), call=stranger(recording("happy-call"))),
    ),
    Sabotage(order.no_attempt_comes_early_or_late, the_connector_is_impatient, lambda: lived(within(OUTAGE, 10, 30))),
    Sabotage(
        order.nothing_is_tried_more_than_six_times,
        the_connector_never_gives_up,
        lambda: lived(within(OUTAGE, 10, 2200)),
    ),
    Sabotage(
        order.a_rejection_is_not_retried, rejections_are_taken_for_outages, lambda: lived(within(REFUSAL, 20, 24))
    ),
    Sabotage(
        order.a_bad_session_earns_one_login, a_bad_session_is_tried_thrice, lambda: lived(within(EXPIRED, 20, 24))
    ),
    Sabotage(
        time.every_turn_is_answered_in_time, the_answer_waits_for_the_commit, lambda: lived(within(SILENT, 10, 30))
    ),
    Sabotage(time.every_call_is_counted, calls_are_counted_twice, lived),
    Sabotage(record.the_chain_holds, an_entry_is_changed_later, lived),
    Sabotage(record.every_step_has_its_entry, tries_are_not_announced, lambda: lived(within(OUTAGE, 20, 23))),
    Sabotage(record.no_secret_is_written_down, a_failure_tells_the_secret, lambda: lived(within(OUTAGE, 20, 23))),
    Sabotage(record.what_is_committed_is_there, silence_is_taken_for_success, lambda: lived(LOST)),
    Sabotage(
        order.the_last_word_stands,
        nobody_waits_in_line,
        lambda: lived(within(OUTAGE, 20, 23.5), call=two_words_on_one_field()),
    ),
    Sabotage(
        time.nothing_is_left_undone, nothing_is_started_again, lambda: lived(within(SILENT, 10, 30), crash_at_s=20)
    ),
    Sabotage(time.every_dead_letter_is_told, nobody_is_told, lambda: lived(within(REFUSAL, 20, 24))),
    Sabotage(time.every_dead_letter_is_told, a_lie_about_the_alert, lambda: lived(within(REFUSAL, 20, 24))),
]


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=str)
def test_a_law_catches_its_sabotage(sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(sabotage.law(sabotage.live())) == []

    sabotage.rig(monkeypatch)

    assert list(sabotage.law(sabotage.live())) != []


def test_a_disk_that_stalls_is_noticed_by_the_budget() -> None:
    stalling = OwnTime(NO_TIME.work, Quantiles((0.0, 1.0), (0.25, 0.3)))

    assert list(time.every_turn_is_answered_in_time(lived(own_time=stalling))) != []


def test_retried_rejections_are_a_choice_that_the_law_reports() -> None:
    config = shop_config({"delivery": {"retry_rejections": True}})

    assert list(order.a_rejection_is_not_retried(lived(within(REFUSAL, 20, 24), config=config))) != []
