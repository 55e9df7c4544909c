"""The org already works on as many long calls as it may."""

from random import Random
from typing import ClassVar

from pydantic.dataclasses import dataclass

from mocksf.dialects import rest
from mocksf.errors import Refusal, Refuse
from mocksf.faults.fate import Fate, Lost
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class ConcurrentLimit:
    """Too many long calls run at once: 403 `REQUEST_LIMIT_EXCEEDED`, for calls that would be quick as well."""

    phases: ClassVar[tuple[Phase, ...]] = (Phase.BEFORE_ORG,)
    slot: ClassVar[str] = ""

    def fate(self, _: Random, /) -> Fate:
        return Fate(lost=Lost.REQUEST, refusal=rest(Refuse.CONCURRENT_LIMIT()))

    def refusal(self) -> Refusal:
        """The same as the refusal of one part of a composite."""
        return Refuse.CONCURRENT_LIMIT()
