"""The Tooling API's objects: what they look like, and what a schema's own objects and fields are as rows of them."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from mocksf.evidence import Evidence
from mocksf.ids import make_id
from mocksf.schema.catalogue import entity_rows
from mocksf.schema.from_describe import sobject_of
from mocksf.schema.model import Field, Schema, SObject
from mocksf.schema.standard import defaults_for, standard_object

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("In the Tooling API the DurableId of an object is its API name, that of a field Object.Field", Evidence.ASSUMED),
    ("Ids of components follow from their names, so that they stay when others come and go", Evidence.ASSUMED),
    ("SourceMember is missing, as in an org that tracks no sources", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Row = dict[str, Any]
PREFIXES: Mapping[str, str] = {
    "CustomObject": "01I",
    "CustomField": "00N",
    "ValidationRule": "03d",
    "RecordType": "012",
    "GlobalValueSet": "0Nt",
    "StandardValueSet": "0Nv",
    "Layout": "00h",
    "Profile": "00e",
    "PermissionSet": "0PS",
    "CustomMetadata": "m00",
    "AssignmentRules": "01Q",
}
"""The key prefixes of the kinds of components."""

_ENTITY = "EntityDefinitionId>EntityDefinition"
_KINDS: Mapping[str, tuple[str, str]] = {
    "FieldDefinition": (
        "4fe",
        f"DurableId {_ENTITY} QualifiedApiName! DeveloperName MasterLabel Label NamespacePrefix DataType ValueTypeId "
        "Length:int Precision:int Scale:int IsNillable:boolean IsCalculated:boolean IsIndexed:boolean "
        "IsNameField:boolean IsHtmlFormatted:boolean IsApiFilterable:boolean IsApiGroupable:boolean "
        "IsApiSortable:boolean IsCompound:boolean RelationshipName ReferenceTargetField ExtraTypeInfo Description",
    ),
    "CustomObject": ("01I", "DeveloperName! NamespacePrefix Description ExternalName SharingModel"),
    "CustomField": (
        "00N",
        f"DeveloperName! TableEnumOrId {_ENTITY} NamespacePrefix InlineHelpText Description Length:int Precision:int "
        "Scale:int RelationshipLabel SummaryOperation",
    ),
    "ValidationRule": (
        "03d",
        f"ValidationName! FullName {_ENTITY} Active:boolean ErrorMessage ErrorDisplayField Description NamespacePrefix",
    ),
    "RecordType": ("012", "Name! DeveloperName FullName SobjectType IsActive:boolean Description NamespacePrefix"),
    "GlobalValueSet": ("0Nt", "DeveloperName! MasterLabel Description NamespacePrefix"),
    "ApexTrigger": ("01q", "Name! NamespacePrefix TableEnumOrId ApiVersion:double Status IsValid:boolean Body"),
    "ApexPage": ("066", "Name! NamespacePrefix MasterLabel ApiVersion:double Description Markup"),
    "ApexComponent": ("099", "Name! NamespacePrefix MasterLabel ApiVersion:double Description Markup"),
    "ApexLog": (
        "07L",
        "Application DurationMilliseconds:int Location LogLength:int LogUserId:reference Operation Request "
        "StartTime:datetime Status",
    ),
    "ApexTestResult": (
        "07M",
        "MethodName Outcome ApexClassId:reference AsyncApexJobId:reference Message StackTrace RunTime:int",
    ),
    "ApexTestQueueItem": ("709", "ApexClassId:reference Status ExtendedStatus ParentJobId:reference"),
    "ApexCodeCoverage": (
        "714",
        "ApexTestClassId:reference ApexClassOrTriggerId:reference TestMethodName NumLinesCovered:int "
        "NumLinesUncovered:int",
    ),
    "ApexCodeCoverageAggregate": ("715", "ApexClassOrTriggerId:reference NumLinesCovered:int NumLinesUncovered:int"),
    "AsyncApexJob": (
        "707",
        "Status JobType ApexClassId:reference NumberOfErrors:int TotalJobItems:int JobItemsProcessed:int",
    ),
    "ContainerAsyncRequest": ("1dr", "State MetadataContainerId:reference IsCheckOnly:boolean ErrorMsg"),
    "MetadataContainer": ("1dc", "Name!"),
    "TraceFlag": (
        "7tf",
        "TracedEntityId:reference DebugLevelId:reference LogType ExpirationDate:datetime StartDate:datetime",
    ),
    "DebugLevel": ("7dl", "DeveloperName! MasterLabel ApexCode Database Workflow"),
    "FlowDefinition": ("300", "DeveloperName! MasterLabel ActiveVersionId:reference LatestVersionId:reference"),
    "Flow": ("301", "MasterLabel! Status ProcessType DefinitionId:reference VersionNumber:int"),
    "InstalledSubscriberPackage": ("033", "SubscriberPackageId:reference SubscriberPackageVersionId:reference"),
    "Package2": ("0Ho", "Name! NamespacePrefix ContainerOptions SubscriberPackageId:reference"),
    "Package2Version": ("05i", "Name! Package2Id:reference SubscriberPackageVersionId:reference IsReleased:boolean"),
}
"""Each object: its key prefix and its fields, a text unless a type stands behind a colon; `!` marks the name."""


@cache
def tooling_schema() -> Schema:
    """The objects of the Tooling API, the same for every org."""
    made = [_object(name, prefix, line) for name, (prefix, line) in _KINDS.items()]
    return Schema([*made, standard_object("EntityDefinition"), standard_object("ApexClass")])


def _object(name: str, prefix: str, line: str) -> SObject:
    label = "".join(f" {each}" if each.isupper() else each for each in name).strip()
    fields = [_field("Id:id"), *map(_field, line.split())]
    flags = {"queryable": True, "retrieveable": True, "replicateable": False, "layoutable": False}
    described = {"name": name, "label": label, "labelPlural": f"{label}s", "keyPrefix": prefix, **flags}
    return sobject_of({**described, "fields": fields, "childRelationships": []})


def _field(written: str) -> dict[str, Any]:
    written, _, target = written.partition(">")
    name, _, kind = written.removesuffix("!").partition(":")
    kind = kind or "string"
    field = defaults_for(name, kind) | {
        "name": name,
        "label": name,
        "type": kind,
        "createable": False,
        "updateable": False,
    }
    if kind == "string":
        field |= {"length": 32768 if name in {"Body", "Markup", "Description"} else 765}
    if target:
        field |= {"referenceTo": [target], "relationshipName": name.removesuffix("Id")}
    return field | {"nameField": written.endswith("!"), "custom": False}


# -- rows --------------------------------------------------------------------------------------------------------------


def component_id(kind: str, full_name: str) -> str:
    """The id of a component: it follows from its name."""
    return make_id(PREFIXES[kind], int.from_bytes(sha256(f"{kind} {full_name.lower()}".encode()).digest()[:6], "big"))


def tooling_rows(schema: Schema) -> Iterator[tuple[str, Row]]:
    """What a schema's objects are in the Tooling API: the object and a row of it."""
    for row in entity_rows(schema):
        yield "EntityDefinition", {"Id": row["DurableId"], **row}
    for sobject in schema:
        if sobject.custom:
            yield "CustomObject", _custom_object(sobject)
        for field in sobject.fields:
            yield "FieldDefinition", _definition(sobject, field)
            if field.custom:
                yield "CustomField", _custom_field(sobject, field)
        yield from _rules(sobject)
    for each in schema.value_sets:
        row = {"DeveloperName": each.name, "MasterLabel": each.label, "Description": each.description}
        yield "GlobalValueSet", {"Id": component_id("GlobalValueSet", each.name), **row}


def _custom_object(sobject: SObject) -> Row:
    return {
        "Id": component_id("CustomObject", sobject.name),
        "DeveloperName": sobject.name.rpartition("__")[0],
        "Description": sobject.source.get("description"),
        "SharingModel": sobject.source.get("sharingModel", "ReadWrite"),
    }


def _definition(sobject: SObject, field: Field) -> Row:
    return {
        "Id": f"{sobject.name}.{field.name}",
        "DurableId": f"{sobject.name}.{field.name}",
        "EntityDefinitionId": sobject.name,
        "QualifiedApiName": field.name,
        "DeveloperName": field.name.removesuffix("__c"),
        "MasterLabel": field.label,
        "Label": field.label,
        "DataType": data_type(field),
        "ValueTypeId": field.type,
        "Length": field.length,
        "Precision": field.precision,
        "Scale": field.scale,
        "RelationshipName": field.relationship_name,
        "Description": field.source.get("description"),
        **{name: int(bool(ask(field))) for name, ask in _SWITCHES.items()},
    }


_SWITCHES: Mapping[str, Callable[[Field], Any]] = {
    "IsNillable": lambda field: field.nillable,
    "IsCalculated": lambda field: field.calculated,
    "IsIndexed": lambda field: field.external_id or field.unique or field.id_lookup or field.type == "reference",
    "IsNameField": lambda field: field.name_field,
    "IsHtmlFormatted": lambda field: field.extra.get("htmlFormatted"),
    "IsApiFilterable": lambda field: field.filterable,
    "IsApiGroupable": lambda field: field.groupable,
    "IsApiSortable": lambda field: field.sortable,
    "IsCompound": lambda field: not field.has_column,
}


def data_type(field: Field) -> str:
    """A field's type as Setup shows it."""
    if field.formula is not None:
        return f"Formula ({_WORDS.get(field.type, field.type.title())})"
    if field.summary is not None:
        return f"Roll-Up Summary ({field.summary.operation.upper()} {field.summary.child_sobject})"
    if field.auto_number:
        return "Auto Number"
    if field.type == "reference":
        kind = "Master-Detail" if field.cascade_delete and field.custom else "Lookup"
        return f"{kind}({','.join(field.reference_to)})"
    word = _WORDS.get(field.type, field.type.title())
    if field.type in {"double", "currency", "percent", "int"}:
        return f"{word}({(field.precision or field.digits) - field.scale}, {field.scale})"
    return f"{word}({field.length})" if field.type in {"string", "encryptedstring"} else word


_WORDS = {
    "string": "Text",
    "double": "Number",
    "int": "Number",
    "boolean": "Checkbox",
    "datetime": "Date/Time",
    "multipicklist": "Picklist (Multi-Select)",
    "textarea": "Text Area",
    "url": "URL",
    "encryptedstring": "Text (Encrypted)",
    "id": "ID",
}


def _custom_field(sobject: SObject, field: Field) -> Row:
    return {
        "Id": component_id("CustomField", f"{sobject.name}.{field.name}"),
        "DeveloperName": field.name.removesuffix("__c"),
        "TableEnumOrId": component_id("CustomObject", sobject.name) if sobject.custom else sobject.name,
        "EntityDefinitionId": sobject.name,
        "InlineHelpText": field.extra.get("inlineHelpText"),
        "Description": field.source.get("description"),
        "Length": field.length,
        "Precision": field.precision,
        "Scale": field.scale,
        "RelationshipLabel": field.source.get("relationshipLabel"),
        "SummaryOperation": field.summary.operation if field.summary else None,
    }


def _rules(sobject: SObject) -> Iterator[tuple[str, Row]]:
    for rule in sobject.validation_rules:
        yield (
            "ValidationRule",
            {
                "Id": component_id("ValidationRule", f"{sobject.name}.{rule.name}"),
                "ValidationName": rule.name,
                "FullName": f"{sobject.name}.{rule.name}",
                "EntityDefinitionId": sobject.name,
                "Active": int(rule.active),
                "ErrorMessage": rule.message,
                "ErrorDisplayField": rule.error_field,
                "Description": rule.description,
            },
        )
    for kind in sobject.record_types:
        yield (
            "RecordType",
            {
                "Id": kind.record_type_id,
                "Name": kind.label,
                "DeveloperName": kind.developer_name,
                "FullName": f"{sobject.name}.{kind.developer_name}",
                "SobjectType": sobject.name,
                "IsActive": int(kind.active),
                "Description": kind.description,
            },
        )
