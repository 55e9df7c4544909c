"""How long the org itself works on a request, by what the request does."""

from collections.abc import Mapping
from math import log
from random import Random
from typing import ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from mocksf.faults.draws import capped
from mocksf.faults.fate import Fate
from mocksf.faults.figures import figures
from mocksf.faults.kind import STRICT, Seen
from mocksf.faults.phase import Phase

CAP_S = 120.0
"""The longest that an operation takes: a query of two minutes is ended by the org."""


@dataclass(frozen=True, config=STRICT)
class ServiceTimes:
    """The org works on a request as long as such operations take, rows held meanwhile: on a composite by its parts."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    scale: float = Field(default=1.0, gt=0, le=1000)
    """All of it so many times slower."""
    weights: Mapping[str, float] = Field(default_factory=dict)
    """Object → how much slower its automation makes a write: flows and triggers make 4 of 1."""

    def fate(self, random: Random, /) -> Fate:
        median_ms, sigma = figures("service_times")["operations"]["other"]
        return self._drawn(median_ms, sigma, random)

    def fate_of(self, seen: Seen, random: Random, /) -> Fate:
        """The fate of a request that was looked at."""
        table = figures("service_times")
        parts = seen.parts
        if not parts:
            median_ms, sigma = table["operations"].get(seen.operation, table["operations"]["other"])
            return self._drawn(median_ms * self._weight(seen.sobject) + seen.rows * table["row_ms"], sigma, random)
        own = table["composite"]
        medians = (table["operations"][each.operation][0] * self._weight(each.sobject) for each in parts)
        return self._drawn(own["base_ms"] + own["share_of_part"] * sum(medians), own["sigma"], random)

    def _weight(self, sobject: str | None) -> float:
        wanted = (sobject or "").casefold()
        return next((weight for name, weight in self.weights.items() if name.casefold() == wanted), 1.0)

    def _drawn(self, median_ms: float, sigma: float, random: Random) -> Fate:
        middle = log(median_ms / 1000 * self.scale)
        return Fate(service_s=capped(lambda: random.lognormvariate(middle, sigma), CAP_S))
