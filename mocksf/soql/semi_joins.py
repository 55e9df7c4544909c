"""`Id IN (SELECT …)`: the one place where a query leans on another, and the many ways in which it must not."""

from collections.abc import Callable

from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import SObject
from mocksf.soql.bound import Bound, Column, Inverse, Member
from mocksf.soql.filters import Filters, SemiJoin
from mocksf.soql.functions import plain_path
from mocksf.soql.nodes import Comparison, Path, Query, Selected
from mocksf.soql.operands import filter_operand
from mocksf.soql.scope import Scope

SEMI_JOINS_MAX = 2
_NEVER_INNER = frozenset(
    {"ActivityHistory", "Attachment", "Event", "EventAttendee", "EventRelation", "Note", "OpenActivity", "Task"}
)
"""Objects that no sub-select may be on (SOQL reference; the sentence is recorded of Task)."""
_ID_TYPES = frozenset({"id", "reference"})
_LEVELS = {"or": Refuse.SEMI_JOIN_OR, "not": Refuse.SEMI_JOIN_LEVEL}


def refusing(scope: Scope, situation: Refuse) -> SemiJoin:
    """For conditions in which no sub-select may stand."""

    def refuse(node: Comparison, _: str) -> Bound:
        raise scope.refusal(node.left.at, situation)

    return refuse


class SemiJoins:
    """Binds the sub-selects of one WHERE and counts them."""

    def __init__(self, outer: Scope, scope_of: Callable[[Query], Scope], version: float) -> None:
        self._outer = outer
        self._scope_of = scope_of
        self._version = version
        self._count = 0

    def bind(self, node: Comparison, level: str) -> Bound:
        """A semi-join, or an anti-join for NOT IN. Raises Refusal (facts on SOQL §1.8)."""
        query = node.right
        assert isinstance(query, Query), "only comparisons with a sub-select come here"
        self._count += 1
        if level in _LEVELS:
            raise self._outer.refusal(node.left.at, _LEVELS[level])
        if self._count > SEMI_JOINS_MAX:
            raise self._outer.refusal(node.left.at, Refuse.SEMI_JOIN_COUNT, count=SEMI_JOINS_MAX)
        left = self._outer.column(plain_path(node.left, self._outer))
        inner = self._scope_of(query)
        if inner.sobject.name in _NEVER_INNER or inner.sobject.name.endswith("Tag"):
            raise inner.refusal(query.source.path.at, Refuse.SEMI_JOIN_ENTITY, name=inner.sobject.name)
        column = self._inner_column(query, inner)
        self._check_kin(node, left, column, inner)
        filters = Filters(
            inner,
            self._version,
            lambda expression: filter_operand(expression, inner),
            refusing(inner, Refuse.SEMI_JOIN_NESTED),
        )
        where = filters.bind(query.where) if query.where else None
        member = Member(left, column, where, tuple(inner.places))
        return member if node.operator == "IN" else Inverse(member)

    def _inner_column(self, query: Query, inner: Scope) -> Column:
        """The one column of the sub-select: an id or a reference of its own object."""
        item = query.items[0]
        if len(query.items) > 1 or not isinstance(item, Selected) or not isinstance(item.expression, Path):
            raise inner.refusal(query.at, Refuse.SEMI_JOIN_COLUMN, field=_shown(query))
        column = inner.column(item.expression)
        if column.of_parent:
            raise inner.refusal(item.expression.at, Refuse.SEMI_JOIN_PATH)
        if column.field.type not in _ID_TYPES:
            raise inner.refusal(item.expression.at, Refuse.SEMI_JOIN_COLUMN, field=item.expression.names[-1])
        for clause, given in (("ORDER BY", query.order), ("LIMIT", query.limit is not None), ("GROUP BY", query.group)):
            if given:
                raise inner.refusal(query.at, Refuse.NOT_IN_CONTEXT, what=clause)
        return column

    def _check_kin(self, node: Comparison, left: Column, column: Column, inner: Scope) -> None:
        """Both sides must point to the same object, and the two queries must not be on the same one."""
        if inner.sobject is self._outer.sobject:
            raise self._outer.refusal(node.left.at, Refuse.SEMI_JOIN_SAME)
        fits = left.field.type in _ID_TYPES and not left.of_parent
        if not fits or not _pointed(left, self._outer.sobject) & _pointed(column, inner.sobject):
            raise self._strangers(node, left, column)

    def _strangers(self, node: Comparison, left: Column, column: Column) -> Refusal:
        # Recorded with the caret one before the operand (facts on SOQL §2.1, the row of `sfy24__Account__c`).
        at = max(node.left.at - 1, 0)
        return self._outer.refusal(at, Refuse.SEMI_JOIN_TYPES, inner=column.field.name, outer=left.field.name)


def _pointed(column: Column, sobject: SObject) -> set[str]:
    """The objects whose ids a column holds."""
    return {sobject.name} if column.field.type == "id" else set(column.field.reference_to)


def _shown(query: Query) -> str:
    item = query.items[-1]
    return str(item.expression) if isinstance(item, Selected) and isinstance(item.expression, Path) else "a function"
