"""Everything under `objects` of a source, in the order in which each thing finds what it needs."""

from collections.abc import Iterator, Mapping
from typing import Any

from mocksf.schema.changes import change_field
from mocksf.schema.custom_fields import add_field
from mocksf.schema.custom_objects import KNOWN, NEW, add_object, kind_of, remember
from mocksf.schema.deletions import drop
from mocksf.schema.draft import ACTIVITIES, Draft
from mocksf.schema.names import nearest
from mocksf.schema.object_rules import add_rules
from mocksf.schema.picklists import depend
from mocksf.schema.places import Place
from mocksf.schema.summaries import Waiting, add_summaries

_ACTIVITY = "Activity"


def add_objects(draft: Draft, place: Place) -> None:
    """Everything under `objects`: objects first, so that references may point to any of them; then fields, roll-ups
    once what they add up is there, dependent picklists once their controlling fields are there; rules at last.
    """
    objects = place.entries()
    for name, each in objects.items():
        _add_or_check(draft, name, each, place)
    waiting = [found for name, each in objects.items() for found in _fields(draft, name, each)]
    add_summaries(draft, [each for each in waiting if each[2]["type"] == "Summary"])
    for owner, name, settings, each in waiting:
        if "controllingField" in settings:
            depend(draft, owner, name, settings, each)
    for name, each in objects.items():
        for owner in _owners(name):
            add_rules(draft, owner, each.entries())


def _add_or_check(draft: Draft, name: str, each: Place, place: Place) -> None:
    sobject = draft.get(name)
    if sobject is None and name != _ACTIVITY:
        if kind_of(name) is None:
            known = [*draft.names, _ACTIVITY]
            place.refuse(f"no such object '{name}'{nearest(name, known)} (a custom object's name ends in __c)")
        add_object(draft, name, each)
        return
    each.entries(NEW if sobject is not None and sobject.custom else KNOWN)
    if sobject is not None:
        remember(draft, sobject.name, each)


def _owners(name: str) -> tuple[str, ...]:
    """The objects that things under a name belong to; `Activity` stands for tasks and events."""
    return ACTIVITIES if name == _ACTIVITY else (name,)


def _fields(draft: Draft, name: str, place: Place) -> Iterator[Waiting]:
    """Add or change the fields of an object; gives those that must be looked at again."""
    said = place.entries().get("fields")
    for owner in _owners(name):
        sobject = draft.get(owner)
        assert sobject is not None, "every object was added or checked"
        for field_name, field in said.entries().items() if said is not None else ():
            yield from _field(draft, sobject.name, field_name, field)


def _field(draft: Draft, owner: str, name: str, place: Place) -> Iterator[Waiting]:
    sobject = draft.get(owner)
    known = sobject.get(name) if sobject else None
    anew = known is not None and isinstance(place.value, dict) and "type" in place.value
    if known is None or (anew and known.custom and draft.redefines):
        settings = _added(draft, owner, name, place)
        if settings["type"] == "Summary" or "controllingField" in settings:
            yield owner, name, settings, place
    elif anew:
        place.refuse(f"{owner} has a field '{known.name}' already; leave out its type to change it")
    else:
        change_field(draft, owner, known, place)


def _added(draft: Draft, owner: str, name: str, place: Place) -> Mapping[str, Any]:
    """A new field, or another in the place of its namesake; gives its settings."""
    sobject = draft.get(owner)
    known = sobject.get(name) if sobject else None
    if sobject is None or known is None:
        return add_field(draft, owner, name, place)
    drop(draft, owner, known)
    settings = add_field(draft, owner, name, place)
    if settings["type"] != "Summary":  # which is added later, and then stands at the end
        draft.move_field(owner, name, sobject.fields.index(known))
    return settings
