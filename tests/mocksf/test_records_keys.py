"""Records and their external IDs: upserts, and values that no two records share."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocksf.errors import Refusal, Refuse
from mocksf.records import Ambiguous
from mocksf.schema import load_schema
from tests.desk import Desk, refused

NOWHERE = "001000000000001AAA"
TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=10)
"""Anything but the one character that PostgreSQL cannot keep."""


def written(key: str) -> str:
    """A text as it is kept: trimmed, without the one character that no database holds."""
    return key.strip().replace("\0", "").strip()


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestUpsert:
    def test_creates_once_and_then_updates(self, desk: Desk):
        first = desk.upsert("Account", "Caller_Key__c", "+49", Name="Acme")
        second = desk.upsert("Account", "Caller_Key__c", "+49", Phone="1")

        assert (first[1], second) == (True, (first[0], False))
        assert desk.read("Account", first[0], "Caller_Key__c", "Phone") == {
            "Caller_Key__c": "+49", "Phone": "1", "Id": first[0],
        }  # fmt: skip

    def test_does_not_want_its_key_in_the_body(self, desk: Desk):
        with refused(Refuse.KEY_IN_BODY, "The Caller_Key__c field should not be specified in the sobject data."):
            desk.upsert("Account", "Caller_Key__c", "+49", Name="Acme", Caller_Key__c="+49")

    @pytest.mark.parametrize("field", ["Nope__c", "Phone", "Region__c"])
    def test_needs_a_field_that_is_a_key(self, desk: Desk, field: str):
        sentence = f"Provided external ID field does not exist or is not accessible: {field}"
        with refused(Refuse.NO_SUCH_KEY_FIELD, sentence):
            desk.upsert("Account", field, "x", Name="Acme")

    def test_needs_a_value_for_its_key(self, desk: Desk):
        with refused(Refuse.NO_KEY_VALUE, "Caller_Key__c not specified"):
            desk.upsert("Account", "Caller_Key__c", " ", Name="Acme")

    def test_does_not_choose_between_several(self, desk: Desk):
        twins = [desk.contact(Email="a@b.example"), desk.contact(Email="A@B.example")]

        with pytest.raises(Ambiguous) as caught:
            desk.upsert("Contact", "Email", "a@b.example", Title="x")

        assert (caught.value.ids, caught.value.sobject.name, caught.value.status) == (tuple(twins), "Contact", 300)

    def test_passes_deleted_records_by(self, desk: Desk):
        old, _ = desk.upsert("Account", "Caller_Key__c", "+49", Name="Acme")
        desk.delete("Account", old)

        assert desk.upsert("Account", "Caller_Key__c", "+49", Name="Acme")[1] is True

    def test_by_id_updates_only(self, desk: Desk):
        account = desk.account()

        assert desk.upsert("Account", "Id", account, Phone="1") == (account, False)
        with refused(Refuse.GONE_FOR_GOOD):
            desk.upsert("Account", "Id", NOWHERE, Phone="1")

    def test_may_be_told_not_to_create(self, desk: Desk):
        sobject = desk.sobject("Account")
        key = (sobject.get("Caller_Key__c"), "+49")

        with refused(Refuse.NO_SUCH_RESOURCE):
            desk.records.upsert(desk.actor, sobject, key, {"Name": "Acme"}, update_only=True)


class TestUnique:
    def test_values_differ_by_more_than_case(self, desk: Desk):
        account = desk.account(Caller_Key__c="Straße")

        with refused(
            Refuse.DUPLICATE_VALUE,
            f"duplicate value found: Caller_Key__c duplicates value on record with id: {account[:15]}",
        ):
            desk.account(Caller_Key__c="STRASSE")

    def test_values_may_be_kept_by_their_own_record(self, desk: Desk):
        account = desk.account(Caller_Key__c="a")

        desk.update("Account", account, Caller_Key__c="A")

        assert desk.value("Account", account, "Caller_Key__c") == "A"

    def test_values_are_free_where_there_are_none_or_the_record_is_deleted(self, desk: Desk):
        desk.account(Caller_Key__c=None)
        desk.account(Caller_Key__c=None)
        desk.delete("Account", desk.account(Caller_Key__c="a"))

        assert desk.account(Caller_Key__c="a")

    def test_values_of_a_case_sensitive_field_differ_by_case(self, tmp_path: Any):
        source = tmp_path / "org.yaml"
        field = "{type: Text, length: 9, unique: true, caseSensitive: true}"
        source.write_text(f"objects: {{Account: {{fields: {{Code__c: {field}}}}}}}")
        desk = Desk(load_schema([source]))

        assert desk.account(Code__c="a") != desk.account(Code__c="A")
        with refused(Refuse.DUPLICATE_VALUE):
            desk.account(Code__c="A")

    @given(st.lists(st.text(min_size=1, max_size=10).filter(written), min_size=1, max_size=6))
    def test_values_never_meet_folded(self, keys: list[str]):
        desk = Desk()
        for key in keys:
            try:
                desk.account(Caller_Key__c=key)
            except Refusal as refusal:
                assert refusal.situation is Refuse.DUPLICATE_VALUE  # noqa: PT017 — any other refusal is a failure

        kept = [key for (key,) in desk.store.rows('SELECT "Caller_Key__c" FROM "Account"')]
        assert sorted(key.casefold() for key in kept) == sorted({written(key).casefold() for key in keys})
