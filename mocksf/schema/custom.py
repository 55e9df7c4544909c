"""Custom objects and fields, and what a customer changed about standard fields, as a YAML source states them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksf.schema.draft import ACTIVITIES, Draft, system_fields
from mocksf.schema.field_types import COMMON, FIELD_TYPES, describe_custom, described_values, read_settings, spoken
from mocksf.schema.from_describe import field_of, picklist_value
from mocksf.schema.model import ChildRelationship, Field, SObject
from mocksf.schema.names import nearest
from mocksf.schema.places import Place
from mocksf.schema.standing import extend_standing

OBJECT_NAMES = ("label", "labelPlural", "nameField", "fields", "enableActivities", "enableFeeds", "description")
CHANGES = (
    "label",
    "inlineHelpText",
    "createable",
    "updateable",
    "filterable",
    "required",
    "restricted",
    "values",
    "addValues",
    "hidden",
)
"""What may be said about a field that is already there."""

_FLAGS = ("queryable", "createable", "updateable", "deletable", "undeletable", "searchable", "triggerable")
_MORE_FLAGS = ("replicateable", "layoutable", "retrieveable", "mruEnabled")


def add_objects(draft: Draft, place: Place) -> None:
    """Everything under `objects` of a source: first the new objects, so that references may point to any of them."""
    objects = place.entries()
    for name, each in objects.items():
        if draft.get(name) is not None or name == "Activity":
            each.entries(("fields",))
        elif name.lower().endswith("__c"):
            draft.put(_new_object(draft, name, each))
    for name, each in objects.items():
        for owner in _owners(draft, name, place):
            fields = each.entries(OBJECT_NAMES).get("fields")
            for field_name, field in fields.entries().items() if fields else ():
                _add_field(draft, owner, field_name, field)


def _owners(draft: Draft, name: str, place: Place) -> tuple[str, ...]:
    """The objects that fields under a name belong to; `Activity` stands for tasks and events."""
    if name == "Activity":
        return ACTIVITIES
    sobject = draft.get(name)
    if sobject is None:
        known = [*draft.names, "Activity"]
        place.refuse(f"no such object '{name}'{nearest(name, known)} (a custom object's name ends in __c)")
    return (sobject.name,)


# -- objects -----------------------------------------------------------------------------------------------------------


def _new_object(draft: Draft, name: str, place: Place) -> SObject:
    _check_name(name, place)
    said = place.entries(OBJECT_NAMES)
    label = said["label"].text() if "label" in said else spoken(name)
    activities = "enableActivities" in said and said["enableActivities"].flag()
    feeds = "enableFeeds" in said and said["enableFeeds"].flag()
    fields = system_fields(not _has_master(said), activities)
    fields.insert(3 if fields[1].name == "OwnerId" else 2, _name_field(label, said.get("nameField")))
    sobject = SObject(
        name=name,
        label=label,
        label_plural=said["labelPlural"].text() if "labelPlural" in said else f"{label}s",
        key_prefix=draft.free_prefix(),
        fields=tuple(fields),
        custom=True,
        flags={**dict.fromkeys((*_FLAGS, *_MORE_FLAGS), True), "feedEnabled": feeds},
    )
    draft.put(sobject)
    if activities:
        _point_to(draft, name, {"Task": "WhatId", "Event": "WhatId"})
    if feeds:
        _point_to(draft, name, {"FeedItem": "ParentId"})
    return draft.get(name) or sobject


def _check_name(name: str, place: Place) -> None:
    stem = name[:-3]
    if (
        not name.endswith("__c")
        or not stem.isidentifier()
        or "__" in stem
        or not stem.isascii()
        or stem.startswith("_")
    ):
        place.refuse(f"'{name}' is no custom API name: a letter, then letters, digits, single underscores, then __c")


def _has_master(said: Mapping[str, Place]) -> bool:
    fields = said["fields"].entries().values() if "fields" in said else ()
    return any(isinstance(each.value, dict) and each.value.get("type") == "MasterDetail" for each in fields)


def _name_field(label: str, place: Place | None) -> Field:
    """The Name of a custom object: text that becomes the id when left out, or an auto-number."""
    settings = read_settings(place, ("type", "label", "displayFormat")) if place is not None else {}
    kind = settings.get("type", "Text")
    if place is not None and kind not in {"Text", "AutoNumber"}:
        place.refuse(f"a name field is Text or AutoNumber, not '{kind}'")
    settings = {"type": kind, "length": 80, "label": settings.get("label", f"{label} Name"), **settings}
    described = describe_custom("Name", settings, Place("", None))
    return field_of(
        described
        | {"custom": False, "nameField": True, "idLookup": True, "permissionable": False, "defaultedOnCreate": True}
    )


_CHILD_NAMES = {"Task": "Tasks", "Event": "Events", "FeedItem": None}


def _point_to(draft: Draft, name: str, fields: Mapping[str, str]) -> None:
    """Let polymorphic references of standard objects point to a custom one as well."""
    for owner, field_name in fields.items():
        sobject = draft.get(owner)
        field = sobject.get(field_name) if sobject else None
        if field is not None:
            draft.change_field(owner, replace(field, reference_to=tuple(sorted((*field.reference_to, name)))))
            draft.add_child(name, ChildRelationship(owner, field_name, _CHILD_NAMES[owner], cascade_delete=True))


# -- fields ------------------------------------------------------------------------------------------------------------


def _add_field(draft: Draft, owner: str, name: str, place: Place) -> None:
    sobject = draft.get(owner)
    assert sobject is not None, "the owner of a field was looked up"
    known = sobject.get(name)
    if known is not None and not (isinstance(place.value, dict) and "type" in place.value):
        _change_field(draft, owner, known, place)
        return
    if known is not None:
        place.refuse(f"{owner} has a field '{known.name}' already; leave out its type to change it")
    if not name.endswith("__c"):
        names = [field.name for field in sobject.fields]
        place.refuse(f"no such field '{name}' on {owner}{nearest(name, names)} (a custom field's name ends in __c)")
    _check_name(name, place)
    draft.add_fields(owner, _fields(draft, owner, name, place))


def _fields(draft: Draft, owner: str, name: str, place: Place) -> list[Field]:
    settings = _settings(place)
    described = describe_custom(name, settings, place)
    if described["type"] == "reference":
        described |= _linked(draft, owner, name, settings, place)
    if described["type"] == "location":
        return [*_coordinates(name, described, settings), field_of(described)]
    if described["precision"] and described["scale"] > described["precision"]:
        place.refuse(f"scale {described['scale']} is more than precision {described['precision']}")
    return [field_of(described)]


def _settings(place: Place) -> dict[str, Any]:
    """The attributes of a custom field, checked against what its type allows and needs."""
    said = place.entries()
    if "type" not in said:
        place.refuse(f"a custom field needs a 'type', one of {', '.join(FIELD_TYPES)}")
    kind = FIELD_TYPES[said["type"].choice(FIELD_TYPES)]
    settings = read_settings(place, (*COMMON, *kind.may))
    missing = [name for name in kind.must if name not in settings]
    if missing:
        place.refuse(f"a {settings['type']} field needs '{missing[0]}'")
    return settings


def _linked(draft: Draft, owner: str, name: str, settings: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The reference attributes of a lookup, whose parent is told of it."""
    target = draft.get(settings["referenceTo"])
    if target is None:
        wanted = settings["referenceTo"]
        place.refuse(f"referenceTo: no such object '{wanted}'{nearest(wanted, draft.names)}")
    plural = settings.get("relationshipName")
    master = settings["type"] == "MasterDetail"
    constraint = settings.get("deleteConstraint", "SetNull")
    if settings.get("required") and constraint == "SetNull":
        place.refuse("a required lookup cannot be emptied: say deleteConstraint Restrict or Cascade")
    if plural and target.child(f"{plural}__r"):
        place.refuse(f"{target.name} has a child relationship '{plural}__r' already")
    child = ChildRelationship(
        owner, name, f"{plural}__r" if plural else None, master or constraint == "Cascade", constraint == "Restrict"
    )
    draft.add_child(target.name, child)
    return {"referenceTo": [target.name], "relationshipName": f"{name.removesuffix('__c')}__r", "byteLength": 18}


def _coordinates(name: str, described: Mapping[str, Any], settings: Mapping[str, Any]) -> list[Field]:
    """The two numbers that a location is made of."""
    common = {"type": "Number", "precision": 18, "scale": min(settings.get("scale", 15), 15)}
    parts = []
    for part in ("Latitude", "Longitude"):
        label = f"{described['label']} ({part})"
        number = describe_custom(f"{name[:-1]}_{part}__s", {**common, "label": label}, Place("", None))
        parts.append(field_of(number | {"name": f"{name[:-3]}__{part}__s", "compoundFieldName": name}))
    return parts


def _change_field(draft: Draft, owner: str, field: Field, place: Place) -> None:
    """Change a field that is there: its label, who may write it, the values of its picklist."""
    said = read_settings(place, CHANGES)
    if said.get("hidden"):
        draft.drop_field(owner, field.name)
        return
    changes: dict[str, Any] = {
        name: said[name] for name in ("label", "createable", "updateable", "filterable") if name in said
    }
    if "required" in said:
        changes["nillable"] = not said["required"]
    if "restricted" in said:
        changes["restricted_picklist"] = said["restricted"]
    if "inlineHelpText" in said:
        changes["extra"] = {**field.extra, "inlineHelpText": said["inlineHelpText"]}
    if "values" in said or "addValues" in said:
        changes |= _changed_values(field, said, place)
        extend_standing(draft, f"{owner}.{field.name}", said.get("values"), said.get("addValues", ()))
    draft.change_field(owner, replace(field, **changes))


def _changed_values(field: Field, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    if field.type not in {"picklist", "multipicklist", "combobox"}:
        place.refuse(f"{field.name} is a {field.type} and has no values")
    values = list(field.picklist_values)
    if "values" in said:
        values = [picklist_value(each) for each in described_values(said["values"])]
    there = {each.value.lower() for each in values}
    added = [picklist_value(each) for each in described_values(said.get("addValues", ()))]
    for each in added:
        if each.value.lower() in there:
            place.refuse(f"{field.name} has the value '{each.value}' already")
    every = (*values, *added)
    marked = [each.value for each in every if each.default]
    default = field.default_value if any(each.value == field.default_value for each in every) else None
    return {"picklist_values": every, "default_value": marked[-1] if marked else default}
