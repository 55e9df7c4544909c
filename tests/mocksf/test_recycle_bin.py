"""The recycle bin: for whom it is there, how long, and how it is emptied."""

from datetime import timedelta

import pytest

from mocksf.clock import VirtualClock
from mocksf.errors import Refuse
from mocksf.org import Org
from mocksf.records import BIN_LIFE
from tests.client import Client
from tests.desk import Desk, refused


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestComingBack:
    def test_who_went_along_comes_back_with_its_parent_only(self, desk: Desk):
        account = desk.account()
        contact = desk.contact(AccountId=account)
        desk.delete("Account", account)

        with refused(Refuse.NOT_UNDELETABLE):
            desk.undelete("Contact", contact)

    def test_a_lookup_to_what_is_gone_meanwhile_is_empty(self, desk: Desk):
        account = desk.account()
        contact = desk.contact(AccountId=account)
        desk.delete("Contact", contact)
        desk.delete("Account", account)

        desk.undelete("Contact", contact)

        assert desk.value("Contact", contact, "AccountId") is None

    def test_a_detail_without_its_master_stays_where_it_is(self, desk: Desk):
        account = desk.account()
        visit = desk.create("Site_Visit__c", Account__c=account)
        desk.delete("Site_Visit__c", visit)
        desk.delete("Account", account)
        before = desk.everything()

        with refused(Refuse.NOT_UNDELETABLE):
            desk.undelete("Site_Visit__c", visit)

        assert desk.everything() == before

    def test_a_key_that_was_taken_meanwhile_is_asked_of_children_too(self, desk: Desk):
        account = desk.account()
        desk.contact(AccountId=account, Caller_Key__c="+49")
        desk.delete("Account", account)
        desk.contact(Caller_Key__c="+49")
        before = desk.everything()

        with refused(Refuse.DUPLICATE_VALUE):
            desk.undelete("Account", account)

        assert desk.everything() == before

    def test_last_activities_go_and_come_back_with_their_tasks(self, desk: Desk):
        account = desk.account()
        task = desk.create("Task", WhatId=account, Status="Completed", ActivityDate="2026-01-02")
        assert desk.value("Account", account, "LastActivityDate") == "2026-01-02"

        desk.delete("Task", task)
        assert desk.value("Account", account, "LastActivityDate") is None
        desk.undelete("Task", task)
        assert desk.value("Account", account, "LastActivityDate") == "2026-01-02"


class TestForGood:
    def test_an_emptied_bin_gives_nothing_back(self, desk: Desk):
        account = desk.account()
        contact = desk.contact(AccountId=account)
        desk.delete("Account", account)

        desk.records.empty_bin(account)

        for name, record in (("Account", account), ("Contact", contact)):
            assert desk.store.fetch(desk.sobject(name), record) is None
        with refused(Refuse.NOT_UNDELETABLE):
            desk.undelete("Account", account)

    def test_what_is_in_no_bin_cannot_be_thrown_away(self, desk: Desk):
        with refused(Refuse.GONE_FOR_GOOD):
            desk.records.empty_bin(desk.account())

    def test_a_queue_that_owns_records_is_kept(self, desk: Desk):
        queue = desk.create("Group", Name="Leads", Type="Queue")
        desk.lead(OwnerId=queue)

        with refused(Refuse.IN_USE):
            desk.delete("Group", queue)


class TestFifteenDays:
    """On the org's clock, to the instant."""

    def gone(self, sf: Client, clock: VirtualClock, org: Org, days: float) -> bool:
        account = sf.create("Account", Name="Acme")
        sf.delete(f"/sobjects/Account/{account}")
        clock.advance(days * 86400)
        org.run_due(clock.now())
        return org.store.fetch(org.schema["Account"], account) is None

    def test_after_them_a_deleted_record_is_gone_for_good(self, sf: Client, clock: VirtualClock, org: Org):
        assert self.gone(sf, clock, org, 15)

    def test_before_they_are_over_it_is_not(self, sf: Client, clock: VirtualClock, org: Org):
        assert not self.gone(sf, clock, org, 15 - 1 / 86400)

    def test_the_org_says_when_they_are_over(self, sf: Client, clock: VirtualClock, org: Org):
        account = sf.create("Account", Name="Acme")
        assert org.records.next_due() is None
        sf.delete(f"/sobjects/Account/{account}")

        due = org.records.next_due()

        assert due == clock.now() + timedelta(days=15) == clock.now() + BIN_LIFE
        org.run_due(due)
        assert org.records.next_due() is None

    def test_a_restored_org_knows_what_lies_in_its_bin(self, sf: Client, org: Org):
        account = sf.create("Account", Name="Acme")
        sf.delete(f"/sobjects/Account/{account}")
        deleted, due = org.snapshot(), org.records.next_due()
        org.reset()
        assert org.records.next_due() is None

        org.restore(deleted)

        assert org.records.next_due() == due
        assert org.fork().records.next_due() == due


def test_deleted_records_are_found_by_query_all_only(sf: Client):
    account = sf.create("Account", Name="Acme")
    sf.delete(f"/sobjects/Account/{account}")
    text = "SELECT+Id,IsDeleted+FROM+Account"

    assert sf.get(f"/query?q={text}").body["records"] == []
    assert [each["IsDeleted"] for each in sf.get(f"/queryAll?q={text}").body["records"]] == [True]
