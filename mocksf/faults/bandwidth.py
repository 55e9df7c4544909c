"""A line that carries so many bytes a second."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class Bandwidth:
    """The answer takes as long as its body is: a describe of 200 fields is half a megabyte."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    bytes_per_s: float = Field(gt=0, le=1e12)
    """How many bytes of the body arrive in a second."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(bytes_per_s=self.bytes_per_s)
