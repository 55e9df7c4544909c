"""Access: for each user of an org, what they see of its schema and whether they may use the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from weakref import WeakKeyDictionary

from mocksf.ids import make_id
from mocksf.permissions.narrowing import narrowed
from mocksf.permissions.rights import Rights
from mocksf.schema.model import Schema
from mocksf.schema.seeds import ADMINISTRATOR
from mocksf.store import Store

_KIND = "what this user may see"
_NUMBERS = count(1)
_PROFILE = 'SELECT p."Name" FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId" WHERE u."Id" = ?'
"""Asked at every call where a store keeps nothing ready: two columns of two rows."""


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


Assigned = tuple[str, frozenset[str]]
"""A profile's name and the names of permission sets."""

_VIEWS: WeakKeyDictionary[Schema, dict[Assigned, View]] = WeakKeyDictionary()


class Access:
    """The views of one org. What a user sees is kept until the user's row is written."""

    def __init__(self, schema: Schema, store: Store, api: bool = True) -> None:
        self.api = api
        """Whether the org has an API at all."""
        self._schema = schema
        self._store = store
        people = (ADMINISTRATOR, *schema.seeds.users)
        # Users of the schema get the first ids, in this order (see founding); their names may change, their ids do not.
        self._sets: Mapping[str, frozenset[str]] = {
            make_id("005", number): frozenset(each.permission_sets) for number, each in enumerate(people, 1)
        }

    def of(self, user_id: str) -> View:
        """The view of a user."""
        known: View | None = self._store.ready.of(user_id, _KIND)
        if known is None:
            known = view_of(self._schema, (self._profile(user_id), self._sets.get(user_id, frozenset())))
            self._store.ready.keep(user_id, _KIND, known)
        return known

    def _profile(self, user_id: str) -> str:
        found = self._store.rows(_PROFILE, (user_id,))
        return str(found[0][0]) if found else ""


def view_of(schema: Schema, assigned: Assigned) -> View:
    """The view of a profile and permission sets, worked out once per schema."""
    known = _VIEWS.setdefault(schema, {})
    if assigned not in known:
        rights = Rights(schema.seeds, *assigned)
        seen = narrowed(schema, rights)
        whole = seen is schema
        # A schema must not be held by what is kept of it, or it would be kept for ever.
        held = rights.permissions
        known[assigned] = View(0 if whole else next(_NUMBERS), None if whole else seen, held, "ApiEnabled" in held)
    return known[assigned]
