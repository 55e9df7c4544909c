"""Duplicate rules: what counts as the same, what the answer says, and how a client insists."""

import pytest

from mocksf import Org
from mocksf.errors import Refuse
from tests.client import Client, part, statuses
from tests.desk import refused
from tests.works import Works, works_schema

INSIST = {"sforce-duplicate-rule-header": "allowSave=true"}


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def client() -> Client:
    return Client(Org(works_schema()))


class TestMatching:
    def test_the_same_without_regard_to_case_is_a_duplicate(self, works: Works):
        works.contact(LastName="Lovelace", Email="ada@mock.example")

        with refused(Refuse.DUPLICATES, "Use one of these records?"):
            works.contact(LastName="LOVELACE", Email="Ada@mock.example")

    @pytest.mark.parametrize("other", [{"Email": "b@mock.example"}, {"Email": None}, {"LastName": "Hopper"}])
    def test_all_fields_must_match_and_blanks_match_nothing(self, works: Works, other: dict[str, str]):
        usual = {"LastName": "Lovelace", "Email": "a@mock.example"}
        works.contact(**usual)

        assert works.contact(**{**usual, **other})

    def test_phones_are_compared_by_their_digits(self, works: Works):
        works.lead(Phone="(030) 123-456")

        with refused(Refuse.DUPLICATES, "We know this number."):
            works.lead(Phone="030123456")

    def test_a_deleted_record_is_nobodys_duplicate(self, works: Works):
        works.delete("Contact", works.contact(Email="a@mock.example"))

        assert works.contact(Email="a@mock.example")

    def test_an_update_is_asked_only_about_what_changed(self, works: Works):
        works.contact(Email="a@mock.example")
        other = works.contact(Email="b@mock.example")

        works.update("Contact", other, Title="Countess")

        with refused(Refuse.DUPLICATES):
            works.update("Contact", other, Email="a@mock.example")


class TestTheAnswer:
    def test_it_is_that_of_the_recordings(self, client: Client):
        client.version = "50.0"
        first = client.create("Contact", LastName="Lovelace", Email="a@mock.example")

        answer = client.post("/sobjects/Contact", {"LastName": "Lovelace", "Email": "a@mock.example"})

        record = {
            "attributes": {"type": "Contact", "url": f"/services/data/v50.0/sobjects/Contact/{first}"},
            "Id": first,
        }
        match = {"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100, "record": record}
        result = {
            "allowSave": True,
            "duplicateRule": "Contacts_DR",
            "duplicateRuleEntityType": "Contact",
            "errorMessage": "Use one of these records?",
            "matchResults": [
                {
                    "entityType": "Contact",
                    "errors": [],
                    "matchEngine": "ExactMatchEngine",
                    "matchRecords": [match],
                    "rule": "Contacts_DR",
                    "size": 1,
                    "success": True,
                }
            ],
        }
        assert answer.status == 400
        assert answer.body == [
            {"duplicateResut": result, "errorCode": "DUPLICATES_DETECTED", "message": "Use one of these records?"}
        ]

    def test_later_versions_spell_it_right(self, client: Client):
        client.create("Contact", LastName="Lovelace", Email="a@mock.example")

        (entry,) = client.post("/sobjects/Contact", {"LastName": "Lovelace", "Email": "a@mock.example"}).body

        assert list(entry) == ["duplicateResult", "errorCode", "message"]


class TestInsisting:
    def test_a_client_may_insist_where_the_rule_only_warns(self, client: Client):
        client.create("Contact", LastName="Lovelace", Email="a@mock.example")

        answer = client.post("/sobjects/Contact", {"LastName": "Lovelace", "Email": "a@mock.example"}, **INSIST)

        assert answer.status == 201

    def test_a_rule_that_blocks_is_deaf_to_that(self, client: Client):
        client.create("Lead", LastName="Hopper", Company="Navy", Phone="123")

        answer = client.post("/sobjects/Lead", {"LastName": "Hopper", "Company": "Navy", "Phone": "1-2-3"}, **INSIST)

        assert answer.body[0]["duplicateResult"]["allowSave"] is False

    def test_a_part_of_a_composite_insists_for_itself(self, client: Client):
        client.create("Contact", LastName="Lovelace", Email="a@mock.example")
        body = {"LastName": "Lovelace", "Email": "a@mock.example"}
        plain = part("POST", "/sobjects/Contact", "plain", **body)
        insisting = part("POST", "/sobjects/Contact", "insisting", headers=INSIST, **body)

        assert statuses(client.composite(plain, insisting, all_or_none=False)) == [400, 201]

    def test_a_collection_names_the_code_per_record(self, client: Client):
        client.create("Contact", LastName="Lovelace", Email="a@mock.example")
        record = {"attributes": {"type": "Contact"}, "LastName": "Lovelace", "Email": "a@mock.example"}

        (result,) = client.post("/composite/sobjects", {"records": [record]}).body

        assert result["errors"] == [
            {"statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?", "fields": []}
        ]
