"""What is accepted of a turn, what it is grouped into, and what is refused before it is written down."""

from random import Random

import pytest

from connector.config import parse_config
from connector.engine import Connector
from connector.intents import Call, Caller, Conflict, Ending, Intent, Unfit, delivery_from, payload_of
from connector.ledger import MemoryLedger
from tests.connector.talk import KNOWN, NINE, STRANGER, Talk, a_connector, fine

LEAD = Caller("+14155550100", name="Ada Berg", lead_id="00QRt0000000001MAA")
BOTH = Caller("+14155550100", contact_id="003Rt0000000001IAA", lead_id="00QRt0000000001MAA")


def keys(accepted) -> list[str]:
    return [each.key for each in accepted.deliveries]


class TestAcceptance:
    def test_groups_what_is_written_together(self):
        accepted = Talk(a_connector()).tell("demo_requested", "call_summary", "notice", seats=4)

        assert keys(accepted) == ["call-1/1/demo_requested+seats", "call-1/1/call_summary", "call-1/1/notice"]
        assert [(each.kind, each.lane) for each in accepted.deliveries] == [
            ("composite", "critical"),
            ("task", "async"),
            ("post", "async"),
        ]

    def test_is_one_entry_per_delivery_and_nothing_else(self):
        talk = Talk(a_connector())

        talk.tell("demo_requested", "call_summary")

        assert talk.ledger == ["accepted", "accepted"]

    def test_puts_nothing_personal_into_the_chain(self):
        talk = Talk(a_connector())

        talk.tell("demo_requested", call_summary="Ada wants a demo")

        written = str([entry.as_json() for entry in talk.connector.ledger.entries()])
        assert not [word for word in ("Ada", "Berg", "5550100", "wants") if word in written]

    def test_notes_what_had_to_be_shortened(self):
        talk = Talk(a_connector())

        talk.tell(interest="A depot for three hundred vans")

        (entry,) = talk.connector.ledger.entries()
        assert entry.detail["truncated"] == ["interest"]

    def test_keeps_all_that_is_needed_to_deliver_it(self):
        (delivery,) = Talk(a_connector()).tell(seats=4, caller=KNOWN).deliveries

        assert delivery_from(payload_of(delivery)) == delivery


class TestASecondTime:
    def test_the_same_is_known_and_not_written_again(self):
        talk = Talk(a_connector())
        first = talk.tell(seats=4)

        again = talk.tell(seats=4)

        assert (again.deliveries, again.known, len(talk.ledger)) == ((), (first.deliveries[0].key,), 1)

    def test_another_value_is_a_conflict(self):
        talk = Talk(a_connector())
        talk.tell(seats=4)

        with pytest.raises(Conflict, match="call-1/1/seats was accepted before with another value"):
            talk.tell(seats=5)

    def test_a_new_intent_of_the_same_turn_is_accepted_beside_the_known_one(self):
        talk = Talk(a_connector())
        talk.tell(seats=4)

        again = talk.tell("demo_requested", seats=4)

        assert (keys(again), again.known) == (["call-1/1/demo_requested"], ("call-1/1/seats",))

    def test_another_turn_may_say_something_else(self):
        talk = Talk(a_connector())
        talk.tell(seats=4)

        assert keys(talk.tell(seats=5, turn=2)) == ["call-1/2/seats"]


class TestWhatIsUnfit:
    @pytest.mark.parametrize(
        ("names", "values", "reason"),
        [
            (["seets"], {}, "seets: is not an intent of the configuration; did you mean 'seats'?"),
            (["demo_requested", "demo_requested"], {}, "demo_requested: stands twice in one turn"),
            ([], {"seats": "many"}, "seats: 'many' is no number"),
            ([], {"seats": 1.5}, "seats: must be a whole number, not 1.5"),
            (["seats"], {}, "seats: needs a value: Opportunity.Seats__c takes one of the kind integer"),
            ([], {"channel": "Carrier pigeon"}, "channel: has 14 characters, Contact.Preferred_Channel__c takes 10"),
            ([], {"demo_requested": "tomorrow"}, "demo_requested: 'tomorrow' is no date in ISO form"),
            ([], {"interest": {"a": 1}}, "interest: must be a text, not an object"),
            ([], {"interest": True}, "interest: must be a text, not a flag"),
            ([], {"interest": 10**30}, "interest: has a value that cannot be kept"),
            ([], {"interest": float("nan")}, "interest: has a value that cannot be kept"),
            ([], {"seats": float("inf")}, "seats: has a value that cannot be kept"),
            ([], {"interest": "\ud800"}, "interest: has a value that cannot be kept"),
        ],
    )
    def test_is_refused_with_a_reason_and_leaves_no_trace(self, names, values, reason):
        talk = Talk(a_connector())

        with pytest.raises(Unfit) as refused:
            talk.tell(*names, **values)

        assert reason in str(refused.value)
        assert talk.ledger == []

    def test_names_every_reason_at_once(self):
        with pytest.raises(Unfit) as refused:
            Talk(a_connector()).tell(seats="many", demo_requested="tomorrow")

        assert [each.intent for each in refused.value.findings] == ["seats", "demo_requested"]

    @pytest.mark.parametrize("call", ["", "x" * 81, " call", "call\n", "a\x00b"])
    def test_a_call_without_a_usable_id_is_refused(self, call):
        with pytest.raises(Unfit, match="1 to 80 printable characters"):
            Talk(a_connector()).tell("demo_requested", call=call)


def test_more_objects_than_one_request_takes_are_refused():
    fields = {f"topic_{number}": f"Topic_{number}__c.Said__c" for number in range(26)}
    config = parse_config({"fields": fields})
    connector = Connector(config, MemoryLedger(), Random(0))

    with pytest.raises(Unfit, match="29 records in one request, which takes 25"):
        connector.accept(Call("call-1", STRANGER), 1, [Intent(name, "x") for name in fields], NINE)


class TestNobodyBecomesTwo:
    def test_a_lead_intent_on_a_known_contact_is_a_finding(self):
        accepted = Talk(a_connector()).tell("demo_requested", "qualified", caller=KNOWN)

        assert keys(accepted) == ["call-1/1/demo_requested"]
        assert [each.intent for each in accepted.findings] == ["qualified"]

    def test_a_turn_of_nothing_but_findings_is_unfit(self):
        with pytest.raises(Unfit, match="without an open lead"):
            Talk(a_connector()).tell("qualified", caller=KNOWN)

    def test_a_contact_with_an_open_lead_has_both_updated(self):
        (delivery,) = Talk(a_connector()).tell("demo_requested", "qualified", caller=BOTH).deliveries

        assert (delivery.key, delivery.person) == ("call-1/1/demo_requested+qualified", "contact")

    def test_who_became_a_lead_in_this_call_stays_one(self):
        talk = Talk(a_connector())
        talk.tell("qualified")

        (delivery,) = talk.tell("demo_requested", turn=2).deliveries

        assert delivery.person == "lead"
        with pytest.raises(Unfit, match="the caller is a lead"):
            talk.tell(channel="Email", turn=3)

    def test_who_became_a_contact_in_this_call_stays_one(self):
        talk = Talk(a_connector())
        talk.tell("demo_requested")

        with pytest.raises(Unfit, match="second person"):
            talk.tell("qualified", turn=2)

    def test_an_unknown_caller_of_whom_both_are_told_is_a_contact(self):
        accepted = Talk(a_connector()).tell("qualified", "demo_requested")

        assert (keys(accepted), accepted.findings[0].intent) == (["call-1/1/demo_requested"], "qualified")


class TestTheEndOfACall:
    def end(self, talk: Talk, caller: Caller = STRANGER, **said):
        return talk.connector.end_call(Call("call-1", caller), Ending(**said), NINE)

    def test_is_logged_and_posted(self):
        accepted = self.end(Talk(a_connector()), KNOWN, summary="Fine", post="Look!")

        assert [(each.key, each.lane) for each in accepted.deliveries] == [
            ("call-1/end/call_log", "async"),
            ("call-1/end/post", "async"),
        ]

    def test_makes_a_lead_of_somebody_whom_nobody_knows(self):
        accepted = self.end(Talk(a_connector()), summary="Fine")

        assert keys(accepted) == ["call-1/end/lead", "call-1/end/call_log"]

    @pytest.mark.parametrize("caller", [KNOWN, LEAD])
    def test_makes_no_lead_of_somebody_who_is_known(self, caller):
        assert keys(self.end(Talk(a_connector()), caller)) == ["call-1/end/call_log"]

    def test_makes_no_lead_of_somebody_whom_the_call_made_a_contact(self):
        talk = Talk(a_connector())
        talk.tell("demo_requested")

        assert keys(self.end(talk)) == ["call-1/end/call_log"]

    def test_told_twice_is_known(self):
        talk = Talk(a_connector())
        first = self.end(talk, summary="Fine")

        again = self.end(talk, summary="Fine")

        assert (again.deliveries, again.known) == ((), tuple(keys(first)))

    def test_told_otherwise_is_a_conflict(self):
        talk = Talk(a_connector())
        self.end(talk, summary="Fine")

        with pytest.raises(Conflict):
            self.end(talk, summary="Not so fine")

    def test_links_the_task_to_what_the_call_wrote(self):
        talk = Talk(a_connector())
        talk.deliver("demo_requested", replies=[fine()])
        (log,) = self.end(talk, summary="Fine", disposition="Demo", duration_s=61).deliveries

        talk.run(talk.connector.deliver(log), [fine("task")])

        body = talk.sent[-1].body["compositeRequest"][0]["body"]
        assert (body["WhoId"], body["WhatId"]) == ("003Rt0000000001IAA", "006Rt0000000001IAA")
        assert (body["CallDisposition"], body["CallDurationInSeconds"], body["Description"]) == ("Demo", 61, "Fine")

    def test_points_the_task_of_a_lead_at_the_lead_alone(self):
        talk = Talk(a_connector())
        (log,) = self.end(talk, LEAD, summary="Fine").deliveries

        talk.run(talk.connector.deliver(log), [fine("task")])

        body = talk.sent[-1].body["compositeRequest"][0]["body"]
        assert body["WhoId"] == "00QRt0000000001MAA"
        assert "WhatId" not in body


def test_an_intent_that_is_only_read_cannot_be_told():
    talk = Talk(a_connector())
    config = talk.connector.config
    read_only = config.fields["seats"].model_copy(update={"direction": "from_salesforce"})
    changed = config.model_copy(update={"fields": {**config.fields, "seats": read_only}})
    connector = type(talk.connector)(changed, talk.connector.ledger, talk.connector.desk.dice)

    with pytest.raises(Unfit, match="is only read from Salesforce"):
        connector.accept(Call("call-1", STRANGER), 1, [Intent("seats", 1)], NINE)
