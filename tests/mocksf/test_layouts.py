"""Layouts, compact layouts, and what record types offer, in the shapes that the API documents."""

from pathlib import Path

import pytest

from mocksf.org import Org
from mocksf.schema import load_schema
from mocksf.schema.describe import MASTER_RECORD_TYPE
from tests.client import Client

GARAGES = """
objects:
  Account:
    fields:
      Make__c: {type: Picklist, values: [Skoda, VW]}
    recordTypes:
      Garage: {default: true, picklists: {Make__c: [VW]}}
      Old: {active: false}
"""


@pytest.fixture
def sf(tmp_path: Path) -> Client:
    (tmp_path / "garages.yaml").write_text(GARAGES)
    return Client(Org(load_schema([tmp_path / "garages.yaml"])))


class TestLayouts:
    def test_show_every_field_two_to_a_row(self, sf: Client):
        body = sf.get("/sobjects/Contact/describe/layouts").body

        [layout] = body["layouts"]
        [section] = layout["detailLayoutSections"]
        shown = [item["layoutComponents"][0]["value"] for row in section["layoutRows"] for item in row["layoutItems"]]
        assert {"Name", "AccountId", "MailingAddress"} <= set(shown)
        assert {row["numItems"] for row in section["layoutRows"][:-1]} == {2}
        assert list(body) == ["layouts", "recordTypeMappings", "recordTypeSelectorRequired"]

    def test_say_which_values_a_record_type_offers(self, sf: Client):
        mappings = {
            each["name"]: each for each in sf.get("/sobjects/Account/describe/layouts").body["recordTypeMappings"]
        }

        def offered(name: str) -> list[str]:
            picklists = {each["picklistName"]: each for each in mappings[name]["picklistsForRecordType"]}
            return [each["value"] for each in picklists["Make__c"]["picklistValues"]]

        assert (offered("Garage"), offered("Master")) == (["VW"], ["Skoda", "VW"])
        assert [each["defaultRecordTypeMapping"] for each in mappings.values()] == [True, False, False]

    def test_of_one_record_type_come_alone(self, sf: Client):
        every = sf.get("/sobjects/Account/describe/layouts").body
        one = sf.get(f"/sobjects/Account/describe/layouts/{MASTER_RECORD_TYPE}")

        assert one.body == every["layouts"][0]

    @pytest.mark.parametrize(
        "path",
        ["LeadStatus/describe/layouts", "Account/describe/layouts/012000000000009AAA", "Nothing/describe/layouts"],
    )
    def test_of_what_has_none_are_not_found(self, sf: Client, path: str):
        assert sf.get(f"/sobjects/{path}").status == 404


def test_the_compact_layout_of_every_object_is_the_systems(sf: Client):
    body = sf.get("/sobjects/Account/describe/compactLayouts").body

    [layout] = body["compactLayouts"]
    assert (layout["name"], [item["label"] for item in layout["fieldItems"]]) == ("SYSTEM", ["Account Name"])
    assert [each["recordTypeName"] for each in body["recordTypeCompactLayoutMappings"]] == ["Garage", "Old", "Master"]


def test_every_address_of_a_describe_answers(sf: Client):
    assert sf.get("/sobjects/Account/describe/approvalLayouts").body == {"approvalLayouts": []}
    assert sf.get("/sobjects/Account/listviews").body["listviews"] == []
