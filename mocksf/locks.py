"""Row locks as a table of holders in time: who holds which row until when.

A writer's rows (and the parents it locks) are held from its arrival to its commit instant; a writer that meets a held
row waits, ten seconds at most (facts on REST §7.3), and then earns `UNABLE_TO_LOCK_ROW`. No thread ever blocks: a
waiting request is a value (see parked.py) that its door presents again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

PATIENCE = timedelta(seconds=10)
"""How long a writer waits for a row before it gives up: the platform's fixed lock wait."""


class LockKey(NamedTuple):
    """One row: its object and record id, or ``Field=value`` for a keyed row that may not exist yet."""

    sobject: str
    row: str


@dataclass(frozen=True, slots=True)
class Holder:
    """One hold on one row."""

    owner: int
    until: datetime


class Held(Exception):
    """A row is held by somebody else; whoever asked must undo what it did and come back at `until`."""

    def __init__(self, key: LockKey, until: datetime) -> None:
        super().__init__(f"{key.sobject} {key.row} is held until {until}")
        self.key = key
        self.until = until


class LockTable:
    """The holders of an org's rows. Expired holds are as good as gone."""

    def __init__(self) -> None:
        self._holders: dict[LockKey, Holder] = {}

    @property
    def empty(self) -> bool:
        """Whether certainly nobody holds any row."""
        return not self._holders

    def blocker(self, key: LockKey, owner: int, now: datetime) -> Holder | None:
        """Who else holds the row at `now`, or None."""
        holder = self._holders.get(key)
        if holder is None or holder.owner == owner or holder.until <= now:
            return None
        return holder

    def hold(self, keys: Iterable[LockKey], owner: int, until: datetime) -> None:
        """Give `owner` the rows until an instant; the caller has made sure that nobody else holds them."""
        for key in keys:
            self._holders[key] = Holder(owner, until)

    def release(self, owner: int) -> None:
        """Let go of every row that `owner` holds."""
        for key in [key for key, holder in self._holders.items() if holder.owner == owner]:
            del self._holders[key]

    def expire(self, now: datetime) -> None:
        """Forget holds that ended."""
        for key in [key for key, holder in self._holders.items() if holder.until <= now]:
            del self._holders[key]

    def next_free(self) -> datetime | None:
        """The next instant at which a hold ends, or None."""
        return min((holder.until for holder in self._holders.values()), default=None)

    def state(self) -> dict[LockKey, Holder]:
        """All holds, for a snapshot."""
        return dict(self._holders)

    def restore(self, state: dict[LockKey, Holder]) -> None:
        """Back to a state that `state` gave."""
        self._holders = dict(state)
