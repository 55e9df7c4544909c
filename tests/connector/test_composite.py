"""What a turn becomes on the wire: one all-or-none composite whose every part is found by its key."""

import pytest

from connector.intents import Call, Caller
from tests.connector.talk import KNOWN, NINE, STRANGER, Talk, a_connector, fine, halted

ROOT = "/services/data/v66.0/sobjects"
LEAD = Caller("+14155550100", name="Ada Berg", lead_id="00QRt0000000001MAA")


def parts(talk: Talk, *names: str, **told):
    """The parts that a turn would send now."""
    (delivery,) = [each for each in talk.tell(*names, **told).deliveries if each.kind == "composite"]
    return talk.connector.composer.parts(delivery)


def urls(found) -> list[str]:
    return [part.url.removeprefix(ROOT) for part in found]


class TestAStranger:
    def test_with_a_long_name_is_entered_under_as_much_of_it_as_the_field_holds(self):
        caller = Caller("+14155550100", name="A" * 100, company="B" * 300)

        account, contact, _ = [part.body for part in parts(Talk(a_connector()), "demo_requested", caller=caller)]

        assert (len(account["Name"]), len(contact["LastName"])) == (255, 80)

    def test_with_a_blank_name_is_entered_by_number(self):
        caller = Caller("+14155550100", name="  ", company=" ")

        account, contact, _ = [part.body for part in parts(Talk(a_connector()), "demo_requested", caller=caller)]

        assert (account["Name"], contact["LastName"]) == ("+14155550100", "+14155550100")

    def test_with_a_name_like_a_reference_points_at_nothing(self):
        caller = Caller("+14155550100", name="@{acc.id}", company="B@{{")

        account, contact, _ = [part.body for part in parts(Talk(a_connector()), "demo_requested", caller=caller)]

        assert (account["Name"], contact["LastName"]) == ("B@ {{", "@ {acc.id}")

    def test_becomes_account_contact_and_opportunity(self):
        found = parts(Talk(a_connector()), "demo_requested")

        assert urls(found) == [
            "/Account/Caller_Key__c/%2B14155550100",
            "/Contact/Caller_Key__c/%2B14155550100",
            "/Opportunity/Call_Key__c/call-1",
        ]

    def test_is_filled_in_where_a_new_record_needs_it(self):
        account, contact, opportunity = [part.body for part in parts(Talk(a_connector()), "demo_requested")]

        assert account == {"Name": "Berg AG"}
        assert contact == {"LastName": "Ada Berg", "Phone": "+14155550100", "AccountId": "@{acc.id}"}
        assert opportunity == {
            "Name": "Call call-1",
            "StageName": "Prospecting",
            "CloseDate": "2026-02-04",
            "AccountId": "@{acc.id}",
            "Demo_Requested_At__c": "2026-01-05T09:00:00.000Z",
        }

    def test_who_withholds_the_number_is_keyed_by_the_call(self):
        found = parts(Talk(a_connector()), "demo_requested", caller=Caller(name="Ada"))

        assert urls(found)[:2] == ["/Account/Caller_Key__c/call%3Acall-1", "/Contact/Caller_Key__c/call%3Acall-1"]
        assert "Phone" not in found[1].body

    def test_with_lead_intents_alone_becomes_a_lead_that_is_assigned(self):
        (lead,) = parts(Talk(a_connector()), "qualified", caller=Caller("+493023125417", "Bo", country="Germany"))

        assert lead.url == f"{ROOT}/Lead/Call_Key__c/call-1"
        assert lead.subrequest["httpHeaders"] == {"Sforce-Auto-Assign": "TRUE"}
        assert lead.body == {
            "LastName": "Bo",
            "Company": "Bo",
            "Phone": "+493023125417",
            "Country": "Germany",
            "Status": "Qualified",
        }


class TestAKnownCaller:
    def test_is_updated_by_id_and_only_where_something_was_said(self):
        found = parts(Talk(a_connector()), "demo_requested", caller=KNOWN)

        assert urls(found) == ["/Opportunity/Call_Key__c/call-1"]
        assert found[0].body["AccountId"] == "001Rt0000000001IAA"

    def test_keeps_the_account_when_the_contact_changes(self):
        contact, _ = parts(Talk(a_connector()), channel="Email", caller=KNOWN)

        assert (contact.url, contact.body) == (f"{ROOT}/Contact/003Rt0000000001IAA", {"Preferred_Channel__c": "Email"})

    def test_who_is_an_open_lead_is_updated_by_id_without_being_assigned_anew(self):
        (lead,) = parts(Talk(a_connector()), "qualified", caller=LEAD)

        assert (lead.url, lead.body) == (f"{ROOT}/Lead/00QRt0000000001MAA", {"Status": "Qualified"})
        assert lead.headers == {"Sforce-Auto-Assign": "FALSE"}

    def test_who_is_a_lead_gets_an_opportunity_and_no_second_person(self):
        found = parts(Talk(a_connector()), "demo_requested", caller=LEAD)

        assert [part.sobject for part in found] == ["Account", "Opportunity"]


class TestTheRequest:
    def test_is_all_or_none_and_not_collated(self):
        talk = Talk(a_connector())

        talk.deliver("demo_requested", replies=[fine()])

        body = talk.sent[0].body
        assert (talk.sent[0].path, body["allOrNone"], body["collateSubrequests"]) == (
            "/services/data/v66.0/composite",
            True,
            False,
        )
        assert [part["referenceId"] for part in body["compositeRequest"]] == ["acc", "con", "opp"]
        assert {part["method"] for part in body["compositeRequest"]} == {"PATCH"}

    def test_carries_the_token(self):
        talk = Talk(a_connector())

        talk.deliver("demo_requested", replies=[fine()])

        assert talk.sent[0].headers["Authorization"] == "Bearer held"

    def test_of_a_later_turn_leaves_alone_what_the_first_one_filled_in(self):
        talk = Talk(a_connector())
        talk.deliver("demo_requested", replies=[fine()])

        talk.deliver(seats=5, turn=2, replies=[fine()])

        bodies = [part["body"] for part in talk.sent[1].body["compositeRequest"]]
        assert bodies == [{}, {"AccountId": "@{acc.id}"}, {"AccountId": "@{acc.id}", "Seats__c": 5}]

    def test_fills_in_again_what_a_deleted_record_needs(self):
        talk = Talk(a_connector())
        talk.deliver("demo_requested", replies=[fine()])
        refused = halted("opp", "REQUIRED_FIELD_MISSING")
        talk.deliver(seats=5, turn=2, replies=[refused, fine()])

        talk.deliver(seats=6, turn=3, replies=[fine()])

        assert talk.sent[-1].body["compositeRequest"][2]["body"]["StageName"] == "Prospecting"


class TestACustomObject:
    def test_rides_along_and_points_at_the_opportunity(self):
        *carriers, outcome = parts(Talk(a_connector()), outcome="Won")

        assert [part.sobject for part in carriers] == ["Account", "Contact", "Opportunity"]
        assert (outcome.url, outcome.reference) == (f"{ROOT}/Call_Outcome__c/Call_Key__c/call-1", "call_outcome")
        assert outcome.body == {"Opportunity__c": "@{opp.id}", "Outcome__c": "Won"}


@pytest.mark.parametrize("key", ["call/1", "Anruf Ä?1", "a%2Fb", "x+y&z=1#", "'; --"])
def test_keys_are_percent_encoded_whatever_they_hold(key):
    talk = Talk(a_connector())

    _, _, url = talk.connector.composer.address(Call(key, STRANGER), "Opportunity")

    segment = url.removeprefix(f"{ROOT}/Opportunity/Call_Key__c/")
    assert not set(segment) & set("/?#&+ '")
    assert segment.isascii()


def test_the_instant_of_the_turn_is_what_a_datetime_says():
    (*_, opportunity) = parts(Talk(a_connector()), "demo_requested")

    assert opportunity.body["Demo_Requested_At__c"] == NINE.isoformat(timespec="milliseconds").replace("+00:00", "Z")
