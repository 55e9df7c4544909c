"""Deliveries beside their specification: whatever is answered, in whatever order, and wherever the process dies.

The specification is a few lines of plain Python (`Promise`): which attempt it is, when the next one is due, how it
ended. The connector is driven command by command; what its ledger says, and what each of its flows stands at, must
be what the specification says, after every step.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from connector.commands import Send, WaitUntil
from connector.intents import Call, Intent
from connector.messages import Answer, Reply, Silence
from connector.readings import read
from connector.replay import Selection
from tests.connector.bench import Bench
from tests.connector.talk import BUSY, EXPIRED, NINE, STRANGER, a_connector, fine, halted

SCHEDULE = (0.2, 1.0, 5.0, 30.0, 300.0)
TIMEOUT_S = 15.0
USELESS = Answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Connected app is not attached to Agent"}])
TRANSIENT: tuple[Reply, ...] = (
    BUSY,
    halted("con", "UNABLE_TO_LOCK_ROW", status=500),
    Answer(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]),
    Answer(200, "<html>"),
    Answer(200, {"ok": True}),
    Silence("timeout"),
    Silence("refused"),
)
REJECTIONS: tuple[Reply, ...] = (
    halted("opp", "REQUIRED_FIELD_MISSING"),
    halted("acc", "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
    halted("con", "DUPLICATES_DETECTED"),
    USELESS,
)


@dataclass
class Promise:
    """One delivery as it should be."""

    status: str = "pending"
    attempt: int = 1
    round: int = 1
    due: datetime | None = None
    """When the next attempt is planned; None while one is under way."""
    tried_at: datetime = NINE
    """When the present attempt was written down."""
    renewed: bool = False
    """Whether the present attempt has had its one login."""

    def fails(self, at: datetime) -> None:
        """An attempt failed for a reason that may pass: another is due after its wait, or none is left."""
        if self.attempt > len(SCHEDULE):
            self.status, self.due = "dead", None
        else:
            self.due = at + timedelta(seconds=SCHEDULE[self.attempt - 1])

    def begins(self, at: datetime, attempt: int) -> None:
        """Another attempt is written down."""
        self.attempt, self.due, self.tried_at, self.renewed = attempt, None, at, False


class Deliveries(RuleBasedStateMachine):
    """What agents tell, what the org answers, how time goes by, how processes die, what reviewers do."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.promises: dict[str, Promise] = {}
        self.allowed: dict[str, int] = {}
        """How many times each may have been sent at most."""
        self.tokens = count(1)
        self._begin()

    def _begin(self) -> None:
        self.connector = a_connector(self.bench.ledger)

    # -- agents --------------------------------------------------------------------------------------------------

    @rule()
    def tells_a_turn(self) -> None:
        number = len(self.promises) + 1
        caller = replace(STRANGER, phone=f"+1415555{number:04d}")
        told = self.connector.accept(Call(f"call-{number}", caller), 1, [Intent("demo_requested")], self.bench.at)
        (delivery,) = told.deliveries
        self.promises[delivery.key] = Promise(tried_at=self.bench.at)
        self.bench.start(delivery.key, self.connector.deliver(delivery))

    # -- the org -------------------------------------------------------------------------------------------------

    def _asked(self, data: st.DataObject, lane: str) -> tuple[int, Promise]:
        number = data.draw(st.sampled_from(self.bench.standing_at(Send, lane)))
        return number, self.promises[self.bench.going[number].key]

    def _answers(self, number: int, reply: Reply) -> datetime:
        """Tell a flow a reply, and say when it was heard."""
        if reply == Silence("timeout"):
            self.bench.at += timedelta(seconds=TIMEOUT_S)
        heard = self.bench.at
        self.bench.tell(number, reply)
        return heard

    @precondition(lambda self: self.bench.standing_at(Send, "critical"))
    @rule(data=st.data())
    def org_commits(self, data: st.DataObject) -> None:
        number, promise = self._asked(data, "critical")
        promise.status = "committed"
        self._answers(number, fine())

    @precondition(lambda self: self.bench.standing_at(Send, "critical"))
    @rule(data=st.data(), reply=st.sampled_from(TRANSIENT))
    def org_is_in_trouble(self, data: st.DataObject, reply: Reply) -> None:
        number, promise = self._asked(data, "critical")
        promise.fails(self._answers(number, reply))

    @precondition(lambda self: self.bench.standing_at(Send, "critical"))
    @rule(data=st.data(), reply=st.sampled_from(REJECTIONS))
    def org_refuses(self, data: st.DataObject, reply: Reply) -> None:
        number, promise = self._asked(data, "critical")
        promise.status = "dead"
        self._answers(number, reply)

    @precondition(lambda self: self.bench.standing_at(Send, "critical"))
    @rule(data=st.data())
    def session_is_no_good(self, data: st.DataObject) -> None:
        """The first 401 of an attempt earns a login and a second try at once, the second is the end of it."""
        number, promise = self._asked(data, "critical")
        if promise.renewed:
            promise.status = "dead"
        promise.renewed = True
        self._answers(number, EXPIRED)

    @precondition(lambda self: self.bench.standing_at(Send, "login"))
    @rule(data=st.data())
    def login_succeeds(self, data: st.DataObject) -> None:
        number, _ = self._asked(data, "login")
        self._answers(number, self._token())

    def _token(self) -> Answer:
        """A token like no other."""
        return Answer(200, {"access_token": f"fresh-{next(self.tokens)}"})

    # -- time ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self._waiting())
    @rule(data=st.data(), late_s=st.sampled_from([0.0, 0.0, 0.5, 40.0]))
    def a_wait_is_over(self, data: st.DataObject, late_s: float) -> None:
        number = data.draw(st.sampled_from(self._waiting()))
        going = self.bench.going[number]
        promise = self.promises[going.key]
        self.bench.at = max(self.bench.at, going.command.instant) + timedelta(seconds=late_s)
        if promise.due is not None:
            promise.begins(self.bench.at, promise.attempt + 1)
        self.bench.tell(number, None)

    def _waiting(self) -> list[int]:
        return self.bench.standing_at(WaitUntil)

    @rule(seconds=st.sampled_from([0.1, 3.0, 70.0]))
    def time_goes_by(self, seconds: float) -> None:
        self.bench.at += timedelta(seconds=seconds)

    # -- processes -----------------------------------------------------------------------------------------------

    @rule()
    def process_dies_and_another_goes_on(self) -> None:
        self.bench.die()
        self._begin()
        for promise in self.promises.values():
            if promise.status == "pending" and promise.due is None:
                # An attempt that nobody saw answered was a silence of the usual length.
                promise.fails(promise.tried_at + timedelta(seconds=TIMEOUT_S))
        readings = self.bench.ledger.readings
        keys = [each.delivery for each in (*readings.unfinished(), *readings.untold())]
        for key, flow in zip(keys, self.connector.recover(), strict=True):
            self.bench.start(key, flow)

    # -- reviewers -----------------------------------------------------------------------------------------------

    def _letters(self) -> list[str]:
        busy = {each.key for each in self.bench.going.values()}
        return [key for key, promise in self.promises.items() if promise.status == "dead" and key not in busy]

    @precondition(lambda self: self._letters())
    @rule(data=st.data())
    def reviewer_replays(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self._letters()))
        promise = self.promises[key]
        promise.status, promise.round = "pending", promise.round + 1
        promise.begins(self.bench.at, 1)
        (flow,) = self.connector.replay(Selection(keys=(key,)), "reviewer", "try again")
        self.bench.start(key, flow)

    @precondition(lambda self: self._letters())
    @rule(data=st.data())
    def reviewer_discards(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self._letters()))
        self.promises[key].status = "discarded"
        (flow,) = self.connector.discard(Selection(keys=(key,)), "reviewer", "told the customer")
        self.bench.start(key, flow)

    # -- what must hold ------------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_says_what_the_specification_says(self) -> None:
        standings = self.bench.ledger.readings.standings
        said = {key: (each.status, each.attempt, each.round) for key, each in standings.items()}
        assert said == {key: (each.status, each.attempt, each.round) for key, each in self.promises.items()}

    @invariant()
    def who_waits_waits_for_its_instant_and_nobody_else_does(self) -> None:
        due = {key: promise.due for key, promise in self.promises.items() if promise.due is not None}
        waits = {self.bench.going[number].key: self.bench.going[number].command.instant for number in self._waiting()}
        assert {key: instant for key, instant in waits.items() if self.promises[key].status == "pending"} == due

    @invariant()
    def nothing_is_sent_more_often_than_attempts_and_logins_allow(self) -> None:
        for key, promise in self.promises.items():
            assert self.bench.sends.get(key, 0) <= 2 * (1 + len(SCHEDULE)) * promise.round

    @invariant()
    def a_ledger_that_is_read_anew_says_the_same(self) -> None:
        assert read(self.bench.ledger.entries()) == self.bench.ledger.readings

    def teardown(self) -> None:
        """Left alone in an org that answers, everything that is pending is committed."""
        for _ in range(20 * (1 + len(self.promises))):
            if not self.bench.going:
                break
            number, going = next(iter(self.bench.going.items()))
            if isinstance(going.command, WaitUntil):
                self.bench.at = max(self.bench.at, going.command.instant)
                self.bench.tell(number, None)
            elif isinstance(going.command, Send):
                self.bench.tell(number, fine() if going.command.lane == "critical" else self._token())
            else:  # it waits for its turn: let the others go first
                self.bench.going[number] = self.bench.going.pop(number)
        assert not self.bench.going
        pending = [key for key, each in self.bench.ledger.readings.standings.items() if each.status == "pending"]
        assert pending == []


def test_deliveries_do_what_their_specification_says():
    run_state_machine_as_test(Deliveries, settings=settings(max_examples=150, stateful_step_count=50, deadline=None))


@pytest.mark.parametrize(
    "changed",
    [{"schedule": [0.2, 1, 5, 30, 299]}, {"schedule": [0.2, 1, 5, 30]}, {"retry_rejections": True}],
    ids=["a wait too short", "a retry too few", "rejections retried"],
)
def test_a_connector_that_does_otherwise_is_found_out(changed: dict[str, Any]):
    class Otherwise(Deliveries):
        def _begin(self) -> None:
            self.connector = a_connector(self.bench.ledger, changed)

    searching = settings(
        max_examples=300,
        stateful_step_count=50,
        deadline=None,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Otherwise, settings=searching)
