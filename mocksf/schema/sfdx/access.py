"""Profiles and permission sets of a project: objectPermissions, fieldPermissions and userPermissions."""

from collections.abc import Iterator, Mapping
from typing import Any

from mocksf.schema.grants import EDIT, EVERY, NONE, READ, with_implied
from mocksf.schema.sfdx.elements import Element
from mocksf.schema.sfdx.fields import sourced

PROFILE_FILES: Mapping[str, str] = {
    "Admin": "System Administrator",
    "Standard": "Standard User",
    "MinimumAccess": "Minimum Access - Salesforce",
}
"""The profiles of every org whose files have another name (the last one is assumed)."""

RIGHTS: Mapping[str, str] = {
    "allowCreate": "create",
    "allowDelete": "delete",
    "allowEdit": "edit",
    "allowRead": "read",
    "modifyAllRecords": "modifyAll",
    "viewAllRecords": "viewAll",
}

Tree = dict[str, Any]


def profile(element: Element, name: str, tree: Tree, _: list[str]) -> None:
    """A Profile."""
    said = _said(element)
    said["fields"] = dict(_fields(element))
    withheld = [f"-{name}" for name, enabled in _permissions(element) if not enabled]
    said["permissions"] = [*said["permissions"], *withheld]
    tree["profiles"][PROFILE_FILES.get(name, name)] = sourced(element, said)


def permission_set(element: Element, name: str, tree: Tree, _: list[str]) -> None:
    """A PermissionSet."""
    said = _said(element)
    said["fields"] = {field: level for field, level in _fields(element) if level != NONE}
    tree["permissionSets"][name] = sourced(element, said)


def _said(element: Element) -> Tree:
    said: Tree = {tag: element.said(tag) for tag in ("label", "description") if element.said(tag)}
    objects = {_needed(each, "object"): _rights(each) for each in element.all("objectPermissions")}
    return {
        **said,
        "objects": objects,
        "permissions": [name for name, enabled in _permissions(element) if enabled],
        # An org's files name hundreds of things that a schema here need not have.
        "partial": True,
    }


def _rights(element: Element) -> list[str]:
    return sorted(with_implied(right for flag, right in RIGHTS.items() if _flag(element, flag)))


def _fields(element: Element) -> Iterator[tuple[str, str]]:
    for each in element.all("fieldPermissions"):
        level = EDIT if _flag(each, "editable") else READ if _flag(each, "readable") else NONE
        yield _needed(each, "field"), level


def _permissions(element: Element) -> Iterator[tuple[str, bool]]:
    for each in element.all("userPermissions"):
        yield _needed(each, "name"), _flag(each, "enabled")


def _needed(element: Element, tag: str) -> str:
    text = element.said(tag).strip()
    if not text:
        element.refuse(f"a <{tag}> is missing")
    return text


def _flag(element: Element, tag: str) -> bool:
    text = element.said(tag, "false").strip()
    if text not in {"true", "false"}:
        element.refuse(f"<{tag}> is true or false, not '{text}'")
    return text == "true"


# -- writing -----------------------------------------------------------------------------------------------------------


def access_files(tree: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Tree]]:
    """Kind, root element, name and content of each file for the profiles and permission sets of a schema tree.

    What `basedOn` and wildcards say has no place in metadata.
    """
    files = {name: file for file, name in PROFILE_FILES.items()}
    for name, said in tree.get("profiles", {}).items():
        custom = name not in files
        yield "profile", "Profile", files.get(name, name), {**_written(said), "custom": custom}
    for name, said in tree.get("permissionSets", {}).items():
        yield "permissionset", "PermissionSet", name, {**_written(said), "label": said.get("label", name)}


def _written(said: Mapping[str, Any]) -> Tree:
    rights = {name: [] if words == "none" else words for name, words in said.get("objects", {}).items()}
    return {
        "description": said.get("description"),
        "fieldPermissions": [
            {"editable": level == EDIT, "field": name, "readable": level != NONE}
            for name, level in said.get("fields", {}).items()
            if EVERY not in name
        ],
        "objectPermissions": [
            {**{flag: right in words for flag, right in RIGHTS.items()}, "object": name}
            for name, words in rights.items()
            if name != EVERY
        ],
        "userPermissions": [
            {"enabled": not each.startswith("-"), "name": each.removeprefix("-")}
            for each in said.get("permissions", ())
        ],
    }
