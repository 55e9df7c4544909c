"""Bound nodes: a query in which every name is a field, every value fits, and nothing is left that may be refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from mocksf.schema.model import Field, SObject
from mocksf.soql.dates import Moment

Convert: TypeAlias = Callable[[str, Moment], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A value that the SQL waits for: the literal's text and how it is made fit for the column.

    `at` is the literal's offset, -1 for values that come from the schema; a `dated` one depends on the moment.
    """

    text: str
    convert: Convert
    at: int = -1
    dated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One object in the FROM of the SQL; all but the first are parents, reached over `via`."""

    number: int
    sobject: SObject
    via: "Column | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A polymorphic parent (Owner, Who, What), seen through the pseudo-object Name."""

    number: int
    via: "Column"
    targets: tuple[SObject, ...]


Place: TypeAlias = Table | Named


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A field of one of the tables."""

    place: Place
    field: Field

    @property
    def of_parent(self) -> bool:
        """Whether it belongs to a parent, which may be missing."""
        return self.place.number > 0


@dataclass(frozen=True, slots=True, eq=False)
class DatePart:
    """A date function over a column: its name in upper case; `local` where the instant is seen in the asker's zone."""

    function: str
    column: Column
    local: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A picklist as people see it: `toLabel()` in a condition or a group."""

    column: Column


@dataclass(frozen=True, slots=True, eq=False)
class Distance:
    """How far a location is from another one, or from a point; each is latitude and longitude."""

    start: "tuple[Column, Column]"
    end: "tuple[Column, Column] | tuple[Slot, Slot]"
    miles: bool


Plain: TypeAlias = Column | DatePart | Labelled | Distance
"""What each row has by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate:
    """COUNT, SUM, … over what each row has."""

    function: str
    of: Column | DatePart


@dataclass(frozen=True, slots=True, eq=False)
class Subtotal:
    """GROUPING(): 1 in a row that sums up over this group, else 0."""

    of: Column | DatePart


Operand: TypeAlias = Plain | Aggregate | Subtotal
Group: TypeAlias = Column | DatePart
Key: TypeAlias = tuple[object, ...]


def key_of(operand: Operand) -> Key:
    """What tells a group from other groups: the function, the table and the field."""
    if isinstance(operand, Column):
        return operand.place.number, operand.field.name
    if isinstance(operand, DatePart):
        return operand.function, operand.local, *key_of(operand.column)
    # Labels are grouped as the values behind them.
    return key_of(operand.column) if isinstance(operand, Labelled) else (id(operand),)


# -- conditions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """An operand, a row of the planner's table of operators, and the values it takes."""

    operand: Operand
    operator: str
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Every:
    """All of these hold."""

    terms: tuple["Bound", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """At least one of these holds."""

    terms: tuple["Bound", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """The term does not hold; a missing value counts as different (facts on SOQL §1.7)."""

    term: "Bound"


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """The operand is among the values of a sub-select's one column (a semi-join)."""

    operand: Column
    inner: Column
    where: "Bound | None"
    places: tuple[Place, ...]


Bound: TypeAlias = Test | Every | Some | Inverse | Member


# -- what a row becomes --------------------------------------------------------------------------------------------


Dress: TypeAlias = Callable[[Any, Moment], Any]
"""Turns a JSON value into what a function such as `FORMAT()` makes of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One field, aggregate or function, as a scalar; `dress` is put on last."""

    operand: Operand
    dress: Dress | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Compound:
    """An address or a location: an object of its component fields, by their JSON keys."""

    parts: tuple[tuple[str, Column], ...]
    all_needed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A record, or a parent inside one: its parts by their JSON keys, in the order they were selected."""

    place: Place
    parts: dict[str, "Part"]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """TYPEOF: the first of these records that is there, each of its own type; `otherwise` is seen through Name."""

    records: tuple[Record, ...]
    otherwise: Record | None


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """A subquery: the records whose `link` names the outer record."""

    query: "BoundQuery"
    link: Column


Part: TypeAlias = Value | Compound | Record | Choice | Children


@dataclass(frozen=True, slots=True, eq=False)
class BoundOrder:
    """One thing to sort by; `nulls` is FIRST or LAST."""

    operand: Operand
    descending: bool
    nulls: str


@dataclass(frozen=True, slots=True, eq=False)
class BoundQuery:
    """A query as the planner needs it. `kind` is rows, count or aggregate."""

    kind: str
    places: tuple[Place, ...]
    record: Record
    where: Bound | None
    group: tuple[Group, ...]
    having: Bound | None
    order: tuple[BoundOrder, ...]
    limit: int | None
    offset: int
    totals: str = ""
    """`ROLLUP` or `CUBE` where the groups have subtotals."""

    @property
    def root(self) -> Table:
        place = self.places[0]
        assert isinstance(place, Table), "the first place is the object that FROM names"
        return place
