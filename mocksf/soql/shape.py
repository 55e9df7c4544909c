"""Rows → records: nesting, `attributes`, compounds, subqueries; column by column, nothing looked up per row."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from mocksf.schema.model import Field
from mocksf.soql.bound import Slot
from mocksf.store import Store
from mocksf.values import wire_value

Convert: TypeAlias = Callable[[Any], Any]
_AS_STORED = frozenset({"int", "date", "id", "reference"})


def converter(field: Field) -> Convert | None:
    """How a stored value becomes JSON; None where it already is."""
    return None if field.is_text or field.type in _AS_STORED else partial(wire_value, field)


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """One column of the answer."""

    index: int
    convert: Convert | None


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Columns that make one object: an address, a location."""

    keys: tuple[str, ...]
    parts: tuple[Scalar, ...]
    all_needed: bool


@dataclass(frozen=True, slots=True, eq=False)
class RecordShape:
    """A record or a parent: its type, where its id stands, and its parts in order.

    `id_index` is None for aggregates, which have no address; `type_index` is the column that names the type in the
    address of a polymorphic parent.
    """

    sobject: str
    id_index: int | None
    type_index: int | None
    keys: tuple[str, ...]
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Subquery:
    """The children of each record, from a statement that is asked once for all of them."""

    statement: "Statement"
    id_index: int


Node: TypeAlias = Scalar | Together | RecordShape | Subquery


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One SELECT: with deleted rows hidden, and with all rows; the values both wait for; what its rows become."""

    number: int
    sql: str
    sql_all: str
    slots: tuple[Slot, ...]
    shape: RecordShape
    link_index: int = 0
    """In a subquery: the column that holds the outer record's id."""


class Reading:
    """One execution: the store, the bound values, and how addresses of records begin."""

    def __init__(self, store: Store, values: tuple[tuple[Any, ...], ...], version: str, include_deleted: bool) -> None:
        self._store = store
        self._values = values
        self._base = f"/services/data/v{version}/sobjects/"
        self._include_deleted = include_deleted

    def rows(self, statement: Statement, *before: Any) -> list[tuple[Any, ...]]:
        """What the database answers."""
        sql = statement.sql_all if self._include_deleted else statement.sql
        return self._store.rows(sql, (*before, *self._values[statement.number]))

    def records(self, shape: RecordShape, rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """The JSON-ready records of some rows."""
        return self._records(shape, list(zip(*rows, strict=True)), len(rows)) if rows else []

    def _records(self, shape: RecordShape, columns: list[Any], count: int) -> list[dict[str, Any]]:
        parts = [self._attributes(shape, columns, count), *(self._part(node, columns, count) for node in shape.nodes)]
        keys = ("attributes", *shape.keys)
        return [dict(zip(keys, row, strict=True)) for row in zip(*parts, strict=True)]

    def _attributes(self, shape: RecordShape, columns: list[Any], count: int) -> list[dict[str, Any]]:
        kind = shape.sobject
        if shape.id_index is None:
            return [{"type": kind} for _ in range(count)]
        ids = columns[shape.id_index]
        if shape.type_index is not None:
            types = columns[shape.type_index]
            return [
                {"type": kind, "url": f"{self._base}{type_}/{each}"} for type_, each in zip(types, ids, strict=True)
            ]
        base = f"{self._base}{kind}/"
        return [{"type": kind, "url": f"{base}{each}"} for each in ids]

    def _part(self, node: Node, columns: list[Any], count: int) -> Sequence[Any]:
        if isinstance(node, Scalar):
            return _scalars(node, columns)
        if isinstance(node, RecordShape):
            return self._parents(node, columns, count)
        if isinstance(node, Together):
            return _together(node, columns)
        return self._children(node, columns)

    def _parents(self, shape: RecordShape, columns: list[Any], count: int) -> list[dict[str, Any] | None]:
        """Parents; where there is none the whole object is null (facts on SOQL §1.5)."""
        there = shape.id_index if shape.type_index is None else shape.type_index
        assert there is not None, "parents have ids"
        known = columns[there]
        records = self._records(shape, columns, count)
        return [None if each is None else record for each, record in zip(known, records, strict=True)]

    def _children(self, node: Subquery, columns: list[Any]) -> list[dict[str, Any] | None]:
        """The children of all records, asked for at once; none at all is null (recorded)."""
        ids = columns[node.id_index]
        statement = node.statement
        rows = self.rows(statement, json.dumps(ids))
        families: dict[str, list[dict[str, Any]]] = {}
        for row, record in zip(rows, self.records(statement.shape, rows), strict=True):
            families.setdefault(row[statement.link_index], []).append(record)
        return [_family(families.get(each)) for each in ids]


def _family(records: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    return {"totalSize": len(records), "done": True, "records": records} if records else None


def _scalars(node: Scalar, columns: list[Any]) -> Sequence[Any]:
    column: Sequence[Any] = columns[node.index]
    convert = node.convert
    return column if convert is None else [None if each is None else convert(each) for each in column]


def _together(node: Together, columns: list[Any]) -> list[dict[str, Any] | None]:
    """Compounds: null when all their components are, or when one is where all are needed."""
    empty = any if node.all_needed else all
    values = zip(*(_scalars(part, columns) for part in node.parts), strict=True)
    return [None if empty(each is None for each in row) else dict(zip(node.keys, row, strict=True)) for row in values]
