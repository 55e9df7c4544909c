"""Nodes + schema → bound query: names become fields, values are checked; the last place that may refuse."""

from mocksf.errors import Refuse
from mocksf.schema.model import Schema
from mocksf.soql.bound import Bound, BoundOrder, BoundQuery, Children, Column, Every, Record
from mocksf.soql.caret import refusal_at
from mocksf.soql.filters import Filters, SemiJoin
from mocksf.soql.grouping import Grouping, is_aggregate, is_count
from mocksf.soql.nodes import Order, Query
from mocksf.soql.operands import filter_operand, sort_operand
from mocksf.soql.owners import scoped
from mocksf.soql.restrictions import is_narrowed
from mocksf.soql.scope import Scope
from mocksf.soql.selection import COLUMNS_MAX, Selection
from mocksf.soql.semi_joins import SemiJoins, refusing
from mocksf.soql.sql import RANGES_MAX, WEIGHT_MAX, ranges, weight

OFFSET_MAX = 2_000
CHILD_RELATIONSHIPS_MAX = 20
SORTED_MAX = 32
"""How many fields ORDER BY and GROUP BY may name (assumed; the facts on SOQL §1.11 are unsure)."""


def bind(query: Query, text: str, schema: Schema, version: float = 66.0) -> BoundQuery:
    """The bound form of a parsed query. Raises Refusal with its place in `text`."""
    return _Binder(text, schema, version).root(query)


class _Binder:
    def __init__(self, text: str, schema: Schema, version: float) -> None:
        self._text = text
        self._schema = schema
        self._version = version
        self._levels_max = 5 if version >= 58 else 2
        self._children = 0

    def root(self, query: Query) -> BoundQuery:
        """The whole query, of whichever kind it is."""
        scope = self._scope_of(query)
        self._check_clauses(query, scope)
        if query.offset > OFFSET_MAX:
            raise Refuse.OFFSET_TOO_FAR(offset=OFFSET_MAX)
        if len(query.items) > COLUMNS_MAX or len(query.group) > SORTED_MAX or len(query.order) > SORTED_MAX:
            raise Refuse.QUERY_TOO_COMPLICATED()
        semi_joins = SemiJoins(scope, self._scope_of, self._version)
        if is_count(query):
            return self._count(query, scope, semi_joins.bind)
        if is_aggregate(query):
            return self._aggregate(query, scope, semi_joins.bind)
        return self._rows(query, scope, 1, semi_joins.bind)

    def _check_clauses(self, query: Query, scope: Scope) -> None:
        """WITH, where this object has nothing of the kind; FOR UPDATE, which wants no order."""
        chosen = query.filter
        if chosen is not None and chosen.kind != "RECORDVISIBILITYCONTEXT":
            situation = Refuse.NO_CATEGORIES if chosen.kind == "DATA CATEGORY" else Refuse.NO_WITH_FIELD
            raise refusal_at(self._text, chosen.at, situation, sobject=scope.sobject.name)
        if not is_narrowed(scope.sobject.name, query.where):
            raise Refuse.LINK_UNFILTERED()
        if query.order and "FOR UPDATE" in query.purposes:
            raise refusal_at(self._text, query.at, Refuse.ORDER_FOR_UPDATE)

    def _count(self, query: Query, scope: Scope, semi_join: SemiJoin) -> BoundQuery:
        if len(query.items) > 1 or query.order or query.group:
            raise refusal_at(self._text, query.at, Refuse.COUNT_NOT_ALONE)
        where = self._where(query, scope, semi_join)
        record = Record(scope.root, {})
        return BoundQuery("count", tuple(scope.places), record, where, (), None, (), query.limit, query.offset)

    def _aggregate(self, query: Query, scope: Scope, semi_join: SemiJoin) -> BoundQuery:
        groups = Grouping(query, scope)
        record = Record(scope.root, groups.parts())
        where = self._where(query, scope, semi_join)
        misplaced = refusing(scope, Refuse.SEMI_JOIN_LEVEL)
        filters = Filters(scope, self._version, groups.having_operand, misplaced)
        having = filters.bind(query.having) if query.having else None
        order = groups.order()
        places, limit, offset = tuple(scope.places), query.limit, query.offset
        kind, totals = "aggregate", query.totals
        return BoundQuery(kind, places, record, where, groups.groups, having, order, limit, offset, totals)

    def _rows(self, query: Query, scope: Scope, level: int, semi_join: SemiJoin) -> BoundQuery:
        if query.having:
            raise refusal_at(self._text, query.at, Refuse.HAVING_WITHOUT_GROUP)
        selection = Selection(query, scope, lambda inner: self._subquery(query, inner, scope, level + 1))
        record = selection.record()
        where = self._where(query, scope, semi_join)
        order = tuple(_ordered(each, scope) for each in query.order)
        return BoundQuery("rows", tuple(scope.places), record, where, (), None, order, query.limit, query.offset)

    # -- FROM ------------------------------------------------------------------------------------------------------

    def _scope_of(self, query: Query) -> Scope:
        """The names of a query whose FROM is an object."""
        path = query.source.path
        sobject = self._schema.get(str(path))
        if sobject is None:
            raise refusal_at(self._text, path.at, Refuse.NO_SUCH_ENTITY, name=path)
        if not sobject.flags.get("queryable", True) or sobject.get("Id") is None:
            raise Refuse.NOT_QUERYABLE(name=sobject.name)
        return _with_aliases(query, Scope(self._text, self._schema, sobject, query.source.alias))

    def _subquery(self, outer: Query, query: Query, scope: Scope, level: int) -> tuple[str, Children]:
        """The children that a subquery asks for, under the name of their relationship."""
        path = query.source.path
        relationship = scope.sobject.child(path.names[-1]) if scope.owns(path) else None
        sobject = self._schema.get(relationship.child_sobject) if relationship else None
        link = sobject.get(relationship.field) if sobject and relationship else None
        if relationship is None or sobject is None or link is None:
            raise refusal_at(self._text, path.at, Refuse.NO_SUCH_CHILDREN, name=path.names[-1])
        self._check_subquery(outer, query, level)
        inner = _with_aliases(query, Scope(self._text, self._schema, sobject, query.source.alias))
        bound = self._rows(query, inner, level, refusing(inner, Refuse.SEMI_JOIN_LEVEL))
        return str(relationship.relationship_name), Children(bound, Column(inner.root, link))

    def _check_subquery(self, outer: Query, query: Query, level: int) -> None:
        self._children += 1
        if len(query.order) > SORTED_MAX:
            raise Refuse.QUERY_TOO_COMPLICATED()
        if outer.scope:
            raise refusal_at(self._text, query.at, Refuse.SCOPE_WITH_CHILDREN)
        if is_count(query) or is_aggregate(query):
            raise refusal_at(self._text, query.at, Refuse.AGGREGATE_BELOW_ROOT)
        if level > self._levels_max:
            raise refusal_at(self._text, query.at, Refuse.SUBQUERY_TOO_DEEP, levels=self._levels_max)
        if self._children > CHILD_RELATIONSHIPS_MAX:
            raise refusal_at(self._text, query.at, Refuse.TOO_MANY_SUBQUERIES, count=CHILD_RELATIONSHIPS_MAX)
        if query.offset and outer.limit != 1:
            raise refusal_at(self._text, query.offset_at, Refuse.CHILD_OFFSET)

    # -- WHERE -----------------------------------------------------------------------------------------------------

    def _where(self, query: Query, scope: Scope, semi_join: SemiJoin) -> Bound | None:
        terms = [each for each in (self._filter(query, scope, semi_join), scoped(query, scope)) if each]
        return Every(tuple(terms)) if len(terms) > 1 else next(iter(terms), None)

    def _filter(self, query: Query, scope: Scope, semi_join: SemiJoin) -> Bound | None:
        if query.where is None:
            return None
        filters = Filters(scope, self._version, lambda expression: filter_operand(expression, scope), semi_join)
        bound = filters.bind(query.where)
        if weight(bound) > WEIGHT_MAX or ranges(bound) > RANGES_MAX:
            raise Refuse.QUERY_TOO_COMPLICATED()
        return bound


def _with_aliases(query: Query, scope: Scope) -> Scope:
    for alias, path in query.source.further:
        scope.name_parent(alias or path.names[-1], path)
    return scope


def _ordered(order: Order, scope: Scope) -> BoundOrder:
    """Nulls come first going up and last going down; references do not heed NULLS LAST (SOQL reference)."""
    operand = sort_operand(order.expression, scope)
    natural = "LAST" if order.descending else "FIRST"
    reference = isinstance(operand, Column) and operand.field.type == "reference"
    nulls = natural if reference and order.nulls == "LAST" else order.nulls or natural
    return BoundOrder(operand, order.descending, nulls)
