"""The schema that is left of an org's for somebody with these rights, or in an edition that lacks some objects."""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from operator import is_

from mocksf.permissions.rights import Rights
from mocksf.schema.access import whole_of
from mocksf.schema.grants import EDIT, NONE
from mocksf.schema.model import ChildRelationship, Field, Schema, SObject

_NEEDS: Mapping[str, frozenset[str]] = {
    "createable": frozenset({"create"}),
    "updateable": frozenset({"edit"}),
    "deletable": frozenset({"delete"}),
    "undeletable": frozenset({"delete"}),
    "mergeable": frozenset({"edit", "delete"}),
}
"""The flags of an object that speak of this user, and the rights that each of them takes."""
_NONE: frozenset[str] = frozenset()


def narrowed(schema: Schema, rights: Rights) -> Schema:
    """The schema as somebody with these rights sees it; the very same where nothing is kept from them.

    An object that may not be read and a field that is hidden are not there; flags say what may be written.
    """
    seen = ((each, rights.on(each.name)) for each in schema)
    return _with(schema, [_object(each, words, rights) for each, words in seen if "read" in words])


def available(schema: Schema, missing: Container[str]) -> Schema:
    """The schema without some objects; the very same where it has none of them."""
    return _with(schema, [each for each in schema if each.name not in missing])


def _with(schema: Schema, kept: list[SObject]) -> Schema:
    """The schema with these objects in the place of its own, without relationships to what is gone."""
    if len(kept) == len(schema.sobjects) and all(map(is_, kept, schema.sobjects)):
        return schema
    there = {each.name: each for each in kept}
    gone = {each.name for each in schema} - there.keys()

    def is_there(child: ChildRelationship) -> bool:
        owner = there.get(child.child_sobject)
        before = schema.get(child.child_sobject)
        if owner is None or before is None:
            return child.child_sobject not in gone
        return owner.get(child.field) is not None or before.get(child.field) is None

    objects = [_related(each, is_there) for each in kept]
    return Schema(objects, schema.seeds, schema.value_sets, schema.notes, schema.features)


def _related(sobject: SObject, is_there: Callable[[ChildRelationship], bool]) -> SObject:
    children = tuple(filter(is_there, sobject.children))
    return sobject if len(children) == len(sobject.children) else replace(sobject, children=children)


def _object(sobject: SObject, words: frozenset[str], rights: Rights) -> SObject:
    """An object as these rights show it; the very same where they take nothing away."""
    flags = {name: on and _NEEDS.get(name, _NONE) <= words for name, on in sobject.flags.items()}
    fields = tuple(found for each in sobject.fields if (found := _field(sobject, each, words, rights)) is not None)
    if flags == sobject.flags and len(fields) == len(sobject.fields) and all(map(is_, fields, sobject.fields)):
        return sobject
    return replace(sobject, flags=flags, fields=fields)


def _field(sobject: SObject, field: Field, words: frozenset[str], rights: Rights) -> Field | None:
    """A field as these rights show it, or None where they hide it."""
    level = EDIT
    if field.extra.get("permissionable"):
        level = rights.level(sobject.name, whole_of(sobject, field.name))
    if level == NONE:
        return None
    createable = field.createable and level == EDIT and "create" in words
    updateable = field.updateable and level == EDIT and "edit" in words
    if (createable, updateable) == (field.createable, field.updateable):
        return field
    return replace(field, createable=createable, updateable=updateable)
