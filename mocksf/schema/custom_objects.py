"""Custom objects as a source states them: plain ones, custom settings, platform events, custom metadata, external."""

from collections.abc import Mapping
from dataclasses import replace

from mocksf.schema.custom_describe import describe_custom, spoken
from mocksf.schema.draft import Draft
from mocksf.schema.from_describe import OBJECT_FLAGS, field_of
from mocksf.schema.model import ChildRelationship, Field, SObject
from mocksf.schema.places import Place
from mocksf.schema.settings import read_settings
from mocksf.schema.system_fields import KINDS, SETTING, ObjectKind, fields_of

NAME_KEPT = ("trackHistory", "trackFeedHistory")
_FLAGS = (
    *("enableActivities", "enableFeeds", "enableSearch", "enableHistory", "enableReports", "enableBulkApi"),
    *("enableSharing", "enableStreamingApi", "enableLicensing", "enableEnhancedLookup", "enableDivisions"),
    *("allowInChatterGroups", "household"),
)
_KEPT = (
    *("description", "deploymentStatus", "sharingModel", "externalSharingModel", "visibility", "eventType"),
    *("publishBehavior", "gender", "startsWith", "compactLayoutAssignment", "historyRetentionPolicy"),
    *("externalDataSource", "externalName", "externalRepository"),
    *("recordTypeTrackHistory", "recordTypeTrackFeedHistory"),
)
PARTS = ("fields", "validationRules", "recordTypes", "duplicateRules", "records")
"""What belongs to an object and is read after all objects are there."""
NEW = ("label", "labelPlural", "keyPrefix", "nameField", "customSettingsType", *_FLAGS, *_KEPT, *PARTS)
"""What may be said about a custom object."""
KNOWN = (*_FLAGS, *_KEPT, *PARTS)
"""What may be said about an object that is there already."""


def kind_of(name: str) -> ObjectKind | None:
    """The kind of custom object that a name's ending tells, or None for a standard object."""
    return next((kind for ending, kind in KINDS.items() if name.lower().endswith(ending)), None)


def add_object(draft: Draft, name: str, place: Place) -> None:
    """A new custom object with its system fields; what belongs to it is read later."""
    _check_name(name, place)
    said = place.entries(NEW)
    for each in _FLAGS:
        if each in said:
            said[each].flag()
    kind = _kind(name, said)
    label = said["label"].text() if "label" in said else spoken(name)
    activities, feeds = (_flag(said, each, usual=False) for each in ("enableActivities", "enableFeeds"))
    flags = {flag: flag in kind.flags for flag in OBJECT_FLAGS} | {"feedEnabled": feeds}
    if not _flag(said, "enableSearch", usual=True):
        flags["searchable"] = False
    draft.put(
        SObject(
            name=name,
            label=label,
            label_plural=said["labelPlural"].text() if "labelPlural" in said else f"{label}s",
            key_prefix=_prefix(draft, kind, said),
            fields=tuple(_fields(kind, said, label, activities)),
            custom=True,
            flags=flags,
        )
    )
    remember(draft, name, place)
    if activities:
        _point_to(draft, name, {"Task": "WhatId", "Event": "WhatId"})
    if feeds:
        _point_to(draft, name, {"FeedItem": "ParentId"})


def _kind(name: str, said: Mapping[str, Place]) -> ObjectKind:
    kind = kind_of(name)
    assert kind is not None, "whoever calls knows it for a custom object"
    if "customSettingsType" not in said:
        return kind
    said["customSettingsType"].choice(("List", "Hierarchy"))
    return SETTING


def _prefix(draft: Draft, kind: ObjectKind, said: Mapping[str, Place]) -> str:
    """The next prefix of its kind, or the one that the object has in another org."""
    if "keyPrefix" not in said:
        return draft.free_prefix(kind.letter)
    prefix = said["keyPrefix"].text()
    if not (len(prefix) == 3 and prefix.isalnum() and prefix.isascii()):
        said["keyPrefix"].refuse(f"a key prefix has three letters or digits, not '{prefix}'")
    if (owner := draft.owner_of(prefix)) is not None:
        said["keyPrefix"].refuse(f"the key prefix '{prefix}' belongs to {owner}")
    return prefix


def _flag(said: Mapping[str, Place], name: str, usual: bool) -> bool:
    return said[name].flag() if name in said else usual


def remember(draft: Draft, name: str, place: Place) -> None:
    """Keep what a source says about an object itself, for an export."""
    draft.remember(name, {key: each.plain() for key, each in place.entries().items() if key not in PARTS})


def _check_name(name: str, place: Place) -> None:
    ending = next(each for each in KINDS if name.lower().endswith(each))
    check_api_name(name, ending, place)


def check_api_name(name: str, ending: str, place: Place) -> None:
    """Refuse what is no custom API name; it may begin with the namespace of a package."""
    namespace, _, rest = name[: -len(ending)].rpartition("__")
    words = [rest, namespace] if namespace else [rest]
    fits = all(each.isidentifier() and each.isascii() and each[0] != "_" and "__" not in each for each in words)
    if not (fits and name.endswith(ending)):
        place.refuse(
            f"'{name}' is no custom API name: a letter, then letters, digits, single underscores, then {ending}"
        )


def _fields(kind: ObjectKind, said: Mapping[str, Place], label: str, activities: bool) -> list[Field]:
    without = set() if activities else {"LastActivityDate"}
    if _has_master(said):
        without.add("OwnerId")
    fields = fields_of(kind, frozenset(without))
    if kind.named:
        at = next(at for at, field in enumerate(fields) if field.name == "IsDeleted")
        fields.insert(at + 1, _name_field(label, said.get("nameField")))
    return fields


def _has_master(said: Mapping[str, Place]) -> bool:
    fields = said["fields"].entries().values() if "fields" in said else ()
    return any(isinstance(each.value, dict) and each.value.get("type") == "MasterDetail" for each in fields)


def _name_field(label: str, place: Place | None) -> Field:
    """The Name of a custom object: text that becomes the id when left out, or an auto-number."""
    known = ("type", "label", "displayFormat", "startingNumber", *NAME_KEPT)
    settings = read_settings(place, known) if place is not None else {}
    kind = settings.get("type", "Text")
    if place is not None and kind not in ("Text", "AutoNumber"):
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
