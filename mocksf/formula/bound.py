"""Bound expressions: their kind is known, and running them gives their value for a record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mocksf.formula.frames import Frame
from mocksf.formula.kinds import Kind
from mocksf.schema.model import Field

Run = Callable[[Frame], Any]
"""Gives the value for a record, None for blank. Raises Trouble, ArithmeticError or ValueError where there is none."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An expression that may be run."""

    kind: Kind
    run: Run
    at: int
    """Where it stands in the text."""
    field: Field | None = None
    """The field of the record itself, where the expression is nothing but that field."""
    literal: str | None = None
    """The text, where the expression is nothing but a text."""
    bare: Run | None = None
    """As `run`, but never zero for a blank number: what functions that ask for blanks look at."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function whose arguments are worked out before it is called.

    `more` is the kind of any further arguments behind `takes`; the last `optional` of `takes` may be left out. A blank
    argument gives a blank result, except that a blank text is the empty text (the engine's published source).
    """

    takes: tuple[Kind, ...]
    gives: Kind
    run: Callable[..., Any]
    optional: int = 0
    more: Kind | None = None


NUMBER, TEXT, BOOLEAN = Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN
DATE, DATETIME, TIME = Kind.DATE, Kind.DATETIME, Kind.TIME
