"""Aggregate queries: COUNT, SUM and their kin, GROUP BY with its subtotals, HAVING, and the names of what comes out."""

from dataclasses import replace

from mocksf.errors import Refuse
from mocksf.schema.model import NUMBER_TYPES, Field
from mocksf.soql.bound import Aggregate, BoundOrder, Column, DatePart, Group, Operand, Part, Subtotal, Value, key_of
from mocksf.soql.functions import (
    AGGREGATES,
    DATE_FUNCTIONS,
    date_part,
    dress_of,
    labelled,
    plain_path,
    refused,
    undressed,
    value_field,
)
from mocksf.soql.nodes import AllFields, Call, Expression, Item, Literal, Path, Query, Selected, TypeOf
from mocksf.soql.scope import Scope

_NEVER = frozenset({"boolean", "base64", "time", "address", "location", "multipicklist", "encryptedstring", "anyType"})
_SUMMING = AGGREGATES | DATE_FUNCTIONS | {"GROUPING"}
"""Functions that make a query one of groups: a date function is selected where it is grouped only."""
LONG_TEXT = 255
"""A textarea beyond this length is a long one: not grouped, not sorted, not aggregated."""


def is_count(query: Query) -> bool:
    """Whether it selects `COUNT()`, alone or beside others."""
    return any(isinstance(item, Selected) and item.expression == Call("COUNT", ()) for item in query.items)


def is_aggregate(query: Query) -> bool:
    """Whether its rows are aggregates and no records."""
    return bool(query.group) or any(isinstance(item, Selected) and _sums(item.expression) for item in query.items)


def _sums(expression: Expression | Literal) -> bool:
    return isinstance(expression, Call) and (
        expression.function in _SUMMING or any(_sums(argument) for argument in expression.arguments)
    )


class Grouping:
    """The aggregates and groups of one query."""

    def __init__(self, query: Query, scope: Scope) -> None:
        self._query = query
        self._scope = scope
        self.groups: tuple[Group, ...] = tuple(self._group(each) for each in query.group)
        self._keys = {key_of(group) for group in self.groups}
        if query.having and not query.group:
            raise scope.refusal(query.at, Refuse.HAVING_WITHOUT_GROUP)
        if not query.group and query.limit is not None:
            raise Refuse.AGGREGATE_LIMIT()

    def _group(self, expression: Expression) -> Group:
        if isinstance(expression, Call) and expression.function in DATE_FUNCTIONS:
            return date_part(expression, self._scope)
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
            dressed = undressed(selected.expression, self._scope)
            operand = self._operand(dressed.inner, Refuse.NOT_GROUPED)
            name = selected.alias
            if not name and isinstance(operand, Column):
                name = operand.field.name
            elif not name:
                name, unnamed = f"expr{unnamed}", unnamed + 1
            if name in parts:
                raise self._scope.refusal(selected.expression.at, Refuse.DUPLICATE_ALIAS, name=name)
            parts[name] = Value(operand, dress_of(dressed, result_field(operand), self._scope))
        return parts

    def _selected(self, item: Item) -> Selected:
        if isinstance(item, Query):
            raise self._scope.refusal(item.at, Refuse.SUBQUERY_IN_AGGREGATE)
        if isinstance(item, AllFields):
            raise self._scope.refusal(item.at, Refuse.NOT_GROUPED, path=f"FIELDS({item.which})")
        if isinstance(item, TypeOf):
            raise self._scope.refusal(item.at, Refuse.TYPEOF_CONTEXT)
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
            return self._function(expression, ungrouped)
        column = self._scope.column(expression)
        if key_of(column) not in self._keys:
            raise self._scope.refusal(expression.at, ungrouped, path=expression)
        return column

    def _function(self, call: Call, ungrouped: Refuse) -> Operand:
        if call.function in DATE_FUNCTIONS:
            return self._date_part(call)
        if call.function == "TOLABEL":
            label = labelled(call, self._scope)
            if key_of(label) not in self._keys:
                raise self._scope.refusal(call.at, ungrouped, path=label.column.field.name)
            return label
        return self._subtotal(call) if call.function == "GROUPING" else self._aggregate(call)

    def _date_part(self, call: Call) -> DatePart:
        """A date function that is grouped by; for a date, its field may be grouped by instead (SOQL reference)."""
        part = date_part(call, self._scope)
        by_day = part.column.field.type == "date" and key_of(part.column) in self._keys
        if key_of(part) not in self._keys and not by_day:
            raise self._scope.refusal(call.at, Refuse.FUNCTION_NOT_GROUPED, function=call.function)
        return part

    def _subtotal(self, call: Call) -> Subtotal:
        if not self._query.totals:
            raise self._scope.refusal(call.at, Refuse.GROUPING_ALONE)
        if len(call.arguments) != 1 or isinstance(call.arguments[0], Literal):
            raise refused(call.function, call.at, self._scope)
        operand = self._operand(call.arguments[0], Refuse.NOT_GROUPED)
        if isinstance(operand, Column | DatePart):
            return Subtotal(operand)
        raise refused(call.function, call.at, self._scope)

    def _aggregate(self, call: Call) -> Aggregate:
        """An aggregate that its field's type supports (facts on SOQL §1.10, the matrix)."""
        argument = call.arguments[0] if len(call.arguments) == 1 else None
        if call.function not in AGGREGATES or argument is None or isinstance(argument, Literal):
            raise refused(call.function, call.at, self._scope)
        if isinstance(argument, Call) and argument.function in DATE_FUNCTIONS:
            part = date_part(argument, self._scope)
            self._check(call, value_field(part))
            return Aggregate(call.function, part)
        if not isinstance(argument, Path):
            raise refused(call.function, call.at, self._scope)
        column = self._scope.column(argument)
        self._check(call, column.field)
        return Aggregate(call.function, column)

    def _check(self, call: Call, field: Field) -> None:
        if not _supports(field, call.function):
            facts = {"field": field.name, "function": call.function}
            raise self._scope.refusal(call.at, Refuse.WRONG_AGGREGATE, **facts)


def _supports(field: Field, function: str) -> bool:
    """Whether a field can be aggregated so: by its type, and by what its describe says."""
    if field.type in _NEVER or (field.type == "textarea" and field.length > LONG_TEXT):
        return False
    numbers_only = function in {"AVG", "SUM"}
    return bool(field.extra.get("aggregatable", True)) and (field.type in NUMBER_TYPES or not numbers_only)


def result_field(operand: Operand) -> Field:
    """A field of the type that an operand's values have."""
    if isinstance(operand, Subtotal):
        return Field(name="GROUPING", label="", type="int")
    if not isinstance(operand, Aggregate):
        return value_field(operand)
    if operand.function.startswith("COUNT"):
        return Field(name=operand.function, label=operand.function, type="int")
    field = value_field(operand.of)
    return replace(field, type="double") if operand.function == "AVG" else field
