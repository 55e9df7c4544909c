"""The table where SOQL and SQL part ways, and how a bound column or condition is written in SQL."""

import re
from abc import abstractmethod

from mocksf.schema.model import Field, SObject
from mocksf.soql.bound import Bound, Column, Every, Inverse, Member, Named, Operand, Place, Slot, Some, Table, Test
from mocksf.tables import column as column_name
from mocksf.tables import shadow, table

OPERATORS: dict[str, tuple[str, str]] = {
    # To SOQL nothing is different from something: each inverse lets the missing value in.
    "=": ("{0} = ?", "({0} <> ? OR {0} IS NULL)"),
    "<": ("{0} < ?", "({0} >= ? OR {0} IS NULL)"),
    "<=": ("{0} <= ?", "({0} > ? OR {0} IS NULL)"),
    ">": ("{0} > ?", "({0} <= ? OR {0} IS NULL)"),
    ">=": ("{0} >= ?", "({0} < ? OR {0} IS NULL)"),
    "is null": ("{0} IS NULL", "{0} IS NOT NULL"),
    "never": ("0 = 1", "0 = 0"),
    "within": ("({0} >= ? AND {0} < ?)", "({0} < ? OR {0} >= ? OR {0} IS NULL)"),
    "in": ("{0} IN ({1})", "({0} NOT IN ({1}) OR {0} IS NULL)"),
    "in json": (
        "{0} IN (SELECT value FROM json_each(?))",
        "({0} NOT IN (SELECT value FROM json_each(?)) OR {0} IS NULL)",
    ),
    "like": ("{0} LIKE ? ESCAPE '\\'", "({0} NOT LIKE ? ESCAPE '\\' OR {0} IS NULL)"),
    "like prefix": (
        # The two bounds let an index find the beginning; LIKE then looks at the rest.
        "({0} >= ? AND {0} < ? AND {0} LIKE ? ESCAPE '\\')",
        "({0} < ? OR {0} >= ? OR {0} NOT LIKE ? ESCAPE '\\' OR {0} IS NULL)",
    ),
    "glob": ("{0} GLOB ?", "({0} NOT GLOB ? OR {0} IS NULL)"),
    "includes": (
        "(';' || {0} || ';') LIKE ? ESCAPE '\\'",
        "((';' || {0} || ';') NOT LIKE ? ESCAPE '\\' OR {0} IS NULL)",
    ),
}
"""Per operator: how it is written, and how its inverse is (facts on SOQL §1.7, null semantics)."""

_PLACES = re.compile(r"(\{0\}|\?)")

CHAIN_MAX = 100
"""Longer chains are written in groups: databases limit how deep an expression may be."""
WEIGHT_MAX = 800
"""The deepest expression we write; SQLite's own limit is 1000."""


RANGES_MAX = 1_000
"""How many spans and beginnings one condition may ask for (our figure): planning them costs the square of their number.
"""
_RANGES = frozenset({"within", "like prefix"})


OWN_ID = 't0."Id"'
"""The id of the records that are asked for."""


def ranges(bound: Bound) -> int:
    """How many ranges a condition asks for."""
    if isinstance(bound, Every | Some):
        return sum(map(ranges, bound.terms))
    if isinstance(bound, Inverse):
        return ranges(bound.term)
    return int(isinstance(bound, Test) and bound.operator in _RANGES)


def weight(bound: Bound) -> int:
    """How deep the SQL of a condition will be."""
    if isinstance(bound, Every | Some):
        count = len(bound.terms)
        return min(count, CHAIN_MAX + count // CHAIN_MAX + 1) + max(map(weight, bound.terms))
    return weight(bound.term) if isinstance(bound, Inverse) else 2


# -- columns -----------------------------------------------------------------------------------------------------------


def raw(column: Column) -> str:
    """A column as it is stored."""
    place = column.place
    if isinstance(place, Table):
        return f"t{place.number}.{column_name(column.field)}"
    return _of_target(place, column.field, folded=False)


def comparable(column: Column) -> str:
    """A column as it is compared: without regard to case; a checkbox of a missing parent is false."""
    place = column.place
    if isinstance(place, Named):
        written = _of_target(place, column.field, folded=True)
    elif column.field.folded:
        written = f"t{place.number}.{shadow(column.field)}"
    else:
        written = raw(column)
    return f"COALESCE({written}, 0)" if column.field.type == "boolean" and column.of_parent else written


def _of_target(place: Named, field: Field, folded: bool) -> str:
    """A field of the pseudo-object Name: read from whichever object the id's prefix names."""
    key = raw(place.via)
    if field.name == "Id":
        return key
    cases = []
    for target in place.targets:
        value = _target_value(target, field, folded, key)
        if target.key_prefix and value:
            cases.append(f"WHEN '{target.key_prefix}' THEN {value}")
    return f"CASE substr({key}, 1, 3) {' '.join(cases)} END" if cases else "NULL"


def _target_value(target: SObject, field: Field, folded: bool, key: str) -> str:
    if field.name == "Type":
        return f"'{target.name.casefold() if folded else target.name}'"
    found = target.name_field if field.name == "Name" else target.get(field.name)
    if found is None or not found.has_column:
        return ""
    name = shadow(found) if folded and found.folded else column_name(found)
    return f'(SELECT {name} FROM {table(target)} WHERE "Id" = {key})'  # names come from the schema


def source(places: tuple[Place, ...]) -> str:
    """FROM with a LEFT JOIN for each parent, so that a row without the parent stays (facts on SOQL §1.3)."""
    root = places[0]
    assert isinstance(root, Table), "the first place is the object that FROM names"
    joins = [f"FROM {table(root.sobject)} AS t0"]
    for place in places[1:]:
        if isinstance(place, Table) and place.via is not None:
            alias = f"t{place.number}"
            joins.append(f'LEFT JOIN {table(place.sobject)} AS {alias} ON {alias}."Id" = {raw(place.via)}')
    return " ".join(joins)


def where_clause(root: Table, terms: list[str]) -> str:
    """WHERE with all terms, and that the row is not deleted; what hides the deleted stands between zero characters."""
    living = 't0."IsDeleted" = 0' if root.sobject.get("IsDeleted") else ""
    if not terms:
        return f"\0 WHERE {living}\0" if living else ""
    hiding = f"\0{living} AND \0" if living else ""
    return f" WHERE {hiding}{' AND '.join(terms)}"


# -- conditions --------------------------------------------------------------------------------------------------------


class ConditionWriter:
    """Writes conditions and collects the values they wait for, in the order of their question marks."""

    def __init__(self, slots: list[Slot]) -> None:
        self._slots = slots

    def write(self, bound: Bound, inverse: bool = False) -> str:
        """A condition, or its inverse; never without a clear yes or no."""
        if isinstance(bound, Inverse):
            return self.write(bound.term, not inverse)
        if isinstance(bound, Every | Some):
            joiner = " AND " if isinstance(bound, Every) is not inverse else " OR "
            # The deepest first: a parser's stack grows with what stands before a bracket.
            terms = sorted(bound.terms, key=weight, reverse=True)
            return joined([self.write(term, inverse) for term in terms], joiner)
        if isinstance(bound, Member):
            return self._member(bound, inverse)
        return self._test(bound, inverse)

    def _test(self, test: Test, inverse: bool) -> str:
        """The operator's row, its marks given their values in the order in which they stand."""
        template = OPERATORS[test.operator][inverse].replace("{1}", ", ".join("?" * len(test.slots)))
        slots = iter(test.slots)
        written = []
        for piece in _PLACES.split(template):
            if piece == "?":
                self._slots.append(next(slots))
            written.append(self.operand(test.operand) if piece == "{0}" else piece)
        return "".join(written)

    @abstractmethod
    def operand(self, operand: Operand) -> str:
        """The left side of a comparison."""

    def _member(self, member: Member, inverse: bool) -> str:
        root = member.places[0]
        assert isinstance(root, Table), "a sub-select is on an object"
        inner = raw(member.inner)
        # Nothing is never a member, and must not empty a NOT IN.
        terms = [f"{inner} IS NOT NULL", *([self.write(member.where)] if member.where is not None else [])]
        select = f"SELECT {inner} {source(member.places)}{where_clause(root, terms)}"
        left = comparable(member.operand)
        return f"({left} NOT IN ({select}) OR {left} IS NULL)" if inverse else f"{left} IN ({select})"


def joined(terms: list[str], joiner: str) -> str:
    """Conditions joined by a word, in groups where they are many."""
    if len(terms) == 1:
        return terms[0]
    if len(terms) > CHAIN_MAX:
        groups = [terms[at : at + CHAIN_MAX] for at in range(0, len(terms), CHAIN_MAX)]
        terms = [joined(group, joiner) for group in groups]
    return f"({joiner.join(terms)})"
