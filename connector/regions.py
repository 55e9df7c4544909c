"""Region pinning: where agents and instances are, and what a round trip between them costs."""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import erf, log, sqrt
from typing import Any

from connector.config.org import RegionConfig
from connector.config.words import Agents

WARM_RTTS = 1
COLD_RTTS = 4
"""Round trips of one request: on a kept-alive connection; with DNS aside, over TCP and TLS 1.2 (facts, users §3.4)."""


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files("connector").joinpath("regions.json").read_text(encoding="utf-8"))
    return table


def region_of(instance: str) -> str | None:
    """The cloud region that an instance name (NA130, EU2, DEU12S) stands for, or None where the name tells nothing."""
    shaped = re.fullmatch(r"([A-Z]{2,3})(\d{1,4})S?", instance.upper())
    return _table()["instances"].get(shaped[1]) if shaped else None


def pin_of(agents: Agents) -> str:
    """The instance that agents of a region are pinned to: EU2 for eu, NA130 for us."""
    return str(_table()["pins"][agents])


def instances() -> tuple[str, ...]:
    """One instance of each kind of name: the pins by their own, the others by a number that stands for any."""
    table = _table()
    pins = {re.sub(r"\d+", "", pin): pin for pin in table["pins"].values()}
    return tuple(pins.get(prefix, f"{prefix}1") for prefix in table["instances"])


def home_of(agents: Agents) -> str:
    """The cloud region in which the agents are taken to run."""
    return str(_table()["agents"][agents])


def rtt_ms(here: str, there: str) -> float:
    """The median round trip between two cloud regions in ms. KeyError-free only for names of the table."""
    names = _table()["regions"]
    return float(_table()["rtt_ms"][names.index(here)][names.index(there)])


@dataclass(frozen=True, slots=True)
class Pairing:
    """Agents here, an instance there, and the round trip between; None where the configuration does not say."""

    agents: Agents | None
    instance: str | None
    rtt_ms: float | None

    @property
    def pinned(self) -> bool:
        """Whether both ends are named."""
        return self.agents is not None and self.instance is not None

    @property
    def crosses(self) -> bool:
        """Whether the agents' data leaves their own region: the instance is in another one than their pin's."""
        if self.agents is None or self.instance is None:
            return False
        there = region_of(self.instance)
        return there is not None and there.split("-")[0] != home_of(self.agents).split("-")[0]


def pairing(region: RegionConfig) -> Pairing:
    """What the region section amounts to. Without an instance the round trip is unknown."""
    there = region_of(region.instance) if region.instance else None
    rtt = rtt_ms(home_of(region.agents), there) if region.agents and there else None
    return Pairing(region.agents, region.instance, rtt)


COMPOSITE_BASE_MS = 25.0
PART_MS = 110.0
COMPOSITE_SIGMA = 0.5
"""A composite of n parts takes 25 + 0.5·110·n ms in the median, lognormal (facts, users §3.6; assumed)."""


def composite_ms(parts: int, rtt: float = 0.0) -> float:
    """The predicted median of a composite on a warm connection, round trip included."""
    return rtt + COMPOSITE_BASE_MS + 0.5 * PART_MS * parts


def share_within(budget_ms: float, parts: int, rtt: float = 0.0) -> float:
    """The predicted share of composites that are answered within the budget on a warm connection, 0 … 1."""
    left = budget_ms - rtt
    if left <= 0:
        return 0.0
    return 0.5 * (1 + erf(log(left / composite_ms(parts)) / COMPOSITE_SIGMA / sqrt(2)))
