"""Roll-up summary fields: described once the fields that they add up are there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mocksf.schema.custom_fields import put_field
from mocksf.schema.definitions import FilterItem, Summary
from mocksf.schema.draft import Draft
from mocksf.schema.model import Field, SObject
from mocksf.schema.names import nearest
from mocksf.schema.places import Place

Waiting = tuple[str, str, Mapping[str, Any], Place]
"""The owner, name and settings of a roll-up, and where it stands."""

ADDABLE = frozenset({"double", "currency", "percent", "int"})
COMPARABLE = ADDABLE | {"date", "datetime"}
_COUNT = {"type": "double", "precision": 18, "scale": 0}


def add_summaries(draft: Draft, waiting: Sequence[Waiting]) -> None:
    """Add roll-ups in an order in which each finds what it adds up, other roll-ups among them."""
    left = list(waiting)
    while left:
        ready = [each for each in left if _is_ready(each, left)]
        for owner, name, settings, place in ready or left[:1]:  # a circle: the first of it says what is missing
            _add(draft, owner, name, settings, place)
        left = [each for each in left if each not in (ready or left[:1])]


def _is_ready(summary: Waiting, left: Sequence[Waiting]) -> bool:
    wanted = str(summary[2].get("summarizedField", "")).lower()
    return all(f"{owner}.{name}".lower() != wanted for owner, name, _, _ in left)


def _add(draft: Draft, owner: str, name: str, settings: Mapping[str, Any], place: Place) -> None:
    summary, changes = _read(draft, owner, settings, place)
    put_field(draft, owner, name, settings, place, changes)
    sobject = draft.get(owner)
    field = sobject.get(name) if sobject else None
    assert field is not None, "the field was just added"
    draft.change_field(owner, replace(field, summary=summary))


def _read(draft: Draft, owner: str, settings: Mapping[str, Any], place: Place) -> tuple[Summary, dict[str, Any]]:
    """The definition of a roll-up and the describe attributes that follow from what it adds up."""
    child, link = _split(draft, settings["summaryForeignKey"], "summaryForeignKey", place)
    if not link.cascade_delete or owner not in link.reference_to:
        place.refuse(f"summaryForeignKey: {child.name}.{link.name} is no master-detail field to {owner}")
    operation, wanted = settings["summaryOperation"], settings.get("summarizedField")
    filters = tuple(_own(child, item, place) for item in settings.get("summaryFilterItems", ()))
    if operation == "count":
        return Summary(child.name, link.name, "count", None, filters), dict(_COUNT)
    if wanted is None:
        place.refuse(f"a roll-up that is a {operation} needs 'summarizedField'")
    other, field = _split(draft, wanted, "summarizedField", place)
    if other.name != child.name or field.type not in (ADDABLE if operation == "sum" else COMPARABLE):
        place.refuse(
            f"summarizedField: the {operation} of {other.name}.{field.name} ({field.type}) is not possible here"
        )
    return Summary(child.name, link.name, operation, field.name, filters), {
        "type": "double" if field.type == "int" else field.type,
        "precision": 18 if field.precision else 0,
        "scale": field.scale,
    }


def _split(draft: Draft, text: str, element: str, place: Place) -> tuple[SObject, Field]:
    """The object and field that ``Object.Field`` names."""
    name, _, field_name = text.partition(".")
    sobject = draft.get(name)
    if sobject is None:
        place.refuse(f"{element}: no such object '{name}'{nearest(name, draft.names)}; write Object.Field")
    field = sobject.get(field_name)
    if field is None:
        names = [each.name for each in sobject.fields]
        place.refuse(f"{element}: no such field '{field_name}' on {sobject.name}{nearest(field_name, names)}")
    return sobject, field


def _own(child: SObject, item: FilterItem, place: Place) -> FilterItem:
    """A condition on the child's fields, its field named without the object."""
    name = item.field.removeprefix(f"{child.name}.")
    field = child.get(name)
    if field is None:
        names = [each.name for each in child.fields]
        place.refuse(f"summaryFilterItems: no such field '{name}' on {child.name}{nearest(name, names)}")
    return replace(item, field=field.name)
