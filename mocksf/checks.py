"""What a record may not say of others: an owner who has left, or a parent that is its own descendant."""

from collections.abc import Mapping
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store

HIERARCHIES: Mapping[str, tuple[tuple[str, Evidence], ...]] = {
    "Account": (("ParentId", Evidence.CLIENT),),
    "Asset": (("ParentId", Evidence.ASSUMED),),
    "Campaign": (("ParentId", Evidence.ASSUMED),),
    "Case": (("ParentId", Evidence.ASSUMED),),
    "Contact": (("ReportsToId", Evidence.ASSUMED),),
    "User": (("ManagerId", Evidence.ASSUMED),),
    "UserRole": (("ParentRoleId", Evidence.ASSUMED),),
}
"""The fields that make a tree of an object's records, and how we know that circles are refused."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    *((f"A circle in {name}.{field} is refused", mark) for name, rows in HIERARCHIES.items() for field, mark in rows),
    ("An inactive user may keep records but gets none, by whatever route", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

DEPTH_MAX = 500
"""How far up a hierarchy is followed."""


def check_owner(store: Store, schema: Schema, sobject: SObject, owner_id: str) -> None:
    """Raise INACTIVE_OWNER where a user who has left should own a record."""
    user = schema["User"]
    row = store.fetch(user, owner_id) if owner_id.startswith(user.key_prefix or "005") else None
    if row is not None and not row["IsActive"]:
        raise Refuse.INACTIVE_OWNER(fields=("OwnerId",), id15=owner_id[:15], sobject=sobject.label.lower())


def check_circles(store: Store, sobject: SObject, record_id: str, changes: Mapping[str, Any]) -> None:
    """Raise CIRCLE where a record would become its own ancestor."""
    for name, _ in HIERARCHIES.get(sobject.name, ()):
        above, steps = changes.get(name), 0
        while above is not None and steps < DEPTH_MAX:
            if above == record_id:
                raise Refuse.CIRCLE()
            above, steps = (store.fetch(sobject, above) or {}).get(name), steps + 1
