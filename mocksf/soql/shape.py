"""What rows become: records with their attributes, parents, compounds and subqueries, as one expression per shape."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from mocksf.soql.bound import Dress, Slot
from mocksf.soql.dates import Moment

Row: TypeAlias = tuple[Any, ...]
Record: TypeAlias = dict[str, Any]
Family: TypeAlias = dict[str, Record]
"""Per outer id: what a subquery's key holds."""
Convert: TypeAlias = Callable[[Any], Any]
Builder: TypeAlias = Callable[[list[Row], str, list[Family], Moment], list[Record]]
"""Rows, how addresses of records begin, the families of the subqueries, and when it is asked → records."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """One column of the answer."""

    index: int
    convert: Convert | None
    dress: Dress | None = None
    content: str | None = None
    """The field of a file: its address stands for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Columns that make one object: an address, a location; null when all are, or when one is where all are needed."""

    keys: tuple[str, ...]
    parts: tuple[Scalar, ...]
    all_needed: bool


@dataclass(frozen=True, slots=True, eq=False)
class RecordShape:
    """A record or a parent: its type, where its id stands, and its parts in order.

    `id_index` is None for aggregates, which have no address; `type_index` is the column that names the type in the
    address of a polymorphic parent.
    """

    sobject: str
    id_index: int | None
    type_index: int | None
    keys: tuple[str, ...]
    nodes: tuple["Node", ...]
    concrete: bool = False
    """Whether a polymorphic parent says what it is, and not that it is a Name."""


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """The first of these records that is there; else the other one, where there is one; else null."""

    records: tuple[RecordShape, ...]
    otherwise: RecordShape | None


@dataclass(frozen=True, slots=True, eq=False)
class Subquery:
    """The children of each record, from a statement that is asked once for all of them."""

    statement: "Statement"


Node: TypeAlias = Scalar | Together | RecordShape | Either | Subquery


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One SELECT: with deleted rows hidden, and with all rows; the values both wait for; what its rows become."""

    number: int
    sql: str
    sql_all: str
    slots: tuple[Slot, ...]
    build: Builder
    subqueries: tuple["Statement", ...]
    id_index: int = 0
    """The column that holds the record's own id."""
    link_index: int = 0
    """In a subquery: the column that holds the outer record's id."""
    dressed: bool = False
    """Whether what its rows become depends on who asks, and when."""


def builder(shape: RecordShape, width: int) -> tuple[Builder, tuple[Statement, ...], bool]:
    """The function that makes records of rows of `width` columns, the subqueries whose families it takes, and whether
    it looks at the moment."""
    expression = _Expression()
    written = expression.record(shape)
    columns = "".join(f"c{index}, " for index in range(width))
    source = f"lambda rows, base, families, moment: [{written} for ({columns}) in rows]"
    # An expression written once for each shape, as namedtuple does: nothing is looked up per row. It holds names of
    # the schema and aliases, all by repr, and no value of anybody's query.
    build: Builder = eval(source, expression.names)
    return build, tuple(expression.subqueries), expression.dressed


class _Expression:
    """Writes the expression of a record, collecting what it refers to by name."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__builtins__": {}}
        self.subqueries: list[Statement] = []
        self.dressed = False

    def record(self, shape: RecordShape) -> str:
        """A record: its attributes first, then its parts as selected."""
        parts = [f"'attributes': {self._attributes(shape)}"]
        parts += [f"{key!r}: {self._part(node, shape)}" for key, node in zip(shape.keys, shape.nodes, strict=True)]
        return f"{{{', '.join(parts)}}}"

    def _attributes(self, shape: RecordShape) -> str:
        if shape.id_index is None:
            return f"{{'type': {shape.sobject!r}}}"
        if shape.type_index is not None:
            address = f"base + c{shape.type_index} + '/' + c{shape.id_index}"
            if shape.concrete:
                return f"{{'type': c{shape.type_index}, 'url': {address}}}"
        else:
            address = f"base + {shape.sobject + '/'!r} + c{shape.id_index}"
        return f"{{'type': {shape.sobject!r}, 'url': {address}}}"

    def _part(self, node: Node, outer: RecordShape) -> str:
        if isinstance(node, Scalar):
            return self._scalar(node) if node.content is None else self._address(node, node.content, outer)
        if isinstance(node, Together):
            return self._together(node)
        if isinstance(node, Subquery):
            self.subqueries.append(node.statement)
            return f"families[{len(self.subqueries) - 1}].get(c{outer.id_index})"
        if isinstance(node, Either):
            return self._either(node)
        # No parent: the whole object is null (facts on SOQL §1.5).
        return self._parent(node)

    def _either(self, node: Either) -> str:
        """Each record is asked for by its own id; whatever is none of them is seen as what it is."""
        chain = "None" if node.otherwise is None else self._parent(node.otherwise)
        for record in reversed(node.records):
            chain = f"({self.record(record)} if c{record.id_index} is not None else {chain})"
        return chain

    def _parent(self, shape: RecordShape) -> str:
        there = shape.id_index if shape.type_index is None else shape.type_index
        return f"(None if c{there} is None else {self.record(shape)})"

    def _address(self, node: Scalar, name: str, outer: RecordShape) -> str:
        """Where the content of a file is."""
        if outer.id_index is None:
            return self._scalar(node)
        return f"None if c{node.index} is None else base + {outer.sobject + '/'!r} + c{outer.id_index} + {'/' + name!r}"

    def _scalar(self, node: Scalar) -> str:
        """A value as JSON, then what dresses it; nothing stays nothing."""
        written = f"c{node.index}"
        for place, step in enumerate((node.convert, node.dress)):
            if step is not None:
                name = f"step{len(self.names)}"
                self.names[name] = step
                self.dressed = self.dressed or bool(place)
                written = f"{name}({written}{', moment' if place else ''})"
        plain = f"c{node.index}"
        return plain if written == plain else f"None if {plain} is None else {written}"

    def _together(self, node: Together) -> str:
        joiner = " or " if node.all_needed else " and "
        empty = joiner.join(f"c{part.index} is None" for part in node.parts)
        keyed = (f"{key!r}: {self._scalar(part)}" for key, part in zip(node.keys, node.parts, strict=True))
        return f"None if {empty} else {{{', '.join(keyed)}}}"
