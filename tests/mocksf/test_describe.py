"""Describes against expected ones that were expanded from the fact tables by another program."""

import json
from pathlib import Path
from typing import Any

import pytest

from mocksf.schema import default_schema, describe_body, describe_global, describe_sobject
from mocksf.schema.describe import FIELD_KEYS, MASTER_RECORD_TYPE
from tests.desk import sample_schema

EVIDENCE = Path(__file__).parent / "evidence" / "describe"
OBJECTS = ("Account", "Contact", "Opportunity", "Lead", "Task", "User", "FeedItem")
VERSION = "66.0"

GLOBAL_KEYS = [
    *("activateable", "associateEntityType", "associateParentEntity", "createable", "custom", "customSetting"),
    *("deepCloneable", "deletable", "deprecatedAndHidden", "feedEnabled", "hasSubtypes", "isInterface", "isSubtype"),
    *("keyPrefix", "label", "labelPlural", "layoutable", "mergeable", "mruEnabled", "name", "queryable"),
    *("replicateable", "retrieveable", "searchable", "triggerable", "undeletable", "updateable", "urls"),
]
URL_KEYS = [
    *("compactLayouts", "rowTemplate", "approvalLayouts", "listviews"),
    *("describe", "quickActions", "layouts", "sobject"),
]
PAGE_KEYS = ["uiDetailTemplate", "uiEditTemplate", "uiNewRecord"]


def evidence(name: str) -> dict[str, Any]:
    return json.loads((EVIDENCE / f"{name}.json").read_text(encoding="utf-8"))


def described(name: str) -> dict[str, Any]:
    schema = default_schema()
    return describe_sobject(schema, schema[name], VERSION)


@pytest.mark.parametrize("name", OBJECTS)
class TestAStandardObject:
    def test_has_exactly_the_fields_of_a_fresh_org_in_their_order(self, name: str):
        assert [field["name"] for field in described(name)["fields"]] == [
            field["name"] for field in evidence(name)["fields"]
        ]

    def test_describes_every_attribute_of_every_field(self, name: str):
        assert described(name)["fields"] == evidence(name)["fields"]

    def test_has_the_flags_and_labels_of_the_object(self, name: str):
        assert {key: described(name)[key] for key in evidence(name)["object"]} == evidence(name)["object"]

    def test_names_its_children(self, name: str):
        children = [
            {
                key: child[key]
                for key in ("childSObject", "field", "relationshipName", "cascadeDelete", "restrictedDelete")
            }
            for child in described(name)["childRelationships"]
        ]

        assert children == [{**child} for child in evidence(name)["childRelationships"]]

    def test_writes_57_keys_a_field_in_the_recorded_order(self, name: str):
        assert len(FIELD_KEYS) == 57
        assert all(tuple(field) == FIELD_KEYS for field in described(name)["fields"])


def test_a_describe_has_its_keys_in_the_recorded_order():
    keys = list(described("Account"))

    assert len(keys) == 45
    assert keys == sorted(keys)
    assert keys.index("searchLayoutable") < keys.index("searchable")


def test_every_object_has_the_master_record_type():
    [master] = described("Contact")["recordTypeInfos"]

    assert master["recordTypeId"] == MASTER_RECORD_TYPE
    assert master["urls"]["layout"].endswith(f"/sobjects/Contact/describe/layouts/{MASTER_RECORD_TYPE}")
    assert list(master) == [
        "active", "available", "defaultRecordTypeMapping", "developerName", "master", "name", "recordTypeId", "urls",
    ]  # fmt: skip


def test_addresses_carry_the_version_and_the_template_its_mark():
    urls = described("Lead")["urls"]

    assert list(urls) == URL_KEYS + PAGE_KEYS
    assert urls["rowTemplate"] == "/services/data/v66.0/sobjects/Lead/{ID}"


def test_an_object_without_layouts_has_three_addresses():
    assert list(described("LeadStatus")["urls"]) == ["rowTemplate", "describe", "sobject"]


def test_the_global_describe_lists_all_objects_with_its_keys_in_order():
    every = describe_global(default_schema(), VERSION)

    assert list(every) == ["encoding", "maxBatchSize", "sobjects"]
    assert (every["encoding"], every["maxBatchSize"]) == ("UTF-8", 200)
    assert {each["name"] for each in every["sobjects"]} >= set(OBJECTS)
    assert all(list(each) == GLOBAL_KEYS for each in every["sobjects"])


def test_the_ready_body_is_the_describe_and_rendered_once():
    schema = default_schema()
    body = describe_body(schema, schema["User"], VERSION)

    assert json.loads(bytes(body)) == described("User")
    assert describe_body(schema, schema["User"], VERSION) is body


CUSTOM = {
    ("Opportunity", "Demo_Requested_At__c"): {"type": "datetime", "soapType": "xsd:dateTime", "groupable": False},
    ("Opportunity", "Budget_Confirmed__c"): {"type": "boolean", "nillable": False, "defaultValue": False},
    ("Opportunity", "Seats__c"): {"type": "double", "precision": 6, "scale": 0, "groupable": False},
    ("Opportunity", "Decision_Horizon__c"): {"type": "picklist", "restrictedPicklist": True, "length": 255},
    ("Account", "Caller_Key__c"): {"type": "string", "byteLength": 120, "unique": True, "idLookup": True},
    ("Task", "Call_Key__c"): {"type": "string", "length": 120, "externalId": True},
    ("Event", "Call_Key__c"): {"type": "string", "length": 120, "externalId": True},
    ("Call_Outcome__c", "Name"): {"autoNumber": True, "createable": False, "nameField": True, "custom": False},
    ("Call_Outcome__c", "Opportunity__c"): {"relationshipName": "Opportunity__r", "referenceTo": ["Opportunity"]},
    ("Site_Visit__c", "Account__c"): {"nillable": False, "updateable": False, "cascadeDelete": True},
    ("Site_Visit__c", "Place__c"): {"type": "location", "soapType": "urn:location", "createable": False},
}


@pytest.mark.parametrize(("place", "expected"), CUSTOM.items())
def test_a_custom_field_is_described_by_its_type(place: tuple[str, str], expected: dict[str, Any]):
    sobject, name = place
    schema = sample_schema()
    fields = describe_sobject(schema, schema[sobject], VERSION)["fields"]

    [field] = [each for each in fields if each["name"] == name]

    assert {key: field[key] for key in expected} == expected
    assert field["custom"] is name.endswith("__c")
