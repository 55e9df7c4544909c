"""An answer that dies on its way to the client."""

from random import Random
from typing import ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class LostAnswer:
    """The org commits and its answer is lost on the way back: why every write must be safe to repeat."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.AFTER_COMMIT, Phase.BEFORE_COMMIT, Phase.MID_BODY)
    slot: ClassVar[str] = ""

    ending: Literal["silence", "reset"] = "silence"
    after_bytes: int = Field(default=1, ge=0)
    """How much of the body arrives, where the phase is mid_body."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.ANSWER, ending=Ending[self.ending.upper()])
