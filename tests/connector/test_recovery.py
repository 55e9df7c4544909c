"""Whatever step the process dies at, the ledger alone brings everything to its end, once, within six attempts."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.chain import first_broken
from connector.commands import Note, Send, TakePlace, WaitUntil
from connector.intents import Call, Ending
from connector.ledger import MemoryLedger
from connector.messages import Answer, Reply, Silence
from tests.connector.talk import BUSY, NINE, STRANGER, Talk, a_connector, fine, halted

QUIET = Silence("timeout")


@dataclass
class Org:
    """An org that does as told: what it was asked to write, and what it answers, in turn (the last goes on)."""

    moods: list[Reply]
    written: list[str] = field(default_factory=list)
    told: int = 0

    def __call__(self, command: Send) -> Reply:
        if command.lane == "alerts":
            self.told += 1
            return Answer(200, "ok")
        mood = self.moods.pop(0) if len(self.moods) > 1 else self.moods[0]
        self.written.append(str(command.request.body))
        return mood


def life(ledger: MemoryLedger, org: Org, steps: int | None, at=NINE) -> Talk:
    """One life of the process: what was promised is taken up, and goes on for so many steps (None: to the end)."""
    talk = Talk(a_connector(ledger), at)
    left = count(1)
    flows = talk.connector.recover()
    if not ledger.readings.standings:
        flows = [talk.connector.deliver(each) for each in talk.tell("demo_requested").deliveries]
    for flow in flows:
        for _ in talk.steps(flow, org):
            if steps is not None and next(left) >= steps:
                flow.close()
                return talk
    return talk


def steps_of(moods: list[Reply]) -> int:
    """How many steps an undisturbed life has."""
    ledger, steps = MemoryLedger(), 0
    talk = Talk(a_connector(ledger))
    (delivery,) = talk.tell("demo_requested").deliveries
    for _ in talk.steps(talk.connector.deliver(delivery), Org(list(moods))):
        steps += 1
    return steps


MOODS = {
    "all is well": [fine()],
    "a silence": [QUIET, fine()],
    "an outage": [BUSY, BUSY, fine()],
    "a long outage": [BUSY],
    "nothing but silence": [QUIET],
    "a rejection": [halted("opp", "STRING_TOO_LONG")],
    "an expired session": [Answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]), fine()],
}


def tries(ledger: MemoryLedger) -> int:
    return sum(entry.kind in {"accepted", "trying"} for entry in ledger.entries())


@pytest.mark.parametrize("moods", MOODS.values(), ids=MOODS)
def test_a_crash_at_any_step_changes_neither_end_nor_count(moods):
    for step in range(1, steps_of(moods) + 1):
        ledger = MemoryLedger()
        first = life(ledger, Org(list(moods)), step)
        org = Org([moods[-1]])

        life(ledger, org, None, first.at)

        (standing,) = ledger.readings.standings.values()
        assert standing.status in {"committed", "dead"}, step
        assert tries(ledger) <= 6, step
        assert standing.status == "committed" or standing.alerted, step
        assert first_broken(ledger.entries(), ledger.head()) is None


@settings(max_examples=150)
@given(
    moods=st.lists(st.sampled_from([fine(), BUSY, QUIET, Silence("refused")]), min_size=1, max_size=6),
    crashes=st.lists(st.integers(1, 12), max_size=8),
)
def test_however_often_it_dies_six_attempts_are_the_most(moods, crashes):
    ledger, org, at = MemoryLedger(), Org(list(moods)), NINE

    for steps in [*crashes, None]:
        at = life(ledger, org, steps, at).at

    (standing,) = ledger.readings.standings.values()
    assert standing.status in {"committed", "dead"}
    assert tries(ledger) <= 6
    assert len(org.written) <= 6 + len(crashes)


class TestAnUnansweredAttempt:
    def recovered(self, crash_after: type) -> Talk:
        """A process that died at its first command of a kind, and the life after it."""
        ledger = MemoryLedger()
        first = Talk(a_connector(ledger))
        (delivery,) = first.tell("demo_requested").deliveries
        for command in first.steps(first.connector.deliver(delivery), Org([fine()])):
            if isinstance(command, crash_after):
                break
        second = Talk(a_connector(ledger))
        (flow,) = second.connector.recover()
        second.run(flow, Org([fine()]))
        return second

    @pytest.mark.parametrize("place", [TakePlace, Send, Note])
    def test_counts_as_a_silence(self, place):
        assert self.recovered(place).asked == ["failed", "wait 15.2", "trying", "send", "committed"]

    def test_resumes_at_the_instant_that_was_planned(self):
        talk = self.recovered(Send)

        (trying,) = [entry for entry in talk.connector.ledger.entries() if entry.kind == "trying"]
        assert (trying.detail["attempt"], (trying.at - NINE).total_seconds()) == (2, 15.2)


def test_a_planned_wait_is_not_begun_anew():
    ledger = MemoryLedger()
    first = Talk(a_connector(ledger))
    (delivery,) = first.tell("demo_requested").deliveries
    for command in first.steps(first.connector.deliver(delivery), Org([BUSY, BUSY, BUSY, BUSY, fine()])):
        if isinstance(command, WaitUntil) and "wait 5" in first.asked:
            break

    second = Talk(a_connector(ledger), first.at)
    (flow,) = second.connector.recover()
    second.run(flow, Org([fine()]))

    assert second.asked == ["wait 30", "trying", "send", "committed"]


def test_a_clock_that_was_set_back_puts_nothing_off_for_hours():
    ledger = MemoryLedger()
    first = Talk(a_connector(ledger))
    (delivery,) = first.tell("demo_requested").deliveries
    for _ in first.steps(first.connector.deliver(delivery), Org([BUSY])):
        if first.ledger[-1] == "failed":
            break

    second = Talk(a_connector(ledger), first.at - timedelta(hours=3))
    (flow,) = second.connector.recover()
    second.run(flow, Org([fine()]))

    assert second.asked == ["wait 15.2", "trying", "send", "committed"]


def test_promises_are_taken_up_in_the_order_in_which_they_were_made():
    ledger = MemoryLedger()
    talk = Talk(a_connector(ledger))
    keys = [each.key for turn in (1, 2, 3) for each in talk.tell("demo_requested", turn=turn).deliveries]

    again = Talk(a_connector(ledger))
    for flow in again.connector.recover():
        again.run(flow, Org([fine()]))

    assert [entry.delivery for entry in ledger.entries() if entry.kind == "committed"] == keys


def test_a_death_that_nobody_was_told_of_is_told():
    ledger, org = MemoryLedger(), Org([halted("opp", "STRING_TOO_LONG")])
    first = Talk(a_connector(ledger))
    (delivery,) = first.tell("demo_requested").deliveries
    for _ in first.steps(first.connector.deliver(delivery), org):
        if first.ledger[-1] == "dead":
            break

    second = Talk(a_connector(ledger))
    (flow,) = second.connector.recover()
    second.run(flow, org)

    assert (org.told, ledger.readings.untold()) == (1, [])


def test_a_promise_whose_payload_was_erased_ends_as_a_dead_letter():
    ledger = MemoryLedger()
    talk = Talk(a_connector(ledger))
    (delivery,) = talk.tell("demo_requested").deliveries
    ledger.erase(ledger.readings.standings[delivery.key].payload_sha256)

    (flow,) = talk.connector.recover()
    outcome = talk.run(flow, Org([fine()]))

    assert (outcome.status, outcome.reason) == ("dead", "payload erased or damaged")


def test_an_ended_call_is_taken_up_again_with_its_ending():
    ledger = MemoryLedger()
    Talk(a_connector(ledger)).connector.end_call(Call("call-1", STRANGER), Ending("Sold", "All good", 61), NINE)

    again = Talk(a_connector(ledger))
    org = Org([fine("lead"), fine("task")])
    for flow in again.connector.recover():
        again.run(flow, org)

    assert "All good" in org.written[-1]
