"""Rows are held in time: by whom, until when, and what a write touches."""

from datetime import timedelta

import pytest

from mocksf.locks import Held, LockKey, LockTable
from tests.desk import MONDAY, Desk

ROW = LockKey("Account", "001000000000001AAA")
SOON = MONDAY + timedelta(seconds=2)


class TestAHeldRow:
    def test_blocks_everybody_but_its_owner(self):
        table = LockTable()
        table.hold([ROW], owner=1, until=SOON)

        assert table.blocker(ROW, owner=1, now=MONDAY) is None
        assert table.blocker(ROW, owner=2, now=MONDAY).owner == 1

    def test_is_free_at_the_instant_its_hold_ends(self):
        table = LockTable()
        table.hold([ROW], owner=1, until=SOON)

        assert table.blocker(ROW, owner=2, now=SOON) is None
        assert table.next_free() == SOON

    def test_is_free_once_its_owner_lets_go(self):
        table = LockTable()
        table.hold([ROW], owner=1, until=SOON)

        table.release(1)

        assert table.blocker(ROW, owner=2, now=MONDAY) is None
        assert table.next_free() is None

    def test_comes_back_with_a_snapshot(self):
        table = LockTable()
        table.hold([ROW], owner=1, until=SOON)
        state = table.state()

        table.expire(SOON)
        table.restore(state)

        assert table.blocker(ROW, owner=2, now=MONDAY).until == SOON


class TestAWriteTouches:
    def test_its_own_row_when_it_changes_it(self):
        desk = Desk()
        account = desk.account()

        desk.update("Account", account, Phone="1")

        assert desk.touched == [LockKey("Account", account)]

    @pytest.mark.parametrize("name", ["contact", "opportunity"])
    def test_the_account_of_a_new_child(self, name: str):
        desk = Desk()
        account = desk.account()

        getattr(desk, name)(AccountId=account)

        assert desk.touched == [LockKey("Account", account)]

    def test_old_and_new_parent_when_a_child_moves(self):
        desk = Desk()
        old, new = desk.account(), desk.account()
        contact = desk.contact(AccountId=old)
        desk.touched.clear()

        desk.update("Contact", contact, AccountId=new)

        assert desk.touched == [LockKey("Contact", contact), LockKey("Account", old), LockKey("Account", new)]

    def test_both_sides_of_an_activity(self):
        desk = Desk()
        contact, opportunity = desk.contact(), desk.opportunity()

        desk.create("Task", WhoId=contact, WhatId=opportunity)

        assert list(dict.fromkeys(desk.touched)) == [LockKey("Contact", contact), LockKey("Opportunity", opportunity)]

    def test_the_master_of_a_custom_detail(self):
        desk = Desk()
        account = desk.account()

        desk.create("Site_Visit__c", Account__c=account)

        assert desk.touched == [LockKey("Account", account)]

    def test_the_key_of_a_row_that_is_not_there_yet(self):
        desk = Desk()

        desk.upsert("Account", "Caller_Key__c", "KeY", Name="Acme")

        assert set(desk.touched) == {LockKey("Account", "Caller_Key__c=key")}

    def test_the_row_itself_when_its_key_is_known(self):
        desk = Desk()
        account = desk.account(Caller_Key__c="key")
        desk.touched.clear()

        desk.upsert("Account", "Caller_Key__c", "KEY", Phone="1")

        assert desk.touched == [LockKey("Account", account)]

    def test_everything_that_a_deletion_takes_along(self):
        desk = Desk()
        account = desk.account()
        contact = desk.contact(AccountId=account)
        desk.touched.clear()

        desk.delete("Account", account)

        assert {LockKey("Account", account), LockKey("Contact", contact)} <= set(desk.touched)


def test_a_write_that_meets_a_held_row_leaves_no_trace():
    desk = Desk()
    account = desk.account()
    contact = desk.contact(AccountId=account)
    before = desk.everything()

    def held(key: LockKey) -> None:
        if key.row == contact:
            raise Held(key, SOON)

    with pytest.raises(Held):
        desk.records.delete(desk.actor, desk.sobject("Account"), account, held)
    with pytest.raises(Held):
        desk.records.update(desk.actor, desk.sobject("Contact"), contact, {"LastName": "Byron"}, held)

    assert desk.everything() == before
