"""What rows of permissions may name: objects and fields that are there, spelt as they are defined, each once."""

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.rules.facts import Changes, Facts, Row
from mocksf.schema.access import whole_of

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("SobjectType and Field of a permission are restricted to what the org has", Evidence.DOCUMENTED),
    ("Fields that everybody sees have no FieldPermissions", Evidence.DOCUMENTED),
    ("A right to edit a field reads it too; an object or field has one row in a permission set", Evidence.DOCUMENTED),
)
"""What these rules believe, for the fidelity ledger."""


def object_named(facts: Facts, before: Row, changes: Changes) -> None:
    """The object of a row of ObjectPermissions, which has no other there."""
    if not before:
        changes["SobjectType"] = _object(facts, changes)
        _once(facts, "ObjectPermissions", "SobjectType", changes)


def field_named(facts: Facts, before: Row, changes: Changes) -> None:
    """The field of a row of FieldPermissions, which has no other there."""
    if changes.get("PermissionsEdit"):
        changes["PermissionsRead"] = 1
    if before:
        return
    owner = changes["SobjectType"] = _object(facts, changes)
    sobject = facts.schema[owner]
    named, _, name = str(changes["Field"]).rpartition(".")
    field = sobject.get(name)
    there = field is not None and field.extra.get("permissionable") and whole_of(sobject, field.name) == field.name
    if field is None or not there or named.lower() != owner.lower():
        raise Refuse.BAD_PICKLIST_VALUE(fields=("Field",), label="Field Name", value=changes["Field"])
    changes["Field"] = f"{owner}.{field.name}"
    _once(facts, "FieldPermissions", "Field", changes)


def _object(facts: Facts, changes: Changes) -> str:
    found = facts.schema.get(str(changes["SobjectType"]))
    if found is None:
        value = changes["SobjectType"]
        raise Refuse.BAD_PICKLIST_VALUE(fields=("SobjectType",), label="SObject Type Name", value=value)
    return found.name


def _once(facts: Facts, name: str, field: str, changes: Changes) -> None:
    for row in facts.find(name, "ParentId", changes["ParentId"]):
        if row[field] == changes[field]:
            raise Refuse.DUPLICATE_VALUE(field=field, id15=row["Id"][:15])
