"""What saving one record does to others, and what a record may not say of others."""

from typing import Any

import pytest

from mocksf.errors import Refuse
from mocksf.locks import LockKey
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


class TestHierarchies:
    @pytest.mark.parametrize(
        ("name", "field"), [("Account", "ParentId"), ("Contact", "ReportsToId"), ("Case", "ParentId")]
    )
    def test_have_no_circles(self, desk: Desk, name: str, field: str):
        needed = {"Account": {"Name": "x"}, "Contact": {"LastName": "x"}}.get(name, {})
        top = desk.create(name, **needed)
        middle = desk.create(name, **needed, **{field: top})
        bottom = desk.create(name, **needed, **{field: middle})

        for above in (top, middle, bottom):
            with refused(Refuse.CIRCLE, "attempt to violate hierarchy constraints"):
                desk.update(name, top, **{field: above})
        desk.update(name, bottom, **{field: top})


class TestOwners:
    @pytest.fixture
    def gone(self, desk: Desk) -> str:
        user = desk.founding.users["us-sales@mock.example"]
        desk.update("User", user, IsActive=False)
        return user

    def test_who_have_left_get_nothing_new(self, desk: Desk, gone: str):
        sentence = f"operation performed with inactive user [{gone[:15]}] as owner of account"
        with refused(Refuse.INACTIVE_OWNER, sentence, ("OwnerId",)):
            desk.account(OwnerId=gone)
        with refused(Refuse.INACTIVE_OWNER):
            desk.update("Account", desk.account(), OwnerId=gone)

    def test_who_have_left_keep_what_they_had(self, desk: Desk):
        user = desk.founding.users["us-sales@mock.example"]
        account = desk.account(OwnerId=user)
        desk.update("User", user, IsActive=False)

        desk.update("Account", account, OwnerId=user, Phone="1")

    def test_are_never_nobody(self, desk: Desk):
        account = desk.account()
        with refused(Refuse.REQUIRED_MISSING, fields=("OwnerId",)):
            desk.update("Account", account, OwnerId=None)


class TestEvents:
    @pytest.mark.parametrize(
        "times",
        [
            {"StartDateTime": "2026-02-01T10:00:00Z", "EndDateTime": "2026-02-01T09:00:00Z"},
            {
                "StartDateTime": "2026-02-01T10:00:00Z",
                "EndDateTime": "2026-02-01T11:00:00Z",
                "DurationInMinutes": 30,
            },
            {"StartDateTime": "2026-02-01T10:00:00Z", "DurationInMinutes": -1},
        ],
    )
    def test_do_not_end_before_they_begin_nor_contradict_themselves(self, desk: Desk, times: dict[str, Any]):
        with refused(Refuse.FIELD_INTEGRITY):
            desk.create("Event", **times)

    def test_keep_their_length_when_they_move(self, desk: Desk):
        event = desk.create("Event", StartDateTime="2026-02-01T10:00:00Z", DurationInMinutes=30)

        desk.update("Event", event, StartDateTime="2026-02-02T08:00:00Z")

        assert desk.value("Event", event, "EndDateTime") == "2026-02-02T08:30:00.000+0000"


ALWAYS = [
    ("Contact", {"LastName": "x"}, "AccountId", "Account"),
    ("Opportunity", {"Name": "x", "StageName": "x", "CloseDate": "2026-12-31"}, "AccountId", "Account"),
    ("Case", {}, "AccountId", "Account"),
    ("Case", {}, "ContactId", "Contact"),
    ("Task", {}, "WhoId", "Contact"),
    ("Task", {}, "WhatId", "Opportunity"),
    ("Asset", {"Name": "x"}, "AccountId", "Account"),
    ("Contract", {}, "AccountId", "Account"),
    ("Site_Visit__c", {}, "Account__c", "Account"),
]
"""Child, its needs, the field, the parent: every write of the child locks the parent."""
WHEN_SET = [
    ("Account", {"Name": "x"}, "ParentId", "Account"),
    ("Contact", {"LastName": "x"}, "ReportsToId", "Contact"),
    ("Call_Outcome__c", {}, "Opportunity__c", "Opportunity"),
]
"""The same for lookups that lock their target only when they point there anew."""
FREE = [("Account", {"Name": "x"}, "OwnerId", "User"), ("FeedItem", {"Body": "x"}, "ParentId", "Account")]


PARENTS = {
    "Account": {"Name": "p"}, "Contact": {"LastName": "p"},
    "Opportunity": {"Name": "p", "StageName": "x", "CloseDate": "2026-12-31"},
}  # fmt: skip


class TestLocks:
    def locked(self, desk: Desk, row: tuple[str, dict[str, Any], str, str]) -> list[bool]:
        """Whether the parent is reached for by an insert, by a change of something else, and by a delete."""
        name, needs, field, parent_name = row
        admin = desk.founding.admin_id
        parent = admin if parent_name == "User" else desk.create(parent_name, **PARENTS[parent_name])
        key, found = LockKey(parent_name, parent), []
        desk.touched.clear()
        child = desk.create(name, **needs, **{field: parent})
        found.append(key in desk.touched)
        desk.touched.clear()
        desk.update(name, child)
        found.append(key in desk.touched)
        desk.touched.clear()
        desk.delete(name, child)
        return [*found, key in desk.touched]

    @pytest.mark.parametrize("row", ALWAYS, ids=lambda row: f"{row[0]}.{row[2]}")
    def test_every_write_locks_the_parents_of_the_table(self, desk: Desk, row: tuple[str, dict[str, Any], str, str]):
        assert self.locked(desk, row) == [True, True, True]

    @pytest.mark.parametrize("row", WHEN_SET, ids=lambda row: f"{row[0]}.{row[2]}")
    def test_other_lookups_lock_when_they_are_set(self, desk: Desk, row: tuple[str, dict[str, Any], str, str]):
        assert self.locked(desk, row) == [True, False, False]

    @pytest.mark.parametrize("row", FREE, ids=lambda row: f"{row[0]}.{row[2]}")
    def test_users_and_what_is_posted_on_stay_free(self, desk: Desk, row: tuple[str, dict[str, Any], str, str]):
        assert self.locked(desk, row) == [False, False, False]

    def test_a_lookup_that_changes_locks_its_new_target(self, desk: Desk):
        outcome, deal = desk.create("Call_Outcome__c"), desk.opportunity()
        desk.touched.clear()

        desk.update("Call_Outcome__c", outcome, Opportunity__c=deal)

        assert LockKey("Opportunity", deal) in desk.touched
