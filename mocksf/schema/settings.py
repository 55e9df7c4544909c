"""What a source says about a field, checked attribute by attribute for its own kind."""

from collections.abc import Callable, Mapping
from typing import Any

from mocksf.schema.definitions import FilterItem, LookupFilter
from mocksf.schema.field_types import DELETE_CONSTRAINTS, KEPT, MASK_TYPES, MASKS
from mocksf.schema.picklists import read_value_settings, read_values
from mocksf.schema.places import Place

OPERATIONS = (
    *("equals", "notEqual", "lessThan", "greaterThan", "lessOrEqual", "greaterOrEqual"),
    *("contains", "notContain", "startsWith", "includes", "excludes", "within"),
)
"""FilterOperation of the Metadata API."""


def read_filter_items(place: Place) -> tuple[FilterItem, ...]:
    """The conditions of a filter."""
    return tuple(_filter_item(each) for each in place.items())


def _filter_item(place: Place) -> FilterItem:
    said = place.entries(("field", "operation", "value", "valueField"))
    for name in ("field", "operation"):
        if name not in said:
            place.refuse(f"a filter item needs a '{name}'")
    return FilterItem(
        field=said["field"].text(),
        operation=said["operation"].choice(OPERATIONS),
        value=str(said["value"].value) if said.get("value") and said["value"].value is not None else None,
        value_field=said["valueField"].text() if "valueField" in said else None,
    )


FILTER_NAMES = ("active", "booleanFilter", "errorMessage", "filterItems", "infoMessage", "isOptional")


def _lookup_filter(place: Place) -> LookupFilter:
    said = place.entries(FILTER_NAMES)
    if "filterItems" not in said:
        place.refuse("a lookup filter needs 'filterItems'")
    return LookupFilter(
        items=read_filter_items(said["filterItems"]),
        boolean_filter=said["booleanFilter"].text() if "booleanFilter" in said else None,
        optional=said["isOptional"].flag() if "isOptional" in said else False,
        active=said["active"].flag() if "active" in said else True,
        error_message=said["errorMessage"].text() if "errorMessage" in said else None,
        info_message=said["infoMessage"].text() if "infoMessage" in said else None,
    )


_WHOLE = {
    "length": (1, 131_072),
    "precision": (1, 18),
    "scale": (0, 17),
    "visibleLines": (2, 50),
    "startingNumber": (0, 10**9),
    "relationshipOrder": (0, 1),
}
_FLAGS = (
    *("required", "unique", "externalId", "caseSensitive", "restricted", "createable", "updateable", "filterable"),
    *("sorted", "hidden", "reparentableMasterDetail", "displayLocationInDecimal", "writeRequiresMasterRead"),
)
_TEXTS = (
    *("label", "inlineHelpText", "referenceTo", "relationshipName", "displayFormat", "valueSet", "controllingField"),
    *("formula", "summarizedField", "summaryForeignKey", "referenceTargetField", "defaultFormula"),
)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "deleteConstraint": DELETE_CONSTRAINTS,
    "formulaTreatBlanksAs": ("BlankAsBlank", "BlankAsZero"),
    "summaryOperation": ("count", "sum", "min", "max"),
    "maskChar": tuple(MASKS),
    "maskType": MASK_TYPES,
}


def _whole(name: str) -> Callable[[Place], Any]:
    least, most = _WHOLE[name]
    return lambda place: place.number(least, most)


def _choice(name: str) -> Callable[[Place], Any]:
    return lambda place: place.choice(_CHOICES[name])


_READERS: Mapping[str, Callable[[Place], Any]] = {
    **{name: lambda place: place.value for name in KEPT},
    **{name: _whole(name) for name in _WHOLE},
    **dict.fromkeys(_FLAGS, Place.flag),
    **dict.fromkeys(_TEXTS, Place.text),
    **{name: _choice(name) for name in _CHOICES},
    **dict.fromkeys(("values", "addValues"), read_values),
    "valueSettings": read_value_settings,
    "lookupFilter": _lookup_filter,
    "summaryFilterItems": read_filter_items,
}


def read_settings(place: Place, known: Mapping[str, Any] | tuple[str, ...]) -> dict[str, Any]:
    """The attributes of a field, each checked for its own kind; names outside `known` are errors."""
    return {name: _setting(name, each) for name, each in place.entries(known).items()}


def _setting(name: str, place: Place) -> Any:
    reader = _READERS.get(name)
    return place.value if reader is None else reader(place)


_TRUTHS = {"true": True, "false": False}
_FREE_TEXT = frozenset(
    (*_TEXTS, "description", "errorMessage", "infoMessage", "masterLabel", "pluralLabel", "fullName")
)
_FIGURES = frozenset((*_WHOLE, "probability"))


def plain_setting(name: str, text: str) -> Any:
    """A setting that a file can only hold as text: a number or a truth where it may be one, else the text."""
    if name in _FREE_TEXT:
        return text
    bare = text.strip()
    if name in _FIGURES and bare.isdecimal() and len(bare) < 12:
        return int(bare)
    return _TRUTHS.get(bare, bare)
