"""A connection that is closed where an answer should be."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class Closed:
    """The connection, new or kept, is closed in order without an answer."""

    phases: ClassVar[tuple[Phase, ...]] = tuple(Phase)
    slot: ClassVar[str] = ""

    after_bytes: int = Field(default=1, ge=0)
    """How much of the body arrives, where the phase is mid_body."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, ending=Ending.CLOSE)
