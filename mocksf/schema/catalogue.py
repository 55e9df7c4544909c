"""The objects of a schema as rows: what EntityDefinition says of each, and TabDefinition of those that have tabs."""

from collections.abc import Iterator
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.model import Schema, SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("EntityDefinition has a row for each object; the DurableId is the API name", Evidence.DOCUMENTED),
    ("EntityDefinition is queried like any object, with ids of its own; FieldDefinition is missing", Evidence.ASSUMED),
    ("The usual objects of sales and service have tabs, and all custom ones that have pages", Evidence.ASSUMED),
    ("TabDefinition has a row for each tab of an object, and shows them to everybody", Evidence.ASSUMED),
)  # fmt: skip
"""What this room believes, for the fidelity ledger."""

_FLAGS = {
    "IsQueryable": "queryable",
    "IsSearchable": "searchable",
    "IsEverCreatable": "createable",
    "IsEverUpdatable": "updateable",
    "IsEverDeletable": "deletable",
    "IsLayoutable": "layoutable",
    "IsApexTriggerable": "triggerable",
    "IsReplicateable": "replicateable",
    "IsRetrieveable": "retrieveable",
    "IsFeedEnabled": "feedEnabled",
    "IsCustomSetting": "customSetting",
}
"""The columns that repeat a flag of the describe."""

_TABBED = frozenset({"Account", "Campaign", "Case", "Contact", "Contract", "Lead", "Opportunity", "Order", "Product2"})
_SHOWN = ("IsAvailableInAloha", "IsAvailableInDesktop", "IsAvailableInLightning", "IsAvailableInMobile")


def tabbed(schema: Schema) -> Iterator[SObject]:
    """The objects that have tabs, in the order of their names."""
    for kind in schema:
        if kind.name in _TABBED or (kind.custom and kind.flags.get("layoutable") and kind.name.endswith("__c")):
            yield kind


def tab_name(kind: SObject) -> str:
    """The name of an object's tab."""
    return kind.name if kind.custom else f"standard-{kind.name}"


def tab_rows(schema: Schema) -> Iterator[dict[str, Any]]:
    """A row for each tab."""
    for kind in tabbed(schema):
        yield {
            "DurableId": tab_name(kind),
            "Name": tab_name(kind),
            "Label": kind.label_plural,
            "SobjectName": kind.name,
            "IsCustom": int(kind.custom),
            "Url": f"/{kind.key_prefix}/o",
            **dict.fromkeys(_SHOWN, 1),
        }


def entity_rows(schema: Schema) -> Iterator[dict[str, Any]]:
    """A row for each object, in the order of their names."""
    return (_row(each) for each in schema)


def _row(sobject: SObject) -> dict[str, Any]:
    developer = sobject.name.rpartition("__")[0] if sobject.custom else sobject.name
    return {
        "DurableId": sobject.name,
        "QualifiedApiName": sobject.name,
        "DeveloperName": developer,
        "MasterLabel": sobject.label,
        "Label": sobject.label,
        "PluralLabel": sobject.label_plural,
        "KeyPrefix": sobject.key_prefix,
        "IsCustomizable": int(sobject.custom or bool(sobject.flags.get("layoutable"))),
        **{column: int(bool(sobject.flags.get(flag))) for column, flag in _FLAGS.items()},
    }
