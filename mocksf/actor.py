"""Who writes to the records of an org, when and how, and how a write reaches for the rows that it needs for itself."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from mocksf.locks import LockKey
from mocksf.moments import milliseconds

Touch = Callable[[LockKey], None]
"""Called with every row that a write needs for itself; may raise to say that it is held."""


def untouched(_: LockKey) -> None:
    """A touch that never objects; whoever is given it need not even ask."""


class Actor(NamedTuple):
    """Who writes, when, and whether assignment rules run (or the id of the one that should).

    `allow_duplicates` waves through what duplicate rules would only warn of; `version` is the API's, for addresses in
    refusals.
    """

    user_id: str
    now: datetime
    auto_assign: bool | str = False
    allow_duplicates: bool = False
    version: str = "66.0"

    @property
    def second(self) -> int:
        """The second in which it writes, as stored."""
        return milliseconds(self.now) // 1000 * 1000
