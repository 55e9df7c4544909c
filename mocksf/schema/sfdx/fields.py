"""A CustomField of the Metadata API as the settings of a source: other shapes, the same names."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mocksf.schema.changes import CHANGES
from mocksf.schema.field_types import COMMON, FIELD_TYPES
from mocksf.schema.places import Sourced
from mocksf.schema.settings import plain_setting
from mocksf.schema.sfdx.elements import Element

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
_QUOTED = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)\1""", re.DOTALL)
OF_NO_CONSEQUENCE = frozenset({"fullName", "type", "valueSet", "picklist", "defaultValue"})
"""Elements that are read in a way of their own."""


def plain_elements(element: Element) -> Iterator[tuple[str, Any]]:
    """The elements that hold a text, each as what its name makes of it: a number, true or false, or the text."""
    for each in element.below:
        if not each.below:
            yield each.tag, plain_setting(each.tag, each.text)


def sourced(element: Element, content: Mapping[str, Any]) -> Sourced:
    """Settings that remember which element of which file they are."""
    return Sourced(content, element.file, element.path)


def field_settings(element: Element, name: str, notes: list[str]) -> Sourced:
    """The settings of a custom field, or the changes of a standard one."""
    if not name.endswith("__c"):
        return sourced(element, dict(_allowed(element, name, CHANGES, notes)))
    type_name = element.said("type")
    kind = FIELD_TYPES.get(type_name)
    settings: dict[str, Any] = {"type": type_name}
    if kind is not None:  # what is no type is refused by whoever reads the settings
        settings |= dict(_allowed(element, name, (*COMMON, *kind.may), notes))
        settings |= _values(element)
        settings |= _default(element, type_name)
    return sourced(element, settings)


def _allowed(element: Element, name: str, known: tuple[str, ...], notes: list[str]) -> Iterator[tuple[str, Any]]:
    """The settings that such a field may have; others are noted unless they say no."""
    for each in element.below:
        tag = each.tag
        if tag in OF_NO_CONSEQUENCE:
            continue
        if tag in _STRUCTURES and tag in known:
            yield tag, _STRUCTURES[tag](element)
        elif tag in known and not each.below:
            yield tag, plain_setting(tag, each.text)
        elif each.text.strip() != "false":
            notes.append(f"{element.file}: {'.'.join(each.path)}: passed over for the field {name}")


# -- filters -----------------------------------------------------------------------------------------------------------


def _filter_items(element: Element, tag: str) -> list[dict[str, Any]]:
    return [sourced(each, {sub.tag: sub.text for sub in each.below}) for each in element.all(tag)]


def _lookup_filter(element: Element) -> dict[str, Any]:
    found = element.one("lookupFilter")
    assert found is not None, "whoever asks has seen it"
    plain = {name: value for name, value in plain_elements(found) if name != "filterItems"}
    return sourced(found, {**plain, "filterItems": _filter_items(found, "filterItems")})


_STRUCTURES: Mapping[str, Callable[[Element], Any]] = {
    "lookupFilter": _lookup_filter,
    "summaryFilterItems": lambda element: _filter_items(element, "summaryFilterItems"),
}


# -- values ------------------------------------------------------------------------------------------------------------

_VALUE_NAMES = {"label": "label", "color": "color", "description": "description", "isActive": "active"} | {
    name: name for name in ("default", "closed", "won", "probability", "forecastCategory", "converted", "highPriority")
}


def picklist_value(element: Element) -> Sourced:
    """One value: `fullName` is its name, and what is said elsewhere of `isActive` is its being active."""
    said: dict[str, Any] = {"value": element.said("fullName")}
    for name, value in plain_elements(element):
        if (name in _VALUE_NAMES and value not in (False, "")) or name == "isActive":
            said[_VALUE_NAMES[name]] = value
    if said.get("active") is True:
        del said["active"]
    if said.get("label") == said["value"]:
        del said["label"]
    return sourced(element, said)


def _values(element: Element) -> dict[str, Any]:
    """The values of a picklist: of its own, of a global value set, or in the form before API version 38."""
    old = element.one("picklist")
    if old is not None:
        return _defined(old, "picklistValues", {})
    found = element.one("valueSet")
    if found is None:
        return {}
    said: dict[str, Any] = {
        name: value for name, value in plain_elements(found) if name in {"restricted", "controllingField"} and value
    }
    by_value: dict[str, list[str]] = {}
    for each in found.all("valueSettings"):
        names = [sub.text for sub in each.all("controllingFieldValue")]
        by_value.setdefault(each.said("valueName"), []).extend(names)
    if by_value:
        said["valueSettings"] = by_value
    if found.one("valueSetName") is not None:
        said.pop("restricted", None)
        return {**said, "valueSet": found.said("valueSetName")}
    definition = found.one("valueSetDefinition")
    return said if definition is None else _defined(definition, "value", said)


def _defined(element: Element, tag: str, said: dict[str, Any]) -> dict[str, Any]:
    in_order = {"sorted": True} if element.said("sorted") == "true" else {}
    return {**said, **in_order, "values": [picklist_value(each) for each in element.all(tag)]}


def _default(element: Element, type_name: str) -> dict[str, Any]:
    """A default is a formula; where that is a mere literal it is known for what it is."""
    if element.one("defaultValue") is None or element.one("formula") is not None:
        return {}
    text = element.said("defaultValue").strip()
    if type_name == "Checkbox" and text in {"true", "false"}:
        return {"defaultValue": text == "true"}
    quoted = _QUOTED.fullmatch(text)
    literal = "defaultValue" in FIELD_TYPES[type_name].may
    if quoted and literal:
        return {"defaultValue": re.sub(r"\\(.)", r"\1", quoted[2])}
    if _NUMBER.fullmatch(text) and literal and type_name in {"Number", "Currency", "Percent"}:
        return {"defaultValue": float(text) if "." in text else int(text)}
    return {"defaultFormula": text} if text else {}
