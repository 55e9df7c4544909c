"""What a rule about a record may know, and how it reads the record as it will be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.schema.model import Schema

Row = Mapping[str, Any]
Changes = dict[str, Any]


@dataclass(slots=True, eq=False)  # not frozen, because that makes its making dear
class Facts:
    """What a rule may know beside the record: the schema, the second (epoch ms), who saves, other records."""

    schema: Schema
    now: int
    user_id: str
    fetch: Callable[[str], Row | None]
    """Another record by its id, or None."""
    find: Callable[[str, str, str], list[dict[str, Any]]]
    """The records of an object whose field has a value, such as those of a parent."""
    fiscal: Callable[[], tuple[int, bool]] = lambda: (1, False)
    """The month in which the fiscal year begins, and whether it is called after the calendar year of that month."""


Rule = Callable[[Facts, Row, Changes], None]
"""Sees the record as it was (empty on create) and the stored values about to be written, and adds to these."""


def after(before: Row, changes: Row, name: str) -> Any:
    """A field's stored value once the changes are written."""
    return changes[name] if name in changes else before.get(name)


def is_a(facts: Facts, record_id: str, name: str) -> bool:
    """Whether an id belongs to an object."""
    sobject = facts.schema.of_id(record_id)
    return sobject is not None and sobject.name == name
