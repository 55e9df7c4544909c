"""Field values: a table of codecs that check a JSON value, store it, and write it back as the org does.

Sentences and formats: facts on SOQL and model, §2.5 and §5.2. A value of the wrong JSON type is refused as the org's
parser refuses it (`NotReadable`, which learns its line and column from whoever holds the text of the body).
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.ids import normalise_id
from mocksf.moments import datetime_text, parse_date, parse_datetime, parse_time, time_text
from mocksf.moments import milliseconds as milliseconds
from mocksf.schema.model import Field
from mocksf.unreadable import NotReadable as NotReadable

_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*\.)+[A-Za-z][A-Za-z0-9\-]*")
COORDINATE_SCALE = 15
"""The scale of the standard objects' coordinates (facts on model, §5.2)."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")

Codec = Callable[[Field, Any], Any]

# -- in ----------------------------------------------------------------------------------------------------------------


def store_value(field: Field, value: Any) -> Any:
    """A JSON value in its stored form; None for empty.

    Raises a Refusal with the org's sentence: wrong JSON type, too long, outside the range, no email address, not a
    value of a restricted picklist, no id.
    """
    return blank_of(field) if value is None else codec_of(field)(field, value)


def blank_of(field: Field) -> int | None:
    """What null is stored as."""
    return 0 if field.type == "boolean" else None


def codec_of(field: Field) -> Codec:
    """What checks and stores a field's JSON values that are not null."""
    return _STORE.get(field.type, _text)


def _text(field: Field, value: Any) -> str | None:
    if type(value) is not str:
        raise NotReadable(field, value)
    text = value.strip()
    if "\0" in text:  # no database of ours holds it (dropping it is assumed); other control characters stay
        text = text.replace("\0", "").strip()
    if not text:
        return None
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise NotReadable(field, value)
    if len(text) > field.length > 0:
        raise Refuse.TOO_LONG(fields=(field.name,), label=field.label, value=text, length=field.length)
    return text


def _email(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    if text is not None and not _EMAIL.fullmatch(text):
        raise Refuse.BAD_EMAIL(fields=(field.name,), label=field.label, value=text)
    return text


def _picklist(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    if text is None:
        return None
    known = field.active_values.get(text.lower())
    if known is None and field.restricted_picklist:
        raise Refuse.BAD_PICKLIST_VALUE(fields=(field.name,), label=field.label, value=text)
    return known or text


def _multipicklist(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    if text is None:
        return None
    chosen = [each.strip() for each in text.split(";") if each.strip()]
    known = field.active_values
    for each in chosen:
        if field.restricted_picklist and each.lower() not in known:
            raise Refuse.BAD_PICKLIST_VALUE(fields=(field.name,), label=field.label, value=each)
    order = list(known.values())
    values = dict.fromkeys(known.get(each.lower(), each) for each in chosen)
    # Kept in the order in which the picklist defines its values, unknown ones behind them.
    return ";".join(sorted(values, key=lambda each: order.index(each) if each in order else len(order))) or None


def in_range(field: Field, stored: int) -> int:
    """A stored number that the org worked out itself. Raises OUT_OF_RANGE where its field has not the digits."""
    if abs(stored) >= 10 ** (field.precision or 18):
        raise _out_of_range(field, stored // 10**field.scale)
    return stored


_TRUTHS = {"true": 1, "false": 0}


def _boolean(field: Field, value: Any) -> int:
    if type(value) is bool:
        return int(value)
    if type(value) is str and value.strip().lower() in _TRUTHS:
        return _TRUTHS[value.strip().lower()]
    raise NotReadable(field, value)


def _decimal(field: Field, value: Any) -> Decimal | None:
    """A JSON number, or a string that holds one, exactly as written."""
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise NotReadable(field, value)
        return Decimal(text)
    if type(value) not in (int, float):
        raise NotReadable(field, value)
    number = Decimal(repr(value))
    if not number.is_finite():
        raise NotReadable(field, value)
    return number


def _out_of_range(field: Field, value: Any) -> Refusal:
    return Refuse.OUT_OF_RANGE(fields=(field.name,), label=field.label, value=value)


def _int(field: Field, value: Any) -> int | None:
    number = _decimal(field, value)
    if number is None:
        return None
    if number.adjusted() >= (field.digits or 9):
        raise _out_of_range(field, value)
    if number != int(number):
        raise NotReadable(field, value)
    return int(number)


def _double(field: Field, value: Any) -> int | None:
    scaled: int
    if type(value) is int:
        scaled = value * 10**field.scale
    else:
        number = _decimal(field, value)
        if number is None:
            return None
        if number.adjusted() > 18:
            raise _out_of_range(field, value)
        try:
            scaled = int(number.scaleb(field.scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        except InvalidOperation:
            raise _out_of_range(field, value) from None
    if abs(scaled) >= 10 ** (field.precision or 18) or abs(scaled) > _most(field.name, field.scale):
        raise _out_of_range(field, value)
    return scaled


@cache
def _most(name: str, scale: int) -> float:
    """How far from zero a number may lie: a coordinate is a number of degrees, known by its name and its scale."""
    ending = name.removesuffix("__s").lower()
    if ending != name.lower() or scale == COORDINATE_SCALE:
        for coordinate, degrees in _DEGREES.items():
            if ending.endswith(coordinate):
                return float(degrees * 10**scale)
    return float("inf")


_DEGREES = {"latitude": 90, "longitude": 180}


def _parsed(parse: Callable[[str], Any]) -> Callable[[Field, Any], Any]:
    """The codec of a type that is written as text and read by `parse`, which gives None for what it cannot read."""

    def codec(field: Field, value: Any) -> Any:
        if type(value) is not str:
            raise NotReadable(field, value)
        text = value.strip()
        if not text:
            return None
        stored = parse(text)
        if stored is None:
            raise NotReadable(field, value)
        return stored

    return codec


def _reference(field: Field, value: Any) -> str | None:
    if type(value) is not str:
        raise NotReadable(field, value)
    text = value.strip()
    if not text:
        return None
    record_id = normalise_id(text)
    if record_id is None:
        raise Refuse.MALFORMED_ID(fields=(field.name,), label=field.label, value=text)
    return record_id


def _base64(field: Field, value: Any) -> str | None:
    text = _text(field, value)
    if text is None:
        return None
    try:
        return b64encode(b64decode("".join(text.split()), validate=True)).decode()
    except ValueError:
        raise NotReadable(field, value) from None


def _compound(field: Field, value: Any) -> Any:
    raise NotReadable(field, value)


_STORE: dict[str, Codec] = {
    "string": _text,
    "textarea": _text,
    "encryptedstring": _text,
    "phone": _text,
    "url": _text,
    "combobox": _text,
    "email": _email,
    "picklist": _picklist,
    "multipicklist": _multipicklist,
    "boolean": _boolean,
    "int": _int,
    "double": _double,
    "currency": _double,
    "percent": _double,
    "date": _parsed(parse_date),
    "datetime": _parsed(parse_datetime),
    "time": _parsed(parse_time),
    "id": _reference,
    "reference": _reference,
    "base64": _base64,
    "anyType": _text,
    "complexvalue": _text,
    "address": _compound,
    "location": _compound,
}


# -- out ---------------------------------------------------------------------------------------------------------------

Writer = Callable[[Any], Any]


def wire_value(field: Field, stored: Any) -> Any:
    """A stored value as JSON: whole doubles as floats (written `23.0`), instants with `+0000`."""
    write = writer(field)
    return stored if write is None or stored is None else write(stored)


def writer(field: Field) -> Writer | None:
    """What turns a field's stored values (not None) into JSON; None where they are JSON already."""
    if field.type in {"double", "currency", "percent"}:
        return _scaled(10**field.scale)
    return _WIRE.get(field.type)


@cache
def _scaled(unit: int) -> Writer:
    return lambda stored: stored / unit


_WIRE: dict[str, Writer] = {"boolean": bool, "datetime": datetime_text, "time": time_text}
