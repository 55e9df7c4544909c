"""How long the org itself works on a request: drawn per operation, a composite by its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import log
from random import Random
from typing import Any

from connector.messages import Request
from mocksf.faults.fate import FAIR, Fate
from scenarios.figures import figures, service_median_ms

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

    def fate(self, asked: Request) -> Fate:
        """The time as a fate, to be added to what the weather has in store."""
        median_ms, sigma = self._shape(asked)
        return Fate(service_s=round(self.dice.lognormvariate(log(median_ms / 1000), sigma), 6))

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
