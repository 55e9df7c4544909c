"""The SELECT list of a query for records: fields, parents, compounds, FIELDS(), and subqueries by callback."""

from collections.abc import Callable

from mocksf.compounds import compound_parts
from mocksf.errors import Refuse
from mocksf.schema.model import COMPOUND_TYPES, Field, SObject
from mocksf.soql.bound import Children, Choice, Column, Compound, Distance, Named, Part, Record, Value
from mocksf.soql.functions import distance, dress_of, plain_path, undressed
from mocksf.soql.nodes import AllFields, Call, Chain, Comparison, Condition, Literal, Path, Query, Selected, TypeOf
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
        self._unnamed = 0

    def record(self) -> Record:
        """What a row becomes. Raises Refusal for unknown names, doubles, aliases, and FIELDS() without an end."""
        self._check_all_fields()
        for item in self._query.items:
            if isinstance(item, Query):
                key, children = self._children_of(item)
                _add(self._record.parts, key, key, children)
            elif isinstance(item, AllFields):
                self._add_all(item)
            elif isinstance(item, TypeOf):
                self._add_choice(item)
            else:
                self._add_selected(item)
        if not self._record.parts:
            raise Refuse.FIELDS_EMPTY()
        if _width(self._record) > COLUMNS_MAX:
            raise Refuse.QUERY_TOO_COMPLICATED()
        return self._record

    def _add_all(self, item: AllFields) -> None:
        wanted = _GROUPS[item.which]
        for field in filter(wanted, self._scope.sobject.fields):
            _add(self._record.parts, field.name, field.name, _part(Column(self._scope.root, field)))

    def _add_selected(self, item: Selected) -> None:
        """A field under its name, or what a function makes of one, under an alias or the field's name."""
        dressed = undressed(item.expression, self._scope)
        inner = dressed.inner
        if isinstance(inner, Call) and inner.function == "DISTANCE":
            self._add_distance(item, distance(inner, self._scope))
            return
        path = plain_path(inner, self._scope)
        if not dressed.functions:
            if item.alias:
                raise self._scope.refusal(path.at, Refuse.ALIAS_WITHOUT_AGGREGATE)
            self._add_field(self._record, path)
            return
        column = self._scope.column(path)
        value = Value(column, dress_of(dressed, column.field, self._scope))
        if item.alias:
            _add(self._record.parts, item.alias, item.alias, value)
        else:
            self._add_field(self._record, path, value)

    def _add_distance(self, item: Selected, operand: Distance) -> None:
        name = item.alias or f"expr{self._unnamed}"
        self._unnamed += not item.alias
        _add(self._record.parts, name, name, Value(operand))

    def _add_field(self, record: Record, path: Path, part: Part | None = None, above: int = 0) -> None:
        """A field, inside the parents that lead to it; `above` of these stand above the record already."""
        column = self._scope.column(path)
        parts, names = record.parts, []
        for relationship, place in self._scope.parents_of(path)[above:]:
            parent = parts.setdefault(relationship, Record(place, {}))
            if isinstance(parent, Choice):
                raise self._scope.refusal(path.at, Refuse.TYPEOF_TWICE, name=relationship)
            assert isinstance(parent, Record), "a relationship name is no field name"
            parts = parent.parts
            names.append(relationship)
        _add(parts, column.field.name, ".".join([*names, column.field.name]), part or _part(column))

    # -- TYPEOF ----------------------------------------------------------------------------------------------------

    def _add_choice(self, item: TypeOf) -> None:
        """A polymorphic parent whose fields depend on what it is."""
        path = item.relationship
        if any(isinstance(each, Selected) and isinstance(each.expression, Call) for each in self._query.items):
            raise self._scope.refusal(item.at, Refuse.TYPEOF_CONTEXT)
        place = self._scope.place(path)
        if not isinstance(place, Named):
            raise self._scope.refusal(path.at, Refuse.NOT_NAME_POINTING, name=path)
        if len(self._scope.parents_of(_below(path, "Id"))) > 1:
            raise self._scope.refusal(path.at, Refuse.NOT_NAME_POINTING, name=path)
        records = tuple(self._case(path, place, sobject, fields) for sobject, fields in item.cases)
        otherwise = Record(place, {}) if item.otherwise else None
        for field in item.otherwise:
            assert otherwise is not None, "what ELSE names goes into its record"
            self._add_field(otherwise, _below(path, *field.names, at=field.at), above=1)
        name = str(place.via.field.relationship_name)
        if name in self._record.parts:
            raise self._scope.refusal(path.at, Refuse.TYPEOF_TWICE, name=name)
        self._record.parts[name] = Choice(records, otherwise)

    def _case(self, path: Path, place: Named, sobject: Path, fields: tuple[Path, ...]) -> Record:
        target = next((each for each in place.targets if each.name.lower() == str(sobject).lower()), None)
        if target is None:
            raise self._scope.refusal(sobject.at, Refuse.NOT_A_TARGET, sobject=sobject, name=path)
        typed = self._scope.typed(path, target)
        record = Record(self._scope.place(typed), {})
        for field in fields:
            self._add_field(record, _below(typed, *field.names, at=field.at), above=1)
        return record

    def _check_all_fields(self) -> None:
        """FIELDS(ALL) and FIELDS(CUSTOM) need an end: a LIMIT, or a list of ids (SOQL reference)."""
        query = self._query
        unbounded = any(isinstance(item, AllFields) and item.which != "STANDARD" for item in query.items)
        if not unbounded or (query.limit is not None and query.limit <= FIELDS_LIMIT):
            return
        if query.where is None or not 0 < _ids_named(query.where) <= FIELDS_LIMIT:
            raise Refuse.FIELDS_LIMIT()


def _below(path: Path, *names: str, at: int | None = None) -> Path:
    return Path((*path.names, *names), path.at if at is None else at)


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
    if isinstance(part, Choice):
        return sum(map(_width, (*part.records, *([part.otherwise] if part.otherwise else []))))
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
