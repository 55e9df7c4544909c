"""Distributions of time: each a function of its settings and of dice that come from outside."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from math import log
from random import Random
from typing import Any

REDRAWN = 100
"""A draw above the cap is drawn again so often, so that nothing piles up at the cap; then it is the cap."""


def capped(draw: Callable[[], float], cap_s: float) -> float:
    """One draw of at most `cap_s`, to the microsecond, never below zero."""
    for _ in range(REDRAWN):
        seconds = draw()
        if seconds <= cap_s:
            return round(max(seconds, 0.0), 6)
    return cap_s


def lognormal(random: Random, median_s: float, sigma: float) -> float:
    """Half of all draws are shorter than the median; what services take (facts on users §3.5)."""
    return random.lognormvariate(log(median_s), sigma)


def pareto(random: Random, scale_s: float, alpha: float) -> float:
    """Never shorter than the scale, and now and then very much longer: the hiccups that a lognormal does not have."""
    return scale_s * random.paretovariate(alpha)


def by_quantiles(random: Random, quantiles: Sequence[tuple[float, float]]) -> float:
    """From a table of (share, seconds), as measured: between two rows in a straight line, outside the nearest one."""
    share = random.random()
    shares = [each[0] for each in quantiles]
    at = bisect_right(shares, share)
    if at == 0:
        return quantiles[0][1]
    if at == len(quantiles):
        return quantiles[-1][1]
    (low, below), (high, above) = quantiles[at - 1], quantiles[at]
    return below + (above - below) * (share - low) / (high - low)


DRAWS: Mapping[str, tuple[tuple[str, ...], Callable[[Random, Any], float]]] = {
    "constant": (("seconds",), lambda _, given: float(given.seconds)),
    "uniform": (("low_s", "high_s"), lambda random, given: random.uniform(given.low_s, given.high_s)),
    "normal": (("mean_s", "deviation_s"), lambda random, given: random.gauss(given.mean_s, given.deviation_s)),
    "lognormal": (("median_s",), lambda random, given: lognormal(random, given.median_s, given.sigma)),
    "pareto": (("scale_s",), lambda random, given: pareto(random, given.scale_s, given.alpha)),
    "quantiles": (("quantiles",), lambda random, given: by_quantiles(random, given.quantiles)),
}
"""Distribution → the settings that it needs, and its draw."""
