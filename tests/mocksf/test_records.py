"""The record engine: what a create, an update, an upsert does, and how it says no."""

from typing import Any

import pytest

from mocksf.errors import Refusal, Refuse
from tests.desk import Desk, refused

NOWHERE = "001000000000001AAA"


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestCreate:
    def test_gives_ids_of_the_object_one_after_another(self, desk: Desk):
        assert [desk.account(), desk.account()] == ["001Rt0000000001IAA", "001Rt0000000002IAA"]

    def test_stamps_who_and_when_to_the_second(self, desk: Desk):
        desk.later(0.9)
        account = desk.read("Account", desk.account())

        assert account["CreatedDate"] == account["LastModifiedDate"] == account["SystemModstamp"]
        assert account["CreatedDate"] == "2026-01-05T09:00:00.000+0000"
        assert {account[name] for name in ("CreatedById", "LastModifiedById", "OwnerId")} == {desk.founding.admin_id}

    def test_knows_fields_in_any_case(self, desk: Desk):
        account = desk.create("Account", nAmE="Acme", BILLINGCITY="Paris")

        assert desk.read("Account", account, "name", "billingcity") == {
            "Name": "Acme", "BillingCity": "Paris", "Id": account,
        }  # fmt: skip

    def test_ignores_attributes(self, desk: Desk):
        assert desk.create("Account", Name="Acme", attributes={"type": "Account"})

    def test_names_every_missing_field_at_once(self, desk: Desk):
        sentence = "Required fields are missing: [Name, StageName, CloseDate]"
        with refused(Refuse.REQUIRED_MISSING, sentence, ("Name", "StageName", "CloseDate")):
            desk.create("Opportunity", Amount=5)

    @pytest.mark.parametrize("empty", [None, "", "  "])
    def test_takes_an_empty_value_for_a_missing_one(self, desk: Desk, empty: str | None):
        with refused(Refuse.REQUIRED_MISSING, "Required fields are missing: [LastName]"):
            desk.contact(LastName=empty)

    def test_names_every_field_that_may_not_be_written(self, desk: Desk):
        names = "IsDeleted, CreatedDate"
        with refused(Refuse.NOT_WRITABLE, fields=("IsDeleted", "CreatedDate")) as _:
            desk.account(IsDeleted=True, CreatedDate="2020-01-01T00:00:00Z")
        with refused(Refuse.NOT_WRITABLE, Refuse.NOT_WRITABLE.value.sentence.format(names=names)):
            desk.account(IsDeleted=True, CreatedDate="2020-01-01T00:00:00Z")

    @pytest.mark.parametrize(
        ("name", "field"), [("Contact", "Name"), ("Account", "BillingAddress"), ("Task", "IsClosed")]
    )
    def test_does_not_write_what_is_derived(self, desk: Desk, name: str, field: str):
        with refused(Refuse.NOT_WRITABLE, fields=(field,)):
            desk.create(name, **{field: "x"})

    def test_refuses_a_column_that_is_not_there(self, desk: Desk):
        with refused(Refuse.NO_SUCH_COLUMN, "No such column 'Nmae' on sobject of type Account"):
            desk.create("Account", Nmae="x")

    @pytest.mark.parametrize("name", ["Id", "id", "ID"])
    def test_refuses_an_id_in_the_body(self, desk: Desk, name: str):
        with refused(Refuse.ID_IN_BODY, "The Id field should not be specified in the sobject data."):
            desk.create("Account", **{name: NOWHERE, "Name": "Acme"})

    def test_refuses_objects_that_nobody_creates(self, desk: Desk):
        with refused(Refuse.CANNOT_INSERT, "entity type cannot be inserted: Lead Status Value"):
            desk.create("LeadStatus", MasterLabel="x")

    def test_speaks_of_labels_where_values_do_not_fit(self, desk: Desk):
        with refused(Refuse.TOO_LONG, f"Last Name: data value too large: {'x' * 81} (max length=80)", ("LastName",)):
            desk.contact(LastName="x" * 81)


class TestDefaults:
    def test_fill_what_is_left_out(self, desk: Desk):
        task = desk.read("Task", desk.create("Task"))

        assert (task["Status"], task["Priority"], task["IsReminderSet"]) == ("Not Started", "Normal", False)

    def test_do_not_fill_what_is_explicitly_nothing(self, desk: Desk):
        with refused(Refuse.REQUIRED_MISSING, "Required fields are missing: [OwnerId]"):
            desk.account(OwnerId=None)

    def test_make_a_checkbox_false(self, desk: Desk):
        assert desk.value("Opportunity", desk.opportunity(), "Budget_Confirmed__c") is False

    def test_name_a_custom_record_by_its_id(self, desk: Desk):
        record = desk.create("Product_Interest__c")

        assert desk.value("Product_Interest__c", record, "Name") == record[:15]

    def test_number_records_in_turn(self, desk: Desk):
        names = [desk.value("Call_Outcome__c", desk.create("Call_Outcome__c"), "Name") for _ in range(2)]

        assert names == ["CO-00001", "CO-00002"]
        assert desk.value("Case", desk.create("Case"), "CaseNumber") == "00000001"


class TestUpdate:
    def test_changes_what_is_said_and_stamps_it(self, desk: Desk):
        account = desk.account(Phone="1")
        desk.later(60)

        desk.update("Account", account, Phone="2", Site=None)

        after = desk.read("Account", account)
        assert (after["Phone"], after["Name"]) == ("2", "Acme")
        assert (after["CreatedDate"], after["LastModifiedDate"]) == (
            "2026-01-05T09:00:00.000+0000", "2026-01-05T09:01:00.000+0000",
        )  # fmt: skip

    def test_does_not_empty_what_must_be_there(self, desk: Desk):
        with refused(Refuse.REQUIRED_MISSING, "Required fields are missing: [Name]", ("Name",)):
            desk.update("Account", desk.account(), Name="")

    def test_does_not_write_what_is_fixed_on_create(self, desk: Desk):
        task = desk.create("Task", TaskSubtype="Call")

        with refused(Refuse.NOT_WRITABLE, fields=("TaskSubtype",)):
            desk.update("Task", task, TaskSubtype="Task")

    @pytest.mark.parametrize("verb", ["update", "delete"])
    def test_of_a_record_that_never_was_is_refused(self, desk: Desk, verb: str):
        with refused(Refuse.GONE_FOR_GOOD, "invalid cross reference id", ()):
            getattr(desk, verb)("Account", NOWHERE)

    @pytest.mark.parametrize("verb", ["update", "delete", "read"])
    def test_of_another_kind_of_record_is_refused(self, desk: Desk, verb: str):
        contact = desk.contact()

        with refused(Refuse.MALFORMED_ID, f"Account ID: id value of incorrect type: {contact}", ("Id",)):
            getattr(desk, verb)("Account", contact)


class TestReferences:
    def test_may_be_15_characters_and_are_read_as_18(self, desk: Desk):
        account = desk.account()

        assert desk.value("Contact", desk.contact(AccountId=account[:15]), "AccountId") == account

    def test_to_another_kind_of_record_are_refused(self, desk: Desk):
        lead = desk.lead()

        with refused(Refuse.MALFORMED_ID, f"Account ID: id value of incorrect type: {lead}", ("AccountId",)):
            desk.contact(AccountId=lead)

    def test_a_reference_to_what_no_schema_has_is_of_the_wrong_type_all_the_same(self, desk: Desk):
        quote = "0Q0Rt0000000001"
        with refused(Refuse.MALFORMED_ID, f"Account ID: id value of incorrect type: {quote}", ("AccountId",)):
            desk.contact(AccountId=quote)

    def test_to_an_owner_of_another_kind_are_an_integrity_error(self, desk: Desk):
        lead = desk.lead()

        with refused(Refuse.WRONG_OWNER_TYPE, f"Owner ID: id value of incorrect type: {lead}", ("OwnerId",)):
            desk.account(OwnerId=lead)

    @pytest.mark.parametrize("record_id", [NOWHERE, "701000000000001AAA"])
    def test_to_nothing_are_refused(self, desk: Desk, record_id: str):
        field = {"001": "ParentId", "701": "CampaignId"}[record_id[:3]]
        write = desk.account if field == "ParentId" else desk.opportunity
        with refused(Refuse.NO_SUCH_REFERENCE, "invalid cross reference id"):
            write(**{field: record_id})

    def test_to_a_deleted_record_are_refused(self, desk: Desk):
        account = desk.account()
        desk.delete("Account", account)

        with refused(Refuse.NO_SUCH_REFERENCE):
            desk.contact(AccountId=account)

    def test_may_name_the_parent_by_an_external_id_in_any_case(self, desk: Desk):
        account = desk.account(Caller_Key__c="Key")

        assert desk.value("Contact", desk.contact(Account={"Caller_Key__c": "kEY"}), "AccountId") == account

    def test_may_name_a_custom_parent_and_say_its_type(self, desk: Desk):
        opportunity = desk.opportunity(Call_Key__c="call")
        nested = {"attributes": {"type": "Opportunity"}, "Call_Key__c": "call"}

        outcome = desk.create("Call_Outcome__c", Opportunity__r=nested)
        task = desk.create("Task", What=nested)

        assert desk.value("Call_Outcome__c", outcome, "Opportunity__c") == opportunity
        assert desk.value("Task", task, "WhatId") == opportunity

    def test_by_an_external_id_that_nobody_has_are_refused(self, desk: Desk):
        sentence = "Foreign key external ID: 0116 not found for field Caller_Key__c in entity Account"
        with refused(Refuse.NO_SUCH_PARENT, sentence):
            desk.contact(Account={"Caller_Key__c": "0116"})

    @pytest.mark.parametrize("nested", [{}, {"Name": "Acme"}, {"Nope__c": "x"}, {"Caller_Key__c": "x", "Name": "y"}])
    def test_by_anything_but_one_external_id_are_refused(self, desk: Desk, nested: dict[str, str]):
        with pytest.raises(Refusal):
            desk.contact(Account=nested)

    def test_may_be_emptied(self, desk: Desk):
        contact = desk.contact(AccountId=desk.account())

        desk.update("Contact", contact, AccountId=None)

        assert desk.value("Contact", contact, "AccountId") is None


BAD_BODIES: list[tuple[str, dict[str, Any]]] = [
    ("Account", {}),
    ("Account", {"Name": 5}),
    ("Account", {"Name": "x", "Nope": 1}),
    ("Account", {"Name": "x", "Region__c": "Mars"}),
    ("Account", {"Name": "x", "Caller_Key__c": "taken"}),
    ("Contact", {"LastName": "x", "AccountId": NOWHERE}),
    ("Contact", {"LastName": "x", "Email": "nope"}),
    ("Opportunity", {"Name": "x", "StageName": "y", "CloseDate": "soon"}),
    ("Opportunity", {"Name": "x", "StageName": "y", "CloseDate": "2026-01-01", "Seats__c": 10**6}),
    ("Site_Visit__c", {}),
    ("Event", {"Subject": "x"}),
]


@pytest.mark.parametrize(("name", "body"), BAD_BODIES)
def test_what_is_refused_leaves_no_trace(name: str, body: dict[str, Any]):
    desk = Desk()
    desk.account(Caller_Key__c="taken")
    before, counters = desk.everything(), dict(desk.store.counters)

    with pytest.raises(Refusal):
        desk.create(name, **body)

    assert (desk.everything(), desk.store.counters) == (before, counters)
