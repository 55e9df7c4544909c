"""Validation rules, lookup filters, default formulas, auto-numbers: what a record must pass, and what it is given."""

from dataclasses import replace

import pytest

from mocksf import Org
from mocksf.errors import Refuse
from mocksf.schema.definitions import ValidationRule
from mocksf.schema.model import Field, Schema, SObject
from mocksf.shapes import auto_number
from tests.client import Client, contents, part, statuses
from tests.desk import Desk, refused
from tests.works import Works, works_schema

CREATED = 1_767_603_600_000
"""2026-01-05T09:00Z."""


@pytest.fixture
def works() -> Works:
    return Works()


class TestRules:
    def test_a_rule_refuses_with_its_message_and_its_field(self, works: Works):
        project = works.project()

        with refused(Refuse.VALIDATION_RULE, "An item costs something.", ("Amount__c",)):
            works.item(project, Amount__c=-1)

    def test_a_rule_without_a_field_speaks_at_the_top(self, works: Works):
        with refused(Refuse.VALIDATION_RULE, "What is done has a price.", ()):
            works.item(works.project(), Done__c=True)

    def test_a_rule_is_asked_on_update(self, works: Works):
        item = works.item(works.project(), Amount__c=1)

        with refused(Refuse.VALIDATION_RULE):
            works.update("Item__c", item, Amount__c=-1)

        assert works.value("Item__c", item, "Amount__c") == 1.0

    def test_a_rule_knows_what_was_before(self, works: Works):
        item = works.item(works.project(), Amount__c=1, Done__c=True)

        with refused(Refuse.VALIDATION_RULE, "Done is done."):
            works.update("Item__c", item, Done__c=False)

    def test_a_rule_that_looks_at_changes_is_silent_about_new_records(self, works: Works):
        assert works.item(works.project(), Amount__c=1, Done__c=True)

    def test_missing_fields_are_named_before_rules_are_asked(self, works: Works):
        with refused(Refuse.REQUIRED_MISSING):
            works.create("Item__c", Name="Stone", Amount__c=-1)

    def test_a_rule_without_a_value_refuses_too(self):
        sobject = works_schema()["Item__c"]
        rules = (ValidationRule("Ratio", "1 / Amount__c > 1", "Too little."),)
        desk = Desk(changed(sobject, validation_rules=rules))
        portfolio = desk.create("Portfolio__c", Name="All")
        project = desk.create("Project__c", Name="Bridge", Portfolio__c=portfolio)

        with refused(Refuse.RULE_WITHOUT_VALUE, 'Validation Formula "Ratio" Invalid (Division by zero)'):
            desk.create("Item__c", Name="Stone", Project__c=project, Amount__c=0)


def changed(sobject: SObject, **changes: object) -> Schema:
    """The firm's schema with another object in the place of this one."""
    other = replace(sobject, **changes)  # type: ignore[arg-type]
    return Schema((other if each.name == other.name else each for each in works_schema()), works_schema().seeds)


class TestOverTheWire:
    @pytest.fixture
    def client(self) -> Client:
        return Client(Org(works_schema()))

    @pytest.fixture
    def project(self, client: Client) -> str:
        return client.create("Project__c", Name="Bridge", Portfolio__c=client.create("Portfolio__c", Name="All"))

    def test_several_rules_give_several_entries(self, client: Client, project: str):
        item = client.create("Item__c", Name="Stone", Project__c=project, Amount__c=1, Done__c=True)

        answer = client.patch(f"/sobjects/Item__c/{item}", {"Amount__c": -1, "Done__c": False})

        assert (answer.status, answer.body) == (
            400,
            [
                {
                    "message": "An item costs something.",
                    "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                    "fields": ["Amount__c"],
                },
                {"message": "Done is done.", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": ["Done__c"]},
            ],
        )

    def test_a_composite_falls_with_its_culprit(self, client: Client, project: str):
        before = contents(client.org)
        good = part("POST", "/sobjects/Item__c", "good", Name="A", Project__c=project, Amount__c=1)
        bad = part("POST", "/sobjects/Item__c", "bad", Name="B", Project__c=project, Amount__c=-1)

        answer = client.composite(good, bad, all_or_none=True)

        assert statuses(answer) == [400, 400]
        assert answer.parts["bad"]["body"][0]["message"] == "An item costs something."
        assert answer.parts["good"]["body"][0]["errorCode"] == "PROCESSING_HALTED"
        assert contents(client.org) == before

    def test_without_all_or_none_the_rest_stands_and_rolls_up(self, client: Client, project: str):
        good = part("POST", "/sobjects/Item__c", "good", Name="A", Project__c=project, Amount__c=1)
        bad = part("POST", "/sobjects/Item__c", "bad", Name="B", Project__c=project, Amount__c=-1)

        assert statuses(client.composite(good, bad, all_or_none=False)) == [201, 400]

        assert client.get(f"/sobjects/Project__c/{project}?fields=Items__c").body["Items__c"] == 1.0

    def test_a_collection_says_it_per_record(self, client: Client, project: str):
        record = {"attributes": {"type": "Item__c"}, "Name": "B", "Project__c": project, "Amount__c": -1}

        (result,) = client.post("/composite/sobjects", {"records": [record]}).body

        assert result["errors"] == [
            {
                "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                "message": "An item costs something.",
                "fields": ["Amount__c"],
            }
        ]


class TestLookupFilters:
    def test_a_record_that_passes_may_be_looked_up(self, works: Works):
        supplier = works.account(Type="partner")

        item = works.item(works.project(), Supplier__c=supplier)

        assert works.value("Item__c", item, "Supplier__c") == supplier

    def test_any_other_may_not(self, works: Works):
        project, customer = works.project(), works.account(Type="Customer")
        sentence = "Value does not exist or does not match filter criteria."

        with refused(Refuse.FILTERED_LOOKUP, sentence, ("Supplier__c",)):
            works.item(project, Supplier__c=customer)

    def test_what_was_right_when_it_was_saved_stays(self, works: Works):
        supplier = works.account(Type="Supplier")
        item = works.item(works.project(), Supplier__c=supplier)
        works.update("Account", supplier, Type="Customer")

        works.update("Item__c", item, Name="Brick")

        assert works.value("Item__c", item, "Name") == "Brick"


class TestDefaults:
    def test_a_default_is_worked_out_when_nothing_is_said(self, works: Works):
        item = works.item(works.project())

        assert works.value("Item__c", item, "Due__c") == "2026-01-12"
        assert works.value("Item__c", item, "Kind__c") == "Labour"

    def test_what_is_said_stands_even_when_it_is_null(self, works: Works):
        item = works.item(works.project(), Due__c=None, Kind__c="Material")

        assert (works.value("Item__c", item, "Due__c"), works.value("Item__c", item, "Kind__c")) == (None, "Material")


@pytest.mark.parametrize(
    ("display_format", "number", "written"),
    [
        ("{0}", 7, "7"),
        ("{0000}", 7, "0007"),
        ("{00}", 1234, "1234"),
        ("CO-{0000}", 7, "CO-0007"),
        ("{YYYY}{MM}{DD}-{000}", 12, "20260105-012"),
        ("A{YY}/{0}/B", 3, "A26/3/B"),
        ("A-", 3, "A-3"),
        ("{X}-{00}", 3, "{X}-03"),
    ],
)
def test_an_auto_number_follows_its_format(display_format: str, number: int, written: str):
    assert auto_number(display_format, number, CREATED) == written


def test_auto_numbers_begin_where_they_are_told():
    sobject = works_schema()["Item__c"]
    fields = tuple(numbered(each) if each.name == "Title__c" else each for each in sobject.fields)
    desk = Desk(changed(sobject, fields=fields, validation_rules=()))
    project = desk.create("Project__c", Name="B", Portfolio__c=desk.create("Portfolio__c", Name="All"))

    items = [desk.create("Item__c", Name="S", Project__c=project) for _ in range(2)]

    assert [desk.value("Item__c", each, "Title__c") for each in items] == ["I-100", "I-101"]


def numbered(field: Field) -> Field:
    more = {"displayFormat": "I-{000}", "startingNumber": 100}
    return replace(field, formula=None, auto_number=True, extra=more)
