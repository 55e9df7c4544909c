"""Addresses and locations: fields without a column, written from their components."""

from collections.abc import Mapping
from typing import Any

from mocksf.schema.model import Field, SObject
from mocksf.values import wire_value

ADDRESS_PARTS = (
    ("city", "City"),
    ("country", "Country"),
    ("geocodeAccuracy", "GeocodeAccuracy"),
    ("latitude", "Latitude"),
    ("longitude", "Longitude"),
    ("postalCode", "PostalCode"),
    ("state", "State"),
    ("street", "Street"),
)
"""The keys of an address object and how the names of their component fields end."""


def compound_parts(sobject: SObject, field: Field) -> tuple[tuple[str, Field], ...]:
    """The component fields of an address or location, by the key that each has in the written object."""
    named: tuple[tuple[str, str], ...]
    if field.type == "location":
        root = field.name.removesuffix("__c")
        named = (("latitude", f"{root}__Latitude__s"), ("longitude", f"{root}__Longitude__s"))
    else:
        root = field.name.removesuffix("Address")
        named = tuple((key, f"{root}{ending}") for key, ending in ADDRESS_PARTS)
    return tuple((key, part) for key, name in named if (part := sobject.get(name)) is not None)


def wire_compound(sobject: SObject, field: Field, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """An address or location from the stored values of its components; None when all (of a location: any) are empty."""
    written = {key: wire_value(part, row[part.name]) for key, part in compound_parts(sobject, field)}
    empty = [value is None for value in written.values()]
    return None if (any(empty) if field.type == "location" else all(empty)) else written
