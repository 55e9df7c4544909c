"""Who rings: one request that asks for all, a search only on a miss, and no answer taken for nobody."""

from urllib.parse import unquote

import pytest

from connector.messages import Answer, Silence
from tests.connector.talk import BUSY, Talk, a_connector

ADA = {"Id": "003Rt0000000001IAA", "Name": "Ada", "AccountId": "001Rt0000000001IAA", "Account": {"Name": "Berg AG"}}
LEAD = {"Id": "00QRt0000000001MAA", "Name": "Bo", "Company": "Bo AG"}
FIRM = {"Id": "001Rt0000000002IAA", "Name": "Firm"}
NO_SEARCH = Answer(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])


def found(**rows) -> Answer:
    parts = [
        {"body": {"records": [rows[name]] if name in rows else []}, "httpStatusCode": 200, "referenceId": name}
        for name in ("Contact", "Lead", "Account")
    ]
    return Answer(200, {"compositeResponse": parts})


def look_up(replies, phone: str = "+14155550100"):
    talk = Talk(a_connector())
    return talk.run(talk.connector.looked_up(phone), replies), talk


class TestTheQuestion:
    def test_is_one_request_of_three_queries(self):
        _, talk = look_up([found(Contact=ADA)])

        assert (talk.asked, len(talk.sent[0].body["compositeRequest"])) == (["read"], 3)

    def test_asks_for_the_callers_key_and_the_forms_in_which_numbers_are_stored(self):
        _, talk = look_up([found(Contact=ADA)])

        soql = unquote(talk.sent[0].body["compositeRequest"][0]["url"])
        assert "Caller_Key__c = '+14155550100'" in soql
        assert "'(415) 555-0100'" in soql
        assert soql.endswith("ORDER BY LastModifiedDate DESC LIMIT 1")

    def test_is_not_asked_about_what_is_no_number(self):
        result, talk = look_up([], "unknown")

        assert (result.caller, result.answered, talk.asked) == (None, True, [])


class TestTheAnswer:
    @pytest.mark.parametrize(
        ("rows", "ids"),
        [
            ({"Contact": ADA, "Lead": LEAD, "Account": FIRM}, ("003Rt0000000001IAA", "001Rt0000000001IAA", LEAD["Id"])),
            ({"Lead": LEAD, "Account": FIRM}, (None, "001Rt0000000002IAA", LEAD["Id"])),
            ({"Account": FIRM}, (None, "001Rt0000000002IAA", None)),
        ],
    )
    def test_is_a_contact_before_a_lead_before_an_account(self, rows, ids):
        result, _ = look_up([found(**rows)])

        assert (result.caller.contact_id, result.caller.account_id, result.caller.lead_id) == ids

    def test_tells_name_and_company(self):
        result, _ = look_up([found(Contact=ADA)])

        assert (result.caller.name, result.caller.company, result.caller.known) == ("Ada", "Berg AG", True)

    @pytest.mark.parametrize("mishap", [Silence("timeout"), BUSY, Answer(200, "<html>")])
    def test_that_did_not_come_is_not_taken_for_nobody(self, mishap):
        result, _ = look_up([mishap])

        assert (result.caller, result.answered) == (None, False)

    def test_survives_a_query_that_the_org_refuses(self):
        answer = found(Lead=LEAD)
        answer.body["compositeResponse"][0] |= {"httpStatusCode": 400, "body": [{"errorCode": "INVALID_FIELD"}]}

        result, _ = look_up([answer])

        assert result.caller.lead_id == LEAD["Id"]


class TestAMiss:
    def test_is_searched_for(self):
        row = {"attributes": {"type": "Contact"}, **ADA}

        result, talk = look_up([found(), Answer(200, {"searchRecords": [row]})])

        assert result.caller.contact_id == ADA["Id"]
        assert "FIND {4155550100} IN PHONE FIELDS" in unquote(talk.sent[1].path)

    def test_in_an_org_without_search_is_nobody_and_is_not_searched_for_again(self):
        talk = Talk(a_connector())

        first = talk.run(talk.connector.looked_up("+14155550100"), [found(), NO_SEARCH])
        second = talk.run(talk.connector.looked_up("+14155550100"), [found()])

        assert [(each.caller, each.answered) for each in (first, second)] == [(None, True), (None, True)]

    def test_through_the_connector_is_none(self):
        talk = Talk(a_connector())

        assert talk.run(talk.connector.lookup("+14155550100"), [found(), NO_SEARCH]) is None
