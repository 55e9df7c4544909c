"""An org's records as one value: every field of every record that somebody may write to."""

from collections.abc import Sequence
from typing import Any

from scenarios.world import API, World

OBJECTS = ("Account", "Contact", "Opportunity", "Lead", "Task", "FeedItem", "Call_Outcome__c")

Image = dict[str, dict[str, dict[str, Any]]]
"""Object → record id → field → value."""

SELECTABLE = frozenset(
    {"string", "textarea", "picklist", "multipicklist", "boolean", "int", "double", "currency", "percent", "date"}
    | {"datetime", "phone", "email", "url", "reference", "id", "combobox"}
)


def image(world: World, objects: Sequence[str] = OBJECTS) -> Image:
    """All records of the objects, with every field that a query shows."""
    return {sobject: _rows(world, sobject) for sobject in objects}


def _rows(world: World, sobject: str) -> dict[str, dict[str, Any]]:
    names = [each["name"] for each in described(world, sobject) if each["type"] in SELECTABLE]
    rows = world.soql(f"SELECT {', '.join(names)} FROM {sobject}")
    return {row["Id"]: row for row in rows}


_DESCRIBES: dict[tuple[int, str], list[dict[str, Any]]] = {}


def described(world: World, sobject: str) -> list[dict[str, Any]]:
    """The fields of an object as the org describes them."""
    key = (id(world.setting.schema), sobject)
    if key not in _DESCRIBES:
        _DESCRIBES[key] = world.ask("GET", f"{API}/sobjects/{sobject}/describe")["fields"]
    return _DESCRIBES[key]


def writable(world: World, sobject: str) -> set[str]:
    """The fields that somebody may write, those that follow from others left out."""
    fields = described(world, sobject)
    names = {each["name"] for each in fields if (each["createable"] or each["updateable"]) and not each["calculated"]}
    return names - DERIVED.get(sobject, frozenset())


DERIVED = {"Opportunity": frozenset({"Probability", "ForecastCategory", "ForecastCategoryName", "ExpectedRevenue"})}
"""Writable, and yet set by the org itself when the stage moves."""


def moved(before: dict[str, Any], after: dict[str, Any], among: set[str]) -> dict[str, Any]:
    """The fields whose value changed, with the new value."""
    return {name: value for name, value in after.items() if name in among and before.get(name) != value}
