"""A duplicate rule that an admin has just switched on."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.dialects import rest
from mocksf.errors import Refusal, Refuse
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class DuplicateRule:
    """A duplicate rule blocks the record: `DUPLICATES_DETECTED`, without the matches, which the user may not see."""

    phases: ClassVar[tuple[Phase, ...]] = (
        Phase.BEFORE_ORG,
        Phase.BEFORE_COMMIT,
    )
    slot: ClassVar[str] = ""

    message: str = "Use one of these records?"
    """What the rule tells people."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=rest(Refuse.DUPLICATES(message=self.message)))

    def refusal(self) -> Refusal:
        """The same as the refusal of one part of a composite."""
        return Refuse.DUPLICATES(message=self.message)
