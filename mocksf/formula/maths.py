"""Functions of numbers: 39 digits, rounded half up, as the engine's published source has it."""

from collections.abc import Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from decimal import ROUND_DOWN as TOWARDS_ZERO

from mocksf.formula.bound import NUMBER, Function
from mocksf.formula.problems import trouble

CONTEXT = Context(
    prec=39, rounding=ROUND_HALF_UP, Emax=999, Emin=-999, traps=[DivisionByZero, InvalidOperation, Overflow]
)
LARGEST_POWER = 64
_SMALLEST = Decimal(1).scaleb(-39)
_ONE = Decimal(1)


def divide(one: Decimal, other: Decimal) -> Decimal:
    """Raises Trouble for a division by zero."""
    if not other:
        trouble("Division by zero")
    return one / other


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """A whole power with 18 digits; Trouble for a broken exponent or a result beyond 64 digits."""
    whole = int(exponent)
    size = base.copy_abs().log10() * whole if base else Decimal(0)
    if whole != exponent or size > LARGEST_POWER:
        trouble("Out of range argument to POWER() function")
    if not base:
        return _ONE if whole == 0 else divide(Decimal(0), Decimal(0) if whole < 0 else _ONE)
    result = Context(prec=18, rounding=ROUND_HALF_UP).power(base, whole) if size > -LARGEST_POWER else Decimal(0)
    return result if abs(result) >= _SMALLEST else Decimal(0)


def rounded(number: Decimal, digits: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """To so many digits behind the point, or before it where negative; halves away from zero (documented)."""
    places = int(digits)
    if places >= 39 or (number.is_zero() and places > -39):
        return number
    if places <= -39:
        return Decimal(0)
    return number.quantize(_ONE.scaleb(-places), rounding=rounding)


def _whole(rounding: str) -> Function:
    return Function((NUMBER,), NUMBER, lambda number: number.to_integral_value(rounding=rounding))


def _modulo(number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        trouble("Division by zero")
    return number % divisor


def _root(number: Decimal) -> Decimal:
    if number < 0:
        trouble("Square root of a negative number")
    return number.sqrt()


def _logarithm(number: Decimal, ten: bool) -> Decimal:
    if number <= 0:
        trouble("Logarithm of a number that is not positive")
    return number.log10() if ten else number.ln()


def _exponential(number: Decimal) -> Decimal:
    if number > 200:
        trouble("Out of range argument to EXP() function")
    return number.exp() if number > -200 else Decimal(0)


MATHS: Mapping[str, Function] = {
    "ABS": Function((NUMBER,), NUMBER, abs),
    "CEILING": _whole(ROUND_UP),  # away from zero (documented: CEILING(-2.5) is -3)
    "FLOOR": _whole(TOWARDS_ZERO),  # towards zero (documented: FLOOR(-2.5) is -2)
    "MCEILING": _whole(ROUND_CEILING),
    "MFLOOR": _whole(ROUND_FLOOR),
    "ROUND": Function((NUMBER, NUMBER), NUMBER, rounded),
    "TRUNC": Function(
        (NUMBER, NUMBER), NUMBER, lambda number, digits=Decimal(0): rounded(number, digits, TOWARDS_ZERO), optional=1
    ),
    "MOD": Function((NUMBER, NUMBER), NUMBER, _modulo),
    "MIN": Function((NUMBER,), NUMBER, lambda *numbers: min(numbers), more=NUMBER),
    "MAX": Function((NUMBER,), NUMBER, lambda *numbers: max(numbers), more=NUMBER),
    "SQRT": Function((NUMBER,), NUMBER, _root),
    "EXP": Function((NUMBER,), NUMBER, _exponential),
    "LN": Function((NUMBER,), NUMBER, lambda number: _logarithm(number, ten=False)),
    "LOG": Function((NUMBER,), NUMBER, lambda number: _logarithm(number, ten=True)),
}
"""Every function that takes and gives numbers."""
