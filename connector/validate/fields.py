"""Checks of one intent beside its field: may it be written, is it of the right type, are its values the field's own."""

import re
from collections.abc import Callable, Iterator, Mapping

from connector.config.records import CHATTER, shape_of
from connector.config.words import Hint
from connector.names import nearest
from connector.transforms import YIELDS
from connector.validate.finding import Code, Finding
from connector.validate.view import Target

_TEXTS = frozenset({"string", "textarea", "combobox", "encryptedstring"})
FITS: Mapping[Hint, frozenset[str]] = {
    "text": _TEXTS | {"phone", "url"},
    "picklist": _TEXTS | {"picklist", "multipicklist"},
    "multipicklist": frozenset({"multipicklist"}),
    "checkbox": frozenset({"boolean"}),
    "integer": frozenset({"int", "double", "currency", "percent"}),
    "number": frozenset({"double", "currency", "percent"}),
    "currency": frozenset({"currency", "double"}),
    "percent": frozenset({"percent", "double"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"datetime"}),
    "time": frozenset({"time"}),
    "phone": _TEXTS | {"phone"},
    "email": _TEXTS | {"email"},
    "url": _TEXTS | {"url"},
    "reference": frozenset({"reference"}),
}
"""Which field types take each kind of value (facts, SOQL and model §5.2)."""

KEEP_TEXTS = _TEXTS | {"phone", "url"}
"""Field types that keep whatever text they are given, as the org was seen to do (the central law's property test)."""
WRITTEN_AS_TEXT: frozenset[Hint] = frozenset(
    {"multipicklist", "date", "datetime", "time", "phone", "email", "url", "reference"}
)
"""Kinds of value that JSON carries as a text."""

LONG_ENOUGH = 80
"""A text field of at least so many characters takes what is said in a turn without a remark."""

WORDY = frozenset({"picklist", "multipicklist", "text"})
"""The hints that a value map makes sense for: its values are texts."""


def writable(target: Target) -> Iterator[Finding]:
    """A field that only the org may write, or that may be set only once: an upsert does both."""
    field, mapping = target.field, target.mapping
    if not mapping.writes or mapping.sobject in CHATTER:
        return
    reason = next((why for flag, why in _REASONS if getattr(field, flag)), "")
    if not field.createable and not field.updateable:
        sentence = (
            f"{mapping.target} cannot be written{reason or ' by this user (field-level security, or a system field)'}"
        )
        yield Code.FIELD_READ_ONLY.at(target.path(), sentence)
    elif not field.createable or not field.updateable:
        lacking = "created" if field.updateable else "updated"
        sentence = f"{mapping.target} cannot be written when a record is {lacking}, and a delivery may do either"
        yield Code.FIELD_READ_ONLY.at(target.path(), sentence)


_REASONS = (("calculated", ": it is a formula or roll-up"), ("auto_number", ": the org numbers it by itself"))


def owned(target: Target) -> Iterator[Finding]:
    """A field that the connector itself sets on every record: its key, and its links."""
    shape = shape_of(target.config, target.mapping.sobject)
    ours = {(shape.key or "").casefold(), *(link.casefold() for link in shape.links)}
    ours |= {"whoid", "whatid"} if shape.sobject == "Task" else set()
    if target.mapping.writes and target.field.name.casefold() in ours:
        sentence = f"{target.mapping.target} is set by the connector, to find and to link the record; map another field"
        yield Code.FIELD_OWNED.at(target.path(), sentence)


def type_fits(target: Target) -> Iterator[Finding]:
    """A hint that the field's type does not take; and the short form, where its name tells less than the org does."""
    mapping, field = target.mapping, target.field
    if field.type not in FITS[target.hint] and _kept_as_text(target):
        sentence = f"{mapping.target} keeps a {target.hint} as text: it is not checked, sorted or counted as one"
        yield Code.TYPE_AS_TEXT.at(target.path("type"), sentence)
    elif field.type not in FITS[target.hint]:
        takes = sorted(hint for hint, types in FITS.items() if field.type in types)
        advice = f"it takes {', '.join(takes)}" if takes else "no intent can write this type"
        sentence = f"{mapping.target} is of type {field.type}, the intent is {target.hint}: {advice}"
        yield Code.TYPE_MISMATCH.at(target.path("type"), sentence, None if len(takes) != 1 else takes[0])
    elif mapping.hint_guessed and field.type not in FITS[mapping.hint]:
        sentence = (
            f"by its name {mapping.target} would be {mapping.hint}; the org says {field.type}, and is asked"
            f" for it at start; `type: {target.hint}` says it outright"
        )
        yield Code.TYPE_FROM_ORG.at(target.path(), sentence, target.hint)


def _kept_as_text(target: Target) -> bool:
    """Whether nothing is lost although the field is of another type; an unrestricted picklist grows a new value."""
    field = target.field
    open_list = field.type == "picklist" and not field.restricted_picklist
    return target.hint in WRITTEN_AS_TEXT and (field.type in KEEP_TEXTS or open_list)


def transform_fits(target: Target) -> Iterator[Finding]:
    """A transform that cannot give the kind of value that the hint announces."""
    transform = target.mapping.transform
    if target.hint not in YIELDS[transform]:
        gives = ", ".join(sorted(YIELDS[transform]))
        sentence = f"the transform {transform} gives {gives}, and {target.mapping.target} is written as {target.hint}"
        yield Code.TRANSFORM_MISFIT.at(target.path("transform"), sentence)


def values_are_texts(target: Target) -> Iterator[Finding]:
    """A value map on a field that takes no words."""
    if target.mapping.values and target.hint not in WORDY:
        sentence = (
            f"a value map gives words, and {target.mapping.target} is written as {target.hint}; leave `values` out"
        )
        yield Code.VALUES_UNUSED.at(target.path("values"), sentence)


def values_exist(target: Target) -> Iterator[Finding]:
    """Mapped values that the picklist does not have: refused where it is restricted, else a new value is made."""
    field = target.field
    if field.type not in ("picklist", "multipicklist"):
        return
    code = Code.VALUE_UNKNOWN if field.restricted_picklist else Code.VALUE_UNLISTED
    for word, value in target.mapping.values.items():
        for each in value.split(";") if field.type == "multipicklist" else (value,):
            if each not in field.active_values:
                inactive = any(choice.value == each for choice in field.choices)
                reason = "is no longer active in" if inactive else "is not a value of"
                sentence = f'"{each}" {reason} {target.mapping.target}{_offers(field.active_values)}'
                yield code.at(target.path("values", word), sentence, nearest(each, field.active_values))


def short_form_names_a_value(target: Target) -> Iterator[Finding]:
    """A picklist without a value map, where no active value is named like the intent (design §8.5)."""
    field = target.field
    mapping = target.mapping
    if field.type != "picklist" or mapping.values or not mapping.writes or target.hint != "picklist":
        return
    title = re.sub(r"[_.-]+", " ", mapping.intent).title()
    if title not in field.active_values:
        sentence = (
            f'an intent without a value of its own would write "{title}", which is not an active value of'
            f" {mapping.target}{_offers(field.active_values)}"
        )
        yield Code.VALUE_MISSING.at(target.path(), sentence, nearest(title, field.active_values))


def value_depends(target: Target) -> Iterator[Finding]:
    """A dependent picklist: whether a value is allowed is decided by another field of the record."""
    controller = target.field.dependent_on
    if controller and target.mapping.writes:
        sentence = (
            f"which values {target.mapping.target} takes depends on {controller}; map that field in the same turn"
        )
        yield Code.VALUE_DEPENDS.at(target.path(), sentence)


def lengths_hold(target: Target) -> Iterator[Finding]:
    """Values and lengths that are longer than the field."""
    field, mapping = target.field, target.mapping
    given = target.config.fields[mapping.intent]
    if not field.length or field.type in ("reference", "multipicklist"):
        return
    for word, value in mapping.values.items():
        if len(value) > field.length:
            sentence = f"the value has {len(value)} characters, and {mapping.target} holds {field.length}"
            yield Code.VALUE_TOO_LONG.at(target.path("values", word), sentence)
    if given.max_length and given.max_length > field.length:
        sentence = f"max_length is {given.max_length}, and {mapping.target} holds {field.length}"
        yield Code.LENGTH_OVERSTATED.at(target.path("max_length"), sentence, str(field.length))
    if target.hint == "text" and not mapping.values and field.length < LONG_ENOUGH and mapping.writes:
        fate = "cut" if mapping.on_overflow == "truncate" else "refused"
        sentence = f"{mapping.target} holds {field.length} characters; longer texts are {fate}"
        yield Code.TEXT_MAY_OVERFLOW.at(target.path(), sentence)


def digits_hold(target: Target) -> Iterator[Finding]:
    """More digits promised than the field has room for."""
    given, room = target.config.fields[target.mapping.intent].max_digits, target.field.whole_digits
    if given and room is not None and given > room:
        sentence = f"max_digits is {given}, and {target.mapping.target} has room for {room} digits before the point"
        yield Code.DIGITS_OVERSTATED.at(target.path("max_digits"), sentence, str(room))


def can_be_empty(target: Target) -> Iterator[Finding]:
    """`only_if_empty` on a checkbox, which is never empty, so that nothing would ever be written."""
    if target.mapping.update_mode == "only_if_empty" and target.field.type == "boolean":
        sentence = f"{target.mapping.target} is a checkbox and never empty: with only_if_empty it is never written"
        yield Code.NEVER_EMPTY.at(target.path("update_mode"), sentence, "overwrite")


def _offers(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:8]) + (", …" if len(values) > 8 else "")
    return f" (it has {shown})" if values else ""


FIELD_CHECKS: tuple[Callable[[Target], Iterator[Finding]], ...] = (
    writable,
    owned,
    type_fits,
    transform_fits,
    values_are_texts,
    values_exist,
    short_form_names_a_value,
    value_depends,
    lengths_hold,
    digits_hold,
    can_be_empty,
)
