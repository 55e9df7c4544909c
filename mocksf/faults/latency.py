"""Time that an exchange takes: on the way there, inside the org (its rows are held), or on the way back."""

from math import log
from random import Random
from typing import ClassVar, Literal

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase

Distribution = Literal["constant", "lognormal"]
At = Literal["there", "service", "back"]
_DRAWS = 100


@dataclass(frozen=True, config=STRICT)
class Latency:
    """Spends time on the way there, in the org, or on the way back: constant, or lognormal around a median."""

    phases: ClassVar[tuple[Phase, ...]] = ()

    at: At = "there"
    """Where the time is spent; a rule decides per place, so that network and service time may both be given."""
    distribution: Distribution | None = None
    """constant where `seconds` is given, lognormal where `median_s` is."""
    seconds: float | None = Field(default=None, ge=0)
    """The whole delay, constant."""
    median_s: float | None = Field(default=None, gt=0)
    """Half of all draws are shorter (lognormal)."""
    sigma: float = Field(default=0.5, ge=0)
    """The spread of the logarithm: 0.5 puts the 95th percentile at 2.3 medians (lognormal)."""
    cap_s: float = Field(default=120.0, gt=0)
    """No draw is longer (lognormal)."""

    @model_validator(mode="after")
    def _one_shape(self) -> "Latency":
        wanted = self.distribution or ("lognormal" if self.median_s is not None else "constant")
        given = {"constant": self.seconds, "lognormal": self.median_s}
        needs = {"constant": "seconds", "lognormal": "median_s"}
        other = "constant" if wanted == "lognormal" else "lognormal"
        if given[wanted] is None:
            message = f"a {wanted} latency needs `{needs[wanted]}`"
            raise ValueError(message)
        if given[other] is not None:
            message = f"a {wanted} latency has no `{needs[other]}`"
            raise ValueError(message)
        return self

    @property
    def slot(self) -> str:
        return self.at

    def fate(self, random: Random, /) -> Fate:
        seconds = self.seconds if self.seconds is not None else self._drawn(random)
        if self.at == "there":
            return Fate(there_s=seconds)
        return Fate(service_s=seconds) if self.at == "service" else Fate(back_s=seconds)

    def _drawn(self, random: Random) -> float:
        """One lognormal draw, to the microsecond; above the cap it is drawn again, so that nothing piles up there."""
        assert self.median_s is not None, "a lognormal latency has a median"
        for _ in range(_DRAWS):
            seconds = random.lognormvariate(log(self.median_s), self.sigma)
            if seconds <= self.cap_s:
                return round(seconds, 6)
        return self.cap_s
