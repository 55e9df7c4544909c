"""Where PostgreSQL is spelled differently: a table of rewritings, applied once to each text that the project writes.

The project's SQL is SQLite's, kept to what both understand wherever there is such a thing: `?` for values, whole
numbers for booleans, no type but INTEGER and TEXT. Names are always quoted, so no rewriting ever meets one.
"""

import re
from collections.abc import Callable
from itertools import count
from zlib import crc32

NAME_MAX = 63
"""PostgreSQL cuts longer names off, so that two of them might become one."""

Replacement = str | Callable[[re.Match[str]], str]


def _index_name(found: re.Match[str]) -> str:
    name = found[1]
    if len(name.encode()) <= NAME_MAX:
        return found[0]
    return f'{found[0].partition(chr(34))[0]}"{name[: NAME_MAX - 9]}.{crc32(name.encode()):08x}"'


QUERIES: tuple[tuple[str, Replacement], ...] = (
    (r"\bchar\(", "chr("),
    (r"\bAS REAL\)", "AS DOUBLE PRECISION)"),
    (r"\bGLOB \?", "LIKE sf_glob(?)"),
    (r"\bIS \?", "IS NOT DISTINCT FROM ?"),
)
"""A pattern, and what PostgreSQL reads instead, in statements that read and write rows."""

DEFINITIONS: tuple[tuple[str, Replacement], ...] = (
    (r'^(?:CREATE|DROP) INDEX "([^"]*)"', _index_name),
    (r'(?<=" )INTEGER\b', "BIGINT"),
    # Texts are compared by their code points on both, whatever the database's own language is.
    (r'(?<=" )TEXT\b', 'TEXT COLLATE "C"'),
)
"""The same in statements that create tables and indexes."""

_JSON = re.compile(r"\bjson_each\(\?\)")
_MARK = re.compile(r"\?(j?)")

FUNCTIONS = (
    """CREATE FUNCTION sf_day(instant bigint, zone text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN to_char((timestamptz 'epoch' + instant * interval '1 millisecond') AT TIME ZONE zone, 'YYYY-MM-DD');
    EXCEPTION WHEN invalid_parameter_value THEN RETURN sf_day(instant, 'UTC'); END $$""",
    """CREATE FUNCTION sf_hour(instant bigint, zone text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN extract(hour FROM (timestamptz 'epoch' + instant * interval '1 millisecond') AT TIME ZONE zone);
    EXCEPTION WHEN invalid_parameter_value THEN RETURN sf_hour(instant, 'UTC'); END $$""",
    """CREATE FUNCTION sf_ordinal(day text) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT day::date - date '0001-01-01' + 1 $$""",
    """CREATE FUNCTION sf_km(lat1 float8, lon1 float8, lat2 float8, lon2 float8) RETURNS float8
    LANGUAGE sql IMMUTABLE AS $$ SELECT 2 * 6371.0088 * asin(sqrt(LEAST(1.0,
    sin(radians(lat2 - lat1) / 2) ^ 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ^ 2
    ))) WHERE num_nulls(lat1, lon1, lat2, lon2) = 0 $$""",
    # A GLOB pattern as a LIKE pattern: what is special to LIKE is escaped first, `[*]` and its like come last.
    r"""CREATE FUNCTION sf_glob(pattern text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(pattern,
    '\', '\\'), '%', '\%'), '_', '\_'), '[*]', chr(1)), '[?]', chr(2)), '[[]', chr(3)), '*', '%'), '?', '_'),
    chr(1), '*'), chr(2), '?'), chr(3), '[') $$""",
)
"""What SQLite is lent in Python (see mocksf/functions.py), and GLOB, as PostgreSQL's own functions."""


class Statement:
    """A statement as PostgreSQL reads it, and which of its values are JSON lists that it takes as arrays."""

    __slots__ = ("_text", "lists")

    def __init__(self, text: str) -> None:
        for pattern, replacement in QUERIES:
            text = re.sub(pattern, replacement, text)
        self._text = _JSON.sub("unnest(?j) AS value", text)
        marks = [found[1] == "j" for found in _MARK.finditer(self._text)]
        self.lists = tuple(place for place, is_list in enumerate(marks) if is_list)

    def sql(self, kinds: str = "") -> str:
        """Its text with numbered marks; `kinds` has a letter per list: t for texts, i for whole numbers, f for others.

        The type stands beside the mark, because a comparison with an array of unknown type means nothing.
        """
        number, kind = count(1), iter(kinds)
        return _MARK.sub(lambda found: f"${next(number)}" + (_ARRAYS[next(kind)] if found[1] else ""), self._text)


_ARRAYS = {"t": "::text[]", "i": "::bigint[]", "f": "::float8[]"}


def definition(text: str) -> str:
    """A statement that creates something, as PostgreSQL reads it."""
    for pattern, replacement in DEFINITIONS:
        text = re.sub(pattern, replacement, text)
    return text
