"""SOQL: compile a query once, execute it against the store, get the records as the wire shows them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from mocksf.schema.model import Schema
from mocksf.soql.binder import bind
from mocksf.soql.cache import LITERALS, Plan, Shelf, Template, shelf_of
from mocksf.soql.dates import ANY_MOMENT, Moment
from mocksf.soql.nodes import Query
from mocksf.soql.parser import parse
from mocksf.soql.planner import plan, plan_among
from mocksf.soql.reading import Reading
from mocksf.store import Store

__all__ = ["Asked", "Moment", "Plan", "Result", "compile_among", "compile_soql", "execute", "read_among"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a query answers: JSON-ready records, and how many; of COUNT() the number alone."""

    total: int
    records: list[dict[str, Any]]
    count_only: bool = False


Asked: TypeAlias = Callable[[], Moment]
"""Who asks, and when: found out only where a query depends on it."""


def compile_soql(text: str, schema: Schema, asked: datetime | Asked, version: float = 66.0) -> Plan:
    """The plan of a query. `asked` says whose days and records it speaks of; an instant stands for one in UTC.

    Raises Refusal with the org's sentence: positional where the org's is (facts on SOQL §2).
    """
    shelf = shelf_of(schema)
    known = shelf.plans.get((text, version))
    if known is not None:
        return known
    moment = _at(asked) if isinstance(asked, datetime) else asked
    template = shelf.texts.get((text, version))
    if template is not None:
        return template.plan(moment())
    return _of_shape(text, schema, version, moment, shelf)


def _at(now: datetime) -> Asked:
    return lambda: Moment(now)


def _of_shape(text: str, schema: Schema, version: float, moment: Asked, shelf: Shelf) -> Plan:
    """The plan of a query whose text is new: refilled where a query of its shape has been compiled before."""
    pieces = LITERALS.split(text)
    shape = (version, tuple(pieces[::2]))
    liftable = "''" not in pieces  # an empty string asks for null, which is another shape
    template = shelf.shapes.get(shape) if liftable else None
    if template is not None:
        try:
            refilled = template.refilled(pieces, moment() if template.dated else ANY_MOMENT)
        except ValueError:
            pass  # some literal does not fit: the long way says why
        else:
            if not template.dated:
                shelf.plans.keep((text, version), refilled)
            return refilled
    query = parse(text, version)
    bound = bind(query, text, schema, version)
    template = Template(bound, plan(bound), query.purposes)
    compiled = template.plan(moment() if template.dated else ANY_MOMENT)
    if template.dated:
        shelf.texts.keep((text, version), template)
    else:
        shelf.plans.keep((text, version), compiled)
    if liftable and template.lift(pieces):
        shelf.shapes.keep(shape, template)
    return compiled


def execute(plan: Plan, store: Store, version: str = "66.0", include_deleted: bool = False) -> Result:
    """The answer of the store's rows as they stand; `version` goes into the addresses of records."""
    statement = plan.statements[0]
    rows = store.rows(statement.sql_all if include_deleted else statement.sql, plan.values[0])
    if plan.kind == "count":
        return Result(rows[0][0], [], count_only=True)
    return Result(len(rows), Reading(plan, store, version, include_deleted).records(statement, rows))


def compile_among(query: Query, text: str, schema: Schema, asked: datetime | Asked, version: float) -> Plan:
    """The plan of a query over records that somebody else found; its LIMIT and OFFSET are left to them."""
    moment = _at(asked) if isinstance(asked, datetime) else asked
    shelf, key = shelf_of(schema), (query, version)
    template = shelf.among.get(key)
    if template is None:
        bound = bind(replace(query, limit=None, offset=0), text, schema, version)
        template = Template(bound, plan_among(bound))
        shelf.among.keep(key, template)
    return template.plan(moment() if template.dated else ANY_MOMENT)


def read_among(plan: Plan, store: Store, version: str, ids: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Those of some records that a plan of `compile_among` lets through, in its order, each with its id."""
    reading = Reading(plan, store, version, include_deleted=False)
    statement = plan.statements[0]
    rows = reading.rows(statement, json.dumps(ids))
    found = (row[statement.link_index] for row in rows)
    return list(zip(found, reading.records(statement, rows), strict=True))
