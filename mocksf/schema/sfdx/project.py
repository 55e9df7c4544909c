"""A whole project as one schema source: its files joined, what an org here cannot have left out and noted."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from mocksf.schema.custom_fields import ELSEWHERE
from mocksf.schema.draft import ACTIVITIES, Draft
from mocksf.schema.names import SchemaError
from mocksf.schema.places import Sourced
from mocksf.schema.sfdx import access, others
from mocksf.schema.sfdx.documents import Document, read_documents
from mocksf.schema.sfdx.elements import Element, read_element
from mocksf.schema.sfdx.objects import OWN_FILES, PARTS, object_tree

Tree = dict[str, Any]


def read_project(draft: Draft, path: Path) -> Tree:
    """The tree of a schema source that a project amounts to. Adds notes to the draft; raises SchemaError."""
    documents, passed = read_documents(path)
    if not documents:
        message = f"{path}: no metadata of objects in it (looked for objects/*/*.object-meta.xml and objects/*.object)"
        raise SchemaError(message)
    notes: list[str] = []
    tree = documents_tree(draft, documents, notes)
    if passed:
        kinds = ", ".join(f"{count} in {folder}" for folder, count in passed.most_common(8))
        notes.append(f"{path.name}: {sum(passed.values())} files say nothing about objects: {kinds}")
    draft.notes.extend(notes)
    return tree


def documents_tree(draft: Draft, documents: Iterable[Document], notes: list[str]) -> Tree:
    """The tree that files amount to; what of them is passed over is added to the notes. Raises SchemaError."""
    tree: Tree = {
        "valueSets": {},
        "objects": {},
        "profiles": {},
        "permissionSets": {},
        "users": {},
        "assignmentRules": {},
        "leadConversion": {},
        "$matching": {},
        "$duplicates": {},
    }
    for document in documents:
        _READERS[document.kind](document, read_element(document.path, document.content), tree, notes)
    others.join_duplicates(tree, notes)
    tree["users"] = _new_users(draft, tree["users"])
    tree["objects"] = _possible(draft, tree["objects"], notes)
    return {part: content for part, content in tree.items() if content}


Reader = Callable[[Document, Element, Tree, list[str]], None]


def _object(document: Document, element: Element, tree: Tree, notes: list[str]) -> None:
    read = object_tree(element, document.name, notes)
    known = tree["objects"].get(document.name, {})
    tree["objects"][document.name] = _merged(known, read)


def _merged(known: Mapping[str, Any], read: Sourced) -> Sourced:
    """Fields and rules may have come before the object's own file."""
    both = {part: {**known.get(part, {}), **read.get(part, {})} for part in known}
    return Sourced({**read, **both}, read.file, read.path)


def _part(document: Document, element: Element, tree: Tree, notes: list[str]) -> None:
    part, read = PARTS[OWN_FILES[document.kind]]
    owner = tree["objects"].setdefault(document.owner, {})
    owner.setdefault(part, {})[document.name] = read(element, document.name, notes)


def _other(read: Callable[[Element, str, Tree, list[str]], None]) -> Reader:
    return lambda document, element, tree, notes: read(element, document.name, tree, notes)


_READERS: Mapping[str, Reader] = {
    "object": _object,
    **dict.fromkeys(OWN_FILES, _part),
    "globalValueSet": _other(others.global_value_set),
    "standardValueSet": _other(others.standard_value_set),
    "matchingRule": _other(others.matching_rules),
    "duplicateRule": _other(others.duplicate_rule),
    "assignmentRules": _other(others.assignment_rules),
    "LeadConvertSetting": _other(others.lead_mapping),
    "md": _other(others.metadata_record),
    "profile": _other(access.profile),
    "permissionset": _other(access.permission_set),
}


def _new_users(draft: Draft, users: Mapping[str, Tree]) -> list[Tree]:
    known = {each.username.lower() for each in draft.seeds.users}
    return [each for username, each in users.items() if username.lower() not in known]


# -- what is possible here ---------------------------------------------------------------------------------------------


def _possible(draft: Draft, objects: Mapping[str, Tree], notes: list[str]) -> Tree:
    """The objects without standard ones that this org lacks, and without what refers to those."""
    there = {name.lower() for name in (*draft.names, *objects) if draft.get(name) or "__" in name or name == "Activity"}
    kept: Tree = {}
    for name, each in objects.items():
        if name.lower() not in there:
            notes.append(f"objects/{name}: this org has no such standard object; passed over")
            continue
        fields = each.get("fields", {})
        each["fields"] = {
            field: said for field, said in fields.items() if _is_possible(draft, name, field, said, there, notes)
        }
        if not each["fields"]:
            del each["fields"]
        kept[name] = each
    return kept


def _is_possible(draft: Draft, owner: str, name: str, said: Sourced, there: set[str], notes: list[str]) -> bool:
    if "type" not in said and not _has_field(draft, owner, name):
        notes.append(f"{said.file}: this org has no standard field {owner}.{name}; passed over")
        return False
    target = said.get("referenceTo")
    if target is not None and target.lower() not in there and "__" not in target and target not in ELSEWHERE:
        notes.append(f"{said.file}: {owner}.{name} refers to {target}, which this org has not; passed over")
        return False
    return True


def _has_field(draft: Draft, owner: str, name: str) -> bool:
    owners = ACTIVITIES if owner == "Activity" else (owner,)
    return all((sobject := draft.get(each)) is not None and sobject.get(name) is not None for each in owners)
