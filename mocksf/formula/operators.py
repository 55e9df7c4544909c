"""Operators: which kinds go together, what comes of them, and how a chain of them is run."""

from collections.abc import Callable
from typing import Any

from mocksf.formula.bound import BOOLEAN, DATE, DATETIME, NUMBER, TEXT, TIME, Bound, Run
from mocksf.formula.dates import DATE_OPERATORS, Operator
from mocksf.formula.frames import Frame
from mocksf.formula.kinds import Kind
from mocksf.formula.maths import divide, power
from mocksf.formula.texts import joined

Apply = Callable[[Any, Any], Any]

_OPERATORS: dict[tuple[str, Kind, Kind], Operator] = {
    ("+", NUMBER, NUMBER): (NUMBER, lambda one, other: one + other),
    ("-", NUMBER, NUMBER): (NUMBER, lambda one, other: one - other),
    ("*", NUMBER, NUMBER): (NUMBER, lambda one, other: one * other),
    ("/", NUMBER, NUMBER): (NUMBER, divide),
    ("^", NUMBER, NUMBER): (NUMBER, power),
    ("+", TEXT, TEXT): (TEXT, joined),
    ("&", TEXT, TEXT): (TEXT, joined),
    **DATE_OPERATORS,
}
_ORDERED = frozenset({NUMBER, DATE, DATETIME, TIME})
_COMPARISONS: dict[str, Apply] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}
_EQUAL = frozenset({NUMBER, DATE, DATETIME, TIME, TEXT, BOOLEAN})


def operator(sign: str, left: Kind, right: Kind) -> Operator | None:
    """What `sign` gives between two kinds, and how; None where they do not go together."""
    left, right = _known(left, right)
    if sign in _COMPARISONS:
        return (BOOLEAN, _unless_blank(_COMPARISONS[sign])) if left is right and left in _ORDERED else None
    if sign in {"=", "<>"}:
        return (BOOLEAN, _equality(sign, left)) if left is right and left in _EQUAL else None
    found = _OPERATORS.get((sign, left, right))
    if found is None:
        return None
    kind, apply = found
    return kind, apply if apply is joined else _unless_blank(apply)


def _known(left: Kind, right: Kind) -> tuple[Kind, Kind]:
    """NULL is taken for what stands on the other side; between two of them, for numbers."""
    if left is Kind.NULL and right is Kind.NULL:
        return NUMBER, NUMBER
    return (right, right) if left is Kind.NULL else (left, left) if right is Kind.NULL else (left, right)


def _unless_blank(apply: Apply) -> Apply:
    return lambda one, other: None if one is None or other is None else apply(one, other)


def _equality(sign: str, kind: Kind) -> Apply:
    """Blank texts and checkboxes equal each other; any other blank makes the comparison blank (published source)."""
    wanted = sign == "="
    if kind in {TEXT, BOOLEAN}:
        blank: Any = "" if kind is TEXT else False
        return lambda one, other: ((one or blank) == (other or blank)) is wanted
    return _unless_blank(lambda one, other: (one == other) is wanted)


def chain(first: Run, steps: list[tuple[Apply, Run]]) -> Run:
    """The operands one after the other."""
    if len(steps) == 1:
        apply, second = steps[0]
        return lambda frame: apply(first(frame), second(frame))

    def run(frame: Frame) -> Any:
        value = first(frame)
        for apply, operand in steps:
            value = apply(value, operand(frame))
        return value

    return run


def every(operands: list[Run]) -> Run:
    """True when all are; blank counts as false, and what follows is not looked at (published source)."""
    return lambda frame: all(operand(frame) for operand in operands)


def some(operands: list[Run]) -> Run:
    """True when one is."""
    return lambda frame: any(operand(frame) for operand in operands)


def called(function: Callable[..., Any], arguments: list[Bound]) -> Run:
    """A function over arguments that are worked out first; a blank one gives blank, except a text."""
    runs = [(each.run, each.kind is TEXT) for each in arguments]

    def run(frame: Frame) -> Any:
        values = []
        for operand, text in runs:
            value = operand(frame)
            if value is None:
                if not text:
                    return None
                value = ""
            values.append(value)
        result = function(*values)
        return None if result == "" else result

    return run
