"""Literals → values as they are stored: one conversion per kind of field, each able to say that a literal is unfit."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from mocksf.ids import normalise_id
from mocksf.moments import milliseconds, parse_time
from mocksf.schema.model import Field
from mocksf.soql.bound import Convert
from mocksf.soql.dates import FIRST_DAY, LAST_DAY, Moment

STRING_MAX = 4_000
"""The longest string literal in a WHERE (SOQL reference)."""
SQL_INTEGER_MAX = 2**63 - 1

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:?\d{2})")
_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d+)?[Zz]?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_PATTERN_ESCAPED = {**_ESCAPED, "_": "\\_", "%": "\\%", "\\": "\\\\"}


class Unfit(ValueError):
    """A literal that the field cannot be compared with; says why where the sentence differs."""


class BadEscape(Unfit):
    """A backslash before something that has no escaped meaning; the argument is the sequence."""


# -- strings -----------------------------------------------------------------------------------------------------------


def string(text: str, escapes: dict[str, str] | None = None) -> str:
    """The characters of a quoted literal. Raises BadEscape, or Unfit where it is not quoted or too long."""
    if text[:1] != "'" or len(text) > STRING_MAX + 2:
        raise Unfit(text)
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)  # half a character cannot be stored, so it equals nothing that is
    if "\\" not in text:
        return text[1:-1]
    meanings = escapes or _ESCAPED

    def meaning(found: re.Match[str]) -> str:
        sequence = found[1]
        if len(sequence) == 5:
            return _SURROGATE.sub("\ufffd", chr(int(sequence[1:], 16)))
        known = meanings.get(sequence.lower() if sequence.isalpha() else sequence)
        if known is None:
            raise BadEscape(found[0])
        return known

    return _ESCAPE.sub(meaning, text[1:-1])


def text_value(text: str, _: Moment) -> str:
    """A string compared with its case."""
    return string(text)


def folded_value(text: str, _: Moment) -> str:
    """A string compared without regard to case."""
    return string(text).casefold()


def like_pattern(text: str, _: Moment) -> str:
    """A LIKE pattern for SQL: the same wildcards, escaped by a backslash."""
    return string(text, _PATTERN_ESCAPED).casefold()


def like_prefix(text: str, moment: Moment) -> str:
    """What every match of a pattern begins with. Raises Unfit where a pattern begins with a wildcard."""
    prefix = re.match(r"(?:[^\\%_]|\\.)*", like_pattern(text, moment), re.DOTALL)
    plain = re.sub(r"\\(.)", r"\1", prefix[0] if prefix else "", flags=re.DOTALL)
    if not plain:
        raise Unfit(text)
    return plain


def like_anywhere(text: str, moment: Moment) -> str:
    """A LIKE pattern that begins with a wildcard. Raises Unfit for any other: an index would find what that begins."""
    try:
        like_prefix(text, moment)
    except Unfit:
        return like_pattern(text, moment)
    raise Unfit(text)


def like_prefix_end(text: str, moment: Moment) -> str:
    """A string behind everything that begins as the pattern does."""
    return like_prefix(text, moment) + "\U0010ffff"


_GLOB_SPECIAL = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}


def glob_pattern(text: str, _: Moment) -> str:
    """A LIKE pattern as a GLOB, which minds the case: for fields that are case sensitive."""
    pattern = string(text, _PATTERN_ESCAPED)
    return re.sub(
        r"\\(.)|([%_*?\[])",
        lambda found: _GLOB_SPECIAL[found[2]] if found[2] else _literal_in_glob(found[1]),
        pattern,
        flags=re.DOTALL,
    )


def _literal_in_glob(character: str) -> str:
    return f"[{character}]" if character in "*?[" else character


# -- ids, numbers, dates -----------------------------------------------------------------------------------------------


def id_value(text: str, _: Moment) -> str:
    """An id of 15 or 18 characters, as stored. Raises Unfit for anything else."""
    record_id = normalise_id(string(text))
    if record_id is None:
        raise Unfit(text)
    return record_id


def id_or_text(text: str, _: Moment) -> str:
    """For the order of ids (`Id > ''`), where any text will do."""
    plain = string(text)
    return normalise_id(plain) or plain


def number_value(scale: int) -> Convert:
    """Numbers scaled as the store keeps them; one that falls between two stored values becomes a float."""

    factor = int(10**scale)

    def convert(text: str, _: Moment) -> int | float:
        if not _NUMBER.fullmatch(text):
            raise Unfit(text)
        if text.isdigit() and len(text) < 12:
            return int(text) * factor
        return _sql_number(text, scale)

    return convert


def _sql_number(text: str, scale: int) -> int | float:
    plain = float(text)
    if abs(plain) >= 1e18:
        return plain
    scaled = Decimal(text).scaleb(scale) if abs(plain) > 1e-30 else Decimal(0)
    if scaled == scaled.to_integral_value() and abs(scaled) <= SQL_INTEGER_MAX:
        return int(scaled)
    return float(scaled)


def date_value(text: str, _: Moment) -> str:
    """A day, as stored. Raises Unfit for other kinds of literal, ValueError for a day that no calendar has."""
    if not _DATE.fullmatch(text):
        raise Unfit(text)
    if not FIRST_DAY <= date.fromisoformat(text) <= LAST_DAY:
        raise ValueError(text)
    return text


def datetime_value(text: str, _: Moment) -> int:
    """An instant, as stored. Raises Unfit for other kinds of literal, ValueError for an instant that is none."""
    found = _DATETIME.fullmatch(text)
    if not found:
        raise Unfit(text)
    day, clock, fraction, zone = found.groups()
    try:
        instant = datetime.fromisoformat(f"{day}T{clock}{zone.upper()}").astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
    if not FIRST_DAY <= instant.date() <= LAST_DAY:
        raise ValueError(text)
    return milliseconds(instant) + int((fraction or "0")[:3].ljust(3, "0"))


_DIGITS = ((5, "01", "2"), (8, "0123", "1"), (11, "012", "3"), (14, "012345", "9"), (17, "012345", "9"))
"""Where two digits begin in an instant, what the first may be, how far the second goes where the first is the last."""


def misfit(text: str) -> tuple[int, str] | None:
    """The first digit that no instant has there, and the greatest that one has; "" where none follows at all."""
    zone = max(text.rfind("+"), text.rfind("-"))
    more = ((zone + 1, "012", "3"),) if zone > len("2020-12-12") else ()
    for place, firsts, last in (*_DIGITS, *more):
        if len(text) > place + 1 and text[place] not in firsts:
            return place, ""
        if len(text) > place + 1 and text[place] == firsts[-1] and text[place + 1] > last:
            return place + 1, last
    return None


def time_value(text: str, _: Moment) -> int:
    """A time of day, as stored. Raises Unfit for other kinds of literal, ValueError for a time that no clock shows."""
    if not _TIME.fullmatch(text):
        raise Unfit(text)
    stored = parse_time(text.upper())
    if stored is None:
        raise ValueError(text)
    return stored


# -- the table ---------------------------------------------------------------------------------------------------------

CRITERION_TYPES = {
    "double": "double",
    "currency": "double",
    "percent": "double",
    "int": "int",
    "boolean": "boolean",
    "date": "date",
    "datetime": "dateTime",
    "time": "time",
}
"""What the refusal of a wrong literal calls a field's type; all others are strings."""


def conversion(field: Field) -> Convert:
    """How a literal becomes a value of this field, for equality and order."""
    if field.type in {"id", "reference"}:
        return id_value
    if field.type in {"double", "currency", "percent", "int"}:
        return number_value(0 if field.type == "int" else field.scale)
    plain: dict[str, Callable[[str, Moment], Any]] = {
        "date": date_value,
        "datetime": datetime_value,
        "time": time_value,
    }
    if field.type in plain:
        return plain[field.type]
    return folded_value if field.folded else text_value
