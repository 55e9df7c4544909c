"""The functions that are no aggregates, bound: parts of dates, labels, distances, and what dresses a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mocksf.compounds import compound_parts
from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import NUMBER_TYPES, Field
from mocksf.soql.bound import Column, DatePart, Distance, Dress, Labelled, Plain, Slot
from mocksf.soql.dates import Moment
from mocksf.soql.locales import formatted
from mocksf.soql.nodes import Call, Expression, Literal, Path
from mocksf.soql.scope import Scope, object_of

AGGREGATES = frozenset({"AVG", "COUNT", "COUNT_DISTINCT", "MAX", "MIN", "SUM"})
INSTANTS_ONLY = frozenset({"DAY_ONLY", "HOUR_IN_DAY"})
"""The date functions that take no plain date (SOQL reference)."""
DATE_FUNCTIONS = INSTANTS_ONLY | {
    *(f"{kind}_{unit}" for kind in ("CALENDAR", "FISCAL") for unit in ("MONTH", "QUARTER", "YEAR")),
    *(f"DAY_IN_{unit}" for unit in ("MONTH", "WEEK", "YEAR")),
    *(f"WEEK_IN_{unit}" for unit in ("MONTH", "YEAR")),
}
DRESSES = frozenset({"CONVERTCURRENCY", "FORMAT", "TOLABEL"})
KNOWN = AGGREGATES | DATE_FUNCTIONS | DRESSES | {"CONVERTTIMEZONE", "DISTANCE", "GEOLOCATION", "GROUPING"}
_UNITS = {"'mi'": True, "'km'": False}
_FORMATTED = NUMBER_TYPES | {"date", "datetime", "time"}


def refused(name: str, at: int, scope: Scope) -> Refusal:
    """Why a function cannot stand where it stands."""
    if name in KNOWN:
        return scope.refusal(at, Refuse.NOT_IN_CONTEXT, what=name)
    return scope.refusal(at, Refuse.NO_SUCH_FUNCTION, name=name)


def plain_path(expression: Expression | Literal, scope: Scope) -> Path:
    """A field path. Raises Refusal for a function."""
    if isinstance(expression, Path):
        return expression
    if isinstance(expression, Literal):
        raise scope.refusal(expression.at, Refuse.UNEXPECTED_TOKEN, token=expression.text)
    raise refused(expression.function, expression.at, scope)


# -- what a condition, an order or a group may look at -----------------------------------------------------------------


def date_part(call: Call, scope: Scope) -> DatePart:
    """A date function over a date or an instant, the latter in the asker's zone where convertTimezone says so."""
    argument = _single(call, scope)
    local = isinstance(argument, Call) and argument.function == "CONVERTTIMEZONE"
    path = plain_path(_single(argument, scope) if local and isinstance(argument, Call) else argument, scope)
    column = scope.column(path)
    instants_only = local or call.function in INSTANTS_ONLY
    if column.field.type not in ({"datetime"} if instants_only else {"date", "datetime"}):
        what = "CONVERTTIMEZONE" if local else call.function
        raise scope.refusal(path.at, Refuse.WRONG_DATE_FUNCTION, field=column.field.name, function=what)
    return DatePart(call.function, column, local)


def _single(call: Call, scope: Scope) -> Expression:
    """The one argument that a function takes."""
    if len(call.arguments) != 1 or isinstance(call.arguments[0], Literal):
        raise refused(call.function, call.at, scope)
    return call.arguments[0]


def labelled(call: Call, scope: Scope) -> Labelled:
    """A picklist by its labels."""
    return Labelled(scope.column(plain_path(_single(call, scope), scope)))


def distance(call: Call, scope: Scope) -> Distance:
    """`DISTANCE(location, GEOLOCATION(latitude, longitude) | location, 'mi' | 'km')`; the location comes first."""
    if len(call.arguments) != 3:
        raise scope.refusal(call.at, Refuse.BAD_DISTANCE)
    first, second, unit = call.arguments
    if not isinstance(unit, Literal) or unit.text.lower() not in _UNITS or not isinstance(first, Path):
        raise scope.refusal(call.at, Refuse.BAD_DISTANCE)
    start = _location(first, scope)
    end = _location(second, scope) if isinstance(second, Path) else _point(second, call, scope)
    return Distance(start, end, _UNITS[unit.text.lower()])


def _location(path: Path, scope: Scope) -> tuple[Column, Column]:
    """The two columns behind a location or an address."""
    column = scope.column(path)
    parts = dict(compound_parts(object_of(column.place), column.field)) if column.field.type in _PLACES else {}
    if "latitude" not in parts or "longitude" not in parts:
        raise scope.refusal(path.at, Refuse.BAD_DISTANCE)
    return Column(column.place, parts["latitude"]), Column(column.place, parts["longitude"])


_PLACES = frozenset({"address", "location"})


def _point(call: Expression | Literal, outer: Call, scope: Scope) -> tuple[Slot, Slot]:
    """The two numbers of GEOLOCATION()."""
    numbers = call.arguments if isinstance(call, Call) and call.function == "GEOLOCATION" else ()
    slots = [_degrees(each) for each in numbers if isinstance(each, Literal) and each.kind == "number"]
    if len(numbers) != 2 or len(slots) != 2:
        raise scope.refusal(outer.at, Refuse.BAD_DISTANCE)
    return slots[0], slots[1]


def _degrees(literal: Literal) -> Slot:
    return Slot(literal.text, lambda text, _: float(text), literal.at)


PLAIN: dict[str, Callable[[Call, Scope], Plain]] = {
    **dict.fromkeys(DATE_FUNCTIONS, date_part),
    "TOLABEL": labelled,
    "DISTANCE": distance,
}


def value_field(operand: Plain) -> Field:
    """A field of the type that an operand's values have."""
    if isinstance(operand, Column):
        return operand.field
    if isinstance(operand, Labelled):
        return Field(name=operand.column.field.name, label="", type="string")
    if isinstance(operand, Distance):
        return Field(name="DISTANCE", label="", type="double")
    kind = "date" if operand.function == "DAY_ONLY" else "int"
    return Field(name=operand.column.field.name, label="", type=kind)


# -- what is put on a value --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dressed:
    """What a value is before it is dressed, and what dresses it."""

    inner: Expression
    functions: tuple[tuple[str, int], ...]
    """The names of the functions, the innermost first, and where they stand."""


def undressed(expression: Expression, scope: Scope) -> Dressed:
    """An expression without `FORMAT()`, `toLabel()` and `convertCurrency()` around it."""
    functions: list[tuple[str, int]] = []
    while isinstance(expression, Call) and expression.function in DRESSES:
        functions.insert(0, (expression.function, expression.at))
        expression = _single(expression, scope)
    return Dressed(expression, tuple(functions))


def dress_of(dressed: Dressed, field: Field, scope: Scope) -> Dress | None:
    """What to put on the values of a field. Raises Refusal where a function does not suit the field's type."""
    dresses = [dress for name, at in dressed.functions if (dress := _dress(name, at, field, scope)) is not None]
    if not dresses:
        return None

    def put_on(value: Any, moment: Moment) -> Any:
        for dress in dresses:
            value = dress(value, moment)
        return value

    return put_on


def _dress(name: str, at: int, field: Field, scope: Scope) -> Dress | None:
    if name == "TOLABEL":
        return _labels(field)
    if name == "CONVERTCURRENCY":
        if field.type != "currency":
            raise scope.refusal(at, Refuse.WRONG_DRESS, function="convertCurrency", field=field.name)
        return None  # the org has one currency, so an amount is in the asker's already (assumed)
    if field.type not in _FORMATTED:
        raise scope.refusal(at, Refuse.WRONG_DRESS, function="FORMAT", field=field.name)
    return lambda value, moment: formatted(field, value, moment)


def label_table(field: Field) -> dict[str, str]:
    """The labels of a picklist that differ from their values, by the value in folded form."""
    labels = ((each.value, each.label or each.value) for each in field.picklist_values)
    return {value.casefold(): label for value, label in labels if label != value}


def _labels(field: Field) -> Dress | None:
    table = label_table(field)
    if not table:
        return None

    def label(value: Any, _: Moment) -> Any:
        return ";".join(table.get(piece.casefold(), piece) for piece in str(value).split(";"))

    return label
