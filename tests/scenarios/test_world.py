"""The world itself: who hears what and when, who does not, and that it is the same world each time."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from connector.messages import Answer, Silence
from mocksf.clock import EPOCH
from scenarios.figures import OwnTime, Quantiles
from scenarios.library import stories
from scenarios.lines import Distance
from scenarios.play import play, settle_in
from scenarios.recordings import recording
from scenarios.timeline import timeline
from scenarios.trace import Exchange
from scenarios.world import Setting, World


def called(*weather: dict, until_s: float = 120, **setting: object) -> World:
    world = World(Setting(weather=weather, **setting))
    settle_in(world, recording("happy-call"))
    world.ring(recording("happy-call"))
    world.run(until_s)
    return world


def writes(world: World) -> list[Exchange]:
    return [each for each in world.trace.exchanges if each.lane == "critical"]


ONCE = {"times": 1, "window": {"from_s": 10}}


def test_nobody_hears_an_answer_after_giving_up() -> None:
    first = writes(called({"kind": "latency", "at": "back", "seconds": 16, "how_often": ONCE}))[0]

    assert first.status == 200
    assert first.reply == Silence("timeout")
    assert first.heard - first.sent == timedelta(seconds=15)


def test_an_answer_in_the_last_moment_is_heard() -> None:
    first = writes(called({"kind": "latency", "at": "back", "seconds": 14.999999, "how_often": ONCE}))[0]

    assert isinstance(first.reply, Answer)
    assert first.heard - first.sent == timedelta(seconds=14.999999)


def test_a_request_lands_even_though_its_sender_gave_up() -> None:
    first = writes(called({"kind": "latency", "at": "there", "seconds": 20, "how_often": ONCE}))[0]

    assert first.reply == Silence("timeout")
    assert first.arrived - first.sent == timedelta(seconds=20)
    assert first.status == 200


def test_a_lost_request_never_arrives() -> None:
    first = writes(called({"kind": "lost_request", "how_often": ONCE}))[0]

    assert (first.arrived, first.status) == (None, None)
    assert first.heard - first.sent == timedelta(seconds=15)


def test_a_reset_is_heard_at_once() -> None:
    first = writes(called({"kind": "reset", "how_often": ONCE}))[0]

    assert first.reply == Silence("reset")
    assert first.heard == first.sent


def test_a_torn_answer_is_silence_that_says_so() -> None:
    first = writes(called({"kind": "reset", "phase": "mid_body", "after_bytes": 20, "how_often": ONCE}))[0]

    assert first.reply == Silence("truncated")
    assert first.status == 200


def test_a_held_row_is_waited_for_in_the_org() -> None:
    first = writes(called({"kind": "lock_holder", "sobject": "Opportunity", "hold_s": 4, "how_often": ONCE}))[0]

    assert isinstance(first.reply, Answer)
    assert first.done - first.arrived == timedelta(seconds=4)


def test_a_row_held_for_too_long_is_refused_after_ten_seconds() -> None:
    first = writes(called({"kind": "lock_holder", "sobject": "Opportunity", "hold_s": 14, "how_often": ONCE}))[0]

    assert first.done - first.arrived == timedelta(seconds=10)
    assert "UNABLE_TO_LOCK_ROW" in str(first.response)


def test_turns_on_one_record_go_one_after_the_other() -> None:
    world = called({"kind": "error", "status": 503, "how_often": {"window": {"from_s": 20, "to_s": 24}}})
    second, third = (f"call-2026-0001/{name}" for name in ("2/seats", "3/budget_confirmed"))

    tries = [each for each in writes(world) if each.delivery in (second, third)]

    assert [each.delivery for each in tries] == [second] * 4 + [third]
    assert tries[3].heard <= tries[4].sent


def test_the_first_request_of_a_lane_pays_the_handshake_and_the_next_does_not() -> None:
    first, second, *_ = writes(called(distance=Distance(round_trip_s=0.1)))

    assert (first.cold, second.cold) == (True, False)
    assert first.arrived - first.sent == timedelta(seconds=0.25)
    assert second.arrived - second.sent == timedelta(seconds=0.05)


def test_a_dead_process_hears_nothing_though_its_request_is_served() -> None:
    world = World(Setting(weather=[{"kind": "latency", "at": "back", "seconds": 5, "how_often": ONCE}]))
    world.ring(recording("happy-call"))
    world.crash(at_s=14, down_s=600)
    world.run(120)

    first = writes(world)[0]
    assert (first.status, first.heard, first.reply) == (200, None, None)


def test_an_entry_that_was_being_written_when_the_process_died_is_not_there() -> None:
    slow = OwnTime(Quantiles((0.0, 1.0), (0.0, 0.0)), Quantiles((0.0, 1.0), (0.1, 0.1)))
    world = World(Setting(own_time=slow))
    world.ring(recording("happy-call"))
    world.crash(at_s=13.0, down_s=600)
    world.run(120)

    assert list(world.host.ledger.entries()) == []
    assert world.trace.receipts[0].interrupted


def test_what_was_not_answered_is_told_again_when_the_connector_is_back() -> None:
    world = World(Setting(own_time=OwnTime(*(Quantiles((0.0, 1.0), (0.0, cost)) for cost in (0.0, 0.1)))))
    world.ring(recording("happy-call"))
    world.crash(at_s=12.951, down_s=3)
    world.run(120)

    told = [each for each in world.trace.receipts if each.turn == 1]
    assert [each.interrupted for each in told] == [True, False]
    assert told[1].asked == EPOCH + timedelta(seconds=15.951)


def test_whoever_waits_for_a_login_shares_what_it_comes_to() -> None:
    world = World(Setting(weather=[{"kind": "timeout", "where": {"path": "*/oauth2/*"}}]))
    for number in range(6):
        world.ring(recording("happy-call"), number * 0.1, f"call-{number}")
    world.run(60)

    failed = [entry for entry in world.host.ledger.entries() if entry.kind == "failed" and entry.detail["attempt"] == 1]
    assert max(entry.at for entry in failed[:6]) <= EPOCH + timedelta(seconds=12.95 + 2 * 15 + 1)


def test_a_rule_that_never_strikes_changes_nothing() -> None:
    calm = called()
    asleep = called({"kind": "lost_answer", "how_often": {"chance": 0}})

    assert list(timeline(asleep.trace, EPOCH)) == list(timeline(calm.trace, EPOCH))
    assert [each.hash for each in asleep.host.ledger.entries()] == [each.hash for each in calm.host.ledger.entries()]


@pytest.mark.parametrize("name", ["happy-call", "crash-mid-delivery"])
def test_another_seed_is_another_world(name: str) -> None:
    one, same, other = (list(timeline(play(stories()[name], seed).world.trace, EPOCH)) for seed in (1, 1, 2))

    assert one == same
    assert one != other


@pytest.mark.parametrize("hash_seed", ["1", "42"])
def test_the_timeline_is_the_same_bytes_in_another_process(hash_seed: str) -> None:
    here = [line.encode() for line in timeline(play(stories()["wrong-region"], 5).world.trace, EPOCH)]
    command = [sys.executable, "-m", "scenarios", "play", "wrong-region", "--seed", "5"]
    there = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, check=True)

    assert there.stdout.splitlines() == here
