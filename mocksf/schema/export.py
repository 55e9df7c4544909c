"""A schema as a source: what it has beyond the standard objects, in the form that a YAML source has."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from mocksf.schema.access import access_tree
from mocksf.schema.definitions import DuplicateRule, RecordType, ValidationRule, ValueSet
from mocksf.schema.derived import derived_changes, derived_settings
from mocksf.schema.draft import ACTIVITIES
from mocksf.schema.model import Field, Schema, SObject
from mocksf.schema.seeds import AssignmentRule, UserSeed
from mocksf.schema.standard import default_schema

Tree = dict[str, Any]


def schema_tree(schema: Schema) -> Tree:
    """The source that gives this schema when it is loaded over the standard objects.

    What a describe of a real org says of standard fields beyond that (a length, a flag) is not told.
    """
    tree: Tree = {
        "features": sorted(schema.features),
        "valueSets": {each.name: _value_set(each) for each in schema.value_sets},
        "objects": _objects(schema),
        **access_tree(schema.seeds),
        "users": [_user(each) for each in schema.seeds.users],
        "assignmentRules": _assignment_rules(schema.seeds.assignment_rules),
        "leadConversion": {name: dict(fields) for name, fields in schema.seeds.lead_mapping.items()},
    }
    return {part: content for part, content in tree.items() if content}


def as_yaml(tree: Tree) -> str:
    """The text of a YAML source."""
    text: str = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110)
    return text


def _objects(schema: Schema) -> Tree:
    """Objects in the order of their key prefixes, the order in which they were made."""
    objects: Tree = {}
    shared = _shared_fields(schema)
    if shared:
        objects["Activity"] = {"fields": {each.name: _settings(schema, schema["Task"], each) for each in shared}}
    hidden = frozenset(each.name for each in shared)
    for sobject in sorted(schema, key=lambda each: (each.custom, each.key_prefix or "")):
        content = dict(_object(schema, sobject, hidden if sobject.name in ACTIVITIES else frozenset()))
        if content or sobject.custom:
            objects[sobject.name] = content
    return objects


def _shared_fields(schema: Schema) -> list[Field]:
    """The custom fields that tasks and events have in common: those of Activity."""
    task, event = (schema.get(each) for each in ACTIVITIES)
    if task is None or event is None:
        return []
    return [each for each in task.fields if each.custom and _is_own(each) and event.get(each.name) is not None]


def _object(schema: Schema, sobject: SObject, shared: frozenset[str]) -> Iterator[tuple[str, Any]]:
    if sobject.custom:
        yield from _new_object(sobject)
    yield from ((name, said) for name, said in sobject.source.items() if name not in _OWN)
    usual = default_schema(schema.features).get(sobject.name)
    lacking = [each.name for each in usual.fields if sobject.get(each.name) is None] if usual is not None else []
    fields: Tree = {each: {"hidden": True} for each in lacking}
    for each in sobject.fields:
        if each.name not in shared and (settings := _settings(schema, sobject, each, usual)):
            fields[each.name] = settings
    parts = {
        "fields": fields,
        "recordTypes": {each.developer_name: _record_type(each) for each in sobject.record_types},
        "validationRules": {each.name: _validation_rule(each) for each in sobject.validation_rules},
        "duplicateRules": {each.name: _duplicate_rule(each) for each in sobject.duplicate_rules},
        "records": {each.developer_name: _record(each.label, each.values) for each in sobject.records},
    }
    yield from ((name, content) for name, content in parts.items() if content)


_OWN = frozenset({"label", "labelPlural", "keyPrefix", "nameField"})


def _new_object(sobject: SObject) -> Iterator[tuple[str, Any]]:
    yield "label", sobject.label
    yield "labelPlural", sobject.label_plural
    yield "keyPrefix", sobject.key_prefix
    name = sobject.get("Name")
    if name is None or sobject.flags.get("customSetting"):
        return
    said = sobject.source.get("nameField")
    if said is None:
        said = {"type": "AutoNumber" if name.auto_number else "Text", "label": name.label}
        said |= {"displayFormat": name.extra.get("displayFormat", "{0}")} if name.auto_number else {}
    yield "nameField", said


def _is_own(field: Field) -> bool:
    """Whether a source made the field; the parts of a location are made with it."""
    return field.custom and not field.name.endswith("__s")


def _settings(schema: Schema, sobject: SObject, field: Field, usual: SObject | None = None) -> Tree:
    """What a source says of a field, or what it would have to say."""
    if field.source:
        return dict(field.source)
    if _is_own(field):
        return derived_settings(schema, sobject, field)
    known = usual.get(field.name) if usual is not None else None
    return {} if known is None or known is field else derived_changes(known, field)


def _some(content: Mapping[str, Any]) -> Tree:
    """Without what says nothing."""
    return {name: value for name, value in content.items() if value not in (None, {}, [])}


def _record_type(kind: RecordType) -> Tree:
    return _some(
        {
            "id": kind.record_type_id,
            "label": kind.label,
            "active": None if kind.active else False,
            "default": True if kind.default else None,
            "description": kind.description,
            "picklists": {name: list(values) for name, values in kind.picklists.items()},
            "defaults": dict(kind.defaults),
        }
    )


def _validation_rule(rule: ValidationRule) -> Tree:
    return _some(
        {
            "active": rule.active,
            "description": rule.description,
            "errorConditionFormula": rule.condition,
            "errorDisplayField": rule.error_field,
            "errorMessage": rule.message,
        }
    )


def _duplicate_rule(rule: DuplicateRule) -> Tree:
    return _some(
        {
            "active": rule.active,
            "label": rule.label,
            "actionOnInsert": rule.on_insert,
            "actionOnUpdate": rule.on_update,
            "alertText": rule.alert,
            "matchFields": [{"field": field, "method": method} for field, method in rule.match_fields],
        }
    )


def _record(label: str, values: Mapping[str, Any]) -> Tree:
    return {"label": label, **({"values": dict(values)} if values else {})}


def _value_set(found: ValueSet) -> Tree:
    said = {"label": found.label, "description": found.description, "sorted": found.sorted or None}
    return {**_some(said), "values": [dict(each) for each in found.values]}


def _user(user: UserSeed) -> Tree:
    names = {"username": user.username, "firstName": user.first_name, "lastName": user.last_name}
    sets = [*user.permission_sets] or None
    active = None if user.active else False
    return _some({**names, "profile": user.profile, "permissionSets": sets, "active": active})


def _assignment_rules(rules: tuple[AssignmentRule, ...]) -> Tree:
    by_object: dict[str, list[Tree]] = {}
    for rule in rules:
        entries = [{**({"when": dict(each.when)} if each.when else {}), "owner": each.owner} for each in rule.entries]
        said = {"name": rule.name, "active": rule.active, "entries": entries}
        by_object.setdefault(rule.sobject, []).append(said)
    return dict(by_object)
