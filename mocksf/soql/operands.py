"""Expressions → columns, where a field allows it: to be filtered, to be sorted; functions are refused by name."""

from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import Field
from mocksf.soql.bound import Column, Operand
from mocksf.soql.nodes import Expression, Path
from mocksf.soql.scope import Scope

AGGREGATES = frozenset({"AVG", "COUNT", "COUNT_DISTINCT", "MAX", "MIN", "SUM"})
DATE_FUNCTIONS = frozenset(
    f"{group}_{unit}"
    for group, units in {
        "CALENDAR": ("MONTH", "QUARTER", "YEAR"),
        "FISCAL": ("MONTH", "QUARTER", "YEAR"),
        "DAY_IN": ("MONTH", "WEEK", "YEAR"),
        "WEEK_IN": ("MONTH", "YEAR"),
        "HOUR_IN": ("DAY",),
        "DAY": ("ONLY",),
    }.items()
    for unit in units
)
UNMODELLED = DATE_FUNCTIONS | {
    "CONVERTCURRENCY",
    "CONVERTTIMEZONE",
    "DISTANCE",
    "FORMAT",
    "GEOLOCATION",
    "GROUPING",
    "TOLABEL",
}
"""Functions that exist in Salesforce and not here; the refusal says so."""


def plain_path(expression: Expression, scope: Scope) -> Path:
    """A field path. Raises Refusal for a function."""
    if isinstance(expression, Path):
        return expression
    raise function_refused(expression.function, expression.at, scope)


def function_refused(name: str, at: int, scope: Scope) -> Refusal:
    """Why a function cannot stand where it stands."""
    if name in UNMODELLED:
        return scope.refusal(at, Refuse.NOT_MODELLED, what=name)
    if name in AGGREGATES:
        return scope.refusal(at, Refuse.NOT_IN_CONTEXT, what=name)
    return scope.refusal(at, Refuse.NO_SUCH_FUNCTION, name=name)


def filter_operand(expression: Expression, scope: Scope) -> tuple[Operand, Field]:
    """The left side of a WHERE comparison. Raises Refusal where the field cannot be filtered."""
    path = plain_path(expression, scope)
    column = scope.column(path)
    field = column.field
    if field.type in {"address", "location"}:
        raise scope.refusal(path.at, Refuse.ADDRESS_FILTER)
    if not field.filterable:
        raise scope.refusal(path.at, Refuse.NOT_FILTERABLE, field=field.name)
    return column, field


def sort_column(expression: Expression, scope: Scope) -> Column:
    """What ORDER BY names. Raises Refusal where the field cannot be sorted."""
    path = plain_path(expression, scope)
    column = scope.column(path)
    if not column.field.sortable or not column.field.has_column or column.field.type == "multipicklist":
        raise scope.refusal(path.at, Refuse.NOT_SORTABLE, field=column.field.name)
    return column
