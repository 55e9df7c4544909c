"""What is worked out once per schema, or per object, and kept with it, so that it goes when the schema goes.

An object that a changed schema takes over as it is keeps what was worked out of it.

A dictionary with weak keys would not do: what is worked out of a schema mostly refers to it and holds its own key.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from mocksf.schema.model import Schema, SObject

Kept = TypeVar("Kept")


class PerSchema(Generic[Kept]):
    """One kind of thing that is kept with schemas or objects, under a name of its own."""

    def __init__(self, name: str) -> None:
        self._key = f"(kept) {name}"

    def of(self, owner: Schema | SObject, make: Callable[[], Kept]) -> Kept:
        """What is kept with a schema or an object; it is made where nothing is."""
        shelf = owner.__dict__
        if self._key not in shelf:
            shelf[self._key] = make()
        kept: Kept = shelf[self._key]
        return kept
