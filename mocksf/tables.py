"""The SQL of each object, written once: its table, its indexes, and the statements that read and write one record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.model import Field, SObject

_INTEGER_TYPES = frozenset({"boolean", "int", "double", "currency", "percent", "datetime", "time"})
_AUTHORS = frozenset({"CreatedById", "LastModifiedById"})
_LOOKUP_TYPES = frozenset({"phone", "email"})
_NO_DIGIT = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r"[^\W\d_]")
_WHOLE_NUMBER_MIN = 7
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Texts are compared as Unicode folds their case: ß is ss, and to LIKE two characters", Evidence.ASSUMED),
    ("Texts are compared as they are composed: é is not e with a mark set apart", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""
BIN = "$bin"
"""Hidden column: the record whose deletion took this one along, so that an undelete brings back the same set."""


def table(sobject: SObject) -> str:
    """The table of an object as a quoted SQL identifier."""
    return f'"{sobject.name}"'


def column(field: Field) -> str:
    """The column of a field as a quoted SQL identifier."""
    return f'"{field.name}"'


def shadow(field: Field) -> str:
    """The casefolded column of a field that is `folded`, as a quoted SQL identifier."""
    return f'"{field.name}$f"'


def dialled(field: Field) -> str:
    """The column that holds the bare digits of a phone field, as a quoted SQL identifier: what a phone search reads."""
    return f'"{field.name}$d"'


def has_digits(field: Field) -> bool:
    """Whether the store keeps the bare digits of a field beside it."""
    return field.type == "phone" and field.filterable


def digits_of(phone: str | None) -> str | None:
    """What is dialled: the digits of a phone number, without an extension (`x12`, `ext. 12`); None where none are.

    Letters in the number itself (1-800-FLOWERS) are passed over; that an extension is not searched is assumed.
    """
    if phone is None:
        return None
    bare = phone.removeprefix("+")
    if bare.isascii() and bare.isdigit():
        return bare
    number = _NO_DIGIT.sub("", _EXTENSION.split(phone, maxsplit=1)[0])
    return (number if len(number) >= _WHOLE_NUMBER_MIN else _NO_DIGIT.sub("", phone)) or None


def is_indexed(field: Field) -> bool:
    """Whether lookups by this field use an index: keys, references, names, phones and addresses of mail.

    Who wrote a record is asked too seldom to be paid for with every write.
    """
    return (
        field.name not in _AUTHORS
        and (
            field.external_id
            or field.unique
            or field.id_lookup
            or field.name_field
            or field.type == "reference"
            or field.type in _LOOKUP_TYPES
        )
        and field.filterable
    )


@dataclass(frozen=True, slots=True)
class Write:
    """A statement that writes some columns of one record, and the places of those that have shadows.

    `shaded` are written casefolded as well, `dialled` as bare digits.
    """

    sql: str
    shaded: tuple[int, ...]
    dialled: tuple[int, ...]

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        """What the statement waits for: the row's values, its comparable texts casefolded, its phones as digits."""
        values = list(row.values())
        for place in self.shaded:
            text = values[place]
            values.append(None if text is None else text.casefold())
        for place in self.dialled:
            values.append(digits_of(values[place]))  # mostly there is none, and a list costs
        return values


class Plan:
    """The SQL of one object, written once."""

    def __init__(self, sobject: SObject) -> None:
        self.sobject = sobject
        self.names = tuple(field.name for field in sobject.columns)
        self.folded = {field.name: f"{field.name}$f" for field in sobject.columns if field.folded}
        self.dialled = {field.name: f"{field.name}$d" for field in sobject.columns if has_digits(field)}
        selected = ", ".join(column(field) for field in sobject.columns)
        self.select = f"SELECT {selected} FROM {table(sobject)} WHERE "
        self.by_id = f'{self.select}"Id" = ?'
        self.alive = ' AND "IsDeleted" = 0' if sobject.get("IsDeleted") else ""
        self.there = f'SELECT 1 FROM {table(sobject)} WHERE "Id" = ?{self.alive}'
        self._by_value: dict[tuple[str, bool], str] = {}
        self._inserts: dict[tuple[str, ...], Write] = {}
        self._updates: dict[tuple[str, ...], Write] = {}

    def by_value(self, field: Field, folded: bool, deleted: bool) -> str:
        """The SELECT of the ids of the records with a value in a field, or, `folded`, in its shadow."""
        name = shadow(field) if folded else column(field)
        known = self._by_value.get((name, deleted))
        if known is None:
            alive = "" if deleted else self.alive
            known = f'SELECT "Id" FROM {table(self.sobject)} WHERE {name} = ?{alive}'
            self._by_value[name, deleted] = known
        return known

    def insert(self, names: tuple[str, ...]) -> Write:
        """The INSERT that fills these columns, in this order, and their shadows."""
        if names not in self._inserts:
            full, shaded, phones = self._with_shadows(names)
            columns = ", ".join(f'"{name}"' for name in full)
            marks = ", ".join("?" * len(full))
            sql = f"INSERT INTO {table(self.sobject)} ({columns}) VALUES ({marks})"
            self._inserts[names] = Write(sql, shaded, phones)
        return self._inserts[names]

    def update(self, names: tuple[str, ...]) -> Write:
        """The UPDATE of one record that sets these columns, in this order, and their shadows."""
        if names not in self._updates:
            full, shaded, phones = self._with_shadows(names)
            settings = ", ".join(f'"{name}" = ?' for name in full)
            sql = f'UPDATE {table(self.sobject)} SET {settings} WHERE "Id" = ?'
            self._updates[names] = Write(sql, shaded, phones)
        return self._updates[names]

    def _with_shadows(self, names: tuple[str, ...]) -> tuple[list[str], tuple[int, ...], tuple[int, ...]]:
        """The columns of a row and their shadows, and which of the columns are folded, which are dialled."""
        shaded = tuple(place for place, name in enumerate(names) if name in self.folded)
        phones = tuple(place for place, name in enumerate(names) if name in self.dialled)
        shadows = [self.folded[names[place]] for place in shaded] + [self.dialled[names[place]] for place in phones]
        return [*names, *shadows], shaded, phones


def columns_of(sobject: SObject) -> dict[str, str]:
    """The columns of an object's table, by their quoted names, each with its definition."""
    columns = {'"Id"': "TEXT PRIMARY KEY NOT NULL"}
    for field in sobject.columns:
        if field.name == "Id":
            continue
        kind = "INTEGER" if field.type in _INTEGER_TYPES else "TEXT"
        columns[column(field)] = f"{kind}{' NOT NULL DEFAULT 0' if field.type == 'boolean' else ''}"
        if field.folded:
            columns[shadow(field)] = "TEXT"
        if has_digits(field):
            columns[dialled(field)] = "TEXT"
    columns[f'"{BIN}"'] = "TEXT"
    return columns


def indexes_of(sobject: SObject) -> dict[str, str]:
    """The indexes of an object's table, by their quoted names, each with the statement that creates it."""
    # Nearly all records are in no bin; those that are must be found without reading the others.
    indexed = {BIN: f'"{BIN}"'} if sobject.get("IsDeleted") is not None else {}
    for field in sobject.columns:
        if field.name != "Id" and is_indexed(field):
            indexed[field.name] = shadow(field) if field.folded else column(field)
        if has_digits(field):
            indexed[f"{field.name}$d"] = dialled(field)
    # Most lookup fields of most records are empty; a partial index costs such a record nothing.
    return {
        f'"{sobject.name}.{name}"': (
            f'CREATE INDEX "{sobject.name}.{name}" ON {table(sobject)} ({key}) WHERE {key} IS NOT NULL'
        )
        for name, key in indexed.items()
    }


def ddl(sobject: SObject) -> list[str]:
    """The statements that create an object's table and its indexes."""
    columns = ", ".join(f"{name} {kind}" for name, kind in columns_of(sobject).items())
    return [f"CREATE TABLE {table(sobject)} ({columns})", *indexes_of(sobject).values()]


def total(written: str) -> str:
    """The sum of a column of whole numbers, whose 18 digits would overflow SUM: exact up to 63 bits."""
    return f"SUM({written} / 1000000000) * 1000000000 + SUM({written} % 1000000000)"
