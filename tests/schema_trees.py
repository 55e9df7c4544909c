"""Generated schema sources: custom objects and fields of every type, value sets, record types and rules."""

from typing import Any

from hypothesis import strategies as st

from mocksf.schema.field_types import FIELD_TYPES

LABELS = st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=1, max_size=20)
VALUES = st.lists(
    st.text(st.sampled_from("abcdeABCDEéß1 &<>%+/"), min_size=1, max_size=8).map(str.strip).filter(bool),
    min_size=1,
    max_size=5,
    unique_by=str.lower,
)
MASKS: dict[str, Any] = {"maskChar": "asterisk", "maskType": "lastFour"}

FIXED: dict[str, dict[str, Any]] = {
    "Text": {"length": 40, "externalId": True, "unique": True},
    "LongTextArea": {"length": 5000, "visibleLines": 4},
    "Html": {"length": 5000, "visibleLines": 9},
    "Number": {"precision": 12, "scale": 3, "defaultValue": 7},
    "Currency": {"precision": 16, "scale": 2},
    "Percent": {"precision": 5, "scale": 1},
    "AutoNumber": {"displayFormat": "N-{0000}", "startingNumber": 5},
    "Location": {"scale": 5, "displayLocationInDecimal": True},
    "EncryptedText": {"length": 20, **MASKS},
    "Checkbox": {"defaultValue": True},
    "DateTime": {"formula": "NOW()", "formulaTreatBlanksAs": "BlankAsBlank"},
    "Date": {"defaultFormula": "TODAY() + 1"},
}
LINKS = frozenset({"Lookup", "Hierarchy", "MasterDetail", "MetadataRelationship", "ExternalLookup", "IndirectLookup"})
PLAIN = sorted(set(FIELD_TYPES) - LINKS - {"Summary", "Picklist", "MultiselectPicklist"})


@st.composite
def fields(draw: st.DrawFn, at: int) -> dict[str, Any]:
    """The fields of one object: some plain ones, a picklist with one that depends on it, a lookup."""
    found: dict[str, Any] = {}
    for number, kind in enumerate(draw(st.lists(st.sampled_from(PLAIN), max_size=6))):
        found[f"P{number}__c"] = {"type": kind, "label": draw(LABELS), **FIXED.get(kind, {})}
    if draw(st.booleans()):
        over, under = draw(VALUES), draw(VALUES)
        found["Over__c"] = {"type": "Picklist", "values": list(over)}
        found["Under__c"] = {
            "type": "Picklist",
            "restricted": draw(st.booleans()),
            "values": [{"value": each, "default": number == 0} for number, each in enumerate(under)],
            "controllingField": "Over__c",
            "valueSettings": {each: draw(st.lists(st.sampled_from(over), min_size=1, unique=True)) for each in under},
        }
    if draw(st.booleans()):
        found["Set__c"] = {"type": "MultiselectPicklist", "valueSet": "Shared", "visibleLines": 3}
    if draw(st.booleans()):
        found["Up__c"] = {
            "type": "Lookup",
            "referenceTo": draw(st.sampled_from(["Account", "O0__c"])),
            "relationshipName": f"Below_{at}",
            "deleteConstraint": draw(st.sampled_from(["SetNull", "Restrict", "Cascade"])),
        }
    return found


@st.composite
def objects(draw: st.DrawFn, at: int) -> dict[str, Any]:
    """One custom object with rules over its fields."""
    content = draw(fields(at))
    said: dict[str, Any] = {"label": draw(LABELS), "labelPlural": draw(LABELS), "fields": content}
    said["enableActivities"] = draw(st.booleans())
    if "Over__c" in content and draw(st.booleans()):
        offered = {"Over__c": content["Over__c"]["values"][:1]}
        said["recordTypes"] = {"Some": {"label": draw(LABELS), "active": draw(st.booleans()), "picklists": offered}}
    if draw(st.booleans()):
        formula = draw(st.sampled_from(["ISBLANK(Name)", 'Name = "a & b"', "LEN(Name) < 3\n&& TRUE"]))
        said["validationRules"] = {"Rule": {"errorConditionFormula": formula, "errorMessage": draw(LABELS)}}
    if draw(st.booleans()):
        said["duplicateRules"] = {"Twins": {"matchFields": [{"field": "Name", "method": "Exact"}]}}
    return said


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    """A whole source."""
    values = [{"value": each} for each in draw(VALUES)]
    found = {f"O{at}__c": draw(objects(at)) for at in range(draw(st.integers(1, 3)))}
    found["Account"] = {"fields": draw(fields(9))}
    return {"valueSets": {"Shared": {"label": draw(LABELS), "values": values}}, "objects": found}
