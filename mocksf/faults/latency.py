"""Time that an exchange takes: on the way there, inside the org (its rows are held), or on the way back."""

from random import Random
from typing import ClassVar, Literal

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from mocksf.faults.draws import DRAWS, capped
from mocksf.faults.fate import Fate
from mocksf.faults.kind import SECONDS_MAX, STRICT
from mocksf.faults.phase import Phase

Distribution = Literal["constant", "uniform", "normal", "lognormal", "pareto", "quantiles"]
At = Literal["there", "service", "back"]


@dataclass(frozen=True, config=STRICT)
class Latency:
    """Spends time on the way there, in the org, or on the way back: constant, or drawn from a distribution."""

    phases: ClassVar[tuple[Phase, ...]] = ()

    at: At = "there"
    """Where the time is spent; a rule decides per place, so that network and service time may both be given."""
    distribution: Distribution | None = None
    """Told by the settings that are given: constant where `seconds` is, lognormal where `median_s` is …"""
    seconds: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    """The whole delay (constant)."""
    low_s: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    """The shortest (uniform)."""
    high_s: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    """The longest (uniform)."""
    mean_s: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    """The middle (normal); what would be negative is zero."""
    deviation_s: float | None = Field(default=None, ge=0, le=SECONDS_MAX)
    """The standard deviation (normal)."""
    median_s: float | None = Field(default=None, gt=0, le=SECONDS_MAX)
    """Half of all draws are shorter (lognormal)."""
    sigma: float = Field(default=0.5, ge=0, le=10)
    """The spread of the logarithm: 0.5 puts the 95th percentile at 2.3 medians (lognormal)."""
    scale_s: float | None = Field(default=None, gt=0, le=SECONDS_MAX)
    """No draw is shorter (Pareto)."""
    alpha: float = Field(default=1.5, gt=0, le=100)
    """The smaller, the heavier the tail (Pareto)."""
    quantiles: tuple[tuple[float, float], ...] | None = None
    """Pairs of a share (0 to 1, rising) and the seconds below which that share of all draws lies (quantiles)."""
    cap_s: float = Field(default=120.0, gt=0, le=SECONDS_MAX)
    """No draw is longer."""

    @model_validator(mode="after")
    def _one_shape(self) -> "Latency":
        needs = {name: names for name, (names, _) in DRAWS.items()}
        fits = [name for name, names in needs.items() if all(getattr(self, one) is not None for one in names)]
        wanted = self.distribution or (fits[0] if fits else "constant")
        lacking = [name for name in needs[wanted] if getattr(self, name) is None]
        if lacking:
            message = f"a {wanted} latency needs {' and '.join(f'`{name}`' for name in lacking)}"
            raise ValueError(message)
        others = {name for kind, names in needs.items() if kind != wanted for name in names} - set(needs[wanted])
        given = sorted(name for name in others if getattr(self, name) is not None)
        if given:
            message = f"a {wanted} latency has no `{given[0]}`"
            raise ValueError(message)
        self._check_orders()
        return self

    def _check_orders(self) -> None:
        if self.low_s is not None and self.high_s is not None and self.low_s > self.high_s:
            message = f"`low_s` ({self.low_s:g}) is more than `high_s` ({self.high_s:g})"
            raise ValueError(message)
        if self.quantiles is not None:
            shares = [share for share, _ in self.quantiles]
            if not shares or shares != sorted(set(shares)) or not 0 <= shares[0] <= shares[-1] <= 1:
                message = "`quantiles` are pairs of a share from 0 to 1, rising, and seconds"
                raise ValueError(message)

    @property
    def shape(self) -> str:
        """The distribution that is meant."""
        fits = (name for name, (names, _) in DRAWS.items() if all(getattr(self, one) is not None for one in names))
        return self.distribution or next(fits)

    @property
    def slot(self) -> str:
        return self.at

    def fate(self, random: Random, /) -> Fate:
        _, draw = DRAWS[self.shape]
        seconds = self.seconds if self.seconds is not None else capped(lambda: draw(random, self), self.cap_s)
        if self.at == "there":
            return Fate(there_s=seconds)
        return Fate(service_s=seconds) if self.at == "service" else Fate(back_s=seconds)
