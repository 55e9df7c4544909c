"""A schema while it is being put together: objects that still take fields and children."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mocksf.schema.definitions import ValueSet
from mocksf.schema.model import ChildRelationship, Field, Schema, SObject
from mocksf.schema.prefixes import standard_owner
from mocksf.schema.seeds import Seeds

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

ACTIVITIES = ("Task", "Event")
"""What `Activity` stands for: its custom fields appear on both."""


class Draft:
    """A schema in the making; `finish` gives the immutable one."""

    def __init__(self, base: Schema, *, redefines: bool = False) -> None:
        self.redefines = redefines
        """Whether a custom field that is there may be defined anew, as a deploy does."""
        self._objects = {each.name.lower(): each for each in base}
        self.seeds: Seeds = base.seeds
        self.value_sets: dict[str, ValueSet] = {each.name: each for each in base.value_sets}
        self.features: frozenset[str] = base.features
        self.notes: list[str] = list(base.notes)
        """What sources said that is of no consequence here."""

    @property
    def names(self) -> list[str]:
        return [each.name for each in self._objects.values()]

    @property
    def record_types(self) -> int:
        """How many record types there are, so that the next gets an id of its own."""
        return sum(len(each.record_types) for each in self._objects.values())

    def get(self, name: str) -> SObject | None:
        """An object by its API name in any case."""
        return self._objects.get(name.lower())

    def put(self, sobject: SObject) -> None:
        """Add an object, or put it in the place of its namesake."""
        self._objects[sobject.name.lower()] = sobject

    def change(self, name: str, **changes: Any) -> None:
        """Change attributes of an object."""
        self.put(replace(self._objects[name.lower()], **changes))

    def remember(self, name: str, said: Mapping[str, Any]) -> None:
        """Keep what a source said about an object, for an export."""
        self.change(name, source={**self._objects[name.lower()].source, **said})

    def free_prefix(self, letter: str = "a") -> str:
        """The next key prefix of its kind, in the order in which an org gives them (facts on model, §4)."""
        taken = {each.key_prefix for each in self._objects.values()}
        prefixes = (f"{letter}{one}{two}" for one in ALPHABET for two in ALPHABET)
        return next(prefix for prefix in prefixes if prefix not in taken)

    def owner_of(self, prefix: str) -> str | None:
        """The object that has a key prefix, in this schema or in every org, or None."""
        owner = next((each.name for each in self._objects.values() if each.key_prefix == prefix), None)
        return owner or standard_owner(prefix)

    def add_fields(self, name: str, fields: Iterable[Field]) -> None:
        """Put fields behind those that an object has."""
        self.change(name, fields=(*self._objects[name.lower()].fields, *fields))

    def change_field(self, name: str, field: Field) -> None:
        """Put a field in the place of its namesake."""
        fields = self._objects[name.lower()].fields
        self.change(name, fields=tuple(field if each.name == field.name else each for each in fields))

    def drop_field(self, name: str, field: str) -> None:
        """Take a field away, as field-level security does."""
        self.change(name, fields=tuple(each for each in self._objects[name.lower()].fields if each.name != field))

    def drop_object(self, name: str) -> None:
        """Take an object away."""
        del self._objects[name.lower()]

    def move_field(self, name: str, field: str, at: int) -> None:
        """Let a field stand at another place in the order."""
        fields = [each for each in self._objects[name.lower()].fields if each.name.lower() != field.lower()]
        moved = self._objects[name.lower()].get(field)
        assert moved is not None, "only a field that is there is moved"
        self.change(name, fields=(*fields[:at], moved, *fields[at:]))

    def add_child(self, parent: str, child: ChildRelationship) -> None:
        """Tell a parent of a reference that points to it."""
        children = (*self._objects[parent.lower()].children, child)
        self.change(parent, children=tuple(sorted(children, key=lambda each: each.child_sobject.lower())))

    def finish(self) -> Schema:
        """The schema as it stands."""
        return Schema(self._objects.values(), self.seeds, self.value_sets.values(), self.notes, self.features)
