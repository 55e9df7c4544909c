"""When calls arrive: so many instants of a day, as dense as the hours of a call centre are busy."""

from bisect import bisect_right
from itertools import accumulate
from random import Random

from scenarios.figures import figures

HOUR_S = 3600.0


def hours() -> tuple[float, ...]:
    """The share of calls of each hour, from the opening on."""
    weights = [float(weight) for weight in figures("call_centre")["arrivals_per_hour"]]
    return tuple(weight / sum(weights) for weight in weights)


def open_s() -> float:
    """How long the centre is open."""
    return len(hours()) * HOUR_S


def arrivals(count: int, dice: Random) -> list[float]:
    """So many instants, in seconds from the opening, in order: independent draws from the day's curve."""
    shares = hours()
    until = [0.0, *accumulate(shares)]
    found = []
    for _ in range(count):
        share = dice.random() * until[-1]
        hour = min(bisect_right(until, share) - 1, len(shares) - 1)
        found.append(round((hour + (share - until[hour]) / shares[hour]) * HOUR_S, 3))
    return sorted(found)
