"""Record ids: 15 case-sensitive characters and the three that make them safe without case."""

import re
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
POD = "Rt0"
"""The instance part of every id we give, characters 4 to 6 (real orgs show values such as `RO0`)."""

_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_CASES = {ord(char): "1" if "A" <= char <= "Z" else "0" for char in ALPHABET}
_MARKS = {f"{number:05b}"[::-1]: mark for number, mark in enumerate(CHECK_ALPHABET)}
"""Five cases, the first character's first, and the mark that stands for them."""
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
_PAIR_CASES = tuple(pair.translate(_CASES) for pair in _PAIRS)


def checksum(id15: str) -> str:
    """The three characters that turn a 15-character id into its 18-character form.

    Each stands for five characters: bit k is set when character k is an upper-case letter
    (checked against ids recorded from real orgs, see tests/mocksf/test_ids.py).
    """
    cases = id15.translate(_CASES)
    return _MARKS[cases[:5]] + _MARKS[cases[5:10]] + _MARKS[cases[10:15]]


def make_id(prefix: str, number: int) -> str:
    """The 18-character id of the `number`-th record whose object has the key prefix `prefix`."""
    rest, pair = divmod(number, len(_PAIRS))
    leading, marks, cases = _leading(prefix, rest)
    return f"{leading}{_PAIRS[pair]}{marks}{_MARKS[cases + _PAIR_CASES[pair]]}"


@lru_cache(maxsize=256)
def _leading(prefix: str, rest: int) -> tuple[str, str, str]:
    """The first thirteen characters of an id, their two marks, and the cases that count for the third mark.

    Records that follow each other share them: only the last two characters differ.
    """
    digits = ""
    for _ in range(7):
        rest, digit = divmod(rest, 62)
        digits = ALPHABET[digit] + digits
    assert rest == 0, "an org holds at most 62**9 records"
    leading = f"{prefix}{POD}{digits}"
    return leading, checksum(f"{leading}00")[:2], leading[10:].translate(_CASES)


@lru_cache(maxsize=4096)
def normalise_id(text: str) -> str | None:
    """`text` as an 18-character id, or None where it has not the shape of an id.

    A wrong checksum is no id: the three characters exist to catch exactly that.
    """
    if not _SHAPE.fullmatch(text):
        return None
    full = text[:15] + checksum(text[:15])
    if len(text) == 15 or text == full:
        return full
    # Tools that fold case still carry the checksum; a real org accepts the 18 characters in any case. What kept both
    # cases was not folded: there the checksum is wrong.
    if text[:15] not in (text[:15].lower(), text[:15].upper()):
        return None
    return _recased(text[:15], text[15:].upper())


def _recased(id15: str, check: str) -> str | None:
    """The id whose cases the checksum names, or None where letters and checksum contradict each other."""
    chars = []
    for group, mark in enumerate(check):
        if mark not in CHECK_ALPHABET:
            return None
        bits = CHECK_ALPHABET.index(mark)
        for place, char in enumerate(id15[group * 5 : group * 5 + 5]):
            chars.append(char.upper() if bits >> place & 1 else char.lower())
    restored = "".join(chars)
    return restored + check if checksum(restored) == check else None


def number_of(record_id: str) -> int:
    """Which record of its key prefix an id that `make_id` gave belongs to."""
    number = 0
    for char in record_id[6:15]:
        number = number * 62 + ALPHABET.index(char)
    return number
