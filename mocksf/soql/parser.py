"""Tokens → nodes: the grammar of a SOQL statement, one method per clause, in reading order."""

from collections.abc import Callable
from typing import TypeVar

from mocksf.errors import Refuse
from mocksf.soql.conditions import Conditions
from mocksf.soql.nodes import AllFields, Condition, Expression, Order, Path, Query, Selected, Source

FIELD_GROUPS = frozenset({"ALL", "STANDARD", "CUSTOM"})
APEX_ONLY = frozenset({"SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"})
INTEGER_MAX = 2**31 - 1

_T = TypeVar("_T")


def parse(text: str, version: float = 66.0) -> Query:
    """The query that `text` says. Raises Refusal (MALFORMED_QUERY) at the token that is out of place."""
    if not text.strip():
        raise Refuse.NO_QUERY()
    return _Parser(text, version).statement()


class _Parser(Conditions):
    def statement(self) -> Query:
        """A whole statement: nothing may follow it."""
        query = self.sub_select()
        if self.next.kind != "end":
            self.unexpected()
        return query

    def sub_select(self) -> Query:
        """SELECT … FROM … and its clauses, in their strict order."""
        self.deeper()
        start = self.expect("SELECT")
        items = self._items()
        source = self._source()
        scope = self.name().text if self._using_scope() else ""
        where = self._where()
        self._refuse_with()
        group = self._group()
        having = self._having()
        order = self._order()
        limit = self._number() if self.accept("LIMIT") else None
        offset_at = self.next.at
        offset = self._number() if self.accept("OFFSET") else 0
        purposes = self._purposes()
        self.shallower()
        return Query(items, source, scope, where, group, having, order, limit, offset, purposes, start.at, offset_at)

    def _items(self) -> tuple[Selected | AllFields | Query, ...]:
        start = self.after(-1)
        if self.next.word == "FROM" and self.after().kind != "sign" and self.version >= 61:
            # The grammar since Summer ’24 names everything it could not make sense of, not the last token alone.
            self.unexpected(self.next, self.text[start.at : self.next.at + len(self.next.text)])
        items = self._list_of(self._item)
        if self.next.word != "FROM":
            self._missing_from()
        return items

    def _missing_from(self) -> None:
        token = self.next
        if token.kind == "word" and token.word not in {"WHERE", "ORDER", "GROUP", "LIMIT"}:
            situation = Refuse.MISSING_VALUE if self.version >= 61 else Refuse.UNEXPECTED_WORD
            raise self.refusal(token.at, situation, token=token.text)
        self.unexpected()

    def _item(self) -> Selected | AllFields | Query:
        """One thing selected: a subquery, FIELDS(…), or an expression with or without an alias."""
        if self.accept("("):
            query = self.sub_select()
            self.expect(")")
            return query
        if self.next.word == "TYPEOF":
            raise self.refusal(self.next.at, Refuse.NOT_MODELLED, what="TYPEOF")
        if self.next.word == "FROM":
            self.unexpected()
        if self.next.word == "FIELDS" and self.after().text == "(":
            return self._all_fields()
        return Selected(self.expression(), self.alias())

    def _all_fields(self) -> AllFields:
        start = self.take()
        self.expect("(")
        which = self.name()
        if which.word not in FIELD_GROUPS:
            self.unexpected(which)
        self.expect(")")
        return AllFields(which.word, start.at)

    def _source(self) -> Source:
        """FROM an object or a relationship, with an alias, and further aliases for parent paths."""
        self.expect("FROM")
        path = self._path()
        alias = self.alias()
        further = []
        while self.accept(","):
            relationship = self._path()
            further.append((self.alias(), relationship))
        return Source(path, alias, tuple(further))

    def _path(self) -> Path:
        token = self.name()
        return Path(tuple(token.text.split(".")), token.at)

    def _using_scope(self) -> bool:
        if not self.accept("USING"):
            return False
        self.expect("SCOPE")
        return True

    def _where(self) -> Condition | None:
        return self.condition() if self.accept("WHERE") else None

    def _refuse_with(self) -> None:
        """WITH clauses: those of Apex are refused as the org does, the others are not modelled."""
        start = self.next
        if not self.accept("WITH"):
            return
        if self.next.word not in APEX_ONLY:
            raise self.refusal(start.at, Refuse.NOT_MODELLED, what=f"WITH {self.next.text}")
        if self.version >= 61:
            raise self.refusal(start.at, Refuse.APEX_CLAUSE)
        raise self.refusal(self.next.at, Refuse.NOT_IN_CONTEXT, what=self.next.word)

    def _group(self) -> tuple[Expression, ...]:
        if not self.accept("GROUP"):
            return ()
        self.expect("BY")
        if self.next.word in {"ROLLUP", "CUBE"}:
            raise self.refusal(self.next.at, Refuse.NOT_MODELLED, what=f"GROUP BY {self.next.word}")
        return self._list_of(self.expression)

    def _having(self) -> Condition | None:
        return self.condition() if self.accept("HAVING") else None

    def _order(self) -> tuple[Order, ...]:
        if not self.accept("ORDER"):
            return ()
        self.expect("BY")
        return self._list_of(self._order_item)

    def _order_item(self) -> Order:
        expression = self.expression()
        descending = self.accept("DESC")
        if not descending:
            self.accept("ASC")
        nulls = ""
        if self.accept("NULLS"):
            nulls = self.next.word
            if nulls not in {"FIRST", "LAST"}:
                self.unexpected()
            self.take()
        return Order(expression, descending, nulls)

    def _number(self) -> int:
        """The whole number of LIMIT and OFFSET."""
        token = self.next
        if token.kind != "number" or not token.text.isdigit() or len(token.text) > len(str(INTEGER_MAX)):
            self.unexpected()
        return int(self.take().text)

    def _purposes(self) -> tuple[str, ...]:
        """FOR VIEW, FOR REFERENCE, UPDATE TRACKING … are read; ALL ROWS is Apex's own."""
        found = []
        while self.at_clause() and self.next.word in {"FOR", "UPDATE", "ALL"}:
            first = self.take()
            second = self.take()
            if first.word == "ALL":
                raise self.refusal(first.at, Refuse.NOT_IN_CONTEXT, what="ALL ROWS")
            found.append(f"{first.word} {second.word}")
            while first.word == "UPDATE" and self.accept(","):
                found.append(f"UPDATE {self.name().word}")
        return tuple(found)

    def _list_of(self, rule: Callable[[], _T]) -> tuple[_T, ...]:
        """One or more of a rule, separated by commas."""
        found = [rule()]
        while self.accept(","):
            found.append(rule())
        return tuple(found)
