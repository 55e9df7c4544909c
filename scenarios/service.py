"""How long the org itself works on a request: drawn per operation, a composite by its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import exp
from random import Random
from statistics import NormalDist
from typing import Any

from connector.messages import Request
from mocksf.faults.fate import FAIR, Fate
from scenarios.figures import figures, service_median_ms

NORMAL = NormalDist()
OPERATIONS: tuple[tuple[str, str, str], ...] = (
    ("POST", "*/oauth2/token", "token"),
    ("GET", "*/query*", "query"),
    ("GET", "*/search*", "search"),
    ("GET", "*/describe", "describe"),
    ("GET", "*/limits", "limits"),
    ("GET", "*", "retrieve"),
    ("PATCH", "*__c/*", "upsert"),
    ("PATCH", "*", "update"),
    ("POST", "*", "create"),
)
"""Method, path and operation of `data/service_times.yaml`; the first row that matches decides."""


@dataclass(slots=True)
class ServiceTimes:
    """Draws the org's own time for each request, from a stream of its own."""

    dice: Random
    strata: int = 1
    """Stratified draws: of so many in a row, one falls into each of as many equal shares, in random order.

    A few hundred turns then tell what thousands would: the share within a budget hardly depends on the seed.
    """
    _open: list[int] = field(default_factory=list)

    def fate(self, asked: Request) -> Fate:
        """The time as a fate, to be added to what the weather has in store."""
        median_ms, sigma = self._shape(asked)
        return Fate(service_s=round(median_ms / 1000 * exp(sigma * NORMAL.inv_cdf(self._share())), 6))

    def _share(self) -> float:
        """A number strictly between 0 and 1."""
        if not self._open:
            self._open = self.dice.sample(range(self.strata), self.strata)
        return (self._open.pop() + min(max(self.dice.random(), 1e-12), 1 - 1e-12)) / self.strata

    def _shape(self, asked: Request) -> tuple[float, float]:
        table = figures("service_times")
        parts = asked.body.get("compositeRequest") if isinstance(asked.body, Mapping) else None
        if parts is None:
            median, sigma = table["operations"][operation_of(asked.method, asked.path)]
            return float(median), float(sigma)
        return service_median_ms(operations_of(parts)), float(table["composite"]["sigma"])


class NoTime:
    """An org that answers at once."""

    def fate(self, _: Request) -> Fate:
        """Nothing."""
        return FAIR


def operations_of(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a composite's parts do."""
    return [operation_of(part["method"], part["url"]) for part in parts]


def operation_of(method: str, path: str) -> str:
    """What a request does, in the words of the table."""
    return next((name for verb, glob, name in OPERATIONS if verb == method and fnmatchcase(path, glob)), "update")
