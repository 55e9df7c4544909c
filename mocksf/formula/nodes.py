"""Nodes: a formula as it is written, before anything is known about its names. `at` is not part of equality."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, TRUE, FALSE or NULL."""

    value: Decimal | str | bool | None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A field, or a path to one: `Amount`, `Account.Owner.Name`, `$User.Id`."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; the name in upper case."""

    function: str
    arguments: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A sign before an operand: `-`, `+` or `NOT`."""

    sign: str
    operand: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of a chain and what stands behind it."""

    sign: str
    operand: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined by operators of one precedence, from left to right: `a + b - c`."""

    first: "Node"
    steps: tuple[Step, ...]
    at: int = field(default=0, compare=False)


Node = Literal | Name | Call | Prefix | Chain
