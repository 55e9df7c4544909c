"""A lognormal beside what was measured: its median, its spread, and how far its tail is from the real one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from mocksf.calibration.samples import Sample

ENOUGH = 30
"""Fewer requests of one kind tell no spread; they are gathered under the operation, whatever the object."""
WITHIN_ONE_SIGMA = (0.1587, 0.8413)
"""The quantiles of a normal one standard deviation to either side of its middle."""
Z95, Z99 = 1.645, 2.326


@dataclass(frozen=True, slots=True)
class Fit:
    """One operation (on one object, or on any), in seconds."""

    operation: str
    sobject: str | None
    count: int
    median_s: float
    sigma: float
    seen_p95_s: float
    seen_p99_s: float
    longest_s: float

    @property
    def p95_s(self) -> float:
        """Where the fitted lognormal has its 95th percentile."""
        return self.median_s * exp(Z95 * self.sigma)

    @property
    def p99_s(self) -> float:
        return self.median_s * exp(Z99 * self.sigma)


def fits(measured: Iterable[Sample]) -> list[Fit]:
    """One fit per operation and object with enough requests, then one per operation for all its objects.

    The spread is taken from the two quantiles that lie one sigma from the median: a few hiccups, which a lognormal
    does not have anyway, do not widen it. They show as a seen p99 beyond the fitted one.
    """
    by_object: dict[tuple[str, str], list[float]] = defaultdict(list)
    by_operation: dict[str, list[float]] = defaultdict(list)
    for each in measured:
        by_operation[each.operation].append(each.seconds)
        if each.sobject:
            by_object[each.operation, each.sobject].append(each.seconds)
    single = [
        _fit(operation, sobject, times)
        for (operation, sobject), times in sorted(by_object.items())
        if len(times) >= ENOUGH and len(times) < len(by_operation[operation])
    ]
    return single + [_fit(operation, None, times) for operation, times in sorted(by_operation.items())]


def _fit(operation: str, sobject: str | None, times: list[float]) -> Fit:
    times = sorted(times)
    low, high = (_quantile(times, share) for share in WITHIN_ONE_SIGMA)
    return Fit(
        operation=operation,
        sobject=sobject,
        count=len(times),
        median_s=round(median(times), 6),
        sigma=round((log(high) - log(low)) / 2, 4),
        seen_p95_s=_quantile(times, 0.95),
        seen_p99_s=_quantile(times, 0.99),
        longest_s=times[-1],
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest of the sorted values, as a straight line."""
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)
