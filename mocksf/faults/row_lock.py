"""A row that somebody held for too long, without the waiting."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.dialects import rest
from mocksf.errors import Refusal, Refuse
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class RowLock:
    """Answers at once what ten seconds of waiting for a held row would have earned: `UNABLE_TO_LOCK_ROW`."""

    phases: ClassVar[tuple[Phase, ...]] = (
        Phase.BEFORE_ORG,
        Phase.BEFORE_COMMIT,
    )
    slot: ClassVar[str] = ""

    record: str = "001000000000000AAA"
    """The id that the sentence names."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=rest(Refuse.LOCKED_ROW(id=self.record)))

    def refusal(self) -> Refusal:
        """The same as the refusal of one part of a composite."""
        return Refuse.LOCKED_ROW(id=self.record)
