"""The org has answered as many calls as it may in a day."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.dialects import rest
from mocksf.errors import Refusal, Refuse
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class DailyLimit:
    """The calls of the day are used up: 403 `REQUEST_LIMIT_EXCEEDED`, and no Retry-After says when there are more."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=rest(Refuse.DAILY_LIMIT()))

    def refusal(self) -> Refusal:
        """The same as the refusal of one part of a composite."""
        return Refuse.DAILY_LIMIT()
