"""Merging: the master keeps its id, the losers go, and nothing points to them any more."""

import pytest

from mocksf.errors import Refuse
from tests.desk import Desk, refused


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_losers_go_and_say_who_their_master_is(desk: Desk):
    master, one, two = desk.account(), desk.account(), desk.account()

    desk.merge("Account", master, one, two)

    for loser in (one, two):
        with refused(Refuse.DELETED):
            desk.read("Account", loser)
        row = desk.store.fetch(desk.sobject("Account"), loser)
        assert row is not None
        assert (row["IsDeleted"], row["MasterRecordId"]) == (1, master)


def test_children_of_every_kind_move_to_the_master(desk: Desk):
    master, loser = desk.account(), desk.account()
    children = {
        ("Contact", "AccountId"): desk.contact(AccountId=loser),
        ("Opportunity", "AccountId"): desk.opportunity(AccountId=loser),
        ("Case", "AccountId"): desk.create("Case", AccountId=loser),
        ("Task", "WhatId"): desk.create("Task", WhatId=loser),
        ("FeedItem", "ParentId"): desk.create("FeedItem", ParentId=loser, Body="hello"),
        ("Account", "ParentId"): desk.account(ParentId=loser),
        ("Site_Visit__c", "Account__c"): desk.create("Site_Visit__c", Account__c=loser),
    }
    desk.later(60)

    moved = desk.merge("Account", master, loser)

    assert sorted(moved) == sorted(children.values())
    assert {desk.value(name, child, field) for (name, field), child in children.items()} == {master}
    assert desk.value("Contact", children["Contact", "AccountId"], "LastModifiedDate") == "2026-01-05T09:01:00.000+0000"


def test_the_masters_own_children_stay_beside_those_that_come(desk: Desk):
    master, loser = desk.account(), desk.account()
    kept = [desk.contact(AccountId=master), desk.contact(AccountId=loser), desk.contact(AccountId=loser)]
    deals = [desk.opportunity(AccountId=each, ContactId=kept[0]) for each in (master, loser)]

    desk.merge("Account", master, loser)

    assert {desk.value("Contact", each, "AccountId") for each in kept} == {master}
    assert {desk.value("Opportunity", each, "AccountId") for each in deals} == {master}


def test_a_moved_task_is_of_the_masters_account(desk: Desk):
    account = desk.account()
    master, loser = desk.contact(AccountId=account), desk.contact()
    task = desk.create("Task", WhoId=loser, Status="Completed", ActivityDate="2026-01-04")

    desk.merge("Contact", master, loser)

    assert desk.value("Task", task, "AccountId") == account
    assert desk.value("Contact", master, "LastActivityDate") == "2026-01-04"


def test_the_request_says_what_the_master_gets(desk: Desk):
    master, loser = desk.account(Phone="1"), desk.account(Phone="2", Site="x")

    desk.merge("Account", master, loser, Phone="3")

    assert (desk.value("Account", master, "Phone"), desk.value("Account", master, "Site")) == ("3", None)


def test_a_key_of_a_loser_is_free(desk: Desk):
    master, loser = desk.account(), desk.account(Caller_Key__c="+49")
    desk.merge("Account", master, loser)

    desk.update("Account", master, Caller_Key__c="+49")


def test_one_person_is_in_a_campaign_once(desk: Desk):
    master, loser, campaign = desk.lead(), desk.lead(), desk.create("Campaign", Name="Fair")
    members = [desk.create("CampaignMember", CampaignId=campaign, LeadId=lead) for lead in (master, loser)]
    assert desk.value("Campaign", campaign, "NumberOfLeads") == 2

    assert desk.merge("Lead", master, loser) == []

    assert desk.value("Campaign", campaign, "NumberOfLeads") == 1
    assert desk.read("CampaignMember", members[0], "LeadId", "Name")["LeadId"] == master


def test_a_master_below_its_loser_is_on_top_afterwards(desk: Desk):
    loser = desk.account()
    between = desk.account(ParentId=loser)
    master = desk.account(ParentId=between)

    desk.merge("Account", master, loser)

    assert desk.value("Account", between, "ParentId") == master
    assert desk.value("Account", master, "ParentId") is None


def test_a_loser_that_comes_back_is_its_own_master(desk: Desk):
    master, loser = desk.contact(), desk.contact()
    desk.merge("Contact", master, loser)

    desk.undelete("Contact", loser)

    assert desk.value("Contact", loser, "MasterRecordId") is None


class TestRefusals:
    def test_records_of_other_objects_are_not_merged(self, desk: Desk):
        with refused(Refuse.NOT_MERGEABLE, "records of Opportunity cannot be merged"):
            desk.merge("Opportunity", desk.opportunity(), desk.opportunity())

    @pytest.mark.parametrize("count", [0, 3])
    def test_one_or_two_go_into_a_master(self, desk: Desk, count: int):
        with refused(Refuse.NOT_MERGEABLE, f"one or 2 records are merged into a master, not {count}"):
            desk.merge("Account", desk.account(), *(desk.account() for _ in range(count)))

    def test_nobody_goes_into_itself(self, desk: Desk):
        account = desk.account()
        with refused(Refuse.NOT_MERGEABLE, "a record cannot be merged with itself"):
            desk.merge("Account", account, account)

    def test_a_converted_lead_is_left_alone(self, desk: Desk):
        with refused(Refuse.CONVERTED_LEAD):
            desk.merge("Lead", desk.lead(), desk.lead(IsConverted=True))

    def test_a_refused_merge_leaves_everything_as_it_was(self, desk: Desk):
        master, loser = desk.account(Caller_Key__c="+1"), desk.account(Caller_Key__c="+2")
        desk.contact(AccountId=loser)
        before = desk.everything()

        with refused(Refuse.DUPLICATE_VALUE):
            desk.merge("Account", master, loser, Caller_Key__c="+2")

        assert desk.everything() == before
