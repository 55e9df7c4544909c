"""What a query selects, column by column (`?columns=true`): how the Salesforce CLI finds out what to print."""

from collections.abc import Iterable, Mapping
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.schema.model import Field, Schema, SObject
from mocksf.soql.nodes import AllFields, Call, Expression, Path, Query, Selected
from mocksf.soql.parser import parse

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A selected parent is one column with joinColumns, as is a subquery, which is an aggregate", Evidence.CLIENT),
    ("What a function gives is called expr0, … unless it has an alias, and shown as it is called", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""

Column = dict[str, Any]
_APEX = {
    "id": "Id",
    "reference": "Id",
    "boolean": "Boolean",
    "int": "Integer",
    "double": "Double",
    "currency": "Decimal",
    "percent": "Double",
    "date": "Date",
    "datetime": "Datetime",
    "time": "Time",
    "base64": "Blob",
    "address": "Address",
    "location": "Location",
}
_NUMBERS = frozenset({"int", "double", "currency", "percent"})
_GROUPS = {True: frozenset({"ALL", "CUSTOM"}), False: frozenset({"ALL", "STANDARD"})}
"""The words of FIELDS() that mean custom fields, and those that mean standard ones."""
_AGGREGATES = frozenset({"count", "count_distinct", "sum", "avg", "min", "max"})


def columns(text: str, schema: Schema, version: str) -> Response:
    """The columns of a query that compiles, and what it is about."""
    query = parse(text, float(version))
    kind = schema.get(str(query.source.path))
    if kind is None:
        raise Refuse.NO_SUCH_RESOURCE()
    found = _Columns(schema, kind, query).all()
    body = {
        "columnMetadata": found,
        "entityName": kind.name,
        "groupBy": bool(query.group),
        "idSelected": any(each["columnName"] == "Id" for each in found),
        "keyPrefix": kind.key_prefix,
    }
    return Response(200, body)


class _Columns:
    """The columns of one query, or of one subquery."""

    def __init__(self, schema: Schema, kind: SObject, query: Query) -> None:
        self._schema, self._kind, self._query = schema, kind, query
        self._unnamed = 0

    def all(self) -> list[Column]:
        """The columns in the order of the SELECT list; a parent stands where it is first named."""
        found: list[Column] = []
        for item in self._query.items:
            if isinstance(item, Query):
                found.append(self._children(item))
            elif isinstance(item, AllFields):
                found += [_column(each.name, each) for each in self._kind.fields if item.which in _GROUPS[each.custom]]
            elif isinstance(item, Selected) and item.expression != Call("COUNT", ()):
                self._selected(item, found)
        return found

    def _children(self, query: Query) -> Column:
        relationship = self._kind.child(str(query.source.path))
        child = self._schema.get(relationship.child_sobject) if relationship else None
        name = relationship.relationship_name if relationship else str(query.source.path)
        below = _Columns(self._schema, child, query).all() if child is not None else []
        return _column(str(name), None, aggregate=True, below=below)

    def _selected(self, item: Selected, found: list[Column]) -> None:
        named = item.expression
        if isinstance(named, Path):
            names = self._own(named.names)
            if item.alias:
                found.append(_column(item.alias, self._field(names), aggregate=bool(self._query.group)))
            else:
                _put(found, self._schema, self._kind, names)
            return
        name = item.alias or self._next()
        found.append(_column(name, None, shown=_shown(named), aggregate=_is_aggregate(named)))

    def _next(self) -> str:
        self._unnamed += 1
        return f"expr{self._unnamed - 1}"

    def _own(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """A path without the object, or its alias, in front of it."""
        own = {self._query.source.alias.lower(), self._kind.name.lower()} - {""}
        return names[1:] if len(names) > 1 and names[0].lower() in own else names

    def _field(self, names: tuple[str, ...]) -> Field | None:
        return self._kind.get(names[-1]) if len(names) == 1 else None


def _put(found: list[Column], schema: Schema, kind: SObject | None, names: tuple[str, ...]) -> None:
    """Add the column of a path, below those of its parents."""
    if len(names) == 1:
        field = kind.get(names[0]) if kind is not None else None
        found.append(_column(field.name if field else names[0], field))
        return
    link = kind.parent(names[0]) if kind is not None else None
    name = (link.relationship_name if link else None) or names[0]
    parent = next((each for each in found if each["columnName"] == name and each["joinColumns"]), None)
    if parent is None:
        parent = _column(name, None)
        found.append(parent)
    target = schema.get(link.reference_to[0]) if link is not None and link.reference_to else None
    _put(parent["joinColumns"], schema, target, names[1:])


def _column(
    name: str, field: Field | None, *, shown: str = "", aggregate: bool = False, below: Iterable[Column] = ()
) -> Column:
    kind = field.type if field else ""
    return {
        "aggregate": aggregate,
        "apexType": _APEX.get(kind, "String") if field else None,
        "booleanType": kind == "boolean",
        "columnName": name,
        "custom": field.custom if field else False,
        "displayName": shown or name,
        "foreignKeyName": field.relationship_name if field else None,
        "insertable": field.createable if field else False,
        "joinColumns": list(below),
        "numberType": kind in _NUMBERS,
        "textType": bool(field and field.is_text),
        "updatable": field.updateable if field else False,
    }


def _is_aggregate(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.function.lower() in _AGGREGATES


def _shown(expression: Any) -> str:
    """An expression as it is called."""
    if isinstance(expression, Call):
        return f"{expression.function.lower()}({', '.join(_shown(each) for each in expression.arguments)})"
    return ".".join(expression.names) if isinstance(expression, Path) else str(expression)


def wanted(query: Mapping[str, str]) -> bool:
    """Whether a call asks for columns in place of records."""
    return query.get("columns", "").lower() == "true"
