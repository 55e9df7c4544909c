"""Permission sets as rows: what grants look like in ObjectPermissions and FieldPermissions, and grants read from there.

The rows of a permission set are the truth about it: who writes them changes what its users see. Those of the
permission set behind a profile only show what the profile grants.
"""

from collections.abc import Iterator
from typing import Any

from mocksf.evidence import Evidence
from mocksf.permissions.rights import FOLLOWS, FREE, SETUP, Rights
from mocksf.schema.access import whole_of
from mocksf.schema.grants import COLUMNS, EDIT, NONE, READ, Grants
from mocksf.schema.model import Schema, SObject
from mocksf.schema.seeds import Seeds
from mocksf.store import Store

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Writing a PermissionSetAssignment changes what its user sees from the next request on", Evidence.DOCUMENTED),
    ("ObjectPermissions and FieldPermissions of a permission set are what it grants", Evidence.DOCUMENTED),
    ("What a profile grants shows in ObjectPermissions, not in FieldPermissions; no row changes it", Evidence.ASSUMED),
    ("Sharing is not modelled: every object is public read/write, UserRecordAccess is missing", Evidence.ASSUMED),
    ("The sessions of a user who is no longer active are no longer good", Evidence.ASSUMED),
    ("ExpirationDate of an assignment is kept and ends nothing", Evidence.ASSUMED),
)  # fmt: skip
"""What this room believes, for the fidelity ledger."""


def object_rows(schema: Schema, rights: Rights) -> Iterator[dict[str, Any]]:
    """What rights grant on objects, as rows of ObjectPermissions without their parent."""
    for sobject in schema:
        if _has_permissions(sobject) and (words := rights.granted(sobject.name)):
            yield {"SobjectType": sobject.name, **{column: int(word in words) for word, column in COLUMNS.items()}}


def _has_permissions(sobject: SObject) -> bool:
    name = sobject.name
    own = name not in FREE and name not in SETUP and name not in FOLLOWS
    return own and not name.endswith("__mdt") and bool(sobject.flags.get("queryable"))


def field_rows(schema: Schema, rights: Rights) -> Iterator[dict[str, Any]]:
    """What rights grant on fields, as rows of FieldPermissions without their parent."""
    for sobject in schema:
        fields = (whole_of(sobject, each.name) for each in sobject.fields if each.extra.get("permissionable"))
        for name in dict.fromkeys(fields):
            level = rights.level(sobject.name, name)
            if level != NONE:
                row: dict[str, Any] = {"SobjectType": sobject.name, "Field": f"{sobject.name}.{name}"}
                yield row | {"PermissionsRead": 1, "PermissionsEdit": int(level == EDIT)}


def rights_of(grants: Grants) -> Rights:
    """What a permission set grants by itself."""
    return Rights(Seeds(), _NOBODY, (grants,))


_NOBODY = "Minimum Access - Salesforce"


_HELD = """SELECT p."Name", s."Id" FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId"
LEFT JOIN "PermissionSetAssignment" a ON a."AssigneeId" = u."Id"
LEFT JOIN "PermissionSet" s ON s."Id" = a."PermissionSetId" AND s."IsOwnedByProfile" = 0
WHERE u."Id" = ? AND u."IsActive" = 1 ORDER BY s."Id\""""
_PROFILE = """SELECT p."Name", NULL FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId"
WHERE u."Id" = ? AND u."IsActive" = 1"""


def held_by(schema: Schema, store: Store, user_id: str) -> tuple[str, tuple[str, ...]]:
    """The name of a user's profile, and the ids of their permission sets, in one question; nobody inactive has any."""
    there = all(schema.get(name) is not None for name in ("PermissionSet", "PermissionSetAssignment"))
    found = store.rows(_HELD if there else _PROFILE, (user_id,))
    ids = dict.fromkeys(each for _, each in found if each is not None)
    return (str(found[0][0]) if found else ""), tuple(ids)


def grants_of(schema: Schema, store: Store, set_id: str) -> Grants:
    """What the rows of a permission set grant."""
    columns = tuple(COLUMNS.values())
    listed = ", ".join(f'"{each}"' for each in columns)
    objects = {}
    for name, *on in store.rows(
        f'SELECT "SobjectType", {listed} FROM "ObjectPermissions" WHERE "ParentId" = ?', (set_id,)
    ):
        objects[str(name)] = frozenset(word for word, each in zip(COLUMNS, on, strict=True) if each)
    fields = store.rows(
        'SELECT "Field", "PermissionsEdit" FROM "FieldPermissions" WHERE "ParentId" = ? AND "PermissionsRead" = 1',
        (set_id,),
    )
    row = store.fetch(schema["PermissionSet"], set_id) or {}
    held = (name.removeprefix("Permissions") for name, on in row.items() if name.startswith("Permissions") and on)
    levels = {str(name): EDIT if edit else READ for name, edit in fields}
    return Grants(set_id, objects=objects, fields=levels, permissions=frozenset(held))
