"""The metadata types of custom fields: what may be said about each, and how a describe shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.evidence import Evidence

Settings = Mapping[str, Any]
"""The checked attributes of a field, under their metadata names."""

KEPT = (
    *("description", "trackHistory", "trackFeedHistory", "trackTrending", "securityClassification", "businessStatus"),
    *("businessOwnerUser", "businessOwnerGroup", "complianceGroup", "encryptionScheme", "populateExistingRows"),
    *("externalDeveloperName", "isFilteringDisabled", "isSortingDisabled", "stripMarkup", "relationshipLabel"),
    *("defaultFormula", "metadataRelationshipControllingField", "fieldManageability", "isConvertLeadDisabled"),
    "isAIPredictionField",
)  # fmt: skip
"""Said about any field; of no consequence for what the org answers (but for `defaultFormula`), kept for an export."""

COMMON = ("type", "label", "inlineHelpText", "required", "createable", "updateable", "filterable", *KEPT)
DELETE_CONSTRAINTS = ("SetNull", "Restrict", "Cascade")
MASKS = {"asterisk": "*", "X": "X"}
MASK_TYPES = ("all", "creditCard", "ssn", "lastFour", "sin", "nino")

_Describe = Callable[[Settings], dict[str, Any]]


@dataclass(frozen=True)
class FieldType:
    """One metadata type: its describe type, what may and must be said beside `COMMON`, and its describe attributes."""

    described_as: str
    may: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    describe: _Describe = lambda _: {}
    formula: bool = False
    """Whether a formula may give a value of this type."""


READ_ONLY = {"createable": False, "updateable": False}
_CALCULATED = {**READ_ONLY, "calculated": True, "defaultedOnCreate": False, "defaultValue": None}


def _text(settings: Settings) -> dict[str, Any]:
    return {"length": settings.get("length", 1300), "groupable": True}


def _long_text(settings: Settings) -> dict[str, Any]:
    return {"length": settings.get("length", 32_768)}


def _html(settings: Settings) -> dict[str, Any]:
    return _long_text(settings) | {"htmlFormatted": True, "extraTypeInfo": "richtextarea"}


def _text_area(_: Settings) -> dict[str, Any]:
    comparable = dict.fromkeys(("filterable", "groupable", "sortable", "aggregatable"), True)
    return {"length": 255, **comparable}


def _number(settings: Settings) -> dict[str, Any]:
    return {"precision": settings.get("precision", 18), "scale": settings.get("scale", 0)}


def _picklist(settings: Settings) -> dict[str, Any]:
    return {"length": 255, "restrictedPicklist": settings.get("restricted", False)}


def _multipicklist(settings: Settings) -> dict[str, Any]:
    lines = settings.get("visibleLines", 4)
    return {
        "length": 4099,
        "byteLength": 4099,
        "precision": lines,
        "restrictedPicklist": settings.get("restricted", False),
    }


def _auto_number(settings: Settings) -> dict[str, Any]:
    return {
        "length": 30,
        "autoNumber": True,
        "nillable": False,
        **READ_ONLY,
        "defaultedOnCreate": True,
        "groupable": False,
        "displayFormat": settings.get("displayFormat", "{0}"),
        "startingNumber": settings.get("startingNumber", 1),
    }


def _lookup(settings: Settings) -> dict[str, Any]:
    return {"restrictedDelete": settings.get("deleteConstraint") == "Restrict"}


def _master_detail(settings: Settings) -> dict[str, Any]:
    return {
        "nillable": False,
        "updateable": settings.get("reparentableMasterDetail", False),
        "cascadeDelete": True,
        "relationshipOrder": settings.get("relationshipOrder", 0),
        "writeRequiresMasterRead": settings.get("writeRequiresMasterRead", False),
        "permissionable": False,
    }


def _indirect(settings: Settings) -> dict[str, Any]:
    return {"referenceTargetField": settings.get("referenceTargetField")}


def _encrypted(settings: Settings) -> dict[str, Any]:
    incomparable = dict.fromkeys(("filterable", "groupable", "sortable", "aggregatable"), False)
    mask = {"mask": MASKS[settings["maskChar"]], "maskType": settings["maskType"]}
    return {"length": settings["length"], **mask, **incomparable}


def _location(settings: Settings) -> dict[str, Any]:
    return {"displayLocationInDecimal": settings.get("displayLocationInDecimal", False)}


def _opaque(_: Settings) -> dict[str, Any]:
    return {**READ_ONLY, **dict.fromkeys(("filterable", "groupable", "sortable", "aggregatable"), False)}


_KEYED = ("unique", "externalId", "defaultValue")
_LINK = ("referenceTo", "relationshipName", "lookupFilter")
_FORMULA = ("formula", "formulaTreatBlanksAs")
_VALUES = ("values", "valueSet", "sorted", "restricted", "defaultValue", "controllingField", "valueSettings")
_DIGITS = ("precision", "scale")
SUMMARY = ("summaryForeignKey", "summaryOperation", "summarizedField", "summaryFilterItems")

FIELD_TYPES: Mapping[str, FieldType] = {
    "Text": FieldType("string", ("length", "caseSensitive", *_KEYED, *_FORMULA), ("length",), _text, formula=True),
    "TextArea": FieldType("textarea", ("defaultValue",), (), _text_area),
    "LongTextArea": FieldType("textarea", ("length", "visibleLines", "defaultValue"), (), _long_text),
    "Html": FieldType("textarea", ("length", "visibleLines"), (), _html),
    "Checkbox": FieldType("boolean", ("defaultValue", *_FORMULA), formula=True),
    "Date": FieldType("date", _FORMULA, formula=True),
    "DateTime": FieldType("datetime", _FORMULA, formula=True),
    "Time": FieldType("time", _FORMULA, formula=True),
    "Number": FieldType("double", (*_DIGITS, *_KEYED, *_FORMULA), (), _number, formula=True),
    "Currency": FieldType("currency", (*_DIGITS, "defaultValue", *_FORMULA), (), _number, formula=True),
    "Percent": FieldType("percent", (*_DIGITS, "defaultValue", *_FORMULA), (), _number, formula=True),
    "Phone": FieldType("phone", ("defaultValue",), (), lambda _: {"length": 40}),
    "Email": FieldType("email", ("unique", "externalId", "caseSensitive"), (), lambda _: {"length": 80}),
    "Url": FieldType("url", ("defaultValue",), (), lambda _: {"length": 255}),
    "Picklist": FieldType("picklist", _VALUES, (), _picklist),
    "MultiselectPicklist": FieldType("multipicklist", (*_VALUES, "visibleLines"), (), _multipicklist),
    "AutoNumber": FieldType("string", ("displayFormat", "startingNumber", "externalId"), (), _auto_number),
    "Lookup": FieldType("reference", (*_LINK, "deleteConstraint"), ("referenceTo",), _lookup),
    "Hierarchy": FieldType("reference", (*_LINK, "deleteConstraint"), ("referenceTo",), _lookup),
    "MasterDetail": FieldType(
        "reference",
        (*_LINK, "reparentableMasterDetail", "relationshipOrder", "writeRequiresMasterRead"),
        ("referenceTo", "relationshipName"),
        _master_detail,
    ),
    "MetadataRelationship": FieldType("reference", _LINK, ("referenceTo",), _lookup),
    "ExternalLookup": FieldType("reference", _LINK, ("referenceTo",), _lookup),
    "IndirectLookup": FieldType("reference", (*_LINK, "referenceTargetField"), ("referenceTo",), _indirect),
    "Location": FieldType("location", ("scale", "displayLocationInDecimal"), (), _location),
    "EncryptedText": FieldType(
        "encryptedstring", ("length", "maskChar", "maskType"), ("length", "maskChar", "maskType"), _encrypted
    ),
    "Summary": FieldType("double", SUMMARY, SUMMARY[:2], lambda _: dict(_CALCULATED)),
    "File": FieldType("base64", (), (), lambda _: {"updateable": True}),
    "CustomDataType": FieldType("complexvalue", (), (), _opaque),
}
"""Every metadata type that a field of a source may have: the 28 names of the Metadata API's FieldType."""

LOOKUPS = frozenset(name for name, kind in FIELD_TYPES.items() if kind.described_as == "reference")

ASSUMPTIONS = (
    ("A count is a double of 18 digits without decimals; sum, min and max are as their field", Evidence.ASSUMED),
    ("Classic encryption shows `maskChar` as the mask of the describe, and `encrypted` stays false", Evidence.ASSUMED),
    ("A File field is described as base64 and a CustomDataType field as a read-only complexvalue", Evidence.ASSUMED),
    ("The bitmap of a dependent picklist starts at the highest bit, in whole groups of three bytes", Evidence.ASSUMED),
)  # fmt: skip
"""What the facts leave open about custom fields (facts on SOQL and model, §6.3 and §7)."""


def calculated(settings: Settings) -> dict[str, Any]:
    """The describe attributes that a formula adds, or nothing where there is none."""
    if "formula" not in settings:
        return {}
    return {
        **_CALCULATED,
        "calculatedFormula": settings["formula"],
        "formulaTreatNullNumberAsZero": settings.get("formulaTreatBlanksAs", "BlankAsZero") == "BlankAsZero",
    }
