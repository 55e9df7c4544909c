"""What an intent says, as the value that its field takes: a table of kinds, and the one place that calls it unfit."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connector.config.mapping import FieldMapping
from connector.config.words import Hint
from connector.describe import FieldDescribe
from connector.intents import Intent
from connector.messages import Json
from connector.names import nearest
from connector.settle import HINT_OF_TYPE
from connector.transforms import TRANSFORMS, transformed

DECIMALS = frozenset({"double", "currency", "percent"})
"""Field types with a number of decimals of their own."""
FURTHEST = (("Latitude", 90), ("Latitude__s", 90), ("Longitude", 180), ("Longitude__s", 180))
"""How a coordinate's field ends, and the degrees that it takes; its describe promises three digits."""
TEXTUAL = frozenset({"text", "url"})
"""Kinds that may be shortened where they are too long; any other would become something else."""


class Misfit(ValueError):
    """A value that its field would not take; the sentence says what it takes.

    It may repeat the value: it goes to whoever gave it, or sealed into the ledger, never into logs or alerts.
    """


@dataclass(frozen=True, slots=True)
class Fitted:
    """A value that fits its field, and whether it had to be shortened or rounded."""

    value: Json
    truncated: bool = False


def fitted(
    intent: Intent, mapping: FieldMapping, at: datetime, field: FieldDescribe | None, phone_region: str | None
) -> Fitted:
    """What is written for an intent said at `at`. Raises Misfit where nothing fits."""
    try:
        return _fitted(intent, mapping, at, field, phone_region)
    except Misfit:
        raise
    except ValueError as problem:
        raise Misfit(str(problem)) from None


def _fitted(
    intent: Intent, mapping: FieldMapping, at: datetime, field: FieldDescribe | None, phone_region: str | None
) -> Fitted:
    # What a describe says outweighs a hint that was guessed by name.
    kind = HINT_OF_TYPE.get(field.type, mapping.hint) if field and mapping.hint_guessed else mapping.hint
    if intent.value is None:
        value = _spoken(intent, mapping, kind, at)
    else:
        said = transformed(mapping.transform, intent.value, phone_region)
        value = mapping.values.get(said, said) if isinstance(said, str) else said
    return _measured(plain(KINDS[kind](value)), kind, mapping, field)


def plain(value: Json) -> Json:
    """A value that a composite takes as it stands.

    The org reads `@{` anywhere in a text as a reference to another part and knows no escape (REST §5.1): what somebody
    says on the phone must neither halt a turn nor point at a record. A space between the two marks keeps it readable.
    """
    return value.replace("@{", "@ {") if isinstance(value, str) else value


def _spoken(intent: Intent, mapping: FieldMapping, kind: Hint, at: datetime) -> Json:
    """What an intent without a value of its own says (design §8.5, short-form values)."""
    if intent.name in mapping.values:
        return mapping.values[intent.name]
    if kind not in SPOKEN:
        sentence = f"needs a value: {mapping.target} takes one of the kind {kind}"
        raise Misfit(sentence)
    return SPOKEN[kind](intent, at)


def _title(intent: Intent, _: datetime) -> str:
    return re.sub(r"[_.-]+", " ", intent.name).title()


SPOKEN: Mapping[str, Callable[[Intent, datetime], Json]] = {
    "datetime": lambda _, at: at.isoformat(),
    "date": lambda _, at: at.date().isoformat(),
    "time": lambda _, at: at.strftime("%H:%M:%S.000Z"),
    "checkbox": lambda *_: True,
    "picklist": _title,
    "multipicklist": _title,
    "text": _title,
}


def _text(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        sentence = f"must be a text, not {_shown(value)}"
        raise Misfit(sentence)
    if not str(value).strip():
        # The org takes blank for null, which would empty a field, and be refused where the field is required.
        sentence = "is blank; leave the intent out where nothing was said"
        raise Misfit(sentence)
    return str(value)


def _choices(value: Json) -> str:
    return ";".join(_text(each) for each in value) if isinstance(value, list) else _text(value)


def _flag(value: Json) -> bool:
    if not isinstance(value, bool):
        sentence = f"must be true or false, not {_shown(value)}; the transform yes_no reads words"
        raise Misfit(sentence)
    return value


def _number(value: Json) -> float | int:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        sentence = f"must be a number, not {_shown(value)}"
        raise Misfit(sentence)
    number = TRANSFORMS["number"](value, None)
    if not math.isfinite(number):
        sentence = f"must be a finite number, not {value}"
        raise Misfit(sentence)
    assert isinstance(number, int | float), "the transform gives a number"
    return number


def _integer(value: Json) -> int:
    number = _number(value)
    if number != int(number):
        sentence = f"must be a whole number, not {value}"
        raise Misfit(sentence)
    return int(number)


def _matching(pattern: str, what: str) -> Callable[[Json], str]:
    def check(value: Json) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            sentence = f"must be {what}, not {_shown(value)}"
            raise Misfit(sentence)
        return value

    return check


def _shown(value: Json) -> str:
    """What kind of thing was given; its content is nobody's business but the org's."""
    kinds = {bool: "a flag", str: "this text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "nothing")


KINDS: Mapping[str, Callable[[Any], Json]] = {
    "text": _text,
    "picklist": _text,
    "multipicklist": _choices,
    "checkbox": _flag,
    "integer": _integer,
    "number": _number,
    "currency": _number,
    "percent": _number,
    "date": lambda value: TRANSFORMS["iso_date"](value, None),
    "datetime": lambda value: TRANSFORMS["iso_datetime"](value, None),
    "time": _matching(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?Z?", "a time such as 14:05:00.000Z"),
    "phone": _matching(r".{1,40}", "a phone number of at most 40 characters"),
    "email": _matching(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+", "an e-mail address"),
    "url": _text,
    "reference": _matching(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?", "a record id of 15 or 18 characters"),
}
"""Kind → a check that gives the value as JSON carries it."""


def _measured(value: Json, kind: str, mapping: FieldMapping, field: FieldDescribe | None) -> Fitted:
    """The value against what the configuration and the org say about its field, where they say anything."""
    if field and kind == "picklist" and field.restricted_picklist and value not in field.active_values:
        hint = nearest(str(value), field.active_values)
        meant = f"; did you mean {hint!r}?" if hint else f"; it takes {', '.join(field.active_values[:12])}"
        sentence = f"{value!r} is no active value of {mapping.target}{meant}"
        raise Misfit(sentence)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _counted(value, mapping, field)
    longest = mapping.max_length or (field.length if field else 0)
    if not isinstance(value, str) or not longest or len(value) <= longest:
        return Fitted(value)
    if mapping.on_overflow == "truncate" and kind in TEXTUAL:
        return Fitted(value[:longest], truncated=True)
    sentence = f"has {len(value)} characters, {mapping.target} takes {longest}"
    raise Misfit(sentence)


def _counted(value: float, mapping: FieldMapping, field: FieldDescribe | None) -> Fitted:
    """A number with no more decimals than the field has: the org would round it without a word (half up)."""
    rounded = value if field is None or field.type not in DECIMALS else _rounded(value, field.scale)
    if rounded != value and mapping.on_overflow == "reject":
        sentence = f"has more decimals than {mapping.target} keeps ({field.scale if field else 0})"
        raise Misfit(sentence)
    furthest = next((limit for ending, limit in FURTHEST if field and field.name.endswith(ending)), None)
    if furthest is not None and abs(rounded) > furthest:
        sentence = f"is no place on earth: {mapping.target} takes -{furthest} to {furthest}"
        raise Misfit(sentence)
    rooms = (mapping.max_digits, field.whole_digits if field else None)
    digits = min((room for room in rooms if room is not None), default=None)
    if digits is not None and abs(rounded) >= 10**digits:
        sentence = f"is too large: {mapping.target} takes {digits} digits before the point"
        raise Misfit(sentence)
    return Fitted(rounded, truncated=rounded != value)


def _rounded(value: float, scale: int) -> float:
    if isinstance(value, int):
        return value
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
    return float(exact) if scale else int(exact)
