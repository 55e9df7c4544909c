"""The objects of a schema as rows: what EntityDefinition says of each."""

from collections.abc import Iterator
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.model import Schema, SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("EntityDefinition has a row for each object; the DurableId is the API name", Evidence.DOCUMENTED),
    ("EntityDefinition is queried like any object, with ids of its own; FieldDefinition is missing", Evidence.ASSUMED),
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
