"""What saving one record does to others."""

from typing import Any

import pytest

from mocksf.errors import Refuse
from tests.desk import Desk, refused


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestLastActivity:
    @pytest.mark.parametrize(
        ("name", "body", "day"),
        [
            ("Task", {"Status": "Completed", "ActivityDate": "2026-01-02"}, "2026-01-02"),
            ("Task", {"Status": "Not Started", "ActivityDate": "2026-01-02"}, None),
            ("Task", {"Status": "Completed"}, None),
            ("Event", {"StartDateTime": "2026-01-03T10:00:00Z", "DurationInMinutes": 30}, "2026-01-03"),
        ],
    )
    def test_is_the_day_of_a_closed_task_or_an_event(
        self, desk: Desk, name: str, body: dict[str, Any], day: str | None
    ):
        contact, opportunity = desk.contact(), desk.opportunity()

        desk.create(name, WhoId=contact, WhatId=opportunity, **body)

        assert desk.value("Contact", contact, "LastActivityDate") == day
        assert desk.value("Opportunity", opportunity, "LastActivityDate") == day

    def test_of_an_account_is_that_of_its_people_and_deals(self, desk: Desk):
        account = desk.account()
        for day, link in (
            ("2026-01-02", {"WhoId": desk.contact(AccountId=account)}),
            ("2026-01-03", {"WhatId": desk.opportunity(AccountId=account)}),
        ):
            desk.create("Task", Status="Completed", ActivityDate=day, **link)
            assert desk.value("Account", account, "LastActivityDate") == day

    def test_follows_a_task_that_is_moved_changed_or_deleted(self, desk: Desk):
        one, two = desk.contact(), desk.contact()
        task = desk.create("Task", WhoId=one, Status="Completed", ActivityDate="2026-01-02")

        desk.update("Task", task, WhoId=two)
        assert [desk.value("Contact", each, "LastActivityDate") for each in (one, two)] == [None, "2026-01-02"]
        desk.update("Task", task, ActivityDate="2026-01-01")
        assert desk.value("Contact", two, "LastActivityDate") == "2026-01-01"
        desk.delete("Task", task)
        assert desk.value("Contact", two, "LastActivityDate") is None

    def test_is_nobodys_modification(self, desk: Desk):
        account = desk.account()
        desk.later(60)

        desk.create("Task", WhatId=account, Status="Completed", ActivityDate="2026-01-02")

        row = desk.read("Account", account)
        assert row["LastModifiedDate"] < row["SystemModstamp"]


class TestOpenActivities:
    def read(self, desk: Desk, opportunity: str) -> tuple[bool, bool]:
        row = desk.read("Opportunity", opportunity)
        return row["HasOpenActivity"], row["HasOverdueTask"]

    def test_of_an_opportunity_are_seen(self, desk: Desk):
        opportunity = desk.opportunity()
        assert self.read(desk, opportunity) == (False, False)

        task = desk.create("Task", WhatId=opportunity, ActivityDate="2026-01-09")
        assert self.read(desk, opportunity) == (True, False)
        desk.update("Task", task, ActivityDate="2026-01-04")
        assert self.read(desk, opportunity) == (True, True)
        desk.update("Task", task, Status="Completed")
        assert self.read(desk, opportunity) == (False, False)

    @pytest.mark.parametrize(("day", "is_open"), [("2026-01-04", False), ("2026-01-06", True)])
    def test_are_events_to_come_as_well(self, desk: Desk, day: str, is_open: bool):
        opportunity = desk.opportunity()

        desk.create("Event", WhatId=opportunity, StartDateTime=f"{day}T10:00:00Z", DurationInMinutes=30)

        assert self.read(desk, opportunity) == (is_open, False)


class TestContactRoles:
    def roles(self, desk: Desk) -> list[tuple[str, int]]:
        return desk.store.rows('SELECT "ContactId", "IsPrimary" FROM "OpportunityContactRole" WHERE "IsDeleted" = 0')

    def test_a_deal_with_a_contact_has_its_primary_role(self, desk: Desk):
        contact = desk.contact()

        desk.opportunity(ContactId=contact)

        assert self.roles(desk) == [(contact, 1)]

    def test_a_contact_of_a_deal_is_never_changed_on_the_deal(self, desk: Desk):
        with refused(Refuse.NOT_WRITABLE, fields=("ContactId",)):
            desk.update("Opportunity", desk.opportunity(), ContactId=desk.contact())

    def test_another_primary_role_takes_the_place_of_the_first(self, desk: Desk):
        old, new = desk.contact(), desk.contact()
        deal = desk.opportunity(ContactId=old)

        role = desk.create("OpportunityContactRole", OpportunityId=deal, ContactId=new, IsPrimary=True)

        assert sorted(self.roles(desk)) == sorted([(old, 0), (new, 1)])
        assert desk.value("Opportunity", deal, "ContactId") == new
        desk.delete("OpportunityContactRole", role)
        assert desk.value("Opportunity", deal, "ContactId") is None

    def test_a_deal_that_comes_back_has_its_role_once(self, desk: Desk):
        deal = desk.opportunity(ContactId=desk.contact())
        desk.delete("Opportunity", deal)
        assert self.roles(desk) == []

        desk.undelete("Opportunity", deal)

        assert len(self.roles(desk)) == 1


class TestCases:
    def test_repeat_how_to_reach_their_contact(self, desk: Desk):
        account = desk.account()
        contact = desk.contact(Phone="1", Email="a@b.example", AccountId=account)
        case = desk.create("Case", ContactId=contact)
        assert desk.read("Case", case, "ContactPhone", "ContactEmail", "AccountId") == {
            "ContactPhone": "1", "ContactEmail": "a@b.example", "AccountId": account, "Id": case,
        }  # fmt: skip

        desk.update("Contact", contact, Phone="2")
        assert desk.value("Case", case, "ContactPhone") == "2"
        desk.update("Case", case, ContactId=None)
        assert desk.value("Case", case, "ContactPhone") is None

    def test_make_comments_of_what_is_said_with_them(self, desk: Desk):
        case = desk.create("Case", Comments="rang twice")

        assert desk.value("Case", case, "Comments") is None
        assert desk.store.rows('SELECT "ParentId", "CommentBody" FROM "CaseComment"') == [(case, "rang twice")]


class TestCampaigns:
    def test_count_members_and_responses(self, desk: Desk):
        campaign = desk.create("Campaign", Name="Fair")
        figures = ("NumberOfLeads", "NumberOfContacts", "NumberOfResponses")

        lead = desk.create("CampaignMember", CampaignId=campaign, LeadId=desk.lead(Phone="1"))
        desk.create("CampaignMember", CampaignId=campaign, ContactId=desk.contact(), Status="Responded")
        row = desk.read("Campaign", campaign)
        assert tuple(row[name] for name in figures) == (1, 1, 1)
        desk.delete("CampaignMember", lead)
        assert desk.value("Campaign", campaign, "NumberOfLeads") == 0

    def test_add_up_the_deals_that_name_them(self, desk: Desk):
        campaign = desk.create("Campaign", Name="Fair")
        desk.opportunity(CampaignId=campaign, Amount=10)
        won = desk.opportunity(CampaignId=campaign, Amount=5)

        desk.update("Opportunity", won, StageName="Closed Won")

        row = desk.read("Campaign", campaign)
        assert (row["NumberOfOpportunities"], row["NumberOfWonOpportunities"]) == (2, 1)
        assert (row["AmountAllOpportunities"], row["AmountWonOpportunities"]) == (15.0, 5.0)

    def test_members_are_somebody(self, desk: Desk):
        with refused(Refuse.REQUIRED_MISSING):
            desk.create("CampaignMember", CampaignId=desk.create("Campaign", Name="Fair"))

    def test_members_show_who_they_are(self, desk: Desk):
        lead = desk.lead(FirstName="Grace", Phone="1")

        member = desk.create("CampaignMember", CampaignId=desk.create("Campaign", Name="Fair"), LeadId=lead)

        row = desk.read("CampaignMember", member)
        assert (row["Name"], row["Phone"], row["CompanyOrAccount"]) == ("Grace Hopper", "1", "Navy")
        assert (row["Type"], row["LeadOrContactId"], row["Status"]) == ("Lead", lead, "Sent")


class TestCampaignMemberStatuses:
    @pytest.fixture
    def campaign(self, desk: Desk) -> str:
        return desk.create("Campaign", Name="Fair")

    def status(self, desk: Desk, campaign: str, **member: Any) -> tuple[str, bool]:
        made = desk.create("CampaignMember", CampaignId=campaign, LeadId=desk.lead(), **member)
        row = desk.read("CampaignMember", made)
        return row["Status"], row["HasResponded"]

    def test_are_sent_and_responded_at_first(self, desk: Desk, campaign: str):
        assert self.status(desk, campaign) == ("Sent", False)
        assert self.status(desk, campaign, Status="responded") == ("Responded", True)

    def test_are_those_that_the_campaign_is_given(self, desk: Desk, campaign: str):
        desk.create("CampaignMemberStatus", CampaignId=campaign, Label="Came", HasResponded=True, IsDefault=True)

        assert self.status(desk, campaign, Status="Came") == ("Came", True)
        assert self.status(desk, campaign, Status="Nonsense") == ("Came", True)
        assert self.status(desk, campaign, Status="Sent") == ("Sent", False)

    def test_stay_while_they_are_the_default_or_members_have_them(self, desk: Desk, campaign: str):
        self.status(desk, campaign, Status="Responded")
        kept = desk.store.rows('SELECT "Id" FROM "CampaignMemberStatus" ORDER BY "SortOrder"')
        for (each,) in kept:
            with refused(Refuse.IN_USE):
                desk.delete("CampaignMemberStatus", each)

    def test_come_and_go_with_their_campaign(self, desk: Desk, campaign: str):
        desk.delete("Campaign", campaign)
        desk.undelete("Campaign", campaign)
        alive = desk.store.rows('SELECT "Label" FROM "CampaignMemberStatus" WHERE "IsDeleted" = 0')
        assert {label for (label,) in alive} == {"Sent", "Responded"}

    def test_a_person_is_a_member_once(self, desk: Desk, campaign: str):
        lead = desk.lead()
        desk.create("CampaignMember", CampaignId=campaign, LeadId=lead)
        with refused(Refuse.MEMBER_ALREADY):
            desk.create("CampaignMember", CampaignId=campaign, LeadId=lead)


class TestContracts:
    @pytest.mark.parametrize(
        ("start", "term", "end"),
        [
            ("2026-01-31", 1, "2026-02-27"),
            ("2026-01-01", 12, "2026-12-31"),
            (None, 12, None),
            ("2026-01-01", None, None),
        ],
    )
    def test_end_before_their_term_is_over(self, desk: Desk, start: str | None, term: int | None, end: str | None):
        contract = desk.create("Contract", AccountId=desk.account(), StartDate=start, ContractTerm=term)

        row = desk.read("Contract", contract)
        assert (row["EndDate"], row["Status"], row["StatusCode"]) == (end, "Draft", "Draft")

    def test_forbid_the_deletion_of_their_account(self, desk: Desk):
        account = desk.account()
        desk.create("Contract", AccountId=account)

        with refused(Refuse.IN_USE):
            desk.delete("Account", account)
