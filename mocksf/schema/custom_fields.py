"""Custom fields as a source states them; roll-ups and dependent picklists wait until the fields they need are there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksf.schema.custom_describe import describe_custom
from mocksf.schema.custom_objects import check_api_name
from mocksf.schema.definitions import LookupFilter
from mocksf.schema.draft import Draft
from mocksf.schema.field_types import COMMON, FIELD_TYPES, LOOKUPS
from mocksf.schema.from_describe import field_of
from mocksf.schema.model import ChildRelationship, Field, SObject
from mocksf.schema.names import nearest
from mocksf.schema.picklists import with_values
from mocksf.schema.places import Place
from mocksf.schema.settings import read_settings

ELSEWHERE = frozenset({"EntityDefinition", "FieldDefinition", "EntityParticle"})
"""What a metadata relationship may point to although it has no rows of its own."""


def add_field(draft: Draft, owner: str, name: str, place: Place) -> Mapping[str, Any]:
    """A new custom field; gives its settings, so that whoever calls can do what must wait."""
    sobject = draft.get(owner)
    assert sobject is not None, "the owner of a field was looked up"
    if not name.lower().endswith("__c"):
        names = [field.name for field in sobject.fields]
        place.refuse(f"no such field '{name}' on {owner}{nearest(name, names)} (a custom field's name ends in __c)")
    check_api_name(name, "__c", place)
    settings = field_settings(draft, place)
    if settings["type"] != "Summary":
        put_field(draft, owner, name, settings, place)
    return settings


def field_settings(draft: Draft, place: Place) -> Mapping[str, Any]:
    """The attributes of a custom field, checked against what its type allows and needs."""
    said = place.entries()
    if "type" not in said:
        place.refuse(f"a custom field needs a 'type', one of {', '.join(FIELD_TYPES)}")
    kind = FIELD_TYPES[said["type"].choice(FIELD_TYPES)]
    settings = read_settings(place, (*COMMON, *kind.may))
    missing = [name for name in kind.must if name not in settings and "formula" not in settings]
    if missing:
        place.refuse(f"a {settings['type']} field needs '{missing[0]}'")
    if kind.described_as in {"picklist", "multipicklist"}:
        return with_values(draft, settings, place)
    return settings


def put_field(
    draft: Draft,
    owner: str,
    name: str,
    settings: Mapping[str, Any],
    place: Place,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Describe a field and give it to its object. `changes` are attributes that follow from other fields."""
    described = describe_custom(name, settings, place, changes or {})
    if settings["type"] in LOOKUPS:
        described |= _linked(draft, owner, name, settings, place)
    if described["precision"] and described["scale"] > described["precision"]:
        place.refuse(f"scale {described['scale']} is more than precision {described['precision']}")
    parts = _coordinates(name, described, settings) if described["type"] == "location" else []
    field = replace(field_of(described), source=place.plain(), lookup_filter=settings.get("lookupFilter"))
    draft.add_fields(owner, [*parts, field])


# -- references --------------------------------------------------------------------------------------------------------


def _linked(draft: Draft, owner: str, name: str, settings: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The reference attributes of a lookup, whose parent is told of it."""
    wanted = settings["referenceTo"]
    described = {"relationshipName": f"{name.removesuffix('__c')}__r", "byteLength": 18, **_filtered(settings)}
    if settings["type"] == "MetadataRelationship" and wanted in ELSEWHERE:  # which it names and does not point to
        return {**described, "referenceTo": [wanted]}
    target = draft.get(wanted)
    if target is None:
        place.refuse(f"referenceTo: no such object '{wanted}'{nearest(wanted, draft.names)}")
    _check_link(target, settings, place)
    plural = settings.get("relationshipName")
    master = settings["type"] == "MasterDetail"
    constraint = settings.get("deleteConstraint", "SetNull")
    child = ChildRelationship(
        owner, name, f"{plural}__r" if plural else None, master or constraint == "Cascade", constraint == "Restrict"
    )
    draft.add_child(target.name, child)
    return {**described, "referenceTo": [target.name]}


def _check_link(target: SObject, settings: Mapping[str, Any], place: Place) -> None:
    kind, plural = settings["type"], settings.get("relationshipName")
    lookup = "deleteConstraint" in FIELD_TYPES[kind].may
    if lookup and settings.get("required") and settings.get("deleteConstraint", "SetNull") == "SetNull":
        place.refuse("a required lookup cannot be emptied: say deleteConstraint Restrict or Cascade")
    if plural and target.child(f"{plural}__r"):
        place.refuse(f"{target.name} has a child relationship '{plural}__r' already")
    ending = {"ExternalLookup": "__x", "MetadataRelationship": "__mdt"}.get(kind, "")
    if not target.name.endswith(ending):
        place.refuse(f"referenceTo: a {kind} points to an object whose name ends in {ending}, not to {target.name}")
    key = settings.get("referenceTargetField")
    if key is not None and not ((field := target.get(key)) and field.external_id):
        keys = [field.name for field in target.fields if field.external_id]
        place.refuse(f"referenceTargetField: no external ID '{key}' on {target.name}{nearest(key, keys)}")


def _filtered(settings: Mapping[str, Any]) -> dict[str, Any]:
    """How a describe tells of a lookup filter."""
    found: LookupFilter | None = settings.get("lookupFilter")
    if found is None or not found.active:
        return {}
    fields = [item.value_field for item in found.items if item.value_field]
    controlling = [name.removeprefix("$Source.") for name in fields if name.startswith("$Source.")]
    info = {"controllingFields": controlling, "dependent": bool(controlling), "optionalFilter": found.optional}
    return {"filteredLookupInfo": info}


def _coordinates(name: str, described: Mapping[str, Any], settings: Mapping[str, Any]) -> list[Field]:
    """The two numbers that a location is made of."""
    common = {"type": "Number", "precision": 18, "scale": min(settings.get("scale", 15), 15)}
    parts = []
    for part in ("Latitude", "Longitude"):
        label = f"{described['label']} ({part})"
        number = describe_custom(f"{name[:-3]}__{part}__s", {**common, "label": label}, Place("", None))
        parts.append(field_of(number | {"compoundFieldName": name}))
    return parts
