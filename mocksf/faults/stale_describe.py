"""A describe from before the last deploy, as a cache in front of the org may give it."""

from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class StaleDescribe:
    """Describes do not know fields that are there: who checks a map against them refuses what the org would take."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    without: tuple[str, ...] = Field(min_length=1)
    """The fields that the describe leaves out, such as `Opportunity.Seats__c`."""

    def fate(self, _: Random, /) -> Fate:
        return Fate(undescribed=frozenset(name.casefold() for name in self.without))
