"""Readings that are made once per witness, so that judging a day of thousands of calls takes linear time."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from scenarios.witness import Witness

T = TypeVar("T")


def once(reading: Callable[[Witness], T]) -> Callable[[Witness], T]:
    """Make a reading once per witness, for nothing moves while laws are read."""
    held: WeakKeyDictionary[Witness, T] = WeakKeyDictionary()

    @wraps(reading)
    def read(seen: Witness) -> T:
        if seen not in held:
            held[seen] = reading(seen)
        return held[seen]

    return read
