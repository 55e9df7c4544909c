"""The kinds of value that a formula knows, and how stored values become such values and back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any

from mocksf.moments import EPOCH, milliseconds
from mocksf.schema.model import Field

TEXT_MAX = 1300
"""How many characters of a text formula are kept (describe of formula fields: length 1300)."""


class Kind(Enum):
    """What a formula's expression is; the value is the word for it in an error."""

    NUMBER = "a number"
    TEXT = "a text"
    BOOLEAN = "true or false"
    DATE = "a date"
    DATETIME = "a date with time"
    TIME = "a time"
    PICKLIST = "a picklist"
    MULTIPICKLIST = "a multi-select picklist"
    NULL = "nothing"


_KINDS = {
    **dict.fromkeys(("int", "double", "currency", "percent"), Kind.NUMBER),
    **dict.fromkeys(("string", "textarea", "combobox", "phone", "email", "url", "id", "reference"), Kind.TEXT),
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "datetime": Kind.DATETIME,
    "time": Kind.TIME,
    "picklist": Kind.PICKLIST,
    "multipicklist": Kind.MULTIPICKLIST,
}


def kind_of(field: Field) -> Kind | None:
    """What a field is to a formula; None where formulas cannot use it (addresses, locations, encrypted text)."""
    return _KINDS.get(field.type)


def common(one: Kind, other: Kind) -> Kind | None:
    """What two expressions are when either may be the result; None where they do not go together."""
    if one is other or other is Kind.NULL:
        return one
    return other if one is Kind.NULL else None


Convert = Callable[[Any], Any]


def _day(stored: str) -> date:
    return date.fromisoformat(stored)


def _instant(stored: int) -> datetime:
    return EPOCH + timedelta(milliseconds=stored)


def _clock(stored: int) -> time:
    return (EPOCH + timedelta(milliseconds=stored)).time()


def _short(stored: str) -> str:
    """Formulas see ids with 15 characters; CASESAFEID gives the long form (documented)."""
    return stored[:15]


_READERS: dict[str, Convert] = {
    "boolean": bool,
    "int": Decimal,
    "date": _day,
    "datetime": _instant,
    "time": _clock,
    "id": _short,
    "reference": _short,
}


def reader(field: Field) -> Convert | None:
    """What turns a stored value (not None) into a formula's; None where they are the same."""
    if field.type in {"double", "currency", "percent"}:
        places = _places(field)
        return lambda stored: Decimal(stored).scaleb(-places)
    return _READERS.get(field.type)


def _places(field: Field) -> int:
    """How many digits stand behind the point in a formula: 33 percent are 0.33."""
    return field.scale + (2 if field.type == "percent" else 0)


def _milliseconds_of(value: time) -> int:
    return milliseconds(datetime.combine(EPOCH.date(), value, UTC))


def _second(value: datetime) -> int:
    return milliseconds(value.replace(microsecond=0))


_WRITERS: dict[str, Convert] = {
    "boolean": int,
    "date": date.isoformat,
    "datetime": _second,
    "time": _milliseconds_of,
}


def writer(field: Field) -> Convert:
    """What turns a formula's value into the stored one of a calculated field: rounded half up, cut to its length."""
    if kind_of(field) is Kind.NUMBER:
        return lambda value: _scaled(field, value)
    if field.type in _WRITERS:
        convert = _WRITERS[field.type]
        return lambda value: (0 if field.type == "boolean" else None) if value is None else convert(value)
    return lambda value: (value or "")[: field.length or TEXT_MAX] or None


def _scaled(field: Field, value: Decimal | None) -> int | None:
    """None also for a number that has more digits than the field: it shows `#Error!` (assumed)."""
    if value is None or value.adjusted() > 20:
        return None
    scaled = int(value.scaleb(_places(field)).to_integral_value(rounding=ROUND_HALF_UP))
    return scaled if abs(scaled) < 10 ** (field.precision or field.digits or 18) else None
