"""A schema while it is being put together: objects that still take fields and children."""

from collections.abc import Iterable
from dataclasses import replace

from mocksf.schema.from_describe import field_of
from mocksf.schema.model import ChildRelationship, Field, Schema, SObject
from mocksf.schema.seeds import Seeds
from mocksf.schema.standard import defaults_for

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CUSTOM_PREFIXES = tuple(f"a{one}{two}" for one in ALPHABET for two in ALPHABET)
"""Key prefixes of custom objects, in the order in which an org gives them (facts on model, §4)."""

ACTIVITIES = ("Task", "Event")
"""What `Activity` stands for: its custom fields appear on both."""


class Draft:
    """A schema in the making; `finish` gives the immutable one."""

    def __init__(self, base: Schema) -> None:
        self._objects = {each.name: each for each in base}
        self.seeds: Seeds = base.seeds

    @property
    def names(self) -> list[str]:
        return list(self._objects)

    def get(self, name: str) -> SObject | None:
        """An object by its API name in any case."""
        lower = name.lower()
        return next((each for each in self._objects.values() if each.name.lower() == lower), None)

    def put(self, sobject: SObject) -> None:
        """Add an object, or put it in the place of its namesake."""
        self._objects[sobject.name] = sobject

    def free_prefix(self) -> str:
        """The next key prefix for a custom object."""
        taken = {each.key_prefix for each in self._objects.values()}
        return next(prefix for prefix in CUSTOM_PREFIXES if prefix not in taken)

    def add_fields(self, name: str, fields: Iterable[Field]) -> None:
        """Put fields behind those that an object has."""
        sobject = self._objects[name]
        self.put(replace(sobject, fields=(*sobject.fields, *fields)))

    def change_field(self, name: str, field: Field) -> None:
        """Put a field in the place of its namesake."""
        sobject = self._objects[name]
        fields = tuple(field if each.name == field.name else each for each in sobject.fields)
        self.put(replace(sobject, fields=fields))

    def drop_field(self, name: str, field: str) -> None:
        """Take a field away, as field-level security does."""
        sobject = self._objects[name]
        self.put(replace(sobject, fields=tuple(each for each in sobject.fields if each.name != field)))

    def add_child(self, parent: str, child: ChildRelationship) -> None:
        """Tell a parent of a reference that points to it."""
        sobject = self._objects[parent]
        children = sorted((*sobject.children, child), key=lambda each: each.child_sobject.lower())
        self.put(replace(sobject, children=tuple(children)))

    def finish(self) -> Schema:
        """The schema as it stands."""
        return Schema(self._objects.values(), self.seeds)


def system_fields(owned: bool, activities: bool) -> list[Field]:
    """The fields that every custom object has beside its Name; one below a master has no owner of its own."""
    kinds = {
        "Id": "id",
        "OwnerId": "reference",
        "IsDeleted": "boolean",
        "CreatedDate": "datetime",
        "CreatedById": "reference",
        "LastModifiedDate": "datetime",
        "LastModifiedById": "reference",
        "SystemModstamp": "datetime",
        "LastActivityDate": "date",
        "LastViewedDate": "datetime",
        "LastReferencedDate": "datetime",
    }
    skipped = {"OwnerId": not owned, "LastActivityDate": not activities}
    fields = {name: _system_field(name, kind) for name, kind in kinds.items() if not skipped.get(name)}
    fields["Id"] = field_of(
        defaults_for("Id", "id") | {"name": "Id", "type": "id", "label": "Record ID", "byteLength": 18}
    )
    return list(fields.values())


def _system_field(name: str, kind: str) -> Field:
    described = defaults_for(name, kind) | {"name": name, "type": kind}
    if kind == "reference":
        described["byteLength"] = 18
    if name == "OwnerId":
        described |= {"referenceTo": ["Group", "User"], "namePointing": True, "polymorphicForeignKey": True}
    return field_of(described)
