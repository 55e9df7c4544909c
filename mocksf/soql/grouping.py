"""Aggregate queries: COUNT, SUM and their kin, GROUP BY, HAVING, and the names of what comes out."""

from dataclasses import replace

from mocksf.errors import Refuse
from mocksf.schema.model import NUMBER_TYPES, Field
from mocksf.soql.bound import Aggregate, BoundOrder, Column, Operand, Part, Value
from mocksf.soql.nodes import AllFields, Call, Expression, Path, Query, Selected
from mocksf.soql.operands import AGGREGATES, function_refused, plain_path
from mocksf.soql.scope import Scope

_NEVER = frozenset({"boolean", "base64", "time", "address", "location", "multipicklist", "encryptedstring", "anyType"})
LONG_TEXT = 255
"""A textarea beyond this length is a long one: not grouped, not sorted, not aggregated."""


def is_count(query: Query) -> bool:
    """Whether it selects `COUNT()`, alone or beside others."""
    return any(
        isinstance(item, Selected) and isinstance(item.expression, Call) and item.expression == Call("COUNT", ())
        for item in query.items
    )


def is_aggregate(query: Query) -> bool:
    """Whether its rows are aggregates and no records."""
    return bool(query.group) or any(
        isinstance(item, Selected) and isinstance(item.expression, Call) and item.expression.function in AGGREGATES
        for item in query.items
    )


class Grouping:
    """The aggregates and groups of one query."""

    def __init__(self, query: Query, scope: Scope) -> None:
        self._query = query
        self._scope = scope
        self.columns = tuple(self._group(each) for each in query.group)
        self._keys = {_key(column) for column in self.columns}
        if query.having and not query.group:
            raise scope.refusal(query.at, Refuse.HAVING_WITHOUT_GROUP)
        if not query.group and query.limit is not None:
            raise Refuse.AGGREGATE_LIMIT()

    def _group(self, expression: Expression) -> Column:
        path = plain_path(expression, self._scope)
        column = self._scope.column(path)
        field = column.field
        if not field.groupable or field.type in _NEVER - {"boolean"} or field.length > LONG_TEXT:
            raise self._scope.refusal(path.at, Refuse.NOT_GROUPABLE, field=field.name)
        return column

    def parts(self) -> dict[str, Part]:
        """What is selected, by alias, by field name, or by `expr0`, `expr1`, … in order."""
        parts: dict[str, Part] = {}
        unnamed = 0
        for item in self._query.items:
            selected = self._selected(item)
            operand = self._operand(selected.expression, Refuse.NOT_GROUPED)
            name = selected.alias
            if not name and isinstance(operand, Column):
                name = operand.field.name
            elif not name:
                name, unnamed = f"expr{unnamed}", unnamed + 1
            if name in parts:
                raise self._scope.refusal(selected.expression.at, Refuse.DUPLICATE_ALIAS, name=name)
            parts[name] = Value(operand)
        return parts

    def _selected(self, item: Selected | AllFields | Query) -> Selected:
        if isinstance(item, Query):
            raise self._scope.refusal(item.at, Refuse.SUBQUERY_IN_AGGREGATE)
        if isinstance(item, AllFields):
            raise self._scope.refusal(item.at, Refuse.NOT_GROUPED, path=f"FIELDS({item.which})")
        return item

    def having_operand(self, expression: Expression) -> tuple[Operand, Field]:
        """The left side of a HAVING comparison, and the field whose type its value must have."""
        operand = self._operand(expression, Refuse.NOT_GROUPED)
        return operand, result_field(operand)

    def order(self) -> tuple[BoundOrder, ...]:
        """ORDER BY over aggregates and grouped fields."""
        return tuple(
            BoundOrder(
                self._operand(each.expression, Refuse.ORDER_NOT_GROUPED),
                each.descending,
                each.nulls or ("LAST" if each.descending else "FIRST"),
            )
            for each in self._query.order
        )

    def _operand(self, expression: Expression, ungrouped: Refuse) -> Operand:
        if isinstance(expression, Call):
            return self._aggregate(expression)
        column = self._scope.column(expression)
        if _key(column) not in self._keys:
            raise self._scope.refusal(expression.at, ungrouped, path=expression)
        return column

    def _aggregate(self, call: Call) -> Aggregate:
        """An aggregate that its field's type supports (facts on SOQL §1.10, the matrix)."""
        if call.function not in AGGREGATES or len(call.arguments) != 1 or not isinstance(call.arguments[0], Path):
            raise function_refused(call.function, call.at, self._scope)
        column = self._scope.column(call.arguments[0])
        field = column.field
        if not _supports(field, call.function):
            facts = {"field": field.name, "function": call.function}
            raise self._scope.refusal(call.at, Refuse.WRONG_AGGREGATE, **facts)
        return Aggregate(call.function, column)


def _supports(field: Field, function: str) -> bool:
    """Whether a field can be aggregated so: by its type, and by what its describe says."""
    if field.type in _NEVER or (field.type == "textarea" and field.length > LONG_TEXT):
        return False
    numbers_only = function in {"AVG", "SUM"}
    return bool(field.extra.get("aggregatable", True)) and (field.type in NUMBER_TYPES or not numbers_only)


def result_field(operand: Operand) -> Field:
    """A field of the type that an operand's values have."""
    if isinstance(operand, Column):
        return operand.field
    if operand.function.startswith("COUNT"):
        return Field(name=operand.function, label=operand.function, type="int")
    if operand.function == "AVG":
        return replace(operand.column.field, type="double")
    return operand.column.field


def _key(column: Column) -> tuple[int, str]:
    return column.place.number, column.field.name
