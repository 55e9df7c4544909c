"""Objects read from describes: of a real org's JSON, and of our own object files once their defaults are filled in."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from mocksf.schema.definitions import RecordType
from mocksf.schema.model import ChildRelationship, Field, PicklistValue, SObject

FIELD_ATTRIBUTES = {
    "name": "name",
    "label": "label",
    "type": "type",
    "length": "length",
    "digits": "digits",
    "precision": "precision",
    "scale": "scale",
    "nillable": "nillable",
    "createable": "createable",
    "updateable": "updateable",
    "defaultedOnCreate": "defaulted_on_create",
    "defaultValue": "default_value",
    "unique": "unique",
    "externalId": "external_id",
    "idLookup": "id_lookup",
    "caseSensitive": "case_sensitive",
    "autoNumber": "auto_number",
    "calculated": "calculated",
    "nameField": "name_field",
    "filterable": "filterable",
    "sortable": "sortable",
    "groupable": "groupable",
    "restrictedPicklist": "restricted_picklist",
    "cascadeDelete": "cascade_delete",
    "restrictedDelete": "restricted_delete",
    "relationshipName": "relationship_name",
    "compoundFieldName": "compound_field_name",
    "custom": "custom",
    "controllerName": "controller",
    "calculatedFormula": "formula",
    "formulaTreatNullNumberAsZero": "formula_blank_as_zero",
}
"""Describe keys that are attributes of `Field`; every other one is kept in `Field.extra`."""

_KINDS = {
    each.name: (type(each.default),)
    for each in dataclasses.fields(Field)
    if type(each.default) in (int, bool) and each.name != "polymorphic"
} | {"name": (str,), "label": (str,), "type": (str,), "relationship_name": (str, type(None))}
"""What an attribute of a field may be, by the type of its default."""

_STRUCTURED = {"referenceTo", "picklistValues", "dependentPicklist"}

OBJECT_FLAGS = (
    "queryable",
    "createable",
    "updateable",
    "deletable",
    "undeletable",
    "searchable",
    "triggerable",
    "feedEnabled",
    "mergeable",
    "replicateable",
    "layoutable",
    "retrieveable",
    "mruEnabled",
    "deepCloneable",
    "activateable",
    "customSetting",
)


def field_of(described: Mapping[str, Any]) -> Field:
    """A field from the entry of a describe's `fields`; unknown keys are kept, missing ones take the defaults.

    Raises KeyError when `name` or `type` is missing, TypeError when an attribute is not of its kind.
    """
    plain = {ours: described[theirs] for theirs, ours in FIELD_ATTRIBUTES.items() if theirs in described}
    for name, value in plain.items():
        if type(value) not in _KINDS.get(name, (type(value),)):
            message = f"'{name}' of the field {described['name']} cannot be {value!r}"
            raise TypeError(message)
    plain["polymorphic"] = described.get("polymorphicForeignKey", False) or len(described.get("referenceTo", ())) > 1
    extra = {key: value for key, value in described.items() if key not in FIELD_ATTRIBUTES and key not in _STRUCTURED}
    plain.setdefault("label", described["name"])
    return Field(
        **plain,
        reference_to=tuple(described.get("referenceTo") or ()),
        picklist_values=tuple(picklist_value(each) for each in described.get("picklistValues") or ()),
        extra=extra,
    )


def picklist_value(described: Mapping[str, Any] | str) -> PicklistValue:
    """A picklist value from a describe's entry, or from its bare value (label alike, active, no default)."""
    if isinstance(described, str):
        return PicklistValue(described, described)
    return PicklistValue(
        value=described["value"],
        label=described.get("label", described["value"]),
        active=described.get("active", True),
        default=described.get("defaultValue", False),
        valid_for=described.get("validFor"),
    )


def child_of(described: Mapping[str, Any]) -> ChildRelationship:
    """A child relationship from the entry of a describe's `childRelationships`."""
    return ChildRelationship(
        child_sobject=described["childSObject"],
        field=described["field"],
        relationship_name=described.get("relationshipName"),
        cascade_delete=described.get("cascadeDelete", False),
        restricted_delete=described.get("restrictedDelete", False),
    )


def record_type_of(described: Mapping[str, Any]) -> RecordType:
    """A record type from the entry of a describe's `recordTypeInfos`."""
    return RecordType(
        developer_name=described["developerName"],
        label=described["name"],
        record_type_id=described["recordTypeId"],
        active=described.get("active", True),
        default=described.get("defaultRecordTypeMapping", False),
    )


def sobject_of(described: Mapping[str, Any]) -> SObject:
    """An object from a describe. Raises KeyError naming the key that is missing."""
    return SObject(
        name=described["name"],
        label=described["label"],
        label_plural=described["labelPlural"],
        key_prefix=described["keyPrefix"],
        fields=tuple(field_of(each) for each in described["fields"]),
        children=tuple(child_of(each) for each in described.get("childRelationships") or ()),
        custom=described.get("custom", False),
        record_types=tuple(
            record_type_of(each) for each in described.get("recordTypeInfos") or () if not each.get("master")
        ),
        flags={flag: bool(described.get(flag, False)) for flag in OBJECT_FLAGS},
    )
