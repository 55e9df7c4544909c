"""Whom a write locks beside its own row, by the kind of the relationship."""

from typing import Any

import pytest

from mocksf.clock import VirtualClock
from mocksf.locks import LockKey
from mocksf.parked import Terms
from tests.client import Client
from tests.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


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


class TestInTime:
    """The same on the org's clock: who wants a parent waits until its child is written."""

    @pytest.fixture
    def account(self, sf: Client) -> str:
        return sf.create("Account", Name="Acme")

    @pytest.mark.parametrize(
        ("sobject", "fields"),
        [
            ("Contact", {"LastName": "Doe", "AccountId": "{account}"}),
            ("Opportunity", {"Name": "x", "StageName": "x", "CloseDate": "2026-12-31", "AccountId": "{account}"}),
            ("Task", {"Subject": "Call", "WhatId": "{account}"}),
            ("Event", {"WhatId": "{account}", "StartDateTime": "2026-02-01T10:00:00Z", "DurationInMinutes": "5"}),
            ("Case", {"AccountId": "{account}"}),
            ("Asset", {"Name": "x", "AccountId": "{account}"}),
            ("Contract", {"AccountId": "{account}"}),
            ("Site_Visit__c", {"Account__c": "{account}"}),
            ("Account", {"Name": "child", "ParentId": "{account}"}),
        ],
    )
    def test_children_lock_their_parent(self, sf: Client, account: str, sobject: str, fields: dict[str, str]):
        body = {name: value.format(account=account) for name, value in fields.items()}
        child = sf.park("POST", f"/sobjects/{sobject}", body, Terms(service_s=2))

        assert sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}).until == child.until

    def test_a_deletion_locks_the_family(self, sf: Client, clock: VirtualClock, account: str):
        contact = sf.create("Contact", LastName="Doe", AccountId=account)
        gone = sf.park("DELETE", f"/sobjects/Account/{account}", terms=Terms(service_s=2))

        waiting = sf.park("PATCH", f"/sobjects/Contact/{contact}", {"LastName": "x"})

        assert waiting.until == gone.until
        clock.move_to(gone.until)
        assert sf.resume(gone).status == 204
        assert sf.resume(waiting).code == "ENTITY_IS_DELETED"

    def test_an_activity_on_a_deal_locks_the_account_behind_it(self, sf: Client, account: str):
        deal = sf.create("Opportunity", Name="x", StageName="x", CloseDate="2026-12-31", AccountId=account)
        task = sf.park("POST", "/sobjects/Task", {"WhatId": deal, "Status": "Completed"}, Terms(service_s=2))

        assert sf.park("PATCH", f"/sobjects/Account/{account}", {"Name": "x"}).until == task.until

    def test_who_writes_a_child_of_something_else_goes_on(self, sf: Client, account: str):
        sf.park("POST", "/sobjects/Contact", {"LastName": "Doe", "AccountId": account}, Terms(service_s=2))
        other = sf.create("Account", Name="Other")

        assert sf.post("/sobjects/Contact", {"LastName": "Roe", "AccountId": other}).status == 201
