"""Fits as a weather profile: latency rules, the more particular first, for the first that matches decides."""

from collections.abc import Iterable
from typing import Any

import yaml

from mocksf.calibration.fit import Fit
from mocksf.weather import parse_rules

CAP_FACTOR = 2
"""No draw is longer than twice the longest that was seen."""


def profile(fitted: Iterable[Fit], source: str) -> str:
    """The profile as YAML, with its source in a comment; `mocksf serve --rules` takes it."""
    rules = [_rule(each) for each in fitted]
    parse_rules(rules)  # what is written down is what would be understood
    body = yaml.safe_dump({"rules": rules}, sort_keys=False, allow_unicode=True)
    return f"# Latency as measured: {source}.\n{body}"


def _rule(fit: Fit) -> dict[str, Any]:
    where: dict[str, Any] = {"operation": fit.operation}
    if fit.sobject:
        where["sobject"] = fit.sobject
    settings = {
        "at": "service",
        "median_s": fit.median_s,
        "sigma": fit.sigma,
        "cap_s": round(max(fit.longest_s * CAP_FACTOR, fit.median_s), 3),
    }
    name = "-".join(filter(None, ("measured", fit.operation, fit.sobject)))
    return {"id": name, "kind": "latency", "settings": settings, "where": where}
