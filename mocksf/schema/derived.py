"""The settings of custom fields that came from the describe of a real org: what a source would have to say of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mocksf.schema.dependence import settings_of
from mocksf.schema.field_types import MASKS
from mocksf.schema.model import Field, Schema, SObject

_PLAIN = {
    "boolean": "Checkbox",
    "date": "Date",
    "datetime": "DateTime",
    "time": "Time",
    "double": "Number",
    "int": "Number",
    "currency": "Currency",
    "percent": "Percent",
    "phone": "Phone",
    "email": "Email",
    "url": "Url",
    "picklist": "Picklist",
    "multipicklist": "MultiselectPicklist",
    "location": "Location",
    "encryptedstring": "EncryptedText",
    "base64": "File",
    "complexvalue": "CustomDataType",
}


def type_of(field: Field) -> str:
    """The metadata type of a custom field, from its describe."""
    if field.type == "string":
        return "AutoNumber" if field.auto_number else "Text"
    if field.type == "textarea":
        long = "LongTextArea" if field.length > 255 or not field.filterable else "TextArea"
        return "Html" if field.extra.get("htmlFormatted") else long
    if field.type == "reference":
        return "MasterDetail" if field.extra.get("relationshipOrder") is not None else "Lookup"
    return _PLAIN.get(field.type, "Text")


def derived_settings(schema: Schema, sobject: SObject, field: Field) -> dict[str, Any]:
    """What a source would say to give an object this field, as far as a describe tells."""
    kind = type_of(field)
    said: dict[str, Any] = {"type": kind, "label": field.label}
    if field.extra.get("inlineHelpText"):
        said["inlineHelpText"] = field.extra["inlineHelpText"]
    if field.formula is not None:
        blank = "BlankAsZero" if field.formula_blank_as_zero else "BlankAsBlank"
        return {**said, **_digits(field), "formula": field.formula, "formulaTreatBlanksAs": blank}
    said |= dict(_SHAPES[kind](field)) if kind in _SHAPES else {}
    said |= _decimals(sobject, field) if kind == "Location" else {}
    said |= {ours: True for ours, value in _flags(kind, field) if value}
    if kind in {"Lookup", "MasterDetail"}:
        said |= dict(_link(schema, sobject, field, kind))
    if field.controller is not None and (controller := sobject.get(field.controller)) is not None:
        said |= {"controllingField": controller.name, "valueSettings": settings_of(field, controller)}
    return said | dict(_default(field))


def derived_changes(usual: Field, field: Field) -> dict[str, Any]:
    """What a source would say to make this of a standard field."""
    pairs = {
        "label": (usual.label, field.label),
        "createable": (usual.createable, field.createable),
        "updateable": (usual.updateable, field.updateable),
        "filterable": (usual.filterable, field.filterable),
        "required": (not usual.nillable, not field.nillable),
        "restricted": (usual.restricted_picklist, field.restricted_picklist),
    }
    said: dict[str, Any] = {name: now for name, (before, now) in pairs.items() if before != now}
    if usual.picklist_values != field.picklist_values and field.type in {"picklist", "multipicklist", "combobox"}:
        said["values"] = _values(field)["values"]
    return said


def _digits(field: Field) -> dict[str, Any]:
    return {"precision": field.precision, "scale": field.scale} if field.precision else {}


def _decimals(sobject: SObject, field: Field) -> dict[str, Any]:
    """A location has the decimals of its parts."""
    part = next((each for each in sobject.fields if each.compound_field_name == field.name), None)
    said = {"displayLocationInDecimal": True} if field.extra.get("displayLocationInDecimal") else {}
    return {**said, **({"scale": part.scale} if part is not None else {})}


def _values(field: Field) -> dict[str, Any]:
    values = [
        {"value": each.value}
        | ({"label": each.label} if each.label not in (None, each.value) else {})
        | ({} if each.active else {"active": False})
        | ({"default": True} if each.default else {})
        for each in field.picklist_values
    ]
    return {"values": values, **({"restricted": True} if field.restricted_picklist else {})}


def _masks(field: Field) -> dict[str, Any]:
    name = {mask: name for name, mask in MASKS.items()}.get(field.extra.get("mask") or "", "asterisk")
    return {"length": field.length, "maskChar": name, "maskType": field.extra.get("maskType") or "all"}


_SHAPES: Mapping[str, Callable[[Field], dict[str, Any]]] = {
    **dict.fromkeys(("Text", "LongTextArea", "Html"), lambda field: {"length": field.length}),
    **dict.fromkeys(("Number", "Currency", "Percent"), _digits),
    "Picklist": _values,
    "MultiselectPicklist": lambda field: {**_values(field), "visibleLines": max(field.precision, 2)},
    "AutoNumber": lambda field: {"displayFormat": field.extra.get("displayFormat", "{0}")},
    "EncryptedText": _masks,
}


def _flags(kind: str, field: Field) -> Iterator[tuple[str, bool]]:
    yield "required", not field.nillable and field.createable and kind not in {"Checkbox", "MasterDetail"}
    yield "externalId", field.external_id
    if kind != "AutoNumber":
        yield "unique", field.unique
    yield "caseSensitive", field.case_sensitive


def _link(schema: Schema, sobject: SObject, field: Field, kind: str) -> Iterator[tuple[str, Any]]:
    yield "referenceTo", field.reference_to[0] if field.reference_to else ""
    parent = schema.get(field.reference_to[0]) if field.reference_to else None
    children = parent.children if parent is not None else ()
    child = next((each for each in children if (each.child_sobject, each.field) == (sobject.name, field.name)), None)
    plural = child.relationship_name.removesuffix("__r") if child and child.relationship_name else None
    if plural or kind == "MasterDetail":
        yield "relationshipName", plural or field.name.removesuffix("__c")
    if kind == "MasterDetail":
        yield "reparentableMasterDetail", field.updateable
        yield "relationshipOrder", field.extra["relationshipOrder"]
        return
    if child is not None and child.restricted_delete:
        yield "deleteConstraint", "Restrict"
    elif (child is not None and child.cascade_delete) or not field.nillable:
        yield "deleteConstraint", "Cascade"


def _default(field: Field) -> Iterator[tuple[str, Any]]:
    formula = field.extra.get("defaultValueFormula")
    if field.type == "boolean":
        yield "defaultValue", field.default_value is True
    elif "literalDefault" in field.extra:
        yield "defaultValue", field.extra["literalDefault"]
    elif formula:
        yield "defaultFormula", formula
