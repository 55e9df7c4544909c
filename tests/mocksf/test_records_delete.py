"""Deleting and undeleting: what goes along, what forbids it, what comes back."""

import pytest

from mocksf.errors import Refuse
from mocksf.schema import load_schema
from tests.desk import Desk, refused


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_deleted_record_is_gone_for_everybody(desk: Desk):
    account = desk.account()
    desk.delete("Account", account)

    for verb in ("read", "update", "delete"):
        with refused(Refuse.DELETED, "entity is deleted", ()):
            getattr(desk, verb)("Account", account)


def test_children_go_along_and_come_back_with_their_parent(desk: Desk):
    account = desk.account()
    contact = desk.contact(AccountId=account)
    task = desk.create("Task", WhoId=contact)
    visit = desk.create("Site_Visit__c", Account__c=account)
    family = [("Contact", contact), ("Task", task), ("Site_Visit__c", visit)]

    desk.delete("Account", account)
    for name, record in family:
        with refused(Refuse.DELETED):
            desk.read(name, record)

    desk.undelete("Account", account)
    assert [desk.read(name, record)["Id"] for name, record in family] == [contact, task, visit]


def test_what_was_deleted_before_does_not_come_back(desk: Desk):
    account = desk.account()
    contact = desk.contact(AccountId=account)
    desk.delete("Contact", contact)
    desk.delete("Account", account)

    desk.undelete("Account", account)

    with refused(Refuse.DELETED):
        desk.read("Contact", contact)


def test_a_lookup_is_emptied_when_its_target_goes(desk: Desk):
    boss, clerk = desk.contact(), desk.contact()
    desk.update("Contact", clerk, ReportsToId=boss)

    desk.delete("Contact", boss)

    assert desk.value("Contact", clerk, "ReportsToId") is None


def test_a_case_forbids_the_deletion_and_nothing_is_done(desk: Desk):
    account = desk.account()
    contact = desk.contact(AccountId=account)
    desk.create("Case", AccountId=account)
    before = desk.everything()

    with refused(
        Refuse.IN_USE,
        "Your attempt to delete Acme could not be completed because it is associated with the following cases.: "
        "00000001\n",
    ):
        desk.delete("Account", account)

    assert desk.everything() == before
    assert desk.read("Contact", contact)["Id"] == contact


@pytest.mark.parametrize(("constraint", "kept"), [("SetNull", True), ("Cascade", False)])
def test_a_custom_lookup_says_what_happens_to_it(tmp_path, constraint: str, kept: bool):
    source = tmp_path / "org.yaml"
    lookup = f"{{type: Lookup, referenceTo: Account, relationshipName: Notes, deleteConstraint: {constraint}}}"
    source.write_text(f"objects: {{Note__c: {{fields: {{Account__c: {lookup}}}}}}}")
    desk = Desk(load_schema([source]))
    account = desk.account()
    note = desk.create("Note__c", Account__c=account)

    desk.delete("Account", account)

    assert desk.store.exists(desk.sobject("Note__c"), note) is kept


def test_a_custom_lookup_may_forbid(tmp_path):
    source = tmp_path / "org.yaml"
    lookup = "{type: Lookup, referenceTo: Account, relationshipName: Notes, deleteConstraint: Restrict}"
    source.write_text(f"objects: {{Note__c: {{fields: {{Account__c: {lookup}}}}}}}")
    desk = Desk(load_schema([source]))
    account = desk.account()
    desk.create("Note__c", Account__c=account)

    with refused(Refuse.IN_USE):
        desk.delete("Account", account)


def test_some_objects_are_never_deleted(desk: Desk):
    with refused(Refuse.CANNOT_DELETE, "entity type cannot be deleted: User"):
        desk.delete("User", desk.founding.admin_id)


def test_an_object_without_a_bin_is_deleted_for_good(desk: Desk):
    group = desk.create("Group", Name="Sales", Type="Regular")

    desk.delete("Group", group)

    assert desk.store.fetch(desk.sobject("Group"), group) is None


def test_only_what_lies_in_the_bin_can_be_undeleted(desk: Desk):
    with refused(Refuse.NOT_UNDELETABLE):
        desk.undelete("Account", desk.account())


def test_an_undelete_meets_the_keys_that_were_taken_meanwhile(desk: Desk):
    old = desk.account(Caller_Key__c="+49")
    desk.delete("Account", old)
    desk.account(Caller_Key__c="+49")

    with refused(Refuse.DUPLICATE_VALUE):
        desk.undelete("Account", old)
