"""An answer that arrives whole and cannot be read."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class GarbledBody:
    """The org commits; its answer keeps status and headers, and its body is no JSON: the middle of it is missing."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(garbled=True)
