"""The standard objects of a fresh org, from the object files beside this module."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from mocksf.schema.from_describe import sobject_of
from mocksf.schema.model import TEXT_TYPES, ChildRelationship, Schema, SObject
from mocksf.schema.seeds import Seeds, Stage, Status

_FOLDER = files("mocksf.schema") / "objects"


@cache
def _read(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _names() -> tuple[str, ...]:
    files_here = (each.name for each in _FOLDER.iterdir() if each.name.endswith(".json"))
    return tuple(sorted(name.removesuffix(".json") for name in files_here if not name.startswith("_")))


FEATURES = {
    "ContactsToMultipleAccounts": "a contact may belong to several accounts",
    "CustomerPortal": "accounts may be customers of a portal",
    "FLS": "the standard fields that a fresh org hides until field-level security grants them",
    "OperatingHours": "accounts have operating hours",
    "PartnerPortal": "accounts may be partners",
}
"""Features that bring standard objects and fields along; record types come with the first of an object."""

NOTHING: frozenset[str] = frozenset()


def default_schema(features: frozenset[str] = NOTHING) -> Schema:
    """The schema of a fresh org: standard objects, without the objects and fields that wait for a feature.

    The same object at every call; a schema is immutable. Source: recorded and documented describes (facts on objects).
    """
    return _default_schema(features)


@cache
def _default_schema(features: frozenset[str]) -> Schema:
    gates = {name: _read(name).get("gate") for name in _names()}
    there = {name: standard_object(name, features) for name, gate in gates.items() if gate is None or gate in features}
    return Schema((_seen(each, there, gates) for each in there.values()), standard_seeds(), features=features)


def _seen(sobject: SObject, there: Mapping[str, SObject], gates: Mapping[str, str | None]) -> SObject:
    """An object without the child relationships whose object or field waits for a feature."""

    def is_there(child: ChildRelationship) -> bool:
        other = there.get(child.child_sobject)
        return other.get(child.field) is not None if other is not None else child.child_sobject not in gates

    return replace(sobject, children=tuple(each for each in sobject.children if is_there(each)))


def standard_object(name: str, features: frozenset[str] = NOTHING) -> SObject:
    """One standard object by its exact name, its compact file filled in; fields that wait for a feature left out."""
    compact = _read(name)
    fields = [expand_field(each) for each in compact["fields"] if each.get("gate") in (None, *features)]
    return sobject_of({**compact, "fields": fields})


def gated_compact(name: str, field: str) -> tuple[Mapping[str, Any] | None, str | None]:
    """A standard field that waits for a feature, as its file has it, and the name of the ungated field before it."""
    before: str | None = None
    for each in _read(name)["fields"] if name in _names() else ():
        if each["name"] == field:
            return each, before
        before = before if each.get("gate") else each["name"]
    return None, None


def expand_field(compact: Mapping[str, Any]) -> dict[str, Any]:
    """A field of an object file, its defaults filled in: base, by type, by pattern, by name, then its own keys."""
    field = defaults_for(compact["name"], compact["type"]) | {
        key: value for key, value in compact.items() if key not in {"valueSet", "gate"}
    }
    if "valueSet" in compact:
        field["picklistValues"] = _read("_value_sets")[compact["valueSet"]]
    field.setdefault("byteLength", byte_length(field["type"], field["length"]))
    return field


def defaults_for(name: str, kind: str) -> dict[str, Any]:
    """The describe of a field before anything is said about it, by its name and describe type."""
    table = _read("_defaults")
    field: dict[str, Any] = {**table["base"], **table["byType"].get(kind, {})}
    del field["gate"]
    if kind == "boolean":
        for pattern, changes in table["byPattern"]:
            if re.match(pattern, name):
                field |= changes
    named = table["byName"].get(name)
    if named and named["type"] == kind:
        field |= named
    return field


def byte_length(kind: str, length: int) -> int:
    """The describe's byteLength: three bytes a character for text, 18 for ids, nothing for the rest."""
    if kind in TEXT_TYPES:
        return 3 * length
    return 18 if kind in {"id", "reference"} else 0


def standard_seeds() -> Seeds:
    """Stages and statuses of a fresh org (facts on objects: StandardValueSets of Developer orgs)."""
    table = _read("_statuses")
    return Seeds(
        stages=tuple(
            Stage(
                each["value"],
                each["label"],
                each["probability"],
                each["isClosed"],
                each["isWon"],
                each["forecastCategory"],
                each["forecastCategoryName"],
            )
            for each in table["OpportunityStage"]
        ),
        lead_statuses=_statuses(table["LeadStatus"], "isConverted"),
        task_statuses=_statuses(table["TaskStatus"], "isClosed"),
        case_statuses=_statuses(table["CaseStatus"], "isClosed"),
        high_priorities=frozenset(each["value"] for each in table["TaskPriority"] if each["isHighPriority"]),
    )


def _statuses(rows: list[dict[str, Any]], end: str) -> tuple[Status, ...]:
    return tuple(Status(each["value"], each["label"], each["isDefault"], each[end]) for each in rows)
