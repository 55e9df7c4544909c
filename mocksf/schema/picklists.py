"""Values of picklists as a source states them: one by one, as a global value set, or dependent on another field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mocksf.schema.definitions import ValueSet
from mocksf.schema.dependence import bitmap, controlling_values
from mocksf.schema.draft import Draft
from mocksf.schema.model import Field
from mocksf.schema.names import nearest
from mocksf.schema.places import Place

VALUE_NAMES = (
    *("value", "label", "default", "active", "description", "color"),
    *("closed", "won", "probability", "forecastCategory", "converted", "highPriority"),
)
"""What may be said about one value of a picklist: names of the Metadata API's StandardValue."""

_VALUE_FLAGS = ("default", "active", "closed", "won", "converted", "highPriority")
SET_NAMES = ("label", "description", "sorted", "values")
CONTROLLERS = frozenset({"picklist", "boolean"})
"""The types of fields that others may depend on."""


def read_values(place: Place) -> tuple[dict[str, Any], ...]:
    """The values of a list, none of which stands there twice."""
    values = tuple(read_value(each) for each in place.items())
    seen: set[str] = set()
    for each in values:
        if each["value"].lower() in seen:
            place.refuse(f"the value '{each['value']}' stands here twice")
        seen.add(each["value"].lower())
    return values


def read_value(place: Place) -> dict[str, Any]:
    """One picklist value, written as its bare value or as a mapping."""
    if not isinstance(place.value, dict):
        return {"value": place.text()}
    entries = place.entries(VALUE_NAMES)
    if "value" not in entries:
        place.refuse("a picklist value needs a 'value'")
    value = {name: each.value for name, each in entries.items()}
    for name in _VALUE_FLAGS:
        if name in entries:
            entries[name].flag()
    if "probability" in entries:
        entries["probability"].number(0, 100)
    return value | {"value": entries["value"].text()}


def described_values(values: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Picklist values as a describe's entries."""
    return [
        {
            "value": each["value"],
            "label": each.get("label", each["value"]),
            "active": each.get("active", True),
            "defaultValue": each.get("default", False),
        }
        for each in values
    ]


# -- global value sets -------------------------------------------------------------------------------------------------


def add_value_sets(draft: Draft, place: Place) -> None:
    """Everything under `valueSets`: lists of values by name, which fields then refer to as their `valueSet`."""
    for name, each in place.entries().items():
        said = each.entries(SET_NAMES)
        if "values" not in said:
            each.refuse("a value set needs 'values'")
        in_order = said["sorted"].flag() if "sorted" in said else False
        draft.value_sets[name] = ValueSet(
            name=name,
            label=said["label"].text() if "label" in said else name.replace("_", " "),
            values=_ordered(read_values(said["values"]), in_order),
            sorted=in_order,
            description=said["description"].text() if "description" in said else None,
        )


def _ordered(values: tuple[dict[str, Any], ...], in_order: bool) -> tuple[dict[str, Any], ...]:
    return tuple(sorted(values, key=lambda each: each["value"].casefold())) if in_order else values


def with_values(draft: Draft, settings: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The settings of a picklist with its values, which may be those of a global value set (always restricted)."""
    if "valueSet" not in settings:
        if "values" not in settings:
            place.refuse(f"a {settings['type']} field needs 'values'")
        return {**settings, "values": _ordered(settings["values"], settings.get("sorted", False))}
    if "values" in settings:
        place.refuse("values of its own and a valueSet exclude each other")
    name = settings["valueSet"]
    found = draft.value_sets.get(name)
    if found is None:
        place.refuse(f"valueSet: no such value set '{name}'{nearest(name, draft.value_sets)}")
    return {**settings, "values": found.values, "restricted": True}


# -- dependence --------------------------------------------------------------------------------------------------------


def depend(draft: Draft, owner: str, name: str, settings: Mapping[str, Any], place: Place) -> None:
    """Let the values of a picklist depend on its controlling field, once both are there."""
    sobject = draft.get(owner)
    assert sobject is not None, "the owner of a field was looked up"
    field, wanted = sobject.get(name), settings["controllingField"]
    assert field is not None, "the field was just added"
    controller = sobject.get(wanted)
    if controller is None or controller.type not in CONTROLLERS or controller.name == name:
        known = [each.name for each in sobject.fields if each.type in CONTROLLERS and each.name != name]
        place.refuse(f"controllingField: no picklist or checkbox '{wanted}' on {owner}{nearest(wanted, known)}")
    chosen = _chosen(field, controller, settings.get("valueSettings", {}), place)
    values = tuple(replace(each, valid_for=chosen[each.value.lower()]) for each in field.picklist_values)
    draft.change_field(owner, replace(field, controller=controller.name, picklist_values=values))


def _chosen(field: Field, controller: Field, said: Mapping[str, Any], place: Place) -> dict[str, str]:
    """The bitmap of each value; a value that is not named goes with nothing, as in the Metadata API."""
    order = {each.lower(): at for at, each in enumerate(controlling_values(controller))}
    known = {each.value.lower(): each.value for each in field.picklist_values}
    found: dict[str, str] = dict.fromkeys(known, bitmap(()))
    for value, names in said.items():
        if value.lower() not in known:
            place.refuse(f"valueSettings: {field.name} has no value '{value}'{nearest(value, known.values())}")
        for each in names:
            if each.lower() not in order:
                values = controlling_values(controller)
                place.refuse(f"valueSettings.{value}: {controller.name} has no value '{each}'{nearest(each, values)}")
        found[value.lower()] = bitmap(order[each.lower()] for each in names)
    return found


def read_value_settings(place: Place) -> dict[str, list[str]]:
    """Which controlling values each value goes with."""
    return {value: [each.text() for each in names.items()] for value, names in place.entries().items()}
