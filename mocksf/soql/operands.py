"""Expressions → operands, where a field allows it: to be filtered, to be sorted."""

from mocksf.errors import Refuse
from mocksf.schema.model import Field
from mocksf.soql.bound import Column, Distance, Operand, Plain
from mocksf.soql.functions import PLAIN, plain_path, value_field
from mocksf.soql.nodes import Call, Expression
from mocksf.soql.scope import Scope


def filter_operand(expression: Expression, scope: Scope) -> tuple[Operand, Field]:
    """The left side of a WHERE comparison. Raises Refusal where the field cannot be filtered."""
    if isinstance(expression, Call) and expression.function in PLAIN:
        operand = PLAIN[expression.function](expression, scope)
        if not isinstance(operand, Distance):
            _check_filterable(operand.column if not isinstance(operand, Column) else operand, expression.at, scope)
        return operand, value_field(operand)
    path = plain_path(expression, scope)
    column = scope.column(path)
    _check_filterable(column, path.at, scope)
    return column, column.field


def _check_filterable(column: Column, at: int, scope: Scope) -> None:
    if column.field.type in {"address", "location"}:
        raise scope.refusal(at, Refuse.ADDRESS_FILTER)
    if not column.field.filterable:
        raise scope.refusal(at, Refuse.NOT_FILTERABLE, field=column.field.name)


def sort_operand(expression: Expression, scope: Scope) -> Plain:
    """What ORDER BY names: a field, a date function or a distance. Raises Refusal where the field cannot be sorted."""
    if isinstance(expression, Call) and expression.function in PLAIN and expression.function != "TOLABEL":
        return PLAIN[expression.function](expression, scope)
    path = plain_path(expression, scope)
    column = scope.column(path)
    if not column.field.sortable or not column.field.has_column or column.field.type == "multipicklist":
        raise scope.refusal(path.at, Refuse.NOT_SORTABLE, field=column.field.name)
    return column
