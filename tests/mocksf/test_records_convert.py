"""Converting a lead: what comes out of it, where its things go, and when it is refused."""

from typing import Any

import pytest

from mocksf.conversion import Converted
from mocksf.errors import Refuse
from tests.desk import Desk, refused

CONVERTED = "Closed - Converted"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def convert(desk: Desk, lead: str, **wish: Any) -> Converted:
    return desk.convert(lead, converted_status=wish.pop("status", CONVERTED), **wish)


class TestWhatComesOut:
    def test_is_an_account_a_contact_and_an_open_deal(self, desk: Desk):
        lead = desk.lead(FirstName="Grace", Phone="1", Street="A 1", City="Ulm", LeadSource="Web", Email="g@h.example")

        made = convert(desk, lead)

        account = desk.read("Account", made.account_id)
        contact = desk.read("Contact", made.contact_id)
        assert made.opportunity_id is not None
        deal = desk.read("Opportunity", made.opportunity_id)
        assert (account["Name"], account["Phone"], account["BillingCity"]) == ("Navy", "1", "Ulm")
        assert (contact["Name"], contact["Email"], contact["MailingStreet"]) == ("Grace Hopper", "g@h.example", "A 1")
        assert contact["AccountId"] == deal["AccountId"] == made.account_id
        assert (deal["Name"], deal["StageName"], deal["CloseDate"]) == ("Navy", "Prospecting", "2026-03-31")
        assert (deal["ContactId"], deal["LeadSource"]) == (made.contact_id, "Web")

    def test_is_a_lead_that_says_what_became_of_it(self, desk: Desk):
        lead = desk.lead()

        made = convert(desk, lead)

        after = desk.read("Lead", lead)
        assert (after["IsConverted"], after["Status"], after["ConvertedDate"]) == (True, CONVERTED, "2026-01-05")
        names = ("ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId")
        assert [after[name] for name in names] == [made.account_id, made.contact_id, made.opportunity_id]
        with refused(Refuse.CONVERTED_LEAD, "cannot reference converted lead"):
            desk.update("Lead", lead, Title="x")

    def test_may_do_without_a_deal(self, desk: Desk):
        assert convert(desk, desk.lead(), no_opportunity=True).opportunity_id is None

    def test_fills_gaps_of_who_is_there_and_overwrites_nothing(self, desk: Desk):
        account = desk.account(Phone="old")
        contact = desk.contact(AccountId=account, LeadSource="Web")
        lead = desk.lead(Phone="new", Website="navy.example", LeadSource="Other", Title="Admiral")

        made = convert(desk, lead, account_id=account, contact_id=contact)

        assert (made.account_id, made.contact_id) == (account, contact)
        assert (desk.value("Account", account, "Phone"), desk.value("Account", account, "Name")) == ("old", "Acme")
        assert desk.value("Account", account, "Website") == "navy.example"
        assert (desk.value("Contact", contact, "LeadSource"), desk.value("Contact", contact, "Title")) == (
            "Web",
            "Admiral",
        )

    def test_overwrites_the_source_when_told_so(self, desk: Desk):
        account = desk.account()
        contact = desk.contact(AccountId=account, LeadSource="Web")

        convert(desk, desk.lead(LeadSource="Other"), account_id=account, contact_id=contact, overwrite_lead_source=True)

        assert desk.value("Contact", contact, "LeadSource") == "Other"

    def test_belongs_to_the_owner_that_is_named(self, desk: Desk):
        owner = desk.founding.users["us-sales@mock.example"]

        made = convert(desk, desk.lead(), owner_id=owner)

        records = [("Account", made.account_id), ("Contact", made.contact_id), ("Opportunity", made.opportunity_id)]
        assert {desk.value(name, str(record), "OwnerId") for name, record in records} == {owner}


class TestWhatFollows:
    def test_activities_are_about_the_contact_and_the_deal(self, desk: Desk):
        lead = desk.lead()
        task = desk.create("Task", WhoId=lead, Status="Completed", ActivityDate="2026-01-02")

        made = convert(desk, lead)

        assert desk.read("Task", task, "WhoId", "WhatId", "AccountId") == {
            "WhoId": made.contact_id, "WhatId": made.opportunity_id, "AccountId": made.account_id, "Id": task,
        }  # fmt: skip
        assert desk.value("Contact", made.contact_id, "LastActivityDate") == "2026-01-02"

    def test_a_campaign_keeps_its_member(self, desk: Desk):
        lead, campaign = desk.lead(), desk.create("Campaign", Name="Fair")
        member = desk.create("CampaignMember", CampaignId=campaign, LeadId=lead)

        made = convert(desk, lead)

        assert desk.value("CampaignMember", member, "ContactId") == made.contact_id


class TestRefusals:
    @pytest.mark.parametrize("status", ["Qualified", "Nope"])
    def test_a_status_must_mean_converted(self, desk: Desk, status: str):
        with refused(Refuse.BAD_CONVERTED_STATUS, "invalid convertedStatus"):
            convert(desk, desk.lead(), status=status)

    def test_a_status_must_be_given(self, desk: Desk):
        with refused(Refuse.REQUIRED_MISSING, "Required fields are missing: [convertedStatus]"):
            convert(desk, desk.lead(), status=None)

    def test_a_lead_is_converted_once(self, desk: Desk):
        lead = desk.lead()
        convert(desk, lead)

        with refused(Refuse.CONVERTED_LEAD):
            convert(desk, lead)

    def test_a_contact_comes_with_its_account(self, desk: Desk):
        with refused(Refuse.NOT_CONVERTIBLE):
            convert(desk, desk.lead(), contact_id=desk.contact())

    @pytest.mark.parametrize("name", ["account_id", "contact_id", "opportunity_id"])
    def test_who_is_named_must_be_there(self, desk: Desk, name: str):
        with refused(Refuse.NO_SUCH_REFERENCE):
            convert(desk, desk.lead(), **{name: desk.lead()})

    def test_a_queue_converts_nothing(self, desk: Desk):
        with refused(Refuse.NOT_CONVERTIBLE):
            convert(desk, desk.lead(OwnerId=desk.create("Group", Name="Leads", Type="Queue")))

    def test_a_refused_conversion_leaves_everything_as_it_was(self, desk: Desk):
        lead = desk.lead()
        desk.create("Task", WhoId=lead)
        other = desk.opportunity(AccountId=desk.account())
        before = desk.everything()

        with refused(Refuse.NOT_CONVERTIBLE):
            convert(desk, lead, opportunity_id=other)

        assert desk.everything() == before
