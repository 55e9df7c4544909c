"""Schema, SObject, Field: what an org knows about its objects, looked up without regard to case."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mocksf.schema.definitions import (
    DuplicateRule,
    LookupFilter,
    MetadataRecord,
    RecordType,
    Summary,
    ValidationRule,
    ValueSet,
)
from mocksf.schema.seeds import Seeds

TEXT_TYPES = frozenset(
    {"string", "textarea", "picklist", "multipicklist", "combobox", "phone", "email", "url", "encryptedstring"}
)
NUMBER_TYPES = frozenset({"int", "double", "currency", "percent"})
COMPOUND_TYPES = frozenset({"address", "location"})
"""Types that have no column of their own: they are read from their components."""


@dataclass(frozen=True)
class PicklistValue:
    """One value of a picklist."""

    value: str
    label: str | None
    """What people read; None where the org itself shows none (the types of Group)."""
    active: bool = True
    default: bool = False
    valid_for: str | None = None
    """Of a dependent picklist: the base64 bitmap over the controlling values, as a describe has it."""


@dataclass(frozen=True)
class Field:
    """One field; attribute names are those of the describe in snake case.

    `extra` holds the remaining describe attributes under their describe names (aggregatable, groupable, …).
    """

    name: str
    label: str
    type: str
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted_on_create: bool = False
    default_value: Any = None
    unique: bool = False
    external_id: bool = False
    id_lookup: bool = False
    case_sensitive: bool = False
    auto_number: bool = False
    calculated: bool = False
    name_field: bool = False
    polymorphic: bool = False
    filterable: bool = True
    sortable: bool = True
    groupable: bool = True
    restricted_picklist: bool = False
    cascade_delete: bool = False
    restricted_delete: bool = False
    relationship_name: str | None = None
    reference_to: tuple[str, ...] = ()
    compound_field_name: str | None = None
    picklist_values: tuple[PicklistValue, ...] = ()
    custom: bool = False
    controller: str | None = None
    """The field that this picklist depends on."""
    formula: str | None = None
    """The text of a formula field, or of one that the org itself calculates."""
    formula_blank_as_zero: bool = False
    summary: Summary | None = None
    lookup_filter: LookupFilter | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    """What a source said about the field, by the names of the Metadata API: what an export writes."""

    @cached_property
    def has_column(self) -> bool:
        """Whether the store keeps a column for this field (compound fields are read from their parts)."""
        return self.type not in COMPOUND_TYPES

    @cached_property
    def is_text(self) -> bool:
        return self.type in TEXT_TYPES

    @cached_property
    def folded(self) -> bool:
        """Whether the store keeps a casefolded shadow column, so that comparisons ignore case (design §8.2)."""
        return self.is_text and self.filterable and not self.case_sensitive

    @cached_property
    def required(self) -> bool:
        """Whether a create must name it: not nillable, writable, and without a default."""
        return not self.nillable and self.createable and not self.defaulted_on_create and self.type != "boolean"

    @cached_property
    def is_upsert_key(self) -> bool:
        return self.external_id or self.id_lookup

    @cached_property
    def active_values(self) -> Mapping[str, str]:
        """The active values of a picklist by their lower-case form."""
        return {each.value.lower(): each.value for each in self.picklist_values if each.active}


@dataclass(frozen=True)
class ChildRelationship:
    """One row of a describe's childRelationships."""

    child_sobject: str
    field: str
    relationship_name: str | None = None
    cascade_delete: bool = False
    restricted_delete: bool = False


@dataclass(frozen=True)
class SObject:
    """One object with its fields in describe order."""

    name: str
    label: str
    label_plural: str
    key_prefix: str | None
    fields: tuple[Field, ...]
    children: tuple[ChildRelationship, ...] = ()
    custom: bool = False
    flags: Mapping[str, bool] = field(default_factory=dict)
    """The object's describe flags under their describe names: queryable, createable, searchable, …"""
    validation_rules: tuple[ValidationRule, ...] = ()
    duplicate_rules: tuple[DuplicateRule, ...] = ()
    record_types: tuple[RecordType, ...] = ()
    """Without the master record type, which every object has."""
    records: tuple[MetadataRecord, ...] = ()
    """The records of a custom metadata type."""
    source: Mapping[str, Any] = field(default_factory=dict)
    """What a source said about the object, by the names of the Metadata API, its fields and rules apart."""

    @cached_property
    def _fields_by_name(self) -> dict[str, Field]:
        return {each.name.lower(): each for each in self.fields}

    @cached_property
    def _parents_by_name(self) -> dict[str, Field]:
        return {each.relationship_name.lower(): each for each in self.fields if each.relationship_name}

    @cached_property
    def _children_by_name(self) -> dict[str, ChildRelationship]:
        return {each.relationship_name.lower(): each for each in self.children if each.relationship_name}

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The fields that the store keeps, in describe order."""
        return tuple(each for each in self.fields if each.has_column)

    @cached_property
    def dependent(self) -> tuple[tuple[Field, Field], ...]:
        """The picklists that depend on another field, each with that field."""
        pairs = ((each, self.get(each.controller)) for each in self.fields if each.controller)
        return tuple((field, controller) for field, controller in pairs if controller is not None)

    @cached_property
    def name_field(self) -> Field | None:
        return next((each for each in self.fields if each.name_field), None)

    def get(self, name: str) -> Field | None:
        """A field by its name in any case, or None."""
        return self._fields_by_name.get(name.lower())

    def parent(self, relationship: str) -> Field | None:
        """The reference field behind a parent relationship name (`Account`, `Region__r`) in any case, or None."""
        return self._parents_by_name.get(relationship.lower())

    def child(self, relationship: str) -> ChildRelationship | None:
        """A child relationship (`Contacts`, `Visits__r`) by its name in any case, or None."""
        return self._children_by_name.get(relationship.lower())


class Schema:
    """All objects of an org. Immutable; a changed schema is a new Schema."""

    def __init__(
        self,
        sobjects: Iterable[SObject],
        seeds: Seeds | None = None,
        value_sets: Iterable[ValueSet] = (),
        notes: Iterable[str] = (),
        features: Iterable[str] = (),
    ) -> None:
        self.sobjects: tuple[SObject, ...] = tuple(sorted(sobjects, key=lambda each: each.name.lower()))
        self._by_name = {each.name.lower(): each for each in self.sobjects}
        self._by_prefix = {each.key_prefix: each for each in self.sobjects if each.key_prefix}
        self.seeds = seeds or Seeds()
        """Stages, statuses, users and rules that an org of this schema is founded with."""
        self.value_sets: tuple[ValueSet, ...] = tuple(value_sets)
        """The global value sets."""
        self.notes: tuple[str, ...] = tuple(notes)
        """What its sources said that is of no consequence here."""
        self.features: frozenset[str] = frozenset(features)
        """The features that brought standard objects and fields along."""

    def __iter__(self) -> Iterator[SObject]:
        return iter(self.sobjects)

    def get(self, name: str) -> SObject | None:
        """An object by its API name in any case, or None."""
        return self._by_name.get(name.lower())

    def __getitem__(self, name: str) -> SObject:
        """An object that must be there (KeyError otherwise); for names that came from the schema itself."""
        return self._by_name[name.lower()]

    def of_id(self, record_id: str) -> SObject | None:
        """The object that a record id belongs to, by its key prefix, or None."""
        return self._by_prefix.get(record_id[:3])
