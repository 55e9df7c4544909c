"""Permissions that change: whose view of the org is another from now on, and what may not be assigned or granted."""

from typing import Any

from mocksf.effects.scene import Row, Scene
from mocksf.errors import Refuse
from mocksf.ids import make_id
from mocksf.schema.grants import COLUMNS, IMPLIED

_OWN = "the permission set of a profile goes with the profile"


def assigned(scene: Scene, before: Row, after: Row) -> None:
    """An assignment that comes or goes changes what its user sees."""
    row = after or before
    user_id, set_id = row["AssigneeId"], row.get("PermissionSetId")
    found = scene.get(set_id)
    if found is None and after:
        raise Refuse.REQUIRED_MISSING(fields=("PermissionSetId",), names="PermissionSetId")
    if found is not None and found[1].get("IsOwnedByProfile"):
        raise Refuse.FIELD_INTEGRITY(fields=("PermissionSetId",), sentence=_OWN)
    if not before and len(_rows(scene, user_id, set_id)) > 1:
        facts = {"user15": user_id[:15], "set15": str(set_id)[:15]}
        raise Refuse.ASSIGNED_ALREADY(fields=("AssigneeId", "PermissionSetId"), **facts)
    scene.store.ready.drop(user_id)


def _rows(scene: Scene, user_id: str, set_id: Any) -> list[tuple[Any, ...]]:
    statement = 'SELECT "Id" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ? AND "PermissionSetId" = ?'
    return scene.store.rows(statement, (user_id, set_id))


def granted(scene: Scene, before: Row, after: Row) -> None:
    """A right that is given or taken changes what all users with its permission set see."""
    set_id = (after or before)["ParentId"]
    found = scene.get(set_id)
    if found is not None and found[1].get("IsOwnedByProfile"):
        raise Refuse.FIELD_INTEGRITY(fields=("ParentId",), sentence=_OWN)
    if after and "PermissionsCreate" in after:
        _check_implied(after)
    _show_anew(scene, set_id)


def written(scene: Scene, _: Row, after: Row) -> None:
    """The user permissions of a permission set stand in its own row."""
    if after:
        _show_anew(scene, after["Id"])


_SPOKEN = {"viewAll": "View All", "modifyAll": "Modify All"}


def _check_implied(row: Row) -> None:
    """Raise the refusal of a right without those that it cannot do without (documented: object permissions)."""
    held = {word for word, column in COLUMNS.items() if row.get(column)}
    for word in sorted(held):
        missing = ", ".join(_right(each, row) for each in sorted(IMPLIED[word] - held))
        if missing:
            sentence = f"Permission {_right(word, row)} depends on permission(s): {missing}"
            raise Refuse.FIELD_INTEGRITY(sentence=sentence)


def _right(word: str, row: Row) -> str:
    return f"{_SPOKEN.get(word, word.title())} {row['SobjectType']}"


def _show_anew(scene: Scene, set_id: str) -> None:
    statement = 'SELECT "AssigneeId" FROM "PermissionSetAssignment" WHERE "PermissionSetId" = ?'
    for (user_id,) in scene.store.rows(statement, (set_id,)):
        scene.store.ready.drop(user_id)


def own_set(scene: Scene, before: Row, after: Row) -> None:
    """A user has the permission set behind their profile."""
    kind = scene.schema.get("PermissionSetAssignment")
    if kind is None or not after or before.get("ProfileId") == after.get("ProfileId"):
        return
    statement = 'SELECT "Id" FROM "PermissionSet" WHERE "ProfileId" = ?'
    sets = {profile: scene.first(statement, profile) for profile in (before.get("ProfileId"), after.get("ProfileId"))}
    own = sets[after.get("ProfileId")]
    if own is None:
        return
    held = _rows(scene, after["Id"], sets[before.get("ProfileId")])
    if held:
        scene.store.update(kind, held[0][0], {"PermissionSetId": own, "SystemModstamp": scene.now})
    else:
        number = scene.store.next_number(str(kind.key_prefix))
        row = {"Id": make_id(str(kind.key_prefix), number), "SystemModstamp": scene.now, "IsActive": 1}
        scene.store.insert(kind, row | {"AssigneeId": after["Id"], "PermissionSetId": own, "IsRevoked": 0})
