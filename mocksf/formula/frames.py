"""What a formula may know while it is worked out: the record, what it was before, the time, the user, other records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mocksf.functions import zone_named

Row = Mapping[str, Any]
"""Stored values by canonical field name."""


def _nothing(_: str, __: str) -> Row | None:
    return None


@dataclass(frozen=True, slots=True)
class World:
    """What surrounds every record: the instant (UTC), who acts, and the rows of other records by id."""

    now: datetime
    user_id: str
    fetch: Callable[[str], Row | None]
    common: Callable[[str, str], Row | None] = _nothing
    """By the name of an object and the id of a user: the row of the organization, or of a custom setting for them."""
    _days: list[date] = field(default_factory=list, compare=False)

    @property
    def today(self) -> date:
        """The day that it is where the user is (documented for TODAY)."""
        if not self._days:
            user = self.fetch(self.user_id) if self.user_id else None
            self._days.append(self.now.astimezone(zone_named((user or {}).get("TimeZoneSidKey"))).date())
        return self._days[0]


class Frame:
    """One record as a formula sees it. `before` is the record as it was, None when it is new or nothing changes."""

    __slots__ = ("before", "new", "row", "world")

    def __init__(self, world: World, row: Row, before: Row | None = None, *, new: bool = False) -> None:
        self.world = world
        self.row = row
        self.before = before
        self.new = new

    def at(self, row: Row) -> "Frame":
        """The same moment, seen from another record."""
        return Frame(self.world, row)

    def prior(self) -> "Frame":
        """The record as it was; a new one as it is (documented for PRIORVALUE)."""
        return self if self.before is None else Frame(self.world, self.before)
