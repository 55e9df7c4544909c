"""A kept connection that the other side has long forgotten."""

from random import Random
from typing import ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import SECONDS_MAX, STRICT, Seen
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class StaleKeepAlive:
    """A kept connection that was idle for too long is dead: its next request is lost, and a new connection works."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    idle_s: float = Field(default=60.0, ge=0, le=SECONDS_MAX)
    """How long it must have been idle, on the org's clock."""
    ending: Literal["close", "reset", "silence"] = "close"
    """How the client learns of it; some boxes on the way drop packets and say nothing."""

    def concerns(self, seen: Seen) -> bool:
        """Whether an exchange comes by a connection that was kept so long."""
        return seen.idle_s is not None and seen.idle_s >= self.idle_s

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, ending=Ending[self.ending.upper()])
