"""Field values: a table of codecs that check a JSON value, store it, and write it back as the org does.

Sentences and formats: facts on SOQL and model, §2.5 and §5.2. A value of the wrong JSON type is refused as the org's
parser refuses it (`NotReadable`, which learns its line and column from whoever holds the text of the body).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.ids import normalise_id
from mocksf.schema.model import Field, SObject

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1700, 4000
"""The years that dates may lie in (facts on SOQL §1.9)."""

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_DATETIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?Z?")
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*\.)+[A-Za-z][A-Za-z0-9\-]*")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")

_PARSER_TYPES = {"boolean": "boolean", "int": "int", "date": "date", "datetime": "datetime", "time": "time"}
_TOKENS: dict[type, str] = {str: "STRING", bool: "", int: "NUMBER_INT", float: "NUMBER_FLOAT"}


class NotReadable(Refusal):
    """A JSON value that the org's parser cannot read as the field's type; `at` says where it stands in the body."""

    def __init__(self, field: Field, value: Any) -> None:
        self._facts = _parser_facts(field, value)
        self.field = field
        self.value = value
        super().__init__(self._situation, self._sentence(1, 1))

    @property
    def _situation(self) -> Refuse:
        return Refuse.BAD_JSON_START if self._facts["token"] in {"OBJECT", "ARRAY"} else Refuse.BAD_JSON_VALUE

    def _sentence(self, line: int, column: int) -> str:
        return self._situation.value.sentence.format(**self._facts, line=line, column=column)

    def at(self, line: int, column: int) -> "NotReadable":
        """The same refusal, naming the place of the value in the request's body."""
        self.message = self._sentence(line, column)
        self.args = (self.message,)
        return self


def _parser_facts(field: Field, value: Any) -> dict[str, str]:
    kind = _PARSER_TYPES.get(field.type, "double" if field.type in {"double", "currency", "percent"} else "string")
    if isinstance(value, dict):
        return {"type": kind, "token": "OBJECT", "value": "{"}
    if isinstance(value, list):
        return {"type": kind, "token": "ARRAY", "value": "["}
    shown = str(value).lower() if isinstance(value, bool) or value is None else str(value)
    token = shown.upper() if isinstance(value, bool) or value is None else _TOKENS[type(value)]
    return {"type": kind, "token": token, "value": shown}


# -- in ----------------------------------------------------------------------------------------------------------------


def store_value(field: Field, value: Any) -> Any:
    """A JSON value in its stored form; None for empty.

    Raises a Refusal with the org's sentence: wrong JSON type, too long, outside the range, no email address, not a
    value of a restricted picklist, no id.
    """
    if value is None:
        return 0 if field.type == "boolean" else None
    return _STORE[field.type](field, value)


def _text(field: Field, value: Any) -> str | None:
    if type(value) is not str:
        raise NotReadable(field, value)
    text = value.strip()
    if not text:
        return None
    if len(text) > field.length:
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
    number = value if type(value) is int else _decimal(field, value)
    if number is None:
        return None
    if number != int(number):
        raise NotReadable(field, value)
    if abs(number) >= 10 ** (field.digits or 9):
        raise _out_of_range(field, value)
    return int(number)


def _double(field: Field, value: Any) -> int | None:
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
    if abs(scaled) >= 10 ** (field.precision or 18):
        raise _out_of_range(field, value)
    return scaled


def _date(field: Field, value: Any) -> str | None:
    if type(value) is not str:
        raise NotReadable(field, value)
    text = value.strip()
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if not found or (len(text) > 10 and _instant(text) is None):
        raise NotReadable(field, value)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise NotReadable(field, value) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotReadable(field, value)
    return day.isoformat()


def _datetime(field: Field, value: Any) -> int | None:
    if type(value) is not str:
        raise NotReadable(field, value)
    text = value.strip()
    if not text:
        return None
    instant = _instant(text)
    if instant is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise NotReadable(field, value)
    # Seconds are kept, milliseconds are not (facts on model, §5.2).
    return milliseconds(instant.replace(microsecond=0))


def _instant(text: str) -> datetime | None:
    """The instant of an ISO text with zone, or None."""
    found = _DATETIME.fullmatch(text)
    if not found:
        return None
    try:
        return datetime.fromisoformat(found[1] + found[2]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _time(field: Field, value: Any) -> int | None:
    if type(value) is not str:
        raise NotReadable(field, value)
    text = value.strip()
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if not found:
        raise NotReadable(field, value)
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise NotReadable(field, value)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0"))


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


def _compound(field: Field, value: Any) -> Any:
    raise NotReadable(field, value)


_STORE: dict[str, Callable[[Field, Any], Any]] = {
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
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "id": _reference,
    "reference": _reference,
    "base64": _text,
    "anyType": _text,
    "complexvalue": _text,
    "address": _compound,
    "location": _compound,
}


# -- out ---------------------------------------------------------------------------------------------------------------


def wire_value(field: Field, stored: Any) -> Any:
    """A stored value as JSON: whole doubles as floats (written `23.0`), instants with `+0000`."""
    write = _WIRE.get(field.type)
    return stored if write is None or stored is None else write(field, stored)


def _wire_number(field: Field, stored: int) -> float:
    return float(stored / 10**field.scale) if field.scale else float(stored)


@lru_cache(maxsize=8192)
def datetime_text(stored: int) -> str:
    """Stored milliseconds as the org writes an instant: `2011-07-07T00:37:00.000+0000`."""
    instant = EPOCH + timedelta(milliseconds=stored)
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{stored % 1000:03d}+0000"


def time_text(stored: int) -> str:
    """Stored milliseconds of the day as the org writes a time: `23:59:00.000Z`."""
    seconds, milli = divmod(stored, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milli:03d}Z"


_WIRE: dict[str, Callable[[Field, Any], Any]] = {
    "boolean": lambda _, stored: bool(stored),
    "double": _wire_number,
    "currency": _wire_number,
    "percent": _wire_number,
    "datetime": lambda _, stored: datetime_text(stored),
    "time": lambda _, stored: time_text(stored),
}

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


def milliseconds(instant: datetime) -> int:
    """An instant as stored."""
    return (instant - EPOCH) // timedelta(milliseconds=1)
