"""Compiled queries, kept: by their text, then by their shape with the literals lifted out."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Schema
from mocksf.soql.bound import BoundQuery, Slot
from mocksf.soql.dates import Moment
from mocksf.soql.nodes import Query
from mocksf.soql.pages import PAGE_MAX, page_max
from mocksf.soql.shape import Statement

KEPT_MAX = 2_000
"""How many texts, and how many shapes, are kept per schema."""

LITERALS = re.compile(r"('(?:[^'\\]|\\.)*'|(?:(?<=[=<>(,])|(?<=[=<>(,] ))[+-]?\d[\w.:+-]*)", re.DOTALL)
"""What may be lifted out of a text: strings, and numbers and dates behind an operator, a comma or a bracket.

Whatever it misses stays part of the shape; whatever it takes too much is never taken for a value (see `Template`)."""

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Kept(dict[_K, _V], Generic[_K, _V]):
    """A dictionary that forgets what came first when it is full."""

    def keep(self, key: _K, value: _V) -> None:
        if len(self) >= KEPT_MAX:
            del self[next(iter(self))]
        self[key] = value


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A compiled query: what to ask the database, with which values, and what the rows become.

    `kind` is rows, count or aggregate; `sobject` the object that FROM names; `values` one tuple per statement.
    """

    kind: str
    sobject: str
    statements: tuple[Statement, ...]
    values: tuple[tuple[Any, ...], ...]
    moment: Moment
    purposes: tuple[str, ...] = ()
    """`FOR VIEW`, `FOR REFERENCE`, …: what the reading is for."""
    page_max: int = PAGE_MAX
    """How many records a page holds at most."""
    one_page: bool = False
    """Whether nothing is behind the first page: a query with OFFSET gives only its first batch (SOQL reference)."""


class Template:
    """A plan without its values: where each comes from in a text of the same shape."""

    def __init__(self, bound: BoundQuery, statements: tuple[Statement, ...], purposes: tuple[str, ...] = ()) -> None:
        self._bound = bound.kind, bound.root.sobject.name
        self._statements = statements
        self._purposes, self._page_max, self._one_page = purposes, page_max(bound), bound.offset > 0
        self.dated = any(each.dressed or any(slot.dated for slot in each.slots) for each in statements)
        self._sources: tuple[tuple[int | None, Slot], ...] = ()
        self._sizes = tuple(len(statement.slots) for statement in statements)

    def plan(self, moment: Moment) -> Plan:
        """The plan with the literals that the query was written with."""
        values = tuple(
            tuple(slot.convert(slot.text, moment) for slot in statement.slots) for statement in self._statements
        )
        return self._plan(values, moment)

    def lift(self, pieces: list[str]) -> bool:
        """Learn which lifted literal each value is; False where one of them is no value, so the shape is no key."""
        places: dict[int, int] = {}
        at = 0
        for number, piece in enumerate(pieces):
            if number % 2:
                places[at] = number
            at += len(piece)
        slots = [slot for statement in self._statements for slot in statement.slots]
        self._sources = tuple((places.get(slot.at), slot) for slot in slots)
        taken = {place for place, slot in self._sources if place is not None and pieces[place] == slot.text}
        return set(places.values()) == taken

    def refilled(self, pieces: list[str], moment: Moment) -> Plan:
        """The plan with the literals of another text. Raises ValueError where one does not fit."""
        flat = [slot.convert(slot.text if place is None else pieces[place], moment) for place, slot in self._sources]
        values, start = [], 0
        for size in self._sizes:
            values.append(tuple(flat[start : start + size]))
            start += size
        return self._plan(tuple(values), moment)

    def _plan(self, values: tuple[tuple[Any, ...], ...], moment: Moment) -> Plan:
        kind, sobject = self._bound
        return Plan(kind, sobject, self._statements, values, moment, self._purposes, self._page_max, self._one_page)


class Shelf:
    """What is kept for one schema."""

    def __init__(self) -> None:
        self.plans: Kept[tuple[str, float], Plan] = Kept()
        self.texts: Kept[tuple[str, float], Template] = Kept()
        """Templates whose plans depend on the moment."""
        self.shapes: Kept[tuple[float, tuple[str, ...]], Template] = Kept()
        self.among: Kept[tuple[Query, float], Template] = Kept()
        """Queries over records that a search found."""


_SHELVES: PerSchema[Shelf] = PerSchema("query plans")


def shelf_of(schema: Schema) -> Shelf:
    """The shelf of a schema; it goes when the schema goes."""
    return _SHELVES.of(schema, Shelf)
