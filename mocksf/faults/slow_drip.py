"""An answer that comes in small pieces with pauses between them."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Drip, Fate
from mocksf.faults.kind import SECONDS_MAX, STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class SlowDrip:
    """The body drips: each piece comes before the client's read timeout, so only a deadline for the whole ends it."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    piece_bytes: int = Field(default=64, ge=1, le=1_000_000)
    """How many bytes come at a time."""
    pause_s: float = Field(default=0.5, gt=0, le=SECONDS_MAX)
    """How long nothing comes between two pieces; longer than a client's read timeout, it times out."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(drip=Drip(self.piece_bytes, self.pause_s))
