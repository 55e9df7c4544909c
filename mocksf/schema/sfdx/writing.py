"""A schema tree as the files of a source tree: an SFDX project that can be deployed, and imported again."""

import re
from collections.abc import Iterator, Mapping
from itertools import starmap
from typing import Any
from urllib.parse import quote

from mocksf.schema.changes import CHANGES
from mocksf.schema.model import Schema
from mocksf.schema.sfdx.access import access_files
from mocksf.schema.sfdx.others import STANDARD_VALUE_SETS

ROOT = "force-app/main/default"
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
PROJECT = '{\n  "packageDirectories": [{ "path": "force-app", "default": true }],\n  "sourceApiVersion": "66.0"\n}\n'

Tree = Mapping[str, Any]
Content = dict[str, Any]
"""Elements by tag; a list is one element for each item, a mapping an element with others below."""


def project_files(schema: Schema, tree: Tree) -> Iterator[tuple[str, str]]:
    """The path and text of every file. Users, key prefixes and ids of record types have no place in metadata."""
    yield "sfdx-project.json", PROJECT
    for name, said in tree.get("valueSets", {}).items():
        yield _file(f"globalValueSets/{name}", "globalValueSet", "GlobalValueSet", _global_value_set(said))
    for name, said in tree.get("objects", {}).items():
        yield from _object_files(schema, name, said)
    yield from _standard_value_sets(schema, tree.get("objects", {}))
    for kind, tag, name, content in access_files(tree):
        yield _file(f"{kind}s/{name}", kind, tag, content)
    for name, rules in tree.get("assignmentRules", {}).items():
        content = {"assignmentRule": [_assignment_rule(name, each) for each in rules]}
        yield _file(f"assignmentRules/{name}", "assignmentRules", "AssignmentRules", content)
    if "leadConversion" in tree:
        content = {"objectMapping": [*starmap(_lead_mapping, tree["leadConversion"].items())]}
        path = "LeadConvertSettings/LeadConvertSettings"
        yield _file(path, "LeadConvertSetting", "LeadConvertSettings", content)


def _file(path: str, kind: str, tag: str, content: Content) -> tuple[str, str]:
    lines = [*_lines(content, 1)]
    text = "\n".join(
        ('<?xml version="1.0" encoding="UTF-8"?>', f'<{tag} xmlns="{NAMESPACE}">', *lines, f"</{tag}>", "")
    )
    return f"{ROOT}/{path}.{kind}-meta.xml", text


def _lines(content: Content, depth: int) -> Iterator[str]:
    indent = "    " * depth
    for tag, value in content.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield f"{indent}<{tag}>"
                yield from _lines(each, depth + 1)
                yield f"{indent}</{tag}>"
            elif each is not None:
                yield f"{indent}<{tag}>{_text(each)}</{tag}>"


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


def _text(value: Any) -> str:
    """A value as the text of an element, without the characters that XML cannot hold."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return _NO_XML.sub("", text)


# -- objects -----------------------------------------------------------------------------------------------------------


def _object_files(schema: Schema, name: str, said: Tree) -> Iterator[tuple[str, str]]:
    folder = f"objects/{name}"
    yield _file(f"{folder}/{name}", "object", "CustomObject", _object(schema, name, said))
    for field, settings in said.get("fields", {}).items():
        if field.endswith("__c"):
            yield _file(f"{folder}/fields/{field}", "field", "CustomField", _field(field, settings))
        elif changes := _changes(settings):
            yield _file(f"{folder}/fields/{field}", "field", "CustomField", {"fullName": field, **changes})
    for rule, each in said.get("validationRules", {}).items():
        yield _file(f"{folder}/validationRules/{rule}", "validationRule", "ValidationRule", {"fullName": rule, **each})
    for kind, each in said.get("recordTypes", {}).items():
        yield _file(f"{folder}/recordTypes/{kind}", "recordType", "RecordType", _record_type(kind, each))
    yield from _duplicate_files(name, said.get("duplicateRules", {}))
    for record, each in said.get("records", {}).items():
        yield _file(f"customMetadata/{name.removesuffix('__mdt')}.{record}", "md", "CustomMetadata", _record(each))


_NO_METADATA = frozenset({"fields", "validationRules", "recordTypes", "duplicateRules", "records", "keyPrefix"})


def _object(schema: Schema, name: str, said: Tree) -> Content:
    content = {_RENAMED.get(tag, tag): value for tag, value in said.items() if tag not in _NO_METADATA}
    sobject = schema.get(name)
    if sobject is not None and sobject.custom and name.endswith("__c"):
        content = {"deploymentStatus": "Deployed", "sharingModel": _sharing(said), **content}
    return content


_RENAMED = {"labelPlural": "pluralLabel"}


def _sharing(said: Tree) -> str:
    details = any(each.get("type") == "MasterDetail" for each in said.get("fields", {}).values())
    return "ControlledByParent" if details else "ReadWrite"


def _record_type(name: str, said: Tree) -> Content:
    defaults = said.get("defaults", {})
    values = [
        {
            "picklist": picklist,
            "values": [{"fullName": quote(each), "default": each == defaults.get(picklist)} for each in offered],
        }
        for picklist, offered in said.get("picklists", {}).items()
    ]
    plain = {tag: said[tag] for tag in ("description", "label") if tag in said}
    content = {"fullName": name, "active": said.get("active", True), **plain}
    return {**content, "picklistValues": values} if values else content


def _record(said: Tree) -> Content:
    values = [{"field": field, "value": value} for field, value in said.get("values", {}).items()]
    return {"label": said["label"], "protected": False, **({"values": values} if values else {})}


# -- fields ------------------------------------------------------------------------------------------------------------

_VALUE_TAGS = {"value": "fullName", "active": "isActive"}
_IN_VALUE_SET = frozenset({"values", "valueSet", "sorted", "restricted", "controllingField", "valueSettings"})


def _changes(settings: Tree) -> Content:
    """What an own file may say of a standard field; values have files of their own."""
    kept = {"label", "inlineHelpText", *CHANGES} - {
        "values",
        "addValues",
        "hidden",
        "createable",
        "updateable",
        "filterable",
    }
    return {tag: value for tag, value in settings.items() if tag in kept}


def _field(name: str, settings: Tree) -> Content:
    content: Content = {"fullName": name}
    for tag, value in settings.items():
        if tag not in _IN_VALUE_SET and tag not in {"defaultValue", "defaultFormula"}:
            content[tag] = value
    if "defaultFormula" in settings:
        content["defaultValue"] = settings["defaultFormula"]
    elif "defaultValue" in settings:
        content |= _default(settings)
    if "values" in settings or "valueSet" in settings:
        content["valueSet"] = _value_set(settings)
    return content


def _default(settings: Tree) -> Content:
    """A default as the formula that gives it; that of a picklist is marked on its value."""
    value = settings["defaultValue"]
    if settings["type"] in {"Picklist", "MultiselectPicklist"}:
        return {}
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return {"defaultValue": f'"{quoted}"'}
    return {"defaultValue": value}


def _value_set(settings: Tree) -> Content:
    content: Content = {tag: settings[tag] for tag in ("controllingField", "restricted") if tag in settings}
    if "valueSet" in settings:
        content["valueSetName"] = settings["valueSet"]
    else:
        values = _values(settings["values"], settings.get("defaultValue"))
        content["valueSetDefinition"] = {"sorted": settings.get("sorted", False), "value": values}
    content["valueSettings"] = [
        {"controllingFieldValue": list(names), "valueName": value}
        for value, names in settings.get("valueSettings", {}).items()
    ]
    return content


def _values(values: list[Any], default: str | None = None) -> list[Content]:
    return [_value(each if isinstance(each, dict) else {"value": each}, default) for each in values]


def _value(said: Tree, default: str | None) -> Content:
    content = {_VALUE_TAGS.get(tag, tag): value for tag, value in said.items()}
    marked = content.get("default", False) if default is None else content["fullName"] == default
    return {**content, "default": marked, "label": content.get("label", content["fullName"])}


def _global_value_set(said: Tree) -> Content:
    plain = {tag: said[tag] for tag in ("description",) if tag in said}
    return {
        **plain,
        "masterLabel": said["label"],
        "sorted": said.get("sorted", False),
        "customValue": _values(said["values"]),
    }


def _standard_value_sets(schema: Schema, objects: Tree) -> Iterator[tuple[str, str]]:
    """The value sets of standard picklists whose values were changed, with all that they have now."""
    for name, places in STANDARD_VALUE_SETS.items():
        for place in places:
            owner, _, field_name = place.partition(".")
            said = objects.get(owner, {}).get("fields", {}).get(field_name, {})
            sobject = schema.get(owner)
            field = sobject.get(field_name) if sobject else None
            if field is None or not ("values" in said or "addValues" in said):
                continue
            told = {each["value"]: each for each in _told(said)}
            values = [
                told.get(each.value, {"value": each.value, "label": each.label}) | {"default": each.default}
                for each in field.picklist_values
            ]
            content: Content = {"sorted": False, "standardValue": _values(values)}
            yield _file(f"standardValueSets/{name}", "standardValueSet", "StandardValueSet", content)
            break


def _told(said: Tree) -> list[Content]:
    values = [*said.get("values", ()), *said.get("addValues", ())]
    return [dict(each) if isinstance(each, dict) else {"value": each} for each in values]


# -- rules -------------------------------------------------------------------------------------------------------------


def _duplicate_files(owner: str, rules: Tree) -> Iterator[tuple[str, str]]:
    """Each duplicate rule with a matching rule of its own name."""
    for name, said in rules.items():
        content: Content = {
            "actionOnInsert": said["actionOnInsert"],
            "actionOnUpdate": said["actionOnUpdate"],
            "alertText": said.get("alertText"),
            "duplicateRuleMatchRules": {"matchRuleSObjectType": owner, "matchingRule": name},
            "isActive": said["active"],
            "masterLabel": said.get("label"),
        }
        yield _file(f"duplicateRules/{owner}.{name}", "duplicateRule", "DuplicateRule", content)
    if rules:
        matching = [
            {
                "fullName": name,
                "label": name,
                "matchingRuleItems": [
                    {
                        "blankValueBehavior": "NullNotAllowed",
                        "fieldName": each["field"],
                        "matchingMethod": each["method"],
                    }
                    for each in said["matchFields"]
                ],
                "ruleStatus": "Active",
            }
            for name, said in rules.items()
        ]
        yield _file(f"matchingRules/{owner}", "matchingRule", "MatchingRules", {"matchingRules": matching})


def _lead_mapping(target: str, fields: Tree) -> Content:
    pairs = [{"inputField": name, "outputField": to} for name, to in fields.items()]
    return {"inputObject": "Lead", "mappingFields": pairs, "outputObject": target}


def _assignment_rule(owner: str, rule: Tree) -> Content:
    return {
        "fullName": rule["name"],
        "active": rule["active"],
        "ruleEntry": [
            {
                "assignedTo": each["owner"],
                "assignedToType": "User",
                "criteriaItems": [
                    {"field": f"{owner}.{field}", "operation": "equals", "value": value}
                    for field, value in each.get("when", {}).items()
                ],
            }
            for each in rule["entries"]
        ],
    }
