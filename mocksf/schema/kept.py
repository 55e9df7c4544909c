"""What is worked out once per schema and kept with it, so that it goes when the schema goes.

A dictionary with weak keys would not do: what is worked out of a schema mostly refers to it and holds its own key.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from mocksf.schema.model import Schema

Kept = TypeVar("Kept")


class PerSchema(Generic[Kept]):
    """One kind of thing that is kept with schemas, under a name of its own."""

    def __init__(self, name: str) -> None:
        self._key = f"(kept) {name}"

    def of(self, schema: Schema, make: Callable[[], Kept]) -> Kept:
        """What is kept with a schema; it is made where nothing is."""
        shelf = schema.__dict__
        if self._key not in shelf:
            shelf[self._key] = make()
        kept: Kept = shelf[self._key]
        return kept
