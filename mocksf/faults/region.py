"""The distance between whoever calls and the org."""

from random import Random
from typing import ClassVar

from pydantic import Field, field_validator
from pydantic.dataclasses import dataclass

from mocksf.faults.fate import Fate
from mocksf.faults.figures import figures, region_of, round_trip_s
from mocksf.faults.kind import STRICT
from mocksf.faults.phase import Phase


@dataclass(frozen=True, config=STRICT)
class Region:
    """Each exchange takes the round trip between two regions, half each way; a new connection takes its handshake."""

    phases: ClassVar[tuple[Phase, ...]] = ()
    slot: ClassVar[str] = ""

    caller: str
    """Where whoever calls is: a region such as us-east-1, or the name of an instance there."""
    instance: str
    """The org's instance, such as NA130, EU2 or DEU12; or a region."""
    cold: float = Field(default=0.0, ge=0, le=1)
    """The share of exchanges that open a connection first; the door does not tell which."""

    @field_validator("caller", "instance")
    @classmethod
    def _known(cls, place: str) -> str:
        if region_of(place) is None:
            known = ", ".join(figures("regions")["columns"])
            message = f"`{place}` tells no region; there is {known}, or an instance such as NA130"
            raise ValueError(message)
        return place

    def fate(self, random: Random, /) -> Fate:
        here, there = region_of(self.caller), region_of(self.instance)
        assert here is not None, "checked when the rule was read"
        assert there is not None, "checked when the rule was read"
        table, trip_s = figures("regions"), round_trip_s(here, there)
        jitter_s = random.expovariate(1000 / table["jitter_ms"]) if trip_s else 0.0
        handshake_s = trip_s * table["handshake_trips"] if self.cold and random.random() < self.cold else 0.0
        return Fate(there_s=round(handshake_s + trip_s / 2, 6), back_s=round(trip_s / 2 + jitter_s, 6))
