"""What stands in a describe beside the fields, and how custom fields are described."""

import json
from typing import Any

import pytest

from mocksf.schema import SObject, default_schema, describe_body, describe_global, describe_sobject
from mocksf.schema.describe import FIELD_KEYS, MASTER_RECORD_TYPE
from tests.desk import sample_schema

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


def described(name: str) -> dict[str, Any]:
    schema = default_schema()
    return describe_sobject(schema, schema[name], VERSION)


@pytest.mark.parametrize("sobject", default_schema().sobjects, ids=lambda sobject: sobject.name)
def test_a_field_has_57_keys_in_the_recorded_order(sobject: SObject):
    assert len(FIELD_KEYS) == 57
    assert all(tuple(field) == FIELD_KEYS for field in described(sobject.name)["fields"])


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
