"""The describe entry of a custom field, made from what a source says about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mocksf.schema.field_types import FIELD_TYPES, Settings, calculated
from mocksf.schema.picklists import described_values
from mocksf.schema.places import Place
from mocksf.schema.standard import byte_length, defaults_for

_SAME_NAME = ("unique", "externalId", "caseSensitive", "createable", "updateable", "filterable", "inlineHelpText")
_LENGTHS = {"Text": (1, 255), "LongTextArea": (256, 131_072), "Html": (256, 131_072), "EncryptedText": (1, 175)}
"""How long a text of each type may be; which type fits another length is said in the error."""


NO_CHANGES: Settings = MappingProxyType({})


def describe_custom(name: str, settings: Settings, place: Place, changes: Settings = NO_CHANGES) -> dict[str, Any]:
    """The describe entry of a custom field from its checked settings.

    `changes` are attributes that follow from other fields (what a roll-up adds up); references are added by the caller.
    """
    kind = FIELD_TYPES[settings["type"]]
    _check_length(settings, place)
    described_as = changes.get("type", kind.described_as)
    required = settings.get("required", False)
    field = defaults_for(name, described_as) | {
        "name": name,
        "label": settings.get("label", spoken(name)),
        "type": described_as,
        "custom": True,
        "permissionable": not required,
    }
    field |= kind.describe(settings)
    field |= {"nillable": False, "permissionable": False} if required else {}
    field |= {key: settings[key] for key in _SAME_NAME if key in settings}
    field |= changes
    field["idLookup"] = field["externalId"]
    field.setdefault("byteLength", byte_length(field["type"], field["length"]))
    if "values" in settings:
        field["picklistValues"] = described_values(settings["values"])
    return field | _defaulted(field, settings, place) | calculated(settings)


def _check_length(settings: Settings, place: Place) -> None:
    least, most = _LENGTHS.get(settings["type"], (0, 131_072))
    length = settings.get("length", most)
    if not least <= length <= most:
        other = "LongTextArea" if length > 255 else "Text"
        place.refuse(f"a {settings['type']} field has {least} to {most} characters, not {length}; use {other}")


def _defaulted(field: Mapping[str, Any], settings: Settings, place: Place) -> dict[str, Any]:
    """What a default value says in a describe: picklists and checkboxes name it, all others give a formula."""
    marked = [each["value"] for each in field.get("picklistValues", ()) if each["defaultValue"]]
    default = settings.get("defaultValue", marked[0] if marked else None)
    if "defaultFormula" in settings:
        return {"defaultValueFormula": settings["defaultFormula"], "defaultedOnCreate": True}
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
    return name.partition("__")[0].replace("_", " ")
