"""Bound query → SQL, the values it waits for, and the shape of its answer; total: it refuses nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from mocksf.soql.aggregates import AggregateWriter
from mocksf.soql.bound import BoundQuery, Children, Choice, Column, Compound, Distance, Named, Part, Record, Slot, Value
from mocksf.soql.scope import NAME, object_of
from mocksf.soql.shape import Either, Node, RecordShape, Scalar, Statement, Subquery, Together, builder
from mocksf.soql.sql import OWN_ID, raw, source, where_clause
from mocksf.soql.totals import Totals
from mocksf.values import writer

ENDLESS = 2**63 - 1
LIVING = re.compile("\0[^\0]*\0")
"""What stands between zero characters is said only where deleted rows are hidden."""


def plan(query: BoundQuery) -> tuple[Statement, ...]:
    """The statements of a query: its own first, then those of its subqueries, each at the place of its number."""
    statements: list[Statement] = []
    _Planner(query, statements, count()).statement()
    return tuple(sorted(statements, key=lambda each: each.number))


def plan_among(query: BoundQuery) -> tuple[Statement, ...]:
    """The statements of a query over records whose ids are given with each reading, as one JSON text."""
    statements: list[Statement] = []
    own_id = query.root.sobject.get("Id")
    assert own_id is not None, "every object has an Id"
    _Planner(query, statements, count(), Column(query.root, own_id)).statement()
    return tuple(sorted(statements, key=lambda each: each.number))


class _Planner:
    """Writes one statement, its parts in the order in which they stand, so that values line up with their marks."""

    def __init__(
        self, query: BoundQuery, statements: list[Statement], numbers: Iterator[int], link: Column | None = None
    ) -> None:
        self._query = query
        self._statements = statements
        self._numbers = numbers
        self._number = next(numbers)
        self._link = link
        self._slots: list[Slot] = []
        self._writer = AggregateWriter(self._slots)
        self._columns: list[str] = []
        self._known: dict[str, int] = {}
        self._width = 0
        """How many columns a row has, where they are not those of the select list."""

    def statement(self) -> Statement:
        """The statement; those of its subqueries are noted on the way."""
        write = {"count": self._count, "aggregate": self._aggregate, "rows": self._rows}[self._query.kind]
        text, shape = write()
        link_index = self._index(raw(self._link)) if self._link else 0
        living, everything = text.replace("\0", ""), LIVING.sub("", text)
        build, subqueries, dressed = builder(shape, self._width or len(self._columns))
        statement = Statement(
            self._number,
            living,
            everything,
            tuple(self._slots),
            build,
            subqueries,
            id_index=shape.id_index or 0,
            link_index=link_index,
            dressed=dressed,
        )
        self._statements.append(statement)
        return statement

    # -- kinds of statement ----------------------------------------------------------------------------------------

    def _count(self) -> tuple[str, RecordShape]:
        """COUNT(): one number; a LIMIT caps it."""
        body = f"{source(self._query.places)}{self._where()}"
        limited = self._query.limit is not None or self._query.offset
        text = f"SELECT COUNT(*) FROM (SELECT 1 {body}{self._limit()})" if limited else f"SELECT COUNT(*) {body}"
        self._width = 1
        return text, RecordShape("", None, None, (), ())

    def _aggregate(self) -> tuple[str, RecordShape]:
        """Groups, with or without subtotals."""
        totals = Totals(self._query, self._slots)
        text = totals.statement()
        parts = self._query.record.parts
        dresses = [part.dress if isinstance(part, Value) else None for part in parts.values()]
        nodes = tuple(
            Scalar(at, convert, dress)
            for at, (convert, dress) in enumerate(zip(totals.converters, dresses, strict=True))
        )
        self._width = len(nodes)
        return text + self._limit(), RecordShape("AggregateResult", None, None, tuple(parts), nodes)

    def _rows(self) -> tuple[str, RecordShape]:
        """Records, or the children of many records at once."""
        shape = self._record(self._query.record)
        if self._link is not None:
            return self._children(raw(self._link)), shape
        columns = ", ".join(self._columns)
        body = f"SELECT {columns} {source(self._query.places)}{self._where()}"
        return f"{body} ORDER BY {self._order()}{self._limit()}", shape

    def _children(self, link: str) -> str:
        """The ids of the outer records come first, as one JSON text; a LIMIT counts for each of them."""
        query = self._query
        self._index(link)
        given = "WITH outer_ids(id) AS (SELECT value FROM json_each(?))"
        among = f"{link} IN (SELECT id FROM outer_ids)"
        columns = ", ".join(f"{expression} AS c{at}" for at, expression in enumerate(self._columns))
        if query.limit is None and not query.offset:
            body = f"SELECT {columns} {source(query.places)}{self._where(among)}"
            return f"{given} {body} ORDER BY {self._order()}"
        place = f"ROW_NUMBER() OVER (PARTITION BY {link} ORDER BY {self._order()}) AS place"
        body = f"SELECT {columns}, {place} {source(query.places)}{self._where(among)}"
        limit = ENDLESS if query.limit is None else query.limit
        self._slots += [_fixed(query.offset), _fixed(min(query.offset + limit, ENDLESS))]
        names = ", ".join(f"c{at}" for at in range(len(self._columns)))
        return f"{given} SELECT {names} FROM ({body}) WHERE place > ? AND place <= ? ORDER BY place"

    # -- clauses ---------------------------------------------------------------------------------------------------

    def _where(self, also: str = "") -> str:
        where = self._query.where
        terms = [each for each in (also, self._writer.write(where) if where is not None else "") if each]
        return where_clause(self._query.root, terms)

    def _order(self) -> str:
        """Always down to the id, so that an answer never depends on which index was used."""
        items = self._writer.sorting(self._query.order)
        ended = bool(items) and items[-1].startswith(f"{OWN_ID} ")
        return ", ".join(items if ended else [*items, OWN_ID])

    def _limit(self) -> str:
        query = self._query
        if query.limit is None and not query.offset:
            return ""
        self._slots += [_fixed(ENDLESS if query.limit is None else query.limit), _fixed(query.offset)]
        return " LIMIT ? OFFSET ?"

    # -- the select list and what it becomes -----------------------------------------------------------------------

    def _index(self, expression: str) -> int:
        """Where an expression stands in the select list; once, unless it waits for values, which are for one mark."""
        if expression in self._known:
            return self._known[expression]
        self._columns.append(expression)
        if "?" not in expression:
            self._known[expression] = len(self._columns) - 1
        return len(self._columns) - 1

    def _record(self, record: Record) -> RecordShape:
        place = record.place
        id_field = object_of(place).get("Id")
        assert id_field is not None, "every object has an Id"
        id_index = self._index(raw(Column(place, id_field)))
        type_index = None
        if isinstance(place, Named):
            type_field = NAME.get("Type")
            assert type_field is not None, "the pseudo-object Name has a Type"
            type_index = self._index(raw(Column(place, type_field)))
        nodes = tuple(self._node(part) for part in record.parts.values())
        return RecordShape(object_of(place).name, id_index, type_index, tuple(record.parts), nodes)

    def _node(self, part: Part) -> Node:
        if isinstance(part, Value):
            return self._value(part)
        if isinstance(part, Choice):
            otherwise = None if part.otherwise is None else replace(self._record(part.otherwise), concrete=True)
            return Either(tuple(self._record(each) for each in part.records), otherwise)
        if isinstance(part, Compound):
            keys = tuple(key for key, _ in part.parts)
            return Together(keys, tuple(self._scalar(column) for _, column in part.parts), part.all_needed)
        if isinstance(part, Record):
            return self._record(part)
        assert isinstance(part, Children), "there is no other kind of part"
        planner = _Planner(part.query, self._statements, self._numbers, part.link)
        return Subquery(planner.statement())

    def _value(self, part: Value) -> Scalar:
        operand = part.operand
        if isinstance(operand, Column):
            return replace(self._scalar(operand), dress=part.dress)
        assert isinstance(operand, Distance), "aggregates are no part of a record"
        return Scalar(self._index(self._writer.plain(operand)), None, part.dress)

    def _scalar(self, column: Column) -> Scalar:
        content = column.field.name if column.field.type == "base64" else None
        return Scalar(self._index(raw(column)), writer(column.field), content=content)


def _fixed(value: int) -> Slot:
    def convert(*_: Any) -> int:
        return value

    return Slot("", convert)
