"""The weather of an ordinary day: how long the org works on each operation, as rules, and how far away it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from scenarios.figures import figures, service_median_ms

UPSERTS = ("upsert", "upsert", "upsert")
"""A call by somebody whom this connector has not written before: the dearest of the usual composites."""


def service_times(composite: Sequence[str] = UPSERTS) -> list[Mapping[str, Any]]:
    """Latency rules for the org's own work, by `data/service_times.yaml`; `composite` names its parts' operations."""
    table = figures("service_times")
    sigma = table["composite"]["sigma"]
    rows = [("*/composite", None, service_median_ms(composite), sigma)]
    for path, method, operation in _OPERATIONS:
        median, spread = table["operations"][operation]
        rows.append((path, method, median, spread))
    return [_rule(path, method, median, spread) for path, method, median, spread in rows]


_OPERATIONS: tuple[tuple[str, str | None, str], ...] = (
    ("*/oauth2/token", "POST", "token"),
    ("*/query*", "GET", "query"),
    ("*/search*", "GET", "search"),
    ("*/describe", "GET", "describe"),
    ("*/chatter/*", "POST", "create"),
    ("*/sobjects/*__c/*", "PATCH", "upsert"),
    ("*/sobjects/*", "PATCH", "update"),
    ("*/sobjects/*", "POST", "create"),
    ("*/sobjects/*", "GET", "retrieve"),
    ("*/limits", "GET", "limits"),
)
"""Path, method and operation; the first row that matches decides."""


def _rule(path: str, method: str | None, median_ms: float, sigma: float) -> Mapping[str, Any]:
    where = {"path": path} if method is None else {"path": path, "method": method}
    return {"kind": "latency", "at": "service", "median_s": median_ms / 1000, "sigma": sigma, "where": where}
