"""Describes: what the org says about its objects, key for key in the recorded order (facts on SOQL and model, §6)."""

from collections.abc import Callable
from typing import Any

import orjson

from mocksf.messages import Raw
from mocksf.schema.definitions import RecordType
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import ChildRelationship, Field, Schema, SObject

MASTER_RECORD_TYPE = "012000000000000AAA"
"""The record type that every object has, even without record types."""

_FIELD_ATTRIBUTE: dict[str, Callable[[Field], Any]] = {
    "autoNumber": lambda field: field.auto_number,
    "calculated": lambda field: field.calculated,
    "calculatedFormula": lambda field: field.formula,
    "cascadeDelete": lambda field: field.cascade_delete,
    "caseSensitive": lambda field: field.case_sensitive,
    "compoundFieldName": lambda field: field.compound_field_name,
    "controllerName": lambda field: field.controller,
    "createable": lambda field: field.createable,
    "custom": lambda field: field.custom,
    "defaultValue": lambda field: field.default_value,
    "defaultedOnCreate": lambda field: field.defaulted_on_create,
    "dependentPicklist": lambda field: field.controller is not None,
    "digits": lambda field: field.digits,
    "externalId": lambda field: field.external_id,
    "filterable": lambda field: field.filterable,
    "formulaTreatNullNumberAsZero": lambda field: field.formula_blank_as_zero,
    "groupable": lambda field: field.groupable,
    "idLookup": lambda field: field.id_lookup,
    "label": lambda field: field.label,
    "length": lambda field: field.length,
    "name": lambda field: field.name,
    "nameField": lambda field: field.name_field,
    "nillable": lambda field: field.nillable,
    "picklistValues": lambda field: [
        {
            "active": each.active,
            "defaultValue": each.default,
            "label": each.label,
            "validFor": each.valid_for,
            "value": each.value,
        }
        for each in field.picklist_values
    ],
    "precision": lambda field: field.precision,
    "referenceTo": lambda field: list(field.reference_to),
    "relationshipName": lambda field: field.relationship_name,
    "restrictedDelete": lambda field: field.restricted_delete,
    "restrictedPicklist": lambda field: field.restricted_picklist,
    "scale": lambda field: field.scale,
    "sortable": lambda field: field.sortable,
    "type": lambda field: field.type,
    "unique": lambda field: field.unique,
    "updateable": lambda field: field.updateable,
}

_FALSE = False
_FIELD_REST: dict[str, Any] = {
    "aggregatable": True,
    "aiPredictionField": _FALSE,
    "byteLength": 0,
    "defaultValueFormula": None,
    "deprecatedAndHidden": _FALSE,
    "displayLocationInDecimal": _FALSE,
    "encrypted": _FALSE,
    "extraTypeInfo": None,
    "filteredLookupInfo": None,
    "highScaleNumber": _FALSE,
    "htmlFormatted": _FALSE,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "namePointing": _FALSE,
    "permissionable": _FALSE,
    "polymorphicForeignKey": _FALSE,
    "queryByDistance": _FALSE,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "searchPrefilterable": _FALSE,
    "soapType": "xsd:string",
    "writeRequiresMasterRead": _FALSE,
}
"""The remaining describe keys of a field and what they are where the schema says nothing."""

FIELD_KEYS = tuple(sorted((*_FIELD_ATTRIBUTE, *_FIELD_REST)))
"""The 57 keys of a field, in the order in which they are written."""

_DESCRIBED: PerSchema[dict[tuple[str, ...], Any]] = PerSchema("describes")


def _cached(schema: Schema, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
    known = _DESCRIBED.of(schema, dict)
    if key not in known:
        known[key] = make()
    return known[key]


def describe_sobject(schema: Schema, sobject: SObject, version: str, instance_url: str = "") -> dict[str, Any]:
    """The full describe of one object. `version` is `66.0`; `instance_url` stands before the addresses of its pages.

    The same dict at every call: it must not be changed. Source: recorded describes, v52 to v59.
    """
    key = ("full", sobject.name, version, instance_url)
    described: dict[str, Any] = _cached(schema, key, lambda: _full(sobject, version, instance_url))
    return described


def describe_body(schema: Schema, sobject: SObject, version: str, instance_url: str = "") -> Raw:
    """The full describe of one object as ready JSON, rendered once per schema."""
    key = ("bytes", sobject.name, version, instance_url)
    body: Raw = _cached(
        schema, key, lambda: Raw(orjson.dumps(describe_sobject(schema, sobject, version, instance_url)))
    )
    return body


def describe_global(schema: Schema, version: str) -> dict[str, Any]:
    """The list of all objects, as `/sobjects` gives it. The same dict at every call: it must not be changed."""
    described: dict[str, Any] = _cached(
        schema,
        ("global", version),
        lambda: {
            "encoding": "UTF-8",
            "maxBatchSize": 200,
            "sobjects": [describe_brief(each, version) for each in schema],
        },
    )
    return described


def describe_brief(sobject: SObject, version: str) -> dict[str, Any]:
    """One entry of the describe global; also the `objectDescribe` of an object's basic information."""
    flag = sobject.flags.get
    return {
        "activateable": flag("activateable", False),
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": flag("createable", False),
        "custom": sobject.custom,
        "customSetting": flag("customSetting", False),
        "deepCloneable": flag("deepCloneable", False),
        "deletable": flag("deletable", False),
        "deprecatedAndHidden": False,
        "feedEnabled": flag("feedEnabled", False),
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": sobject.key_prefix,
        "label": sobject.label,
        "labelPlural": sobject.label_plural,
        "layoutable": flag("layoutable", False),
        "mergeable": flag("mergeable", False),
        "mruEnabled": flag("mruEnabled", False),
        "name": sobject.name,
        "queryable": flag("queryable", False),
        "replicateable": flag("replicateable", False),
        "retrieveable": flag("retrieveable", False),
        "searchable": flag("searchable", False),
        "triggerable": flag("triggerable", False),
        "undeletable": flag("undeletable", False),
        "updateable": flag("updateable", False),
        "urls": _urls(sobject, version),
    }


def describe_field(field: Field) -> dict[str, Any]:
    """One entry of a describe's `fields`: all 57 keys, in order."""
    extra = field.extra
    return {
        key: _FIELD_ATTRIBUTE[key](field) if key in _FIELD_ATTRIBUTE else extra.get(key, _FIELD_REST[key])
        for key in FIELD_KEYS
    }


def describe_child(child: ChildRelationship) -> dict[str, Any]:
    """One entry of a describe's `childRelationships`."""
    return {
        "cascadeDelete": child.cascade_delete,
        "childSObject": child.child_sobject,
        "deprecatedAndHidden": False,
        "field": child.field,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": child.relationship_name,
        "restrictedDelete": child.restricted_delete,
    }


def _full(sobject: SObject, version: str, instance_url: str) -> dict[str, Any]:
    brief = describe_brief(sobject, version)
    layoutable = brief["layoutable"]
    described = brief | {
        "actionOverrides": [],
        "childRelationships": [describe_child(each) for each in sobject.children],
        "compactLayoutable": layoutable,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [describe_field(each) for each in sobject.fields],
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": _record_types(sobject, version),
        "searchLayoutable": layoutable,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(sobject),
    }
    described["urls"] = brief["urls"] | _pages(instance_url) if layoutable else brief["urls"]
    # The recorded order is the alphabet's, capitals first: `searchLayoutable` stands before `searchable`.
    return {key: described[key] for key in sorted(described)}


def _urls(sobject: SObject, version: str) -> dict[str, str]:
    root = f"/services/data/v{version}/sobjects/{sobject.name}"
    plain = {"rowTemplate": f"{root}/{{ID}}", "describe": f"{root}/describe", "sobject": root}
    if not sobject.flags.get("layoutable", False):
        return plain
    return {
        "compactLayouts": f"{root}/describe/compactLayouts",
        "rowTemplate": plain["rowTemplate"],
        "approvalLayouts": f"{root}/describe/approvalLayouts",
        "listviews": f"{root}/listviews",
        "describe": plain["describe"],
        "quickActions": f"{root}/quickActions",
        "layouts": f"{root}/describe/layouts",
        "sobject": root,
    }


def _pages(instance_url: str) -> dict[str, str]:
    return {
        "uiDetailTemplate": f"{instance_url}/{{ID}}",
        "uiEditTemplate": f"{instance_url}/{{ID}}/e",
        "uiNewRecord": f"{instance_url}/new",
    }


def _record_types(sobject: SObject, version: str) -> list[dict[str, Any]]:
    """The record types, the master one last; it is the default where no other is."""
    kinds = [_record_type(sobject, version, each) for each in sobject.record_types]
    default = not any(each.default for each in sobject.record_types)
    master = RecordType("Master", "Master", MASTER_RECORD_TYPE, default=default)
    return [*kinds, _record_type(sobject, version, master)]


def _record_type(sobject: SObject, version: str, kind: RecordType) -> dict[str, Any]:
    layout = f"/services/data/v{version}/sobjects/{sobject.name}/describe/layouts/{kind.record_type_id}"
    return {
        "active": kind.active,
        "available": kind.active,
        "defaultRecordTypeMapping": kind.default,
        "developerName": kind.developer_name,
        "master": kind.record_type_id == MASTER_RECORD_TYPE,
        "name": kind.label,
        "recordTypeId": kind.record_type_id,
        "urls": {"layout": layout},
    }


def _scopes(sobject: SObject) -> list[dict[str, str]]:
    everything = [{"label": f"All {sobject.label_plural.lower()}", "name": "everything"}]
    if sobject.get("OwnerId") is None:
        return everything
    return [*everything, {"label": f"My {sobject.label_plural.lower()}", "name": "mine"}]
