"""An answer whose body ends too early."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class TruncatedBody:
    """The org commits; the body of its answer ends after some bytes, and the connection is closed."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.MID_BODY,)
    slot: ClassVar[str] = ""

    after_bytes: int = Field(default=20, ge=0)
    """How much of the body arrives."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.ANSWER, ending=Ending.CLOSE)
