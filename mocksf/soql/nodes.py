"""The shape of a parsed query: frozen values; each remembers the offset it came from, which is no part of equality."""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Path:
    """A field, reached over parents or not: `Name`, `Account.Owner.Name`."""

    names: tuple[str, ...]
    at: int = field(compare=False, default=0)

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it stands in the text.

    `kind` is string, number, money (`USD5000`), date, datetime, time, span (`TODAY`, `LAST_N_DAYS:3`), true, false or
    null.
    """

    kind: str
    text: str
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Call:
    """A function over fields: `COUNT(Id)`, `COUNT()`, `MAX(Amount)`, `toLabel(Status)`; the name in upper case.

    Literals are arguments of DISTANCE and GEOLOCATION only.
    """

    function: str
    arguments: tuple["Path | Call | Literal", ...]
    at: int = field(compare=False, default=0)


Expression: TypeAlias = Path | Call


@dataclass(frozen=True, slots=True)
class Selected:
    """One expression of the SELECT list, with its alias or an empty string."""

    expression: Expression
    alias: str = ""


@dataclass(frozen=True, slots=True)
class AllFields:
    """`FIELDS(ALL)`, `FIELDS(STANDARD)`, `FIELDS(CUSTOM)`; the word in upper case."""

    which: str
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class TypeOf:
    """`TYPEOF What WHEN Account THEN Phone … ELSE Name END`: other fields for each type of a polymorphic parent."""

    relationship: Path
    cases: tuple[tuple[Path, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...] = ()
    at: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Category:
    """One condition of WITH DATA CATEGORY: a group, AT, ABOVE, BELOW or ABOVE_OR_BELOW, and categories."""

    group: str
    selector: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class With:
    """What follows WITH: its kind (`DATA CATEGORY`, `RECORDVISIBILITYCONTEXT`, `FIELD`), and its data categories."""

    kind: str
    categories: tuple[Category, ...] = ()
    at: int = field(compare=False, default=0)


Item: TypeAlias = "Selected | AllFields | TypeOf | Query"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of a WHERE or HAVING: a field, an operator in upper case, a value, values or a sub-select."""

    left: Expression
    operator: str
    right: "Literal | tuple[Literal, ...] | Query"
    at: int = field(compare=False, default=0)
    """Where the operator stands; where the left side starts is known to `left`."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms joined by the same word, AND or OR."""

    joiner: str
    terms: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of one term."""

    term: "Condition"


Condition: TypeAlias = Comparison | Chain | Not


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY item; `nulls` is FIRST, LAST or empty."""

    expression: Expression
    descending: bool = False
    nulls: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What FROM names: the object (or relationship), its alias, and further aliases for parent paths."""

    path: Path
    alias: str = ""
    further: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query, or a subquery in brackets."""

    items: tuple[Item, ...]
    source: Source
    scope: str = ""
    where: Condition | None = None
    filter: With | None = None
    group: tuple[Expression, ...] = ()
    totals: str = ""
    """`ROLLUP` or `CUBE` where the groups have subtotals."""
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    purposes: tuple[str, ...] = ()
    """`FOR VIEW`, `FOR REFERENCE`, … in the order they stand."""
    at: int = field(compare=False, default=0)
    """Where SELECT stands."""
    offset_at: int = field(compare=False, default=0)
