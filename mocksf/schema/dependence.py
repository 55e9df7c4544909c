"""Dependent picklists: the bitmaps of a describe, and which values go with which controlling value."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable, Mapping, Sequence

from mocksf.schema.model import Field

CHECKBOX = ("false", "true")
"""The controlling values of a checkbox, in the order of their bits."""


def bitmap(chosen: Iterable[int]) -> str:
    """The base64 bitmap with these bits set, the first bit being the highest of the first byte.

    Always whole groups of three bytes, so that no `=` is ever needed (as the strings seen in public describes; assumed
    for the bit order: facts on SOQL and model, §5.3).
    """
    bits = sorted(chosen)
    size = (bits[-1] // 24 + 1) * 3 if bits else 3
    image = bytearray(size)
    for bit in bits:
        image[bit // 8] |= 0x80 >> bit % 8
    return b64encode(bytes(image)).decode()


def bits(text: str) -> frozenset[int]:
    """The bits that are set in a bitmap; none where it is no base64."""
    try:
        image = b64decode(text + "=" * (-len(text) % 4))
    except Error:
        return frozenset()
    return frozenset(at for at in range(len(image) * 8) if image[at // 8] & 0x80 >> at % 8)


def controlling_values(controller: Field) -> Sequence[str]:
    """The values of a controlling field in the order of their bits."""
    if controller.type == "boolean":
        return CHECKBOX
    return [each.value for each in controller.picklist_values]


def pairs(field: Field, controller: Field) -> Mapping[str, frozenset[str]]:
    """By casefolded controlling value, the casefolded values that go with it; one without a bitmap goes with all."""
    table: dict[str, set[str]] = {each.casefold(): set() for each in controlling_values(controller)}
    places = list(table)
    for value in field.picklist_values:
        chosen = bits(value.valid_for) if value.valid_for is not None else frozenset(range(len(places)))
        for at in chosen:
            if at < len(places):
                table[places[at]].add(value.value.casefold())
    return {key: frozenset(values) for key, values in table.items()}


def settings_of(field: Field, controller: Field) -> dict[str, list[str]]:
    """Which controlling values each value of a dependent picklist goes with: the `valueSettings` of a source."""
    names = controlling_values(controller)
    chosen = {each.value: bits(each.valid_for) for each in field.picklist_values if each.valid_for is not None}
    return {value: [names[at] for at in sorted(found) if at < len(names)] for value, found in chosen.items()}
