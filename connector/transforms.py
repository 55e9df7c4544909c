"""What may be done to an intent's value before it is written: one small function per word of the configuration."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, get_args

from connector.config.words import Hint, Transform
from connector.phones import e164

YES = frozenset({"yes", "y", "true", "on", "1", "confirmed", "correct"})
YEARS = range(1700, 4001)
"""The calendar years of a date field (facts, SOQL and model §1.9)."""
NO = frozenset({"no", "n", "false", "off", "0", "none", "denied"})


def transformed(name: Transform, value: Any, phone_region: str | None = None) -> Any:
    """The value after the named transform. Raises ValueError with a sentence where the value does not lend itself."""
    if name == "none" or value is None:
        return value
    return TRANSFORMS[name](value if not isinstance(value, str) else value.strip(), phone_region)


def _phone(value: Any, region: str | None) -> str:
    number = e164(str(value), region)
    if number is None:
        sentence = f"{value!r} is no phone number" + ("" if region else " with a country code")
        raise ValueError(sentence)
    return number


def _number(value: Any, _: str | None) -> float | int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    plain = re.sub(r"(?<=\d)[, _](?=\d{3}\b)", "", str(value))
    if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", plain):
        sentence = f"{value!r} is no number"
        raise ValueError(sentence)
    return float(plain) if "." in plain else int(plain)


def _integer(value: Any, region: str | None) -> int:
    number = _number(value, region)
    if number != int(number):
        sentence = f"{value!r} is no whole number"
        raise ValueError(sentence)
    return int(number)


def _yes_no(value: Any, _: str | None) -> bool:
    word = str(value).casefold().rstrip(".!")
    if word not in YES | NO:
        sentence = f"{value!r} is neither yes nor no"
        raise ValueError(sentence)
    return word in YES


def _moment(value: Any) -> date:
    text = value.isoformat() if isinstance(value, date) else str(value)
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2026-01-31") else date.fromisoformat(text)
    except ValueError:
        sentence = f"{value!r} is no date in ISO form (2026-01-31 or 2026-01-31T14:05:00Z)"
        raise ValueError(sentence) from None
    if moment.year not in YEARS:
        sentence = f"{value!r} is outside the years that Salesforce keeps, {YEARS.start} to {YEARS.stop - 1}"
        raise ValueError(sentence)
    return moment


def _iso_date(value: Any, _: str | None) -> str:
    moment = _moment(value)
    return (moment.date() if isinstance(moment, datetime) else moment).isoformat()


def _iso_datetime(value: Any, _: str | None) -> str:
    moment = _moment(value)
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        sentence = f"{value!r} is no instant: it needs a time and a zone, as in 2026-01-31T14:05:00Z"
        raise ValueError(sentence)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


TRANSFORMS: Mapping[str, Callable[[Any, str | None], Any]] = {
    "trim": lambda value, _: value,
    "lower": lambda value, _: str(value).lower(),
    "upper": lambda value, _: str(value).upper(),
    "title": lambda value, _: str(value).replace("_", " ").title(),
    "digits": lambda value, _: re.sub(r"\D", "", str(value)),
    "e164": _phone,
    "integer": _integer,
    "number": _number,
    "yes_no": _yes_no,
    "iso_date": _iso_date,
    "iso_datetime": _iso_datetime,
}
"""Word → function of (value, country of bare phone numbers). Texts arrive without spaces at their ends."""

_WORDS: frozenset[Hint] = frozenset({"text", "picklist", "multipicklist", "url", "email"})
YIELDS: Mapping[Transform, frozenset[Hint]] = {
    "none": frozenset(get_args(Hint)),
    "trim": frozenset(get_args(Hint)),
    "lower": _WORDS,
    "upper": _WORDS,
    "title": frozenset({"text", "picklist", "multipicklist"}),
    "digits": frozenset({"text", "phone"}),
    "e164": frozenset({"text", "phone"}),
    "integer": frozenset({"integer", "number", "currency", "percent"}),
    "number": frozenset({"number", "currency", "percent"}),
    "yes_no": frozenset({"checkbox"}),
    "iso_date": frozenset({"date", "text"}),
    "iso_datetime": frozenset({"datetime", "text"}),
}
"""The kinds of value that each transform can give; a hint outside its row is a finding."""
