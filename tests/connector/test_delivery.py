"""The life of one delivery as conversations: what the world tells, what the delivery asks."""

from datetime import timedelta

import pytest

from connector.commands import WaitUntil
from connector.messages import Answer, Silence
from tests.connector.talk import (
    BUSY,
    EXPIRED,
    KNOWN,
    TOKEN,
    Talk,
    a_connector,
    fine,
    halted,
    records,
)

QUIET, GONE = Silence("timeout"), Silence("refused")
SLACK = Answer(200, "ok")
LOCK = halted("con", "UNABLE_TO_LOCK_ROW", status=500)
WRONG = halted("opp", "REQUIRED_FIELD_MISSING")
USELESS = Answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Connected app is not attached to Agent"}])
RETRY = ["failed", "wait 0.2", "trying", "send"]
DEATH = ["failed", "dead", "alert", "alerted"]
WAITS = ["wait 0.2", "wait 1", "wait 5", "wait 30", "wait 300"]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ([fine()], ["send", "committed"]),
        ([BUSY, fine()], ["send", *RETRY, "committed"]),
        ([LOCK, fine()], ["send", *RETRY, "committed"]),
        ([QUIET, fine()], ["send", *RETRY, "committed"]),
        ([GONE, fine()], ["send", *RETRY, "committed"]),
        ([Answer(200, "<html>"), fine()], ["send", *RETRY, "committed"]),
        ([Answer(200, {"ok": True}), fine()], ["send", *RETRY, "committed"]),
        ([WRONG, SLACK], ["send", *DEATH]),
        ([EXPIRED, TOKEN, fine()], ["send", "login", "refreshed", "send", "committed"]),
        ([EXPIRED, TOKEN, EXPIRED, SLACK], ["send", "login", "refreshed", "send", *DEATH]),
        ([EXPIRED, TOKEN, BUSY, fine()], ["send", "login", "refreshed", "send", *RETRY, "committed"]),
        ([EXPIRED, GONE, fine()], ["send", "login", "failed", "wait 0.2", "trying", "send", "committed"]),
        ([USELESS, SLACK], ["send", *DEATH]),
    ],
)
def test_a_delivery_asks_for_what_the_replies_call_for(told, asked):
    talk = Talk(a_connector())

    talk.deliver("demo_requested", replies=told)

    assert talk.asked == asked


class TestTheSchedule:
    def test_six_attempts_are_made_and_never_more(self):
        talk = Talk(a_connector())

        outcome = talk.deliver("demo_requested", replies=[*[BUSY] * 6, SLACK])

        assert [word for word in talk.asked if word.startswith("wait")] == WAITS
        assert (talk.asked.count("send"), outcome.status, outcome.attempts) == (6, "dead", 6)

    def test_a_wait_is_measured_from_the_end_of_the_timeout(self):
        talk = Talk(a_connector())

        talk.deliver("demo_requested", replies=[QUIET, fine()])

        failed, trying = [entry for entry in talk.connector.ledger.entries() if entry.kind in {"failed", "trying"}]
        assert (trying.at - failed.at).total_seconds() == 0.2
        assert (failed.at - talk.connector.desk.standing(failed.delivery).accepted_at).total_seconds() == 15.0

    def test_every_attempt_is_written_down_before_it_is_sent(self):
        talk = Talk(a_connector())

        talk.deliver("demo_requested", replies=[*[BUSY] * 5, fine()])

        assert talk.ledger == ["accepted", *["failed", "trying"] * 5, "committed"]

    def test_rejections_are_retried_where_the_configuration_says_so(self):
        talk = Talk(a_connector(delivery={"retry_rejections": True}))

        outcome = talk.deliver("demo_requested", replies=[*[WRONG] * 6, SLACK])

        assert (talk.asked.count("send"), outcome.status) == (6, "dead")


class TestADeath:
    def test_after_a_silence_says_perhaps(self):
        talk = Talk(a_connector())

        outcome = talk.deliver("demo_requested", replies=[*[QUIET] * 6, SLACK])

        assert outcome.perhaps
        assert "perhaps written all the same" in talk.sent[-1].body["text"]

    def test_without_a_silence_is_certain(self):
        talk = Talk(a_connector())

        assert not talk.deliver("demo_requested", replies=[WRONG, SLACK]).perhaps

    def test_names_culprit_category_and_queue(self):
        talk = Talk(a_connector())

        talk.deliver("demo_requested", replies=[WRONG, SLACK])

        (dead,) = [entry.detail for entry in talk.connector.ledger.entries() if entry.kind == "dead"]
        assert (dead["culprit"], dead["category"]) == ("opp", "required field")
        assert (dead["reason"], dead["queue"]) == ("REQUIRED_FIELD_MISSING", "aicall-salesforce-deadletter")

    def test_keeps_what_the_org_said_out_of_the_chain(self):
        talk = Talk(a_connector())
        said = halted("con", "STRING_TOO_LONG", "Last Name: data value too large: Ada Berg")

        talk.deliver("demo_requested", replies=[said, SLACK])

        (failed,) = [entry for entry in talk.connector.ledger.entries() if entry.kind == "failed"]
        assert "Ada" not in str(failed.as_json())
        assert "Ada" in str(talk.connector.ledger.payload(failed.payload_sha256))


class TestOnlyIfEmpty:
    def test_what_the_org_has_is_left_alone(self):
        talk = Talk(a_connector())

        talk.deliver(competitor="New", replies=[records(opp={"Competitor__c": "Old"}), fine()])

        assert talk.asked == ["read", "send", "committed"]
        assert "Competitor__c" not in talk.sent[1].body["compositeRequest"][2]["body"]

    @pytest.mark.parametrize("found", [None, {"Competitor__c": None}])
    def test_what_the_org_lacks_is_written(self, found):
        talk = Talk(a_connector())

        talk.deliver(competitor="New", replies=[records(opp=found), fine()])

        assert talk.sent[1].body["compositeRequest"][2]["body"]["Competitor__c"] == "New"

    def test_a_silent_read_is_a_failed_attempt_that_certainly_wrote_nothing(self):
        talk = Talk(a_connector())

        talk.deliver(competitor="New", replies=[QUIET, records(opp=None), fine()])

        (failed,) = [entry.detail for entry in talk.connector.ledger.entries() if entry.kind == "failed"]
        assert (failed["category"], failed["perhaps"]) == ("silence", False)


class TestAfterASilence:
    """A request that was given up may still land, and overtake what was said later on the same record."""

    def dead_after_silence(self) -> Talk:
        talk = Talk(a_connector())
        talk.deliver(seats=1, replies=[*[QUIET] * 6, SLACK])
        talk.asked.clear()
        return talk

    def test_the_next_intent_on_the_record_reads_back(self):
        talk = self.dead_after_silence()
        written = records(opp={"Seats__c": 2.0, "StageName": "Prospecting", "Name": "Call call-1"})

        talk.deliver(seats=2, turn=2, caller=KNOWN, replies=[fine("opp"), _as_written(written)])

        assert talk.asked == ["send", "read", "committed"]

    def test_an_overtaken_intent_is_applied_once_more(self):
        talk = self.dead_after_silence()

        talk.deliver(seats=2, turn=2, caller=KNOWN, replies=[fine("opp"), records(opp={"Seats__c": 1.0}), fine("opp")])

        assert talk.asked == ["send", "read", "reapplied", "send", "committed"]
        assert talk.sent[-1].body == talk.sent[-3].body

    def test_another_record_is_not_read_back(self):
        talk = self.dead_after_silence()

        talk.deliver(call_summary="fine", call="call-2", replies=[fine("task")])

        assert talk.asked == ["send", "committed"]

    def test_doubt_ends_when_no_request_can_be_under_way_any_more(self):
        talk = self.dead_after_silence()
        talk.run(a_minute_passes(talk), [])
        talk.asked.clear()

        talk.deliver(seats=2, turn=2, caller=KNOWN, replies=[fine("opp")])

        assert talk.asked == ["send", "committed"]


def _as_written(answer: Answer) -> Answer:
    close = {"CloseDate": "2026-02-04", "AccountId": "001Rt0000000001IAA", "Name": "Call call-1"}
    part = answer.body["compositeResponse"][0]
    part["body"] |= close
    return answer


def a_minute_passes(talk: Talk):
    yield WaitUntil(talk.at + timedelta(seconds=61))
