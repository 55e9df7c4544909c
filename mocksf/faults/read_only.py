"""An org in read-only mode, as during maintenance."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.dialects import rest
from mocksf.errors import Refusal, Refuse
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class ReadOnly:
    """Writes fail: `INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE`; which requests write is told by `where`."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=rest(Refuse.READ_ONLY()))

    def refusal(self) -> Refusal:
        """The same as the refusal of one part of a composite."""
        return Refuse.READ_ONLY()
