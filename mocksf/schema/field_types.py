"""The metadata types of custom fields: what may be said about each, and how a describe shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.schema.from_describe import picklist_value
from mocksf.schema.places import Place
from mocksf.schema.standard import byte_length, defaults_for

Settings = Mapping[str, Any]
"""The checked attributes of a field, under their metadata names."""

_WHOLE = {"length": (1, 131_072), "precision": (1, 18), "scale": (0, 17), "visibleLines": (2, 50)}
_FLAGS = ("required", "unique", "externalId", "caseSensitive", "restricted", "createable", "updateable", "filterable")
_TEXTS = ("label", "inlineHelpText", "description", "referenceTo", "relationshipName", "displayFormat")
COMMON = ("type", "label", "description", "inlineHelpText", "required", "createable", "updateable", "filterable")
DELETE_CONSTRAINTS = ("SetNull", "Restrict", "Cascade")

_Describe = Callable[[Settings], dict[str, Any]]


@dataclass(frozen=True)
class FieldType:
    """One metadata type: its describe type, what may and must be said beside `COMMON`, and its describe attributes."""

    described_as: str
    may: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    describe: _Describe = lambda _: {}


def _text(settings: Settings) -> dict[str, Any]:
    return {"length": settings["length"], "groupable": True}


def _long_text(settings: Settings) -> dict[str, Any]:
    return {"length": settings.get("length", 32_768)}


def _html(settings: Settings) -> dict[str, Any]:
    return _long_text(settings) | {"htmlFormatted": True, "extraTypeInfo": "richtextarea"}


def _text_area(_: Settings) -> dict[str, Any]:
    comparable = dict.fromkeys(("filterable", "groupable", "sortable", "aggregatable"), True)
    return {"length": 255, **comparable}


def _number(settings: Settings) -> dict[str, Any]:
    return {"precision": settings.get("precision", 18), "scale": settings.get("scale", 0)}


def _picklist(settings: Settings) -> dict[str, Any]:
    return {"length": 255, "restrictedPicklist": settings.get("restricted", False)}


def _multipicklist(settings: Settings) -> dict[str, Any]:
    lines = settings.get("visibleLines", 4)
    return {
        "length": 4099,
        "byteLength": 4099,
        "precision": lines,
        "restrictedPicklist": settings.get("restricted", False),
    }


def _auto_number(settings: Settings) -> dict[str, Any]:
    return {
        "length": 30,
        "autoNumber": True,
        "nillable": False,
        "createable": False,
        "updateable": False,
        "defaultedOnCreate": True,
        "groupable": False,
        "displayFormat": settings.get("displayFormat", "{0}"),
    }


def _lookup(settings: Settings) -> dict[str, Any]:
    return {"restrictedDelete": settings.get("deleteConstraint") == "Restrict"}


def _master_detail(settings: Settings) -> dict[str, Any]:
    return {
        "nillable": False,
        "updateable": settings.get("reparentableMasterDetail", False),
        "cascadeDelete": True,
        "relationshipOrder": 0,
        "permissionable": False,
    }


_KEYED = ("unique", "externalId", "defaultValue")
_LINK = ("referenceTo", "relationshipName")

FIELD_TYPES: Mapping[str, FieldType] = {
    "Text": FieldType("string", ("length", "caseSensitive", *_KEYED), ("length",), _text),
    "TextArea": FieldType("textarea", ("defaultValue",), (), _text_area),
    "LongTextArea": FieldType("textarea", ("length", "visibleLines"), (), _long_text),
    "Html": FieldType("textarea", ("length", "visibleLines"), (), _html),
    "Checkbox": FieldType("boolean", ("defaultValue",)),
    "Date": FieldType("date"),
    "DateTime": FieldType("datetime"),
    "Time": FieldType("time"),
    "Number": FieldType("double", ("precision", "scale", *_KEYED), (), _number),
    "Currency": FieldType("currency", ("precision", "scale", "defaultValue"), (), _number),
    "Percent": FieldType("percent", ("precision", "scale", "defaultValue"), (), _number),
    "Phone": FieldType("phone", ("defaultValue",), (), lambda _: {"length": 40}),
    "Email": FieldType("email", ("unique", "externalId"), (), lambda _: {"length": 80}),
    "Url": FieldType("url", ("defaultValue",), (), lambda _: {"length": 255}),
    "Picklist": FieldType("picklist", ("values", "restricted", "defaultValue"), ("values",), _picklist),
    "MultiselectPicklist": FieldType(
        "multipicklist", ("values", "restricted", "visibleLines", "defaultValue"), ("values",), _multipicklist
    ),
    "AutoNumber": FieldType("string", ("displayFormat", "externalId"), (), _auto_number),
    "Lookup": FieldType("reference", (*_LINK, "deleteConstraint"), ("referenceTo",), _lookup),
    "MasterDetail": FieldType(
        "reference", (*_LINK, "reparentableMasterDetail"), ("referenceTo", "relationshipName"), _master_detail
    ),
    "Location": FieldType("location", ("scale", "displayLocationInDecimal")),
}
"""Every metadata type that a field of a source may have (names of the Metadata API)."""


def read_settings(place: Place, known: Mapping[str, Any] | tuple[str, ...]) -> dict[str, Any]:
    """The attributes of a field, each checked for its own kind; names outside `known` are errors."""
    return {name: _setting(name, each) for name, each in place.entries(known).items()}


def _setting(name: str, place: Place) -> Any:
    if name in _WHOLE:
        return place.number(*_WHOLE[name])
    if name in _FLAGS or name in {"reparentableMasterDetail", "displayLocationInDecimal", "hidden"}:
        return place.flag()
    if name in _TEXTS:
        return place.text()
    if name == "deleteConstraint":
        return place.choice(DELETE_CONSTRAINTS)
    if name in {"values", "addValues"}:
        return _values(place)
    return place.value


def _values(place: Place) -> tuple[dict[str, Any], ...]:
    values = tuple(read_value(each) for each in place.items())
    names = [each["value"].lower() for each in values]
    for each in values:
        if names.count(each["value"].lower()) > 1:
            place.refuse(f"the value '{each['value']}' stands here twice")
    return values


VALUE_NAMES = ("value", "label", "default", "active", "closed", "won", "probability", "forecastCategory", "converted")
"""What may be said about one value of a picklist: names of the Metadata API's StandardValue."""


def read_value(place: Place) -> dict[str, Any]:
    """One picklist value, written as its bare value or as a mapping."""
    if not isinstance(place.value, dict):
        return {"value": place.text()}
    entries = place.entries(VALUE_NAMES)
    if "value" not in entries:
        place.refuse("a picklist value needs a 'value'")
    value = {name: each.value for name, each in entries.items()}
    for name in ("default", "active", "closed", "won", "converted"):
        if name in entries:
            entries[name].flag()
    if "probability" in entries:
        entries["probability"].number(0, 100)
    return value | {"value": entries["value"].text()}


def described_values(values: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    """Picklist values as a describe's entries."""
    return [
        {
            "value": each["value"],
            "label": each.get("label", each["value"]),
            "active": each.get("active", True),
            "defaultValue": each.get("default", False),
        }
        for each in values
    ]


def describe_custom(name: str, settings: Settings, place: Place) -> dict[str, Any]:
    """The describe entry of a custom field from its checked settings (references are added by the caller)."""
    kind = FIELD_TYPES[settings["type"]]
    _check_length(settings, place)
    required = settings.get("required", False)
    field = defaults_for(name, kind.described_as) | {
        "name": name,
        "label": settings.get("label", spoken(name)),
        "type": kind.described_as,
        "custom": True,
        "permissionable": not required,
    }
    field |= kind.describe(settings)
    field |= {"nillable": False, "permissionable": False} if required else {}
    field |= {key: settings[key] for key in _SAME_NAME if key in settings}
    field["idLookup"] = field["externalId"]
    field.setdefault("byteLength", byte_length(field["type"], field["length"]))
    if "values" in settings:
        field["picklistValues"] = described_values(settings["values"])
    return field | _defaulted(field, settings, place)


_LENGTHS = {"Text": (1, 255), "LongTextArea": (256, 131_072), "Html": (256, 131_072)}
"""How long a text of each type may be; which type fits another length is said in the error."""


def _check_length(settings: Settings, place: Place) -> None:
    least, most = _LENGTHS.get(settings["type"], (0, 131_072))
    length = settings.get("length", most)
    if not least <= length <= most:
        other = "LongTextArea" if length > 255 else "Text"
        place.refuse(f"a {settings['type']} field has {least} to {most} characters, not {length}; use {other}")


_SAME_NAME = ("unique", "externalId", "caseSensitive", "createable", "updateable", "filterable", "inlineHelpText")


def _defaulted(field: Mapping[str, Any], settings: Settings, place: Place) -> dict[str, Any]:
    """What a default value says in a describe: picklists and checkboxes name it, all others give a formula."""
    marked = [each["value"] for each in field.get("picklistValues", ()) if each["defaultValue"]]
    default = settings.get("defaultValue", marked[0] if marked else None)
    if field["type"] == "boolean":
        if default not in (None, True, False):
            place.refuse("the default of a checkbox is true or false")
        return {"defaultValue": bool(default)}
    if default is None:
        return {}
    if field["type"] in {"picklist", "multipicklist"}:
        _check_default(field, default, place)
        values = [each | {"defaultValue": each["value"] == default} for each in field["picklistValues"]]
        return {"defaultValue": default, "defaultedOnCreate": True, "picklistValues": values}
    _check_literal(field, default, place)
    formula = f'"{default}"' if isinstance(default, str) else str(default)
    return {"defaultValueFormula": formula, "literalDefault": default, "defaultedOnCreate": True}


def _check_default(field: Mapping[str, Any], default: Any, place: Place) -> None:
    values = [each["value"] for each in field["picklistValues"]]
    if default not in values:
        place.refuse(f"the default '{default}' is none of the values {', '.join(values)}")


def _check_literal(field: Mapping[str, Any], default: Any, place: Place) -> None:
    """Whether a default fits its own field: text into its length, a number into its digits."""
    if field["soapType"] == "xsd:string":
        if type(default) is not str or not 0 < len(default.strip()) <= field["length"]:
            place.refuse(f"the default is a text of at most {field['length']} characters")
    elif type(default) not in (int, float) or abs(default) >= 10 ** (field["precision"] - field["scale"]):
        place.refuse(
            f"the default is a number of at most {field['precision'] - field['scale']} digits before the point"
        )


def spoken(name: str) -> str:
    """A label made of an API name: ``Demo_Requested_At__c`` gives ``Demo Requested At``."""
    return name.removesuffix("__c").replace("_", " ")


__all__ = ["COMMON", "FIELD_TYPES", "FieldType", "describe_custom", "picklist_value", "read_settings", "spoken"]
