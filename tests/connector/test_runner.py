"""The live runner: it carries out what flows ask for, in order, and answers agents within their budget."""

import asyncio
from datetime import timedelta

import pytest

from connector.commands import GivePlace, Note, TakePlace, WaitUntil, now
from connector.intents import Call, Caller, Intent
from connector.live.places import Places
from connector.messages import Answer, Silence
from tests.connector.livewire import a_live, at_rest, played
from tests.connector.talk import BUSY, NINE, STRANGER, fine, halted

CALL = Call("call-1", STRANGER)
DEMO = [Intent("demo_requested")]


def told(live, *intents: Intent, turn: int = 1, then_rest: bool = True):
    """Tell a turn, hear the answer, and (usually) let everything come to rest behind it."""

    async def play():
        answer = await live.hub.tell(CALL, turn, intents or DEMO, None)
        if then_rest:
            await at_rest(live)
        return answer

    return played(play())


class TestTheBudget:
    def test_an_agent_hears_of_a_commit_as_soon_as_it_is_there(self):
        answer = told(a_live(lambda _: fine(), takes_s=0.08))

        assert (answer.status, answer.elapsed_ms) == ("committed", 80.0)

    def test_an_agent_is_answered_20_ms_before_the_budget_ends_whatever_happens(self):
        live = a_live(lambda _: fine(), takes_s=3.0)

        answer = told(live)

        assert (answer.status, answer.elapsed_ms) == ("accepted", 180.0)
        assert live.kinds == ["accepted", "committed"]

    def test_an_agent_hears_of_a_first_failure_and_the_rest_goes_on_behind(self):
        replies = [BUSY, fine()]
        live = a_live(lambda _: replies.pop(0), takes_s=0.03)

        answer = told(live)

        assert (answer.status, answer.elapsed_ms) == ("accepted", 30.0)
        assert live.kinds == ["accepted", "failed", "trying", "committed"]

    def test_an_agent_hears_of_a_death_within_the_budget(self):
        live = a_live(lambda request: Answer(200, "ok") if request.url else halted("opp", "STRING_TOO_LONG"))

        answer = told(live)

        assert (answer.status, answer.deliveries[0].reason) == ("dead", "STRING_TOO_LONG")

    def test_nobody_waits_for_what_is_async(self):
        answer = told(a_live(lambda _: fine("task"), takes_s=3.0), Intent("call_summary", "hello"))

        assert (answer.status, answer.elapsed_ms) == ("accepted", 0.0)

    def test_the_budget_is_the_configurations(self):
        assert told(a_live(lambda _: fine(), takes_s=3.0, budget_ms=500)).elapsed_ms == 480.0


class TestTheWholeSchedule:
    def test_passes_without_anybody_waiting(self):
        live = a_live(lambda request: Answer(200, "ok") if request.url else Silence("reset"), takes_s=0.0)

        told(live)

        assert (live.clock.now() - NINE).total_seconds() == pytest.approx(336.2)
        assert live.kinds == ["accepted", *["failed", "trying"] * 5, "failed", "dead", "alerted"]


class TestOrder:
    def test_turns_of_one_call_are_written_one_after_the_other(self):
        replies = [BUSY, fine(), fine()]
        live = a_live(lambda _: replies.pop(0))

        async def play():
            await live.hub.tell(CALL, 1, [Intent("seats", 1)], None)
            await live.hub.tell(CALL, 2, [Intent("seats", 2)], None)
            await at_rest(live)

        played(play())
        committed = [entry.delivery for entry in live.ledger.entries() if entry.kind == "committed"]
        assert committed == ["call-1/1/seats", "call-1/2/seats"]

    def test_other_callers_do_not_wait(self):
        replies = [BUSY, fine()]
        live = a_live(lambda _: replies.pop(0) if replies else fine())

        async def play():
            first = live.hub.tell(CALL, 1, DEMO, None)
            other = live.hub.tell(Call("call-2", type(STRANGER)("+14155550199", looked_up=True)), 1, DEMO, None)
            answers = await asyncio.gather(first, other)
            await at_rest(live)
            return answers

        assert [answer.status for answer in played(play())] == ["accepted", "committed"]

    def test_a_call_log_waits_for_what_it_points_at(self):
        live = a_live(lambda request: fine("task") if "Task" in str(request.body) else fine())

        told(live, Intent("call_summary", "hello"), Intent("seats", 3))

        assert [lane for lane, _ in live.wire.sent] == ["critical", "async"]
        assert "WhatId" in live.wire.sent[1][1].body["compositeRequest"][0]["body"]


def test_a_backlog_is_taken_up_in_order_and_at_a_measured_pace():
    live = a_live(lambda _: fine())
    for number in range(5):
        caller = Caller(f"+1415555010{number}", looked_up=True)
        live.hub.connector.accept(Call(f"call-{number}", caller), 1, [Intent("seats", number)], NINE)

    async def play():
        live.hub.recover()
        await at_rest(live)

    played(play())

    taken_up = [entry for entry in live.ledger.entries() if entry.kind == "failed"]
    assert [entry.delivery for entry in taken_up] == [f"call-{number}/1/seats" for number in range(5)]
    assert [(entry.at - NINE).total_seconds() for entry in taken_up] == [0.0, 0.01, 0.02, 0.03, 0.04]


class TestPlaces:
    def test_are_given_in_the_order_of_asking(self):
        async def play():
            places, order = Places(), []

            async def visit(name: str, *keys: str):
                await places.take(name, keys)
                order.append(name)

            waiting = [asyncio.ensure_future(visit(name, *keys)) for name, *keys in ("aX", "bXY", "cY", "dXY")]
            for name in "abcd":
                await asyncio.wait([waiting["abcd".index(name)]])
                places.leave(name)
            return order

        assert played(play()) == ["a", "b", "c", "d"]

    def test_no_two_wait_for_each_other(self):
        async def play():
            places = Places()
            await places.take("first", ("a", "b"))
            second = asyncio.ensure_future(places.take("second", ("b", "a")))
            third = asyncio.ensure_future(places.take("third", ("a",)))
            await asyncio.wait([second], timeout=0)
            waiting = places.waiting()
            places.give("first", ("b", "a"))
            await second
            places.leave("second")
            await third
            return waiting, places.waiting()

        assert played(play()) == (2, 0)

    def test_are_left_by_a_flow_that_broke_off(self):
        live = a_live(lambda _: fine())

        def broken():
            yield TakePlace(("x",))
            raise RuntimeError("broken")

        def patient():
            yield TakePlace(("x",))
            yield GivePlace(("x",))
            return "went on"

        async def play():
            task = live.hub.runner.start(broken())
            await asyncio.wait([task])
            return await live.hub.runner.run(patient())

        assert played(play()) == "went on"


class TestCommands:
    def test_are_carried_out_on_the_clock(self):
        live = a_live(lambda _: fine())

        def flow():
            yield WaitUntil(NINE + timedelta(seconds=300))
            return (yield from now())

        assert played(live.hub.runner.run(flow())) == NINE + timedelta(seconds=300)

    def test_notes_are_stored_before_the_flow_goes_on(self):
        live = a_live(lambda _: fine())

        def flow():
            entry = yield Note("refreshed", "d", {})
            return entry.seq, live.ledger.head().seq

        assert played(live.hub.runner.run(flow())) == (1, 1)


def test_what_was_promised_before_a_stop_is_taken_up_after_it():
    first = a_live(lambda _: Silence("timeout"), takes_s=15.0)

    async def play():
        await first.hub.tell(CALL, 1, DEMO, None)
        await first.hub.runner.stop()

    played(play())
    second = a_live(lambda _: fine(), ledger=first.ledger)

    async def again():
        recovered = second.hub.recover()
        await at_rest(second)
        return recovered

    assert played(again()) == 1
    assert second.kinds == ["accepted", "failed", "trying", "committed"]
