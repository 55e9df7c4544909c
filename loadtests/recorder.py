"""Latencies as they were: HDR histograms with three digits, measured from the instant a request was *meant* to start.

A closed loop that waits for a stalled server sends nothing meanwhile and so never sees the stall (coordinated
omission). Each name has two series: `service`, from the real start to the answer, and `response`, from the intended
start, or, where a loop has only an interval, with the requests added that the stall kept from being sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hdrh.histogram import HdrHistogram

LONGEST_MS = 600_000.0
PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)


def _histogram() -> HdrHistogram:
    return HdrHistogram(1, int(LONGEST_MS * 1000), 3)


def _microseconds(milliseconds: float) -> int:
    return max(1, min(int(milliseconds * 1000), int(LONGEST_MS * 1000)))


@dataclass
class Series:
    """Both views of one kind of request; values are kept in microseconds."""

    service: HdrHistogram = field(default_factory=_histogram)
    response: HdrHistogram = field(default_factory=_histogram)
    failures: int = 0

    def percentile_ms(self, percent: float, view: str = "response") -> float:
        """The latency in milliseconds below which `percent` of the requests stayed."""
        histogram = self.response if view == "response" else self.service
        return float(histogram.get_value_at_percentile(percent)) / 1000

    def within_ms(self, limit_ms: float) -> float:
        """The share of requests, 0 to 1, answered within `limit_ms` of their intended start."""
        total = self.response.get_total_count()
        inside = sum(
            each.count_added_in_this_iter_step
            for each in self.response.get_recorded_iterator()
            if each.value_iterated_to <= _microseconds(limit_ms) * 1.001
        )
        return inside / total if total else 1.0

    def summary(self) -> dict[str, Any]:
        """Counts and percentiles, ready for JSON; times in milliseconds."""
        views = {"service_ms": "service", "response_ms": "response"}
        tables = {
            key: {f"p{percent:g}": round(self.percentile_ms(percent, view), 3) for percent in PERCENTILES}
            for key, view in views.items()
        }
        return {"requests": self.service.get_total_count(), "failures": self.failures, **tables}


class Recorder:
    """One series per kind of request."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}

    def record(
        self, name: str, service_ms: float, *, late_ms: float = 0.0, interval_ms: float = 0.0, failed: bool = False
    ) -> None:
        """Note one request: how long it took, how late it began, and how often its loop means to ask.

        `late_ms` is for open arrivals, where the intended start is known; `interval_ms` is for closed loops.
        """
        series = self.series.setdefault(name, Series())
        series.service.record_value(_microseconds(service_ms))
        series.response.record_corrected_value(_microseconds(service_ms + late_ms), int(interval_ms * 1000))
        series.failures += failed

    def summary(self) -> dict[str, Any]:
        """All series, by name."""
        return {name: self.series[name].summary() for name in sorted(self.series)}

    def dump(self, path: Path) -> None:
        """Write the histograms whole, so that another process can read or add them up."""
        encoded = {
            name: {
                "service": series.service.encode().decode("ascii"),
                "response": series.response.encode().decode("ascii"),
                "failures": series.failures,
            }
            for name, series in self.series.items()
        }
        path.write_text(json.dumps(encoded), encoding="utf-8")

    @classmethod
    def load(cls, *paths: Path) -> "Recorder":
        """Read what `dump` wrote, and add up what several processes did."""
        recorder = cls()
        for path in paths:
            for name, encoded in json.loads(path.read_text(encoding="utf-8")).items():
                _add(recorder.series.setdefault(name, Series()), encoded)
        return recorder


def _add(series: Series, encoded: Mapping[str, Any]) -> None:
    series.service.decode_and_add(encoded["service"])
    series.response.decode_and_add(encoded["response"])
    series.failures += encoded["failures"]
