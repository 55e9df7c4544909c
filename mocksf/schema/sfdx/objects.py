"""Objects, rules and record types of the Metadata API as a schema source states them."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from mocksf.schema.custom_objects import KNOWN, NEW
from mocksf.schema.places import Sourced
from mocksf.schema.sfdx.elements import Element
from mocksf.schema.sfdx.fields import field_settings, plain_elements, sourced

_RENAMED = {"pluralLabel": "labelPlural"}
SILENT = frozenset(
    {
        *("actionOverrides", "listViews", "searchLayouts", "compactLayouts", "fieldSets", "webLinks"),
        *("businessProcesses", "indexes", "profileSearchLayouts", "sharingReasons", "sharingRecalculations"),
        *("fullName", "articleTypeChannelDisplay", "namedFilters", "dataStewardGroup", "dataStewardUser"),
    }
)
"""Parts of an object that say nothing about its data."""

Tree = dict[str, Any]


def object_tree(element: Element, name: str, notes: list[str]) -> Sourced:
    """An object's own settings, with the fields and rules that an archive keeps in the same file."""
    custom = "__" in name
    tree: Tree = {}
    for tag, value in plain_elements(element):
        ours = _RENAMED.get(tag, tag)
        if ours in (NEW if custom else KNOWN):
            tree[ours] = value
        elif tag not in SILENT and value is not False and tag not in PARTS and custom:
            notes.append(f"{element.file}: {element.tag}.{tag}: passed over")
    named = element.one("nameField")
    if named is not None and custom:
        tree["nameField"] = sourced(named, _name_field(named))
    for tag, (part, read) in PARTS.items():
        entries = {unquote(each.said("fullName")): each for each in element.all(tag)}
        if entries:
            tree[part] = {key: read(_named(each, key), key, notes) for key, each in entries.items()}
    return sourced(element, tree)


def _name_field(element: Element) -> Mapping[str, Any]:
    """A Name; what is said of an auto-number only goes for one."""
    said = dict(plain_elements(element))
    numbered = said.get("type") == "AutoNumber"
    return {key: value for key, value in said.items() if numbered or key not in {"displayFormat", "startingNumber"}}


def _named(element: Element, name: str) -> Element:
    """A part of a file, by its own name in errors."""
    element.path = (*element.path[:-1], f"{element.tag}[{name}]")
    return element


def validation_rule(element: Element, _: str, notes: list[str]) -> Sourced:
    """A ValidationRule."""
    known = ("active", "description", "errorConditionFormula", "errorDisplayField", "errorMessage")
    said = {tag: value for tag, value in plain_elements(element) if tag in known and value != ""}
    notes.extend(
        f"{element.file}: {'.'.join(each.path)}: passed over"
        for each in element.below
        if each.tag not in {*known, "fullName"} and each.text != "false"
    )
    return sourced(element, said)


def record_type(element: Element, _: str, __: list[str]) -> Sourced:
    """A RecordType with the values that it offers; their names are written as in a URL."""
    known = ("active", "label", "description", "businessProcess")
    said: Tree = {tag: value for tag, value in plain_elements(element) if tag in known and value != ""}
    picklists: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    for each in element.all("picklistValues"):
        name = each.said("picklist")
        picklists[name] = [unquote(value.said("fullName")) for value in each.all("values")]
        chosen = [value.said("fullName") for value in each.all("values") if value.said("default") == "true"]
        if chosen:
            defaults[name] = unquote(chosen[0])
    if picklists:
        said["picklists"] = picklists
    if defaults:
        said["defaults"] = defaults
    return sourced(element, said)


Read = Callable[[Element, str, list[str]], Sourced]

PARTS: Mapping[str, tuple[str, Read]] = {
    "fields": ("fields", field_settings),
    "validationRules": ("validationRules", validation_rule),
    "recordTypes": ("recordTypes", record_type),
}
"""What an archive keeps within an object's file, by element: where a source has it, and who reads it."""

OWN_FILES: Mapping[str, str] = {"field": "fields", "validationRule": "validationRules", "recordType": "recordTypes"}
"""Kinds of files of a source tree, and the elements that an archive has for them."""
