"""The world's figures, read from data files: distances, service times, what the connector's own work costs."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml


@cache
def figures(name: str) -> dict[str, Any]:
    """The content of `scenarios/data/<name>.yaml`; read once, never changed."""
    text = files("scenarios").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A measured distribution, as people have it: the value at a few quantiles, straight lines in between."""

    shares: tuple[float, ...]
    values_s: tuple[float, ...]

    def __post_init__(self) -> None:
        assert (self.shares[0], self.shares[-1]) == (0.0, 1.0), "a distribution begins at 0 and ends at 1"
        assert list(self.shares) == sorted(self.shares), "quantiles come in rising order"
        assert list(self.values_s) == sorted(self.values_s), "a higher quantile is never a smaller value"

    def draw(self, dice: Random) -> float:
        """One value, in seconds."""
        share = dice.random()
        right = min(bisect_right(self.shares, share), len(self.shares) - 1)
        low, high = self.shares[right - 1], self.shares[right]
        reach = (share - low) / (high - low)
        return self.values_s[right - 1] + reach * (self.values_s[right] - self.values_s[right - 1])


def quantiles(row: Mapping[str, float]) -> Quantiles:
    """A distribution from a row such as ``{"0": 0.2, "0.5": 0.3, "1": 9}``: quantile to milliseconds."""
    points = sorted((float(share), value / 1000) for share, value in row.items())
    return Quantiles(tuple(share for share, _ in points), tuple(value for _, value in points))


@dataclass(frozen=True, slots=True)
class OwnTime:
    """What the connector's own steps cost: computing, and making a ledger entry durable."""

    work: Quantiles
    journal: Quantiles


def own_time(name: str) -> OwnTime:
    """The costs of a kind of host, one of the rows of `data/own_time.yaml`."""
    row = figures("own_time")["hosts"][name]
    return OwnTime(quantiles(row["work_ms"]), quantiles(row["journal_ms"]))


NO_TIME = OwnTime(Quantiles((0.0, 1.0), (0.0, 0.0)), Quantiles((0.0, 1.0), (0.0, 0.0)))
"""A host that costs nothing, for stories in which every instant is to be exact."""


def round_trip_s(here: str, there: str) -> float:
    """The median round trip between two regions, in seconds."""
    table = figures("regions")["round_trip_ms"]
    return float(table["rows"][here][table["columns"].index(there)]) / 1000


def service_median_ms(operations: Sequence[str]) -> float:
    """How long the org works on a composite of these operations, by the formula of `data/service_times.yaml`."""
    table = figures("service_times")
    parts = sum(table["operations"][name][0] for name in operations)
    return float(table["composite"]["base_ms"] + table["composite"]["share_of_part"] * parts)
