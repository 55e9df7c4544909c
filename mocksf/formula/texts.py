"""Functions of texts. Case matters to all that compare (documented); positions count from one."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from html import escape
from typing import Any

from mocksf.formula.bound import BOOLEAN, NUMBER, TEXT, Function
from mocksf.formula.problems import Trouble, trouble
from mocksf.ids import normalise_id

REGEX_S = 0.2
"""How long a regular expression is tried; those that are not built to explode take microseconds."""
LONGEST = 100_000
"""How long a text may grow on the way to a result (assumed); beyond, the formula has no value."""


def fits(length: int) -> int:
    """A length that is not beyond the longest text; else Trouble."""
    if length > LONGEST:
        trouble("The text is too long")
    return length


def joined(one: str | None, other: str | None) -> str | None:
    """Two texts in one; nothing where both are blank."""
    fits(len(one or "") + len(other or ""))
    return (one or "") + (other or "") or None


def shown(value: Any) -> str:
    """A number, date, instant or time of day as TEXT writes it (the engine's published source)."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}"
    return str(value)


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "_" in text:
        trouble(f"'{text}' is no number")
    return +number


def _is_number(text: str) -> bool:
    try:
        return _number(text) is not None
    except (Trouble, ArithmeticError):
        return False


def _clamped(number: Decimal) -> int:
    return max(0, min(int(number), LONGEST))


def _middle(text: str, start: Decimal, length: Decimal) -> str:
    first = max(_clamped(start), 1) - 1
    return text[first : first + _clamped(length)]


def _right(text: str, count: Decimal) -> str:
    wanted = _clamped(count)
    return text[-wanted:] if wanted else ""


def _find(wanted: str, text: str, start: Decimal = Decimal(1)) -> Decimal:
    return Decimal(text.find(wanted, max(_clamped(start), 1) - 1) + 1) if wanted else Decimal(0)


def _substitute(text: str, old: str, new: str) -> str:
    if not old:
        return text
    fits(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _padded(text: str, length: Decimal, pad: str, left: bool) -> str:
    """Filled up to a length, or cut to it; without a pad text, with blanks."""
    wanted = fits(_clamped(length))
    missing = wanted - len(text)
    if missing <= 0:
        return text[:wanted]
    filling = (pad * (missing // len(pad) + 1))[:missing] if pad else ""
    return filling + text if left else text + filling


@lru_cache(maxsize=256)
def _pattern(text: str) -> Any:
    import regex  # a large library that few orgs need

    try:
        return regex.compile(text)
    except (regex.error, OverflowError) as error:
        trouble(f"'{text}' is no regular expression: {error}")


def matches(text: str, wanted: str) -> bool:
    """Whether a regular expression fits the whole of a text.

    Trouble where it is none that we can read, or goes back and forth without an end: one request must not stop all.
    """
    try:
        return _pattern(wanted).fullmatch(text, timeout=REGEX_S) is not None
    except TimeoutError:
        trouble("Regex too complicated")


def _long_id(text: str) -> str:
    """The 18 characters of an id; any other text as it is."""
    return normalise_id(text) or text


def _character(number: Decimal) -> str:
    code = int(number)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        trouble(f"{code} is the code of no character")
    return chr(code)


def _link(address: str, shown_as: str, target: str = "_blank") -> str:
    return f'<a href="{escape(address)}" target="{escape(target)}">{escape(shown_as)}</a>'


def _image(address: str, text: str, height: Decimal | None = None, width: Decimal | None = None) -> str:
    size = f' style="height:{height}px; width:{width}px;"' if height is not None and width is not None else ""
    return f'<img src="{escape(address)}" alt="{escape(text)}"{size} border="0"/>'


TEXTS: Mapping[str, Function] = {
    "BEGINS": Function((TEXT, TEXT), BOOLEAN, str.startswith),
    "CONTAINS": Function((TEXT, TEXT), BOOLEAN, lambda text, wanted: wanted in text),
    "FIND": Function((TEXT, TEXT, NUMBER), NUMBER, _find, optional=1),
    "LEFT": Function((TEXT, NUMBER), TEXT, lambda text, count: text[: _clamped(count)]),
    "RIGHT": Function((TEXT, NUMBER), TEXT, _right),
    "MID": Function((TEXT, NUMBER, NUMBER), TEXT, _middle),
    "LEN": Function((TEXT,), NUMBER, lambda text: Decimal(len(text))),
    "TRIM": Function((TEXT,), TEXT, str.strip),
    "UPPER": Function((TEXT, TEXT), TEXT, lambda text, _locale="": text.upper(), optional=1),
    "LOWER": Function((TEXT, TEXT), TEXT, lambda text, _locale="": text.lower(), optional=1),
    "INITCAP": Function((TEXT,), TEXT, str.title),
    "REVERSE": Function((TEXT,), TEXT, lambda text: text[::-1]),
    "SUBSTITUTE": Function((TEXT, TEXT, TEXT), TEXT, _substitute),
    "LPAD": Function(
        (TEXT, NUMBER, TEXT), TEXT, lambda text, length, pad=" ": _padded(text, length, pad, True), optional=1
    ),
    "RPAD": Function(
        (TEXT, NUMBER, TEXT), TEXT, lambda text, length, pad=" ": _padded(text, length, pad, False), optional=1
    ),
    "VALUE": Function((TEXT,), NUMBER, _number),
    "ISNUMBER": Function((TEXT,), BOOLEAN, _is_number),
    "REGEX": Function((TEXT, TEXT), BOOLEAN, matches),
    "CASESAFEID": Function((TEXT,), TEXT, _long_id),
    "HYPERLINK": Function((TEXT, TEXT, TEXT), TEXT, _link, optional=1),
    "IMAGE": Function((TEXT, TEXT, NUMBER, NUMBER), TEXT, _image, optional=2),
    "BR": Function((), TEXT, lambda: "\n"),
    "ASCII": Function((TEXT,), NUMBER, lambda text: Decimal(ord(text[0])) if text else None),
    "CHR": Function((NUMBER,), TEXT, _character),
}
"""Every function of texts."""
