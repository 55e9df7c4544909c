"""Profiles and permission sets of a YAML source."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from mocksf.schema.draft import Draft
from mocksf.schema.grants import ALL, EDIT, EVERY, IMPLIED, NONE, READ, Grants, with_implied
from mocksf.schema.model import COMPOUND_TYPES, SObject
from mocksf.schema.names import SchemaError, nearest
from mocksf.schema.places import Place
from mocksf.schema.seeds import Seeds

_SAID = ("label", "description", "objects", "fields", "permissions", "partial")
_Said = TypeVar("_Said")
_WITHHELD = "-"
"""Before a user permission of a profile: one that it does not take over from the profile that it is based on."""


def add_profiles(draft: Draft, place: Place) -> None:
    """Everything under `profiles`: what each grants, by name; the name of a profile of every org changes that one."""
    for name, each in place.entries().items():
        said = each.entries((*_SAID, "basedOn"))
        profile = replace(
            _grants(draft, name, said, levels=(NONE, READ, EDIT)),
            based_on=said["basedOn"].choice(draft.seeds.profile_names) if "basedOn" in said else None,
        )
        if profile.based_on == name:
            said["basedOn"].refuse("a profile cannot be based on itself")
        put_profile(draft, profile)


def add_permission_sets(draft: Draft, place: Place) -> None:
    """Everything under `permissionSets`: what each adds to the profile of a user who has it, by API name."""
    for name, each in place.entries().items():
        grants = _grants(draft, name, each.entries(_SAID), levels=(READ, EDIT))
        if grants.withheld:
            each.refuse("a permission set only adds; take user permissions away in a profile")
        put_permission_set(draft, grants)


def put_profile(draft: Draft, profile: Grants) -> None:
    """Add a profile, or put it in the place of its namesake."""
    draft.seeds = replace(draft.seeds, profiles=_put(draft.seeds.profiles, profile))


def put_permission_set(draft: Draft, grants: Grants) -> None:
    """Add a permission set, or put it in the place of its namesake."""
    draft.seeds = replace(draft.seeds, permission_sets=_put(draft.seeds.permission_sets, grants))


def _put(known: tuple[Grants, ...], grants: Grants) -> tuple[Grants, ...]:
    return (*(each for each in known if each.name != grants.name), grants)


def _grants(draft: Draft, name: str, said: Mapping[str, Place], levels: Iterable[str]) -> Grants:
    permissions = [each.text() for each in said["permissions"].items()] if "permissions" in said else []
    objects = _each(draft, said, "objects", lambda each, place: _object(draft, each, place))
    fields = _each(draft, said, "fields", lambda each, place: (_field(draft, each, place), place.choice(levels)))
    return Grants(
        name=name,
        label=said["label"].text() if "label" in said else name,
        objects=dict(objects),
        fields=dict(fields),
        permissions=frozenset(each for each in permissions if not each.startswith(_WITHHELD)),
        withheld=frozenset(each[1:] for each in permissions if each.startswith(_WITHHELD)),
        description=said["description"].text() if "description" in said else None,
    )


def _each(
    draft: Draft, said: Mapping[str, Place], part: str, read: Callable[[str, Place], tuple[str, _Said]]
) -> Iterator[tuple[str, _Said]]:
    """What a part says of each name; where it is `partial`, what cannot be here is noted and passed over."""
    partial = "partial" in said and said["partial"].flag()
    for name, place in said[part].entries().items() if part in said else ():
        try:
            yield read(name, place)
        except SchemaError as error:
            if not partial:
                raise
            draft.notes.append(f"{error}; passed over")


def _object(draft: Draft, name: str, place: Place) -> tuple[str, frozenset[str]]:
    """The rights on one object: the word `all` or `none`, or a list of rights."""
    owner = name if name == EVERY else _known(draft, name, place).name
    if isinstance(place.value, str):
        return owner, ALL if place.choice(("all", "none")) == "all" else frozenset()
    return owner, with_implied(each.choice(IMPLIED) for each in place.items())


def _known(draft: Draft, name: str, place: Place) -> SObject:
    found = draft.get(name)
    if found is None:
        place.refuse(f"no such object '{name}'{nearest(name, draft.names)}")
    return found


def _field(draft: Draft, path: str, place: Place) -> str:
    """A field as `Object.Field` in canonical case; a part of an address stands for the whole of it."""
    owner, dot, name = path.partition(".")
    if path == EVERY:
        return path
    if not dot:
        place.refuse("a field is named 'Object.Field', all fields of an object 'Object.*', all of them '*'")
    sobject = _known(draft, owner, place)
    if name == EVERY:
        return f"{sobject.name}.{EVERY}"
    found = sobject.get(name)
    if found is None:
        place.refuse(f"no such field '{name}' on {sobject.name}{nearest(name, [each.name for each in sobject.fields])}")
    if not found.extra.get("permissionable"):
        place.refuse(f"everybody who sees {sobject.name} sees '{found.name}': no field permissions exist for it")
    return f"{sobject.name}.{whole_of(sobject, found.name)}"


def whole_of(sobject: SObject, name: str) -> str:
    """The field whose permissions decide about a field: itself, or the address or location that it is a part of."""
    found = sobject.get(name)
    whole = sobject.get(found.compound_field_name) if found is not None and found.compound_field_name else None
    return whole.name if whole is not None and whole.type in COMPOUND_TYPES else name


def access_tree(seeds: Seeds) -> dict[str, Any]:
    """Profiles and permission sets in the form of a YAML source."""
    return {
        "profiles": {each.name: _said(each) for each in seeds.profiles},
        "permissionSets": {each.name: _said(each) for each in seeds.permission_sets},
    }


def _said(grants: Grants) -> dict[str, Any]:
    said: dict[str, Any] = {
        "label": grants.label if grants.label != grants.name else None,
        "description": grants.description,
        "basedOn": grants.based_on,
        "permissions": [*sorted(grants.permissions), *(f"{_WITHHELD}{each}" for each in sorted(grants.withheld))],
        "objects": {name: sorted(rights) or "none" for name, rights in grants.objects.items()},
        "fields": dict(grants.fields),
    }
    return {part: content for part, content in said.items() if content}
