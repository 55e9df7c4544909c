"""Components that come to a schema or leave it: all of them at once, or one by one where some are refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mocksf.automation import outside
from mocksf.automation.referenced import check
from mocksf.evidence import Evidence
from mocksf.formula import FormulaError
from mocksf.schema.access import access_tree
from mocksf.schema.components import KINDS, OBJECT, Component, Key, components, source_tree
from mocksf.schema.custom_objects import KNOWN
from mocksf.schema.draft import Draft
from mocksf.schema.model import Schema
from mocksf.schema.names import SchemaError
from mocksf.schema.sfdx.documents import Document
from mocksf.schema.sfdx.project import documents_tree
from mocksf.schema.sources import changed_schema

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A deploy that keeps what it can saves each component by itself, those that it needs before it", Evidence.ASSUMED),
    ("What a formula or rule says beyond what is evaluated here is a warning of its component", Evidence.ASSUMED),
    ("A deployed permission set takes the place of its namesake, a profile is added to", Evidence.ASSUMED),
    ("The type of a field may change as long as its values can go", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one component."""

    kind: str
    full_name: str
    file_name: str
    created: bool = False
    changed: bool = False
    deleted: bool = False
    problem: str = ""
    failed: bool = False
    """Whether the problem is an error; a warning else."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted: components that come, and keys of those that go."""

    coming: tuple[Component, ...] = ()
    going: tuple[Key, ...] = ()


def changed(schema: Schema, change: Change) -> tuple[Schema, list[Outcome]]:
    """The schema with everything of a change that is possible, and what became of each component.

    Where all of it is possible together it is done together: objects that refer to each other may come in any order.
    """
    try:
        after = _applied(schema, change)
    except (SchemaError, FormulaError):
        return _one_by_one(schema, change)
    return after, _outcomes(schema, after, change, {})


def _one_by_one(schema: Schema, change: Change) -> tuple[Schema, list[Outcome]]:
    """As many as can be, again and again while another one more can: one may need what comes behind it."""
    singles = [Change(coming=(each,)) for each in sorted(change.coming, key=_order)]
    waiting = [*(Change(going=(each,)) for each in change.going), *singles]
    after, problems = schema, {}
    while waiting:
        left = []
        for each in waiting:
            try:
                after = _applied(after, each)
            except (SchemaError, FormulaError) as error:
                problems[_key(each)] = str(error)
                left.append(each)
        if len(left) == len(waiting):
            break
        waiting = left
    failed = {_key(each): problems[_key(each)] for each in waiting}
    return after, _outcomes(schema, after, change, failed)


_PLACES = {each.name: place for place, each in enumerate(KINDS)}


def _order(component: Component) -> tuple[int, str]:
    return (
        -1 if component.kind.name == "GlobalValueSet" else _PLACES.get(component.kind.name, 99)
    ), component.full_name


def _key(change: Change) -> Key:
    return change.coming[0].key if change.coming else change.going[0]


def _outcomes(before: Schema, after: Schema, change: Change, failed: Mapping[Key, str]) -> list[Outcome]:
    known, there = components(before), components(after)
    doubts = {each.what: each.why for each in outside(after)}
    found = []
    for each in change.coming:
        old, new = known.get(each.key), there.get(each.key)
        made = Outcome(each.kind.name, each.full_name, each.file_name, problem=doubts.get(each.full_name, ""))
        if each.key in failed:
            found.append(replace(made, problem=_plain(failed[each.key]), failed=True))
        else:
            same = old is not None and new is not None and old.inner() == new.inner()
            found.append(replace(made, created=old is None, changed=not same))
    for kind, name in change.going:
        made = Outcome(kind, name, "destructiveChanges.xml", deleted=(kind, name) not in failed)
        problem = _plain(failed.get((kind, name), ""))
        found.append(replace(made, problem=problem, failed=bool(problem)))
    return found


def _plain(problem: str) -> str:
    """An error without the place in a file that nobody here has."""
    return problem.rpartition("-meta.xml: ")[2]


# -- one change --------------------------------------------------------------------------------------------------------


def _applied(schema: Schema, change: Change) -> Schema:
    """The schema with all of a change. Raises SchemaError and FormulaError."""
    after = schema
    for key in change.going:
        after = _without(after, key)
    if change.coming:
        after = _with(after, change)
    check(schema, after)
    _check_formulas(schema, after)
    return after


def _with(schema: Schema, change: Change) -> Schema:
    """The schema with what comes."""
    _check_owners(schema, change)
    draft = Draft(schema)
    notes: list[str] = []
    tree = documents_tree(draft, [_document(each) for each in change.coming], notes)
    labels = _fitted(schema, tree)
    _add_to_profiles(schema, tree)
    after = changed_schema(schema, tree, "the deploy")
    after = _labelled(after, labels)
    _check_there(after, change, notes)
    return after


def _document(component: Component) -> Document:
    path, content = source_tree(component)
    kind = component.kind
    name = component.full_name.partition(".")[2] if kind.in_object else component.full_name
    return Document(path, kind.own or kind.suffix, name, content)


def _fitted(schema: Schema, tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Take out of a tree what cannot be said again of objects that are there; gives the labels that were said.

    Fields of a value set that changes are said again, so that they change with it.
    """
    labels = {}
    objects: dict[str, Any] = tree.get("objects", {})
    for name, said in objects.items():
        known = schema.get(name)
        if known is not None:
            labels[known.name] = {key: said[key] for key in ("label", "labelPlural") if key in said}
            for key in [key for key in said if key not in KNOWN]:
                del said[key]
    for sobject in schema:
        for field in sobject.fields:
            if field.source.get("valueSet") in tree.get("valueSets", {}):
                fields = tree.setdefault("objects", {}).setdefault(sobject.name, {}).setdefault("fields", {})
                fields.setdefault(field.name, dict(field.source))
    return labels


def _add_to_profiles(schema: Schema, tree: dict[str, Any]) -> None:
    """A profile that is deployed says what changes; what it said before and does not say now stays."""
    known: Mapping[str, Any] = access_tree(schema.seeds).get("profiles", {})
    for name, said in tree.get("profiles", {}).items():
        before = known.get(name, {})
        said |= {
            part: before[part] for part in ("basedOn", "label", "description") if part in before and part not in said
        }
        for part in ("objects", "fields"):
            said[part] = {**before.get(part, {}), **said.get(part, {})}
        now = said.get("permissions", [])
        named = {each.removeprefix("-") for each in now}
        left = [each for each in before.get("permissions", ()) if each.removeprefix("-") not in named]
        said["permissions"] = [*left, *now]


def _labelled(schema: Schema, labels: Mapping[str, Mapping[str, str]]) -> Schema:
    draft = Draft(schema)
    for name, said in labels.items():
        sobject = draft.get(name)
        if sobject is not None and sobject.custom and said:
            label = said.get("label", sobject.label)
            draft.change(name, label=label, label_plural=said.get("labelPlural", sobject.label_plural))
    return draft.finish() if any(labels.values()) else schema


def _check_owners(schema: Schema, change: Change) -> None:
    """Raise where a part comes to an object that is not there and does not come: it would be made on the way."""
    there = {each.full_name.lower() for each in change.coming if each.kind is OBJECT} | {"activity"}
    for each in change.coming:
        if each.kind.in_object and schema.get(each.owner) is None and each.owner.lower() not in there:
            message = f"no such object '{each.owner}'"
            raise SchemaError(message)


def _check_there(schema: Schema, change: Change, notes: Sequence[str]) -> None:
    """Raise where an object or field was passed over, as a project's import does with what this org has not."""
    for each in change.coming:
        sobject = schema.get(each.owner) if each.kind.in_object or each.kind is OBJECT else None
        if each.kind is OBJECT and sobject is None and each.full_name != "Activity":
            raise SchemaError(_noted(notes, f"objects/{each.full_name}", f"no such object '{each.full_name}'"))
        name = each.full_name.partition(".")[2]
        if each.kind.name == "CustomField" and sobject is not None and sobject.get(name) is None:
            raise SchemaError(_noted(notes, f"{name}.field-meta.xml", f"{each.owner} has no field '{name}'"))


def _noted(notes: Sequence[str], place: str, usual: str) -> str:
    found = next((each for each in notes if place in each and "this org has" in each), None)
    return usual if found is None else found.partition(": ")[2].removesuffix("; passed over")


def _check_formulas(before: Schema, after: Schema) -> None:
    """Raise where a new formula is wrong; one that is right and not evaluated here earns a warning later."""
    known = {each.what for each in outside(before)}
    for each in outside(after):
        if each.what not in known and _NOT_HERE not in each.why:
            raise SchemaError(each.why)


_NOT_HERE = "is not evaluated here"


# -- what goes ---------------------------------------------------------------------------------------------------------


def _without(schema: Schema, key: Key) -> Schema:
    kind, name = key
    if key not in components(schema):
        message = f"no {kind} named {name} found"
        raise SchemaError(message)
    if kind in {"CustomObject", "CustomField"}:
        return changed_schema(schema, {"deleted": [name]}, "the deploy")
    if kind not in _REMOVALS:
        message = f"a {kind} cannot be deleted"
        raise SchemaError(message)
    draft = Draft(schema)
    _REMOVALS[kind](draft, name)
    return draft.finish()


def _from_object(attribute: str, named: str) -> Callable[[Draft, str], None]:
    def remove(draft: Draft, name: str) -> None:
        owner, _, own = name.partition(".")
        sobject = draft.get(owner)
        assert sobject is not None, "the owner of a component is there"
        kept = tuple(each for each in getattr(sobject, attribute) if getattr(each, named) != own)
        draft.change(owner, **{attribute: kept})

    return remove


def _value_set(draft: Draft, name: str) -> None:
    del draft.value_sets[name]


def _permission_set(draft: Draft, name: str) -> None:
    kept = tuple(each for each in draft.seeds.permission_sets if each.name != name)
    draft.seeds = replace(draft.seeds, permission_sets=kept)


_REMOVALS: Mapping[str, Callable[[Draft, str], None]] = {
    "ValidationRule": _from_object("validation_rules", "name"),
    "RecordType": _from_object("record_types", "developer_name"),
    "DuplicateRule": _from_object("duplicate_rules", "name"),
    "GlobalValueSet": _value_set,
    "PermissionSet": _permission_set,
}
