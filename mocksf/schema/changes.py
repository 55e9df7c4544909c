"""What a source changes about a field that is there: its label, who may write it, the values of its picklist."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mocksf.schema.draft import Draft
from mocksf.schema.field_types import KEPT
from mocksf.schema.from_describe import picklist_value
from mocksf.schema.model import Field
from mocksf.schema.picklists import described_values
from mocksf.schema.places import Place
from mocksf.schema.settings import read_settings
from mocksf.schema.standing import extend_standing

CHANGES = (
    *("label", "inlineHelpText", "createable", "updateable", "filterable", "required", "restricted"),
    *("values", "addValues", "hidden", *KEPT),
)
"""What may be said about a field that is already there."""

_SAME_NAME = ("label", "createable", "updateable", "filterable")


def change_field(draft: Draft, owner: str, field: Field, place: Place) -> None:
    """Change a field that is there."""
    said = read_settings(place, CHANGES)
    if said.get("hidden"):
        draft.drop_field(owner, field.name)
        return
    changes: dict[str, Any] = {name: said[name] for name in _SAME_NAME if name in said}
    if "required" in said:
        changes["nillable"] = not said["required"]
    if "restricted" in said:
        changes["restricted_picklist"] = said["restricted"]
    if "inlineHelpText" in said:
        changes["extra"] = {**field.extra, "inlineHelpText": said["inlineHelpText"]}
    if "values" in said or "addValues" in said:
        changes |= _changed_values(field, said, place)
        extend_standing(draft, f"{owner}.{field.name}", said.get("values"), said.get("addValues", ()))
    draft.change_field(owner, replace(field, **changes, source=_source(field, place.plain() or {})))


def _source(field: Field, said: Mapping[str, Any]) -> dict[str, Any]:
    """What all sources so far said about a field: a list of values replaces, added values are added."""
    known = dict(field.source)
    if "values" in known and "addValues" in said:
        values = [*said.get("values", known["values"]), *said["addValues"]]
        return {key: value for key, value in {**known, **said, "values": values}.items() if key != "addValues"}
    if "values" in said:
        known.pop("addValues", None)
    added = [*known.get("addValues", ()), *said.get("addValues", ())]
    return {**known, **said, **({"addValues": added} if added else {})}


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
