"""A CustomField's metadata as the describe that the org would give of it (facts, SOQL and model §5.2, §6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.describe import Choice, DescribeError, FieldDescribe
from connector.project.xml import Element


@dataclass(frozen=True, slots=True)
class Kind:
    """What a metadata type is in a describe; a length of 0 is told by the file."""

    type: str
    length: int = 0
    more: Mapping[str, Any] | None = None


MULTI = "multipicklist"
READ_ONLY = {"createable": False, "updateable": False}
KINDS: Mapping[str, Kind] = {
    "Text": Kind("string"),
    "TextArea": Kind("textarea", 255),
    "LongTextArea": Kind("textarea"),
    "Html": Kind("textarea"),
    "EncryptedText": Kind("encryptedstring"),
    "Email": Kind("email", 80),
    "Phone": Kind("phone", 40),
    "Url": Kind("url", 255),
    "Number": Kind("double"),
    "Currency": Kind("currency"),
    "Percent": Kind("percent"),
    "Checkbox": Kind("boolean", 0, {"nillable": False, "defaulted_on_create": True}),
    "Date": Kind("date"),
    "DateTime": Kind("datetime"),
    "Time": Kind("time"),
    "Picklist": Kind("picklist", 255),
    "MultiselectPicklist": Kind(MULTI, 4099),
    "Lookup": Kind("reference", 18),
    "MasterDetail": Kind("reference", 18, {"nillable": False}),
    "MetadataRelationship": Kind("reference", 15),
    "ExternalLookup": Kind("reference", 18),
    "IndirectLookup": Kind("reference", 18),
    "Hierarchy": Kind("reference", 18),
    "AutoNumber": Kind(
        "string", 30, {**READ_ONLY, "auto_number": True, "nillable": False, "defaulted_on_create": True}
    ),
    "Location": Kind("location", 0, READ_ONLY),
    "Summary": Kind("double", 0, {**READ_ONLY, "calculated": True}),
    "Array": Kind("anyType", 0, READ_ONLY),
    "File": Kind("base64", 0, READ_ONLY),
}
"""Metadata type → describe."""

ValueSets = Mapping[str, tuple[Choice, ...]]


def field_describe(metadata: Element, value_sets: ValueSets, place: str) -> FieldDescribe:
    """One field. Raises DescribeError where its type is none of Salesforce's."""
    name, kind_name = metadata.text("fullName"), metadata.text("type")
    kind = KINDS.get(kind_name)
    if not name or kind is None:
        lacking = "no fullName" if not name else f"the type {kind_name!r}, which no field has"
        sentence = f"{place}: the field has {lacking}"
        raise DescribeError(sentence)
    choices, restricted = _choices(metadata, value_sets, place)
    return FieldDescribe(
        name=name,
        label=metadata.text("label") or name,
        type=kind.type,
        length=kind.length or metadata.number("length"),
        choices=choices,
        restricted_picklist=restricted,
        dependent_on=_controller(metadata),
        reference_to=tuple(filter(None, (metadata.text("referenceTo"),))),
        **_flags(metadata, kind),
    )


def _flags(metadata: Element, kind: Kind) -> dict[str, Any]:
    flags: dict[str, Any] = {
        # The lines that a multi-select shows stand where numbers have their digits (facts, model §6.3).
        "precision": metadata.number("precision") or (metadata.number("visibleLines") if kind.type == MULTI else 0),
        "scale": metadata.number("scale"),
        "nillable": not metadata.flag("required"),
        "createable": True,
        "updateable": True,
        "unique": metadata.flag("unique"),
        "external_id": metadata.flag("externalId"),
        "id_lookup": metadata.flag("externalId"),
        "defaulted_on_create": metadata.has("defaultValue") or _has_default_choice(metadata),
    }
    flags.update(kind.more or {})
    if metadata.text("type") == "MasterDetail":
        flags["updateable"] = metadata.flag("reparentableMasterDetail")
    if metadata.has("formula"):
        flags.update(READ_ONLY, calculated=True, nillable=True, defaulted_on_create=False)
    return flags


def _has_default_choice(metadata: Element) -> bool:
    values = metadata.child("valueSet")
    definition = values.child("valueSetDefinition") if values else None
    return any(each.flag("default") for each in (definition.children("value") if definition else ()))


def _controller(metadata: Element) -> str | None:
    values = metadata.child("valueSet")
    return (values.text("controllingField") if values else "") or None


def _choices(metadata: Element, value_sets: ValueSets, place: str) -> tuple[tuple[Choice, ...], bool]:
    values = metadata.child("valueSet")
    if values is None:
        return (), False
    named = values.text("valueSetName")
    if named:
        if named not in value_sets:
            sentence = f"{place}: the global value set {named} is not part of the project"
            raise DescribeError(sentence)
        return value_sets[named], True  # a global value set is always restricted
    definition = values.child("valueSetDefinition")
    return choices(definition, "value") if definition else (), values.flag("restricted")


def choices(definition: Element, tag: str) -> tuple[Choice, ...]:
    """The values of a value set; active where nothing else is said."""
    return tuple(
        Choice(each.text("fullName"), each.text("label") or each.text("fullName"), each.flag("isActive", True))
        for each in definition.children(tag)
    )
