"""Tokens → the SELECT list: fields, functions, subqueries, FIELDS() and TYPEOF."""

from collections.abc import Callable
from typing import TypeVar

from mocksf.errors import Refuse
from mocksf.soql.conditions import Conditions
from mocksf.soql.nodes import AllFields, Item, Path, Selected, TypeOf
from mocksf.soql.reader import RESERVED

FIELD_GROUPS = frozenset({"ALL", "STANDARD", "CUSTOM"})
FIELDS_SINCE, TYPEOF_SINCE = 51, 46
"""The API versions that brought FIELDS() and TYPEOF (SOQL reference)."""

_T = TypeVar("_T")


class Items(Conditions):
    """Reads what stands between SELECT and FROM."""

    def items(self) -> tuple[Item, ...]:
        """The whole list; FROM must follow."""
        start = self.after(-1)
        if self.next.word == "FROM" and self.after().kind != "sign" and self.version >= 61:
            # The grammar since Summer ’24 names everything it could not make sense of, not the last token alone.
            self.unexpected(self.next, self.text[start.at : self.next.at + len(self.next.text)])
        if self.next.text == "," and self.after().word == "FROM":
            self.take()  # the parser drops what is one too many, and stumbles over what follows (recorded)
        items = self.list_of(self._item)
        if self.next.word != "FROM":
            self._missing_from()
        return items

    def _missing_from(self) -> None:
        token = self.next
        if token.kind == "word" and token.word not in {"WHERE", "ORDER", "GROUP", "LIMIT"}:
            situation = Refuse.MISSING_VALUE if self.version >= 61 else Refuse.UNEXPECTED_WORD
            raise self.refusal(token.at, situation, token=token.text)
        self.unexpected()

    def _item(self) -> Item:
        """One thing selected: a subquery, TYPEOF, FIELDS(…), or an expression with or without an alias."""
        if self.accept("("):
            query = self.sub_select()
            self.expect(")")
            return query
        if self.next.word == "TYPEOF" and self.after().kind == "word" and self.after().word not in RESERVED:
            return self._type_of()
        if self.next.word == "FROM":
            self.unexpected()
        if self.next.word == "FIELDS" and self.after().text == "(":
            return self._all_fields()
        return Selected(self.expression(), self.alias())

    def _all_fields(self) -> AllFields:
        start = self.take()
        if self.version < FIELDS_SINCE:
            self.unexpected()
        self.expect("(")
        which = self.name()
        if which.word not in FIELD_GROUPS:
            self.unexpected(which)
        self.expect(")")
        return AllFields(which.word, start.at)

    def _type_of(self) -> TypeOf:
        start = self.take()
        if self.version < TYPEOF_SINCE:
            self.unexpected()
        relationship = self.path()
        cases = [self._case()]
        while self.next.word == "WHEN":
            cases.append(self._case())
        otherwise = self.list_of(self.path) if self.accept("ELSE") else ()
        self.expect("END")
        return TypeOf(relationship, tuple(cases), otherwise, start.at)

    def _case(self) -> tuple[Path, tuple[Path, ...]]:
        self.expect("WHEN")
        sobject = self.path()
        self.expect("THEN")
        return sobject, self.list_of(self.path)

    def path(self) -> Path:
        """A name, with names of relationships before it or not."""
        token = self.name()
        return Path(tuple(token.text.split(".")), token.at)

    def list_of(self, rule: Callable[[], _T]) -> tuple[_T, ...]:
        """One or more of a rule, separated by commas."""
        found = [rule()]
        while self.accept(","):
            found.append(rule())
        return tuple(found)
