"""Somebody else who is working on the row that a request is about to touch."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate
from mocksf.faults.kind import SECONDS_MAX, STRICT
from mocksf.faults.phase import Phase
from mocksf.parked import Stranger


@dataclass(frozen=True, config=STRICT)
class LockHolder:
    """An outsider holds the row of one object that the request touches: it waits, and after ten seconds it fails."""

    phases: ClassVar[tuple[Phase, ...]] = ()

    sobject: str
    """The object whose row is held, by its API name."""
    hold_s: float = Field(default=15.0, gt=0, le=SECONDS_MAX)
    """For how long, from the arrival of the request; more than 10 s earns UNABLE_TO_LOCK_ROW."""

    @property
    def slot(self) -> str:
        return self.sobject.casefold()

    def fate(self, _: Random, /) -> Fate:
        return Fate(strangers=(Stranger(self.sobject, self.hold_s),))
