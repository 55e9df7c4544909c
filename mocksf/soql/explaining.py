"""How a query would be carried out, as `?explain=` tells it: a plan for each index that helps, and one without."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.model import Schema
from mocksf.soql.binder import bind
from mocksf.soql.bound import Bound, BoundQuery, Column, Every, Inverse, Member, Record, Some, Test
from mocksf.soql.cache import Template
from mocksf.soql.dates import Moment
from mocksf.soql.parser import parse
from mocksf.soql.planner import plan
from mocksf.store import Store
from mocksf.tables import is_indexed

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A plan's cost is its cardinality over three tenths of the object's records", Evidence.ASSUMED),
    ("Cardinalities are counted, not estimated", Evidence.ASSUMED),
    ("A scan notes that IsDeleted is no index, and every filter on a field without one", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""

SELECTIVE = 0.3
"""The share of an object's records below which an index is worth while (documented for standard indexes)."""
_SYSTEM = frozenset({"Id", "CreatedDate", "SystemModstamp", "LastModifiedDate"})
_POSITIVE = frozenset({"=", "in", "in json", "within", "<", "<=", ">", ">=", "like prefix"})
_UNINDEXED = "Not considering filter for optimization because unindexed"


def explain(text: str, schema: Schema, asked: Moment | datetime, version: float, store: Store) -> list[dict[str, Any]]:
    """The plans of a query, the cheapest first. Raises Refusal as the query itself would."""
    moment = Moment(asked) if isinstance(asked, datetime) else asked
    bound = bind(parse(text, version), text, schema, version)
    counter = _Counter(bound, moment, store)
    return sorted(counter.plans(), key=lambda each: (each["relativeCost"], each["leadingOperationType"]))


class _Counter:
    """Counts what a query and its filters let through."""

    def __init__(self, query: BoundQuery, moment: Moment, store: Store) -> None:
        self._query = query
        self._moment = moment
        self._store = store
        self._all = self._count(None)

    def plans(self) -> Iterator[dict[str, Any]]:
        """A plan per index, then the scan."""
        for column, test in _alone(self._query.where):
            if _indexed(column) and test.operator in _POSITIVE:
                yield self._plan("Index", [column.field.name], self._count(test), [])
        unindexed = dict.fromkeys(["IsDeleted"] if self._query.root.sobject.get("IsDeleted") else [])
        for column in _filtered(self._query.where):
            if not _indexed(column):
                unindexed[column.field.name] = None
        yield self._plan("TableScan", [], self._count(self._query.where), list(unindexed))

    def _plan(self, kind: str, fields: list[str], cardinality: int, unindexed: list[str]) -> dict[str, Any]:
        name = self._query.root.sobject.name
        notes = [{"description": _UNINDEXED, "fields": [field], "tableEnumOrId": name} for field in unindexed]
        cost = cardinality / (SELECTIVE * self._all) if self._all else 0.0
        return {
            "cardinality": cardinality,
            "fields": fields,
            "leadingOperationType": kind,
            "notes": notes,
            "relativeCost": round(cost, 3),
            "sobjectCardinality": self._all,
            "sobjectType": name,
        }

    def _count(self, where: Bound | None) -> int:
        empty = Record(self._query.root, {})
        query = replace(
            self._query, kind="count", record=empty, where=where, group=(), having=None, order=(), limit=None, offset=0
        )
        counted = Template(query, plan(query)).plan(self._moment)
        (count,) = self._store.rows(counted.statements[0].sql, counted.values[0])[0]
        return int(count)


def _indexed(column: Column) -> bool:
    """Whether it is a field of the object itself that an index leads to."""
    return not column.of_parent and (column.field.name in _SYSTEM or is_indexed(column.field))


def _alone(bound: Bound | None) -> Iterator[tuple[Column, Test]]:
    """The tests of fields that every row must pass."""
    if isinstance(bound, Test) and isinstance(bound.operand, Column):
        yield bound.operand, bound
    elif isinstance(bound, Every):
        for term in bound.terms:
            yield from _alone(term)


def _filtered(bound: Bound | None) -> Iterator[Column]:
    """All fields that a condition looks at."""
    if isinstance(bound, Test | Member):
        operand = bound.operand
        if isinstance(operand, Column):
            yield operand
    elif isinstance(bound, Every | Some):
        for term in bound.terms:
            yield from _filtered(term)
    elif isinstance(bound, Inverse):
        yield from _filtered(bound.term)
