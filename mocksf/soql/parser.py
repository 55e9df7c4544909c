"""Tokens → nodes: the grammar of a SOQL statement, one method per clause, in reading order."""

from mocksf.errors import Refuse
from mocksf.soql.items import Items
from mocksf.soql.nodes import Category, Condition, Expression, Order, Query, Source, With

APEX_ONLY = frozenset({"SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"})
TOTALS = frozenset({"ROLLUP", "CUBE"})
TOTALS_MAX = 3
"""How many fields ROLLUP and CUBE may have (SOQL reference)."""
SELECTORS = frozenset({"AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"})
SCOPE_SINCE = 32
INTEGER_MAX = 2**31 - 1


def parse(text: str, version: float = 66.0) -> Query:
    """The query that `text` says. Raises Refusal (MALFORMED_QUERY) at the token that is out of place."""
    if not text.strip():
        raise Refuse.NO_QUERY()
    return Grammar(text, version).statement()


class Grammar(Items):
    """Reads a whole statement, clause by clause."""

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
        items = self.items()
        source = self._source()
        scope = self.name().text if self._using_scope() else ""
        where = self.where()
        chosen = self._with()
        totals, group = self._group()
        having = self._having()
        order = self.order()
        limit = self.number() if self.accept("LIMIT") else None
        offset_at = self.next.at
        offset = self.number() if self.accept("OFFSET") else 0
        purposes = self._purposes()
        self.shallower()
        return Query(
            items,
            source,
            scope,
            where,
            chosen,
            group,
            totals,
            having,
            order,
            limit,
            offset,
            purposes,
            at=start.at,
            offset_at=offset_at,
        )

    def _source(self) -> Source:
        """FROM an object or a relationship, with an alias, and further aliases for parent paths."""
        self.expect("FROM")
        path = self.path()
        alias = self.alias()
        further = []
        while self.accept(","):
            relationship = self.path()
            further.append((self.alias(), relationship))
        return Source(path, alias, tuple(further))

    def _using_scope(self) -> bool:
        if self.version < SCOPE_SINCE or not self.accept("USING"):
            return False
        self.expect("SCOPE")
        return True

    def where(self) -> Condition | None:
        """WHERE and its condition, if they come next."""
        return self.condition() if self.accept("WHERE") else None

    def _with(self) -> With | None:
        """WITH: data categories, record visibility, a field of a feed; those of Apex are refused as the org does."""
        start = self.next
        if not self.accept("WITH"):
            return None
        if self.next.word in APEX_ONLY:
            if self.version >= 61:
                raise self.refusal(start.at, Refuse.APEX_CLAUSE)
            raise self.refusal(self.next.at, Refuse.NOT_IN_CONTEXT, what=self.next.word)
        if self.accept("DATA", "CATEGORY"):
            return With("DATA CATEGORY", self.categories(), start.at)
        name = self.name()
        if name.word == "RECORDVISIBILITYCONTEXT" and self.next.text == "(":
            self._settings()
            return With(name.word, at=start.at)
        self.expect("=")
        self.literal()
        return With("FIELD", at=start.at)

    def categories(self) -> tuple[Category, ...]:
        """Conditions on data categories, joined by AND."""
        categories = [self._category()]
        while self.accept("AND"):
            categories.append(self._category())
        return tuple(categories)

    def _category(self) -> Category:
        group = self.name().text
        selector = self.name()
        if selector.word not in SELECTORS:
            self.unexpected(selector)
        if not self.accept("("):
            return Category(group, selector.word, (self.name().text,))
        names = self.list_of(self.name)
        self.expect(")")
        return Category(group, selector.word, tuple(each.text for each in names))

    def _settings(self) -> None:
        """`(maxDescriptorPerRecord = 100, …)`: read, and of no consequence here."""
        self.expect("(")
        self.list_of(self._setting)
        self.expect(")")

    def _setting(self) -> None:
        self.name()
        self.expect("=")
        self.literal()

    def _group(self) -> tuple[str, tuple[Expression, ...]]:
        """The groups, and whether they have subtotals."""
        if not self.accept("GROUP"):
            return "", ()
        self.expect("BY")
        if self.next.word not in TOTALS or self.after().text != "(":
            return "", self.list_of(self.expression)
        totals = self.take()
        self.expect("(")
        groups = self.list_of(self.expression)
        if len(groups) > TOTALS_MAX:
            raise self.refusal(totals.at, Refuse.TOO_MANY_TOTALS, what=totals.word, count=TOTALS_MAX)
        self.expect(")")
        return totals.word, groups

    def _having(self) -> Condition | None:
        return self.condition() if self.accept("HAVING") else None

    def order(self) -> tuple[Order, ...]:
        """ORDER BY and its items, if they come next."""
        if not self.accept("ORDER"):
            return ()
        self.expect("BY")
        return self.list_of(self._order_item)

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

    def number(self) -> int:
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
