"""Telling the reader of an error which name was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


class SchemaError(ValueError):
    """A schema source cannot be used; the message names the file, the place in it and the cure."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The tail of an error message: the known name closest to `name`, or all of them when few, or nothing."""
    names = sorted(set(known), key=str.lower)
    by_lower = {each.lower(): each for each in names}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{by_lower[close[0]]}'?"
    return f"; known are {', '.join(names)}" if 0 < len(names) <= 25 else ""
