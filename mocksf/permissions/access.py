"""Access: for each user of an org, what they see of its schema and whether they may use the API."""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count

from mocksf.permissions.narrowing import narrowed
from mocksf.permissions.rights import Rights
from mocksf.permissions.rows import grants_of, held_by
from mocksf.schema.grants import Grants
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Schema
from mocksf.store import Store

_KIND = "what this user may see"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What users with the same profile and permission sets see of a schema."""

    number: int
    """0 for those who see all of it, else like no other's in this process."""
    seen: Schema | None
    """The part that they see; None for all of it."""
    permissions: frozenset[str]
    """Their user permissions, such as `ApiEnabled`."""
    api: bool


NOBODY = View(0, None, frozenset(), api=False)
"""The view of those who are not there, or not active: they may not even ask."""

Assigned = tuple[str, tuple[Grants, ...]]
"""A profile's name and what permission sets grant."""

_VIEWS: PerSchema[dict[Hashable, View]] = PerSchema("views")


class Access:
    """The views of one org. What a user sees is kept until the user's row, or a permission of theirs, is written."""

    def __init__(self, schema: Schema, store: Store, api: bool = True) -> None:
        self.api = api
        """Whether the org has an API at all."""
        self._schema = schema
        self._store = store

    def of(self, user_id: str) -> View:
        """The view of a user."""
        known: View | None = self._store.ready.of(user_id, _KIND)
        if known is None:
            known = view_of(self._schema, self._assigned(user_id))
            self._store.ready.keep(user_id, _KIND, known)
        return known

    def gone(self, user_id: str) -> bool:
        """Whether a user is not there, or not active."""
        return not self._store.rows('SELECT 1 FROM "User" WHERE "Id" = ? AND "IsActive" = 1', (user_id,))

    def _assigned(self, user_id: str) -> Assigned:
        profile, sets = held_by(self._schema, self._store, user_id)
        return profile, tuple(grants_of(self._schema, self._store, each) for each in sets)


def view_of(schema: Schema, assigned: Assigned) -> View:
    """The view of a profile and permission sets, worked out once per schema."""
    if not assigned[0]:
        return NOBODY
    known = _VIEWS.of(schema, dict)
    key = assigned[0], tuple(map(_key, assigned[1]))
    if key not in known:
        rights = Rights(schema.seeds, *assigned)
        seen = narrowed(schema, rights)
        whole = seen is schema
        # A schema must not be held by what is kept of it, or it would be kept for ever.
        held = rights.permissions
        known[key] = View(0 if whole else next(_NUMBERS), None if whole else seen, held, "ApiEnabled" in held)
    return known[key]


def _key(grants: Grants) -> Hashable:
    """What is the same for permission sets that grant the same."""
    return frozenset(grants.objects.items()), frozenset(grants.fields.items()), grants.permissions
