"""The fields that every custom object has from the start, by the kind of object that its name's ending tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.from_describe import field_of
from mocksf.schema.model import Field
from mocksf.schema.standard import byte_length, defaults_for

_ALL_FLAGS = (
    *("queryable", "createable", "updateable", "deletable", "undeletable", "searchable", "triggerable"),
    *("replicateable", "layoutable", "retrieveable", "mruEnabled"),
)


@dataclass(frozen=True)
class ObjectKind:
    """One kind of custom object: first letter of its key prefixes, its flags, and its own fields beside the usual."""

    letter: str
    flags: tuple[str, ...]
    fields: Mapping[str, Mapping[str, Any]]
    named: bool = True
    """Whether it has a Name that a source may describe."""


_TEXT = {"type": "string", "nillable": False}
_STAMPS: dict[str, Mapping[str, Any]] = {
    "CreatedDate": {"type": "datetime"},
    "CreatedById": {"type": "reference"},
    "LastModifiedDate": {"type": "datetime"},
    "LastModifiedById": {"type": "reference"},
    "SystemModstamp": {"type": "datetime"},
}
_ID: dict[str, Mapping[str, Any]] = {"Id": {"type": "id", "label": "Record ID"}}
_OWNER = {
    "type": "reference",
    "referenceTo": ["Group", "User"],
    "namePointing": True,
    "polymorphicForeignKey": True,
}
_SETUP_OWNER = {
    "type": "reference",
    "label": "Location",
    "referenceTo": ["Organization", "Profile", "User"],
    "relationshipName": "SetupOwner",
    "namePointing": True,
    "polymorphicForeignKey": True,
    "nillable": False,
}
_READ_ONLY = {"createable": False, "updateable": False}
_SETUP_NAME = {"type": "string", "label": "Name", "length": 38, "nameField": True, "idLookup": True}

KINDS: Mapping[str, ObjectKind] = {
    "__c": ObjectKind(
        "a",
        _ALL_FLAGS,
        {
            **_ID,
            "OwnerId": _OWNER,
            "IsDeleted": {"type": "boolean"},
            **_STAMPS,
            "LastActivityDate": {"type": "date"},
            "LastViewedDate": {"type": "datetime"},
            "LastReferencedDate": {"type": "datetime"},
        },
    ),
    "__e": ObjectKind(
        "e",
        ("createable", "triggerable"),
        {
            "ReplayId": {"type": "string", "label": "Replay ID", "length": 255, **_READ_ONLY},
            "CreatedDate": {"type": "datetime"},
            "CreatedById": {"type": "reference"},
            "EventUuid": {"type": "string", "label": "Event UUID", "length": 36, **_READ_ONLY},
        },
        named=False,
    ),
    "__mdt": ObjectKind(
        "m",
        ("queryable", "layoutable", "retrieveable"),
        {
            **_ID,
            "DeveloperName": {**_TEXT, "label": "Custom Metadata Record Name", "length": 40},
            "MasterLabel": {**_TEXT, "label": "Label", "length": 40, "nameField": True},
            "Language": {"type": "string", "label": "Master Language", "length": 40, **_READ_ONLY},
            "NamespacePrefix": {"type": "string", "label": "Namespace Prefix", "length": 15, **_READ_ONLY},
            "Label": {"type": "string", "label": "Label", "length": 40, **_READ_ONLY},
            "QualifiedApiName": {"type": "string", "label": "Qualified API Name", "length": 70, **_READ_ONLY},
            "SystemModstamp": {"type": "datetime"},
        },
        named=False,
    ),
    "__x": ObjectKind(
        "x",
        ("queryable", "searchable", "layoutable", "retrieveable"),
        {
            **_ID,
            "ExternalId": {**_TEXT, "label": "External ID", "length": 255, "idLookup": True, "externalId": True},
            "DisplayUrl": {"type": "url", "label": "Display URL", "length": 1000},
        },
        named=False,
    ),
}
"""Kinds of custom objects by the ending of their names."""

SETTING = ObjectKind(
    "a",
    ("queryable", "createable", "updateable", "deletable", "replicateable", "retrieveable", "customSetting"),
    {**_ID, "IsDeleted": {"type": "boolean"}, "Name": _SETUP_NAME, "SetupOwnerId": _SETUP_OWNER, **_STAMPS},
    named=False,
)
"""A custom setting: a custom object with `customSettingsType`."""

ASSUMPTIONS = (
    ("Platform events have four fields of their own, may be created, and are not queryable", Evidence.ASSUMED),
    ("Custom metadata types may be queried and read, and written by an import only", Evidence.ASSUMED),
    ("External objects have ExternalId and DisplayUrl and are read-only", Evidence.ASSUMED),
    ("Key prefixes begin with m for custom metadata, e for platform events, x for external objects", Evidence.ASSUMED),
)  # fmt: skip
"""What the facts leave open about the kinds of custom objects (facts on SOQL and model, §4 and §6.4)."""


def fields_of(kind: ObjectKind, without: frozenset[str]) -> list[Field]:
    """The system fields of a new object, in describe order, but for those that it lacks."""
    return [_field(name, said) for name, said in kind.fields.items() if name not in without]


def _field(name: str, said: Mapping[str, Any]) -> Field:
    described = defaults_for(name, said["type"]) | {"name": name, **said}
    described.setdefault("label", name)
    described["byteLength"] = byte_length(described["type"], described["length"])
    return field_of(described)
