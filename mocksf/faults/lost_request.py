"""A request that dies on its way to the org."""

from random import Random
from typing import ClassVar, Literal

from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class LostRequest:
    """The request never reaches the org, and the client hears nothing (or a broken connection): nothing was done."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    ending: Literal["silence", "reset"] = "silence"

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, ending=Ending[self.ending.upper()])
