"""The SELECT list of a query for records: fields, parents, compounds, FIELDS(), and subqueries by callback."""

from collections.abc import Callable

from mocksf.compounds import compound_parts
from mocksf.errors import Refuse
from mocksf.schema.model import COMPOUND_TYPES, Field, SObject
from mocksf.soql.bound import Children, Column, Compound, Part, Record, Value
from mocksf.soql.nodes import AllFields, Chain, Comparison, Condition, Literal, Path, Query, Selected
from mocksf.soql.operands import plain_path
from mocksf.soql.scope import Scope, object_of

FIELDS_LIMIT = 200
COLUMNS_MAX = 2_000
"""How many columns a query may read, ids of parents included (SQLite's own limit)."""
_GROUPS: dict[str, Callable[[Field], bool]] = {
    "ALL": lambda _: True,
    "STANDARD": lambda field: not field.custom,
    "CUSTOM": lambda field: field.custom,
}

ChildrenOf = Callable[[Query], tuple[str, Children]]


class Selection:
    """Grows the record that the rows of one query become."""

    def __init__(self, query: Query, scope: Scope, children_of: ChildrenOf) -> None:
        self._query = query
        self._scope = scope
        self._children_of = children_of
        self._record = Record(scope.root, {})

    def record(self) -> Record:
        """What a row becomes. Raises Refusal for unknown names, doubles, aliases, and FIELDS() without an end."""
        self._check_all_fields()
        for item in self._query.items:
            if isinstance(item, Query):
                key, children = self._children_of(item)
                _add(self._record.parts, key, key, children)
            elif isinstance(item, AllFields):
                self._add_all(item)
            else:
                self._add_field(item)
        if not self._record.parts:
            raise Refuse.FIELDS_EMPTY()
        if _width(self._record) > COLUMNS_MAX:
            raise Refuse.QUERY_TOO_COMPLICATED()
        return self._record

    def _add_all(self, item: AllFields) -> None:
        wanted = _GROUPS[item.which]
        for field in filter(wanted, self._scope.sobject.fields):
            _add(self._record.parts, field.name, field.name, _part(Column(self._scope.root, field)))

    def _add_field(self, item: Selected) -> None:
        path = plain_path(item.expression, self._scope)
        if item.alias:
            raise self._scope.refusal(path.at, Refuse.ALIAS_WITHOUT_AGGREGATE)
        column = self._scope.column(path)
        parts, names = self._record.parts, []
        for relationship, place in self._scope.parents_of(path):
            parent = parts.setdefault(relationship, Record(place, {}))
            assert isinstance(parent, Record), "a relationship name is no field name"
            parts = parent.parts
            names.append(relationship)
        _add(parts, column.field.name, ".".join([*names, column.field.name]), _part(column))

    def _check_all_fields(self) -> None:
        """FIELDS(ALL) and FIELDS(CUSTOM) need an end: a LIMIT, or a list of ids (SOQL reference)."""
        query = self._query
        unbounded = any(isinstance(item, AllFields) and item.which != "STANDARD" for item in query.items)
        if not unbounded or (query.limit is not None and query.limit <= FIELDS_LIMIT):
            return
        if query.where is None or not 0 < _ids_named(query.where) <= FIELDS_LIMIT:
            raise Refuse.FIELDS_LIMIT()


def _add(parts: dict[str, Part], key: str, path: str, part: Part) -> None:
    if key in parts:
        raise Refuse.DUPLICATE_FIELD(path=path)
    parts[key] = part


def _part(column: Column) -> Part:
    """A scalar, or the object that a compound field is written as."""
    field = column.field
    if field.type not in COMPOUND_TYPES:
        return Value(column)
    sobject: SObject = object_of(column.place)
    parts = tuple((key, Column(column.place, component)) for key, component in compound_parts(sobject, field))
    return Compound(parts, all_needed=field.type == "location")


def _width(part: Part) -> int:
    """How many columns a part reads."""
    if isinstance(part, Record):
        return 2 + sum(map(_width, part.parts.values()))
    return len(part.parts) if isinstance(part, Compound) else 1


def _ids_named(condition: Condition) -> int:
    """How many ids a condition is bound to: `Id IN (…)` or `Id = … OR Id = …`; 0 where it is not."""
    if isinstance(condition, Chain) and condition.joiner == "OR":
        counts = [_ids_named(term) for term in condition.terms]
        return sum(counts) if all(counts) else 0
    if not isinstance(condition, Comparison) or condition.left not in (Path(("Id",)), Path(("id",)), Path(("ID",))):
        return 0
    if condition.operator == "=" and isinstance(condition.right, Literal):
        return 1
    return len(condition.right) if condition.operator == "IN" and isinstance(condition.right, tuple) else 0
