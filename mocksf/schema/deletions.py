"""Custom objects and fields that a source takes away, as a destructive change does."""

from dataclasses import replace

from mocksf.schema.draft import ACTIVITIES, Draft
from mocksf.schema.model import Field
from mocksf.schema.names import nearest
from mocksf.schema.places import Place


def add_deletions(draft: Draft, place: Place) -> None:
    """Everything under `deleted`: names of custom objects (`Visit__c`) and of custom fields (`Account.Key__c`)."""
    for each in place.items():
        owner, dot, field = each.text().partition(".")
        if dot:
            for name in ACTIVITIES if owner == "Activity" else (owner,):
                _drop_field(draft, name, field, each)
        else:
            _drop_object(draft, owner, each)


def _drop_field(draft: Draft, owner: str, name: str, place: Place) -> None:
    sobject = draft.get(owner)
    if sobject is None:
        place.refuse(f"no such object '{owner}'{nearest(owner, draft.names)}")
    field = sobject.get(name)
    if field is None:
        place.refuse(f"{sobject.name} has no field '{name}'{nearest(name, [each.name for each in sobject.fields])}")
    if not field.custom:
        place.refuse(f"{sobject.name}.{field.name} is a standard field, which nobody can delete")
    drop(draft, sobject.name, field)


def drop(draft: Draft, owner: str, field: Field) -> None:
    """Take a field away, and what its parents know of it."""
    draft.drop_field(owner, field.name)
    for target in field.reference_to:
        _forget_children(draft, target, owner, field.name)


def _forget_children(draft: Draft, parent: str, child: str, field: str) -> None:
    known = draft.get(parent)
    if known is not None:
        rest = tuple(each for each in known.children if (each.child_sobject, each.field) != (child, field))
        draft.change(parent, children=rest)


def _drop_object(draft: Draft, name: str, place: Place) -> None:
    sobject = draft.get(name)
    if sobject is None:
        place.refuse(f"no such object '{name}'{nearest(name, draft.names)}")
    if not sobject.custom:
        place.refuse(f"{sobject.name} is a standard object, which nobody can delete")
    draft.drop_object(sobject.name)
    for other in draft.names:
        known = draft.get(other)
        assert known is not None, "a draft knows the objects that it names"
        fields = tuple(each for each in known.fields if each.reference_to != (sobject.name,))
        children = tuple(each for each in known.children if each.child_sobject != sobject.name)
        if (fields, children) != (known.fields, known.children):
            draft.put(replace(known, fields=fields, children=children))
