"""Silence: a connection that stays open while no answer comes."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class Timeout:
    """The connection stays open and no answer ever comes: the client waits until its own patience ends."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG, Phase.BEFORE_COMMIT, Phase.AFTER_COMMIT)
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, ending=Ending.SILENCE)
