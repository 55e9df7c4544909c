"""Which rows may be meant: a condition in SQL that lets through all that match, and of phone numbers little else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any as Value

from mocksf.schema.model import Field, SObject
from mocksf.soql.sql import joined
from mocksf.sosl.words import All, Term, Wanted, Without, terms_of
from mocksf.tables import column, dialled, has_digits, shadow, table

TESTS_MAX = 200
"""With more tests than this the database is asked for all rows, and the words are looked for here."""
PAGE = 2_000
"""How many rows are asked for at once."""
_PARTS = frozenset({"FirstName", "LastName"})
"""What a person's name is made of, and so holds."""
_WILD = {"*": "%", "?": "_", "\\": "\\\\", "%": "\\%", "_": "\\_"}


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the database, with which values: ids, then the fields' values."""

    sql: str
    values: tuple[Value, ...]


def question(
    sobject: SObject, fields: Sequence[Field], among: Sequence[Field], tree: Wanted, created_before: int | None
) -> Question:
    """A page of the rows of an object that may match by what stands in `among`, behind an id that is given last.

    `fields` are read; `created_before` (epoch milliseconds) is how far the index has come.
    """
    writer = _Writer(sobject, among)
    terms = [writer.write(tree)] if len(terms_of(tree)) * len(among) <= TESTS_MAX else []
    if sobject.get("IsDeleted"):
        terms.append('"IsDeleted" = 0')
    if created_before is not None and sobject.get("CreatedDate"):
        terms.append('"CreatedDate" <= ?')
        writer.values.append(created_before)
    selected = ", ".join(['"Id"', *(column(field) for field in fields)])
    where = " AND ".join([*terms, '"Id" > ?'])
    sql = f'SELECT {selected} FROM {table(sobject)} WHERE {where} ORDER BY "Id" LIMIT {PAGE}'
    return Question(sql, tuple(writer.values))


class _Writer:
    """Writes conditions and collects their values; each is true of every row that matches, and of some others."""

    def __init__(self, sobject: SObject, fields: Sequence[Field]) -> None:
        self._table = table(sobject)
        whole = any(field.name_field and field.folded for field in fields)
        persons = whole and all(sobject.get(part) for part in _PARTS)
        self._fields = [field for field in fields if not (persons and field.name in _PARTS)]
        self.values: list[Value] = []

    def write(self, tree: Wanted) -> str:
        """A condition for a tree."""
        if isinstance(tree, Term):
            return self._term(tree)
        if isinstance(tree, Without):
            return self.write(tree.term)
        terms = [self.write(each) for each in tree.terms]
        if not terms:
            return "0 = 1"
        return joined(terms, " AND " if isinstance(tree, All) else " OR ")

    def _term(self, term: Term) -> str:
        phones = [field for field in self._fields if term.digits and has_digits(field)]
        tests = [self._dialled(phones, term.digits)] if phones else []
        if not term.digits or any(not has_digits(field) for field in self._fields):
            tests += [self._holds(field, term.words) for field in self._fields if term.words]
        return joined(tests, " OR ") if tests else "0 = 1"

    def _dialled(self, fields: Sequence[Field], digits: str) -> str:
        """The number itself, or with the 1 of North America before it, in one of several fields.

        Each is asked for on its own: where they are joined by OR, a database may pass its indexes over.
        """
        found = []
        for name in map(dialled, fields):
            for start in (digits.rstrip("*"), f"1{digits.rstrip('*')}"):
                begins = digits.endswith("*")
                test = f"{name} >= ? AND {name} < ?" if begins else f"{name} = ?"
                found.append(f'SELECT "Id" FROM {self._table} WHERE {test}')
                self.values += [start, f"{start}:"] if begins else [start]  # the colon comes behind all digits
        return f'"Id" IN ({" UNION ALL ".join(found)})'

    def _holds(self, field: Field, words: Sequence[str]) -> str:
        """The words somewhere in the text, in their order."""
        if field.folded:
            self.values.append(f"%{'%'.join(map(_escaped, words))}%")
            return f"{shadow(field)} LIKE ? ESCAPE '\\'"
        # No shadow to compare with: what another alphabet folds to is not known to the database, so it may be anything.
        loose = ("".join(each if each.isascii() else "%" for each in _escaped(word)) for word in words)
        self.values.append(f"%{'%'.join(loose)}%")
        return f"LOWER({column(field)}) LIKE ? ESCAPE '\\'"


def _escaped(word: str) -> str:
    return "".join(_WILD.get(each, each) for each in word)
