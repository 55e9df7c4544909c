"""Which rows may be meant: a condition in SQL that lets through all that match, and of phone numbers little else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any as Value

from mocksf.schema.model import Field, SObject
from mocksf.soql.sql import joined
from mocksf.sosl.words import All, Term, Wanted, Without, terms_of
from mocksf.tables import column, dialled, has_digits, shadow, table

TESTS_MAX = 400
"""With more tests than this the database is asked for all rows, and the words are looked for here."""
_WILD = {"*": "%", "?": "_", "\\": "\\\\", "%": "\\%", "_": "\\_"}


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the database, with which values: ids, then the fields' values."""

    sql: str
    values: tuple[Value, ...]


def question(sobject: SObject, fields: Sequence[Field], tree: Wanted, created_before: int | None) -> Question:
    """The rows of an object that may match; `created_before` (epoch milliseconds) is how far the index has come."""
    writer = _Writer(fields)
    terms = [writer.write(tree)] if len(terms_of(tree)) * len(fields) <= TESTS_MAX else []
    if sobject.get("IsDeleted"):
        terms.append('"IsDeleted" = 0')
    if created_before is not None and sobject.get("CreatedDate"):
        terms.append('"CreatedDate" <= ?')
        writer.values.append(created_before)
    selected = ", ".join(['"Id"', *(column(field) for field in fields)])
    where = f" WHERE {' AND '.join(terms)}" if terms else ""
    return Question(f'SELECT {selected} FROM {table(sobject)}{where} ORDER BY "Id"', tuple(writer.values))


class _Writer:
    """Writes conditions and collects their values; each is true of every row that matches, and of some others."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
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
        tests = [self._dialled(field, term.digits) for field in self._fields if term.digits and has_digits(field)]
        if not term.digits or any(not has_digits(field) for field in self._fields):
            tests += [self._holds(field, term.words) for field in self._fields if term.words]
        return joined(tests, " OR ") if tests else "0 = 1"

    def _dialled(self, field: Field, digits: str) -> str:
        """The number itself, or with the 1 of North America before it; both found by an index."""
        name = dialled(field)
        if not digits.endswith("*"):
            self.values += [digits, f"1{digits}"]
            return f"{name} IN (?, ?)"
        tests = []
        for start in (digits[:-1], f"1{digits[:-1]}"):
            self.values += [start, f"{start}:"]  # the colon comes behind all digits
            tests.append(f"({name} >= ? AND {name} < ?)")
        return joined(tests, " OR ")

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
