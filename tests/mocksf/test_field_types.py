"""The 28 metadata types of custom fields, each with what its describe shows, and their slips."""

from pathlib import Path
from typing import Any

import pytest

from mocksf.schema import Schema, SchemaError, describe_sobject, load_schema
from mocksf.schema.field_types import FIELD_TYPES
from tests.desk import Desk

READ_ONLY = {"createable": False, "updateable": False}
MASKED = "length: 20, maskChar: X, maskType: creditCard"

SHOWN: dict[str, tuple[str, dict[str, Any]]] = {
    "Text": ("length: 9", {"type": "string", "byteLength": 27, "soapType": "xsd:string"}),
    "TextArea": ("", {"type": "textarea", "length": 255, "filterable": True, "extraTypeInfo": "plaintextarea"}),
    "LongTextArea": ("length: 32000", {"type": "textarea", "byteLength": 96000, "filterable": False}),
    "Html": ("length: 32000", {"type": "textarea", "htmlFormatted": True, "extraTypeInfo": "richtextarea"}),
    "Checkbox": ("defaultValue: true", {"type": "boolean", "defaultValue": True, "nillable": False}),
    "Date": ("", {"type": "date", "soapType": "xsd:date"}),
    "DateTime": ("", {"type": "datetime", "groupable": False}),
    "Time": ("", {"type": "time", "soapType": "xsd:time"}),
    "Number": ("precision: 5, scale: 0", {"type": "double", "precision": 5, "scale": 0, "soapType": "xsd:double"}),
    "Currency": ("precision: 16, scale: 2", {"type": "currency", "precision": 16, "scale": 2}),
    "Percent": ("precision: 5, scale: 2", {"type": "percent", "groupable": False}),
    "Phone": ("", {"type": "phone", "length": 40}),
    "Email": ("unique: true", {"type": "email", "length": 80, "unique": True}),
    "Url": ("", {"type": "url", "length": 255}),
    "Picklist": ("values: [a, b]", {"type": "picklist", "restrictedPicklist": False}),
    "MultiselectPicklist": ("values: [a], visibleLines: 3", {"type": "multipicklist", "length": 4099, "precision": 3}),
    "AutoNumber": ("displayFormat: 'A-{000}'", {"autoNumber": True, "type": "string", **READ_ONLY}),
    "Lookup": ("referenceTo: Account", {"type": "reference", "relationshipName": "X__r", "nillable": True}),
    "Hierarchy": ("referenceTo: User", {"type": "reference", "referenceTo": ["User"]}),
    "MasterDetail": (
        "referenceTo: Account, relationshipName: Xs, relationshipOrder: 1, writeRequiresMasterRead: true",
        {"relationshipOrder": 1, "writeRequiresMasterRead": True, "cascadeDelete": True, "updateable": False},
    ),
    "MetadataRelationship": ("referenceTo: EntityDefinition", {"referenceTo": ["EntityDefinition"]}),
    "ExternalLookup": ("referenceTo: Far__x", {"referenceTo": ["Far__x"]}),
    "IndirectLookup": (
        "referenceTo: Near__c, referenceTargetField: Key__c",
        {"referenceTo": ["Near__c"], "referenceTargetField": "Key__c"},
    ),
    "Location": ("scale: 5, displayLocationInDecimal: true", {"type": "location", "displayLocationInDecimal": True}),
    "EncryptedText": (MASKED, {"type": "encryptedstring", "mask": "X", "maskType": "creditCard", "filterable": False}),
    "Summary": (
        "summaryForeignKey: Detail__c.Up__c, summaryOperation: count",
        {"type": "double", "precision": 18, "scale": 0, "calculated": True, **READ_ONLY},
    ),
    "File": ("", {"type": "base64", "soapType": "xsd:base64Binary"}),
    "CustomDataType": ("", {"type": "complexvalue", **READ_ONLY}),
}

SOURCE = """
objects:
  Far__x: {}
  Near__c: {fields: {Key__c: {type: Text, length: 9, externalId: true, unique: true}}}
  Trip__c: {fields: {X__c: {type: %s}}}
  Detail__c: {fields: {Up__c: {type: MasterDetail, referenceTo: Trip__c, relationshipName: Details}}}
"""


def source(folder: Path, text: str) -> Schema:
    (folder / "org.yaml").write_text(text, encoding="utf-8")
    return load_schema([folder / "org.yaml"])


def shown(schema: Schema, name: str, field: str = "X__c") -> dict[str, Any]:
    [found] = [each for each in describe_sobject(schema, schema[name], "66.0")["fields"] if each["name"] == field]
    return found


def test_every_type_is_shown_here():
    assert set(SHOWN) == set(FIELD_TYPES)
    assert len(FIELD_TYPES) == 28


@pytest.mark.parametrize("kind", SHOWN)
def test_a_type_is_described_as_the_facts_have_it(tmp_path: Path, kind: str):
    said, expected = SHOWN[kind]
    schema = source(tmp_path, SOURCE % ", ".join(part for part in (kind, said) if part))

    described = shown(schema, "Trip__c")
    assert {key: described[key] for key in expected} == expected
    assert described["custom"] is True


@pytest.mark.parametrize("kind", [kind for kind in SHOWN if kind != "MasterDetail"])
def test_a_record_with_a_field_of_any_type_is_saved_and_read(tmp_path: Path, kind: str):
    said, _ = SHOWN[kind]
    desk = Desk(source(tmp_path, SOURCE % ", ".join(part for part in (kind, said) if part)))

    assert "X__c" in desk.read("Trip__c", desk.create("Trip__c"))


@pytest.mark.parametrize("kind", [name for name, each in FIELD_TYPES.items() if each.formula])
def test_a_formula_gives_a_value_of_its_type(tmp_path: Path, kind: str):
    digits = ", precision: 9, scale: 2" if kind in {"Number", "Currency", "Percent"} else ""
    schema = source(tmp_path, SOURCE % f"{kind}, formula: 'NULL'{digits}, formulaTreatBlanksAs: BlankAsBlank")

    described = shown(schema, "Trip__c")
    assert (described["calculated"], described["calculatedFormula"]) == (True, "NULL")
    assert (described["createable"], described["formulaTreatNullNumberAsZero"]) == (False, False)
    assert described["length"] == (1300 if kind == "Text" else 0)


KINDS = [
    ("Event_Happened__e", "e00", {"createable": True, "queryable": False, "updateable": False}, "ReplayId"),
    ("Rate__mdt", "m00", {"createable": False, "queryable": True}, "DeveloperName"),
    ("Far__x", "x00", {"createable": False, "queryable": True, "searchable": True}, "ExternalId"),
    ("Trip__c", "a00", {"createable": True, "undeletable": True, "customSetting": False}, "OwnerId"),
]


@pytest.mark.parametrize(("name", "prefix", "flags", "field"), KINDS)
def test_the_ending_of_a_name_tells_the_kind(
    tmp_path: Path, name: str, prefix: str, flags: dict[str, bool], field: str
):
    schema = source(tmp_path, f"objects: {{{name}: {{}}}}")

    described = describe_sobject(schema, schema[name], "66.0")
    assert (described["keyPrefix"], described["custom"]) == (prefix, True)
    assert {flag: described[flag] for flag in flags} == flags
    assert schema[name].get(field) is not None


def test_a_custom_setting_has_an_owner_in_setup(tmp_path: Path):
    schema = source(tmp_path, "objects: {Limits__c: {customSettingsType: Hierarchy, fields: {X__c: {type: Date}}}}")

    described = describe_sobject(schema, schema["Limits__c"], "66.0")
    assert (described["customSetting"], described["layoutable"]) == (True, False)
    assert shown(schema, "Limits__c", "SetupOwnerId")["referenceTo"] == ["Organization", "Profile", "User"]


def test_a_lookup_filter_is_told_by_the_describe(tmp_path: Path):
    item = "{field: Account.OwnerId, operation: equals, valueField: $Source.OwnerId}"
    schema = source(tmp_path, SOURCE % f"Lookup, referenceTo: Account, lookupFilter: {{filterItems: [{item}]}}")

    info = shown(schema, "Trip__c")["filteredLookupInfo"]
    assert info == {"controllingFields": ["OwnerId"], "dependent": True, "optionalFilter": False}


SLIPS = [
    ("EncryptedText, length: 176, maskChar: X, maskType: all", "has 1 to 175 characters, not 176"),
    ("EncryptedText, length: 9, maskChar: o, maskType: all", "maskChar: no such value 'o'"),
    ("Summary, summaryForeignKey: Detail__c.Up__c", "a Summary field needs 'summaryOperation'"),
    (
        "Summary, summaryForeignKey: Detial__c.Up__c, summaryOperation: count",
        "no such object 'Detial__c'; did you mean",
    ),
    ("Summary, summaryForeignKey: Near__c.Key__c, summaryOperation: count", "is no master-detail field to Trip__c"),
    ("Summary, summaryForeignKey: Detail__c.Up__c, summaryOperation: sum", "a roll-up that is a sum needs"),
    (
        "Summary, summaryForeignKey: Detail__c.Up__c, summaryOperation: sum, summarizedField: Detail__c.Name",
        "the sum of Detail__c.Name (string) is not possible here",
    ),
    ("Picklist, valueSet: Nope", "valueSet: no such value set 'Nope'"),
    ("Picklist, values: [a], valueSet: b", "values of its own and a valueSet exclude each other"),
    ("Picklist, values: [a], controllingField: Nmae", "controllingField: no picklist or checkbox 'Nmae' on Trip__c"),
    ("ExternalLookup, referenceTo: Near__c", "points to an object whose name ends in __x, not to Near__c"),
    ("IndirectLookup, referenceTo: Near__c, referenceTargetField: Name", "no external ID 'Name' on Near__c"),
    ("Date, formula: 1, formulaTreatBlanksAs: Zero", "X__c.formula: must be text, not '1'"),
    ("Lookup, referenceTo: Account, lookupFilter: {}", "a lookup filter needs 'filterItems'"),
    ("AutoNumber, startingNumber: -1", "startingNumber: must be from 0 to 1000000000, not -1"),
]


@pytest.mark.parametrize(("said", "message"), SLIPS)
def test_a_slip_in_a_field_is_named(tmp_path: Path, said: str, message: str):
    with pytest.raises(SchemaError) as caught:
        source(tmp_path, SOURCE % said)

    assert message in str(caught.value)


RULES = [
    ("validationRules: {A: {errorMessage: x}}", "validationRules.A: a validation rule needs 'errorConditionFormula'"),
    (
        "validationRules: {A: {errorMessage: x, errorConditionFormula: x, errorDisplayField: Nmae}}",
        "no such field 'Nmae' on Account; did you mean 'Name'?",
    ),
    ("duplicateRules: {A: {}}", "duplicateRules.A: a duplicate rule needs 'matchFields'"),
    ("duplicateRules: {A: {matchFields: [{field: Name, method: Sound}]}}", "method: no such value 'Sound'"),
    ("recordTypes: {A: {default: true}, B: {default: true}}", "Account has a default record type already"),
    ("recordTypes: {A: {id: x}}", "the id of a record type has 15 or 18 characters and begins with 012"),
    ("recordTypes: {A: {picklists: {Name: [x]}}}", "Name is a string and has no values"),
    ("records: {A: {}}", "Account is no custom metadata type"),
]


@pytest.mark.parametrize(("said", "message"), RULES)
def test_a_slip_in_the_rules_of_an_object_is_named(tmp_path: Path, said: str, message: str):
    with pytest.raises(SchemaError) as caught:
        source(tmp_path, f"objects: {{Account: {{{said}}}}}")

    assert message in str(caught.value)


@pytest.mark.parametrize(("prefix", "owner"), [("001", "Account"), ("0Q0", "Quote")])
def test_a_key_prefix_belongs_to_one_object(tmp_path: Path, prefix: str, owner: str):
    with pytest.raises(SchemaError, match=f"the key prefix '{prefix}' belongs to {owner}"):
        source(tmp_path, f"objects: {{Trip__c: {{keyPrefix: '{prefix}'}}}}")
