"""What a profile or a permission set grants, as its source said it: objects, fields and permissions of the user."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

READ, EDIT, NONE = "read", "edit", "none"
"""How far a field may be used."""

IMPLIED: Mapping[str, frozenset[str]] = {
    "read": frozenset(),
    "create": frozenset({"read"}),
    "edit": frozenset({"read"}),
    "delete": frozenset({"read", "edit"}),
    "viewAll": frozenset({"read"}),
    "modifyAll": frozenset({"read", "edit", "delete", "viewAll"}),
}
"""What may be done with an object's records, and what each right brings along (documented: object permissions)."""

COLUMNS: Mapping[str, str] = {
    "read": "PermissionsRead",
    "create": "PermissionsCreate",
    "edit": "PermissionsEdit",
    "delete": "PermissionsDelete",
    "viewAll": "PermissionsViewAllRecords",
    "modifyAll": "PermissionsModifyAllRecords",
}
"""The columns of ObjectPermissions by the right that each stands for."""

ALL = frozenset({"create", *IMPLIED["modifyAll"], "modifyAll"})
EVERY = "*"
"""In the place of an object's or a field's name: all that are not named."""


def with_implied(words: Iterable[str]) -> frozenset[str]:
    """Rights and all that they bring along."""
    given = frozenset(words)
    return given.union(*(IMPLIED[each] for each in given))


@dataclass(frozen=True)
class Grants:
    """One profile or permission set.

    `objects` holds rights (keys of IMPLIED) by object, `fields` `none`, `read` or `edit` by `Object.Field`; `*` stands
    for every other one. A profile that is `based_on` another grants what that one grants wherever it says nothing
    itself; `withheld` are user permissions that it does not take over.
    """

    name: str
    label: str = ""
    based_on: str | None = None
    objects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    description: str | None = None
