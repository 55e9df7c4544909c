"""Many storms, on as many processes as wanted: keeps the seeds that broke a law, and shrinks them."""

from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson

from scenarios.weather import shrunk, storm, weathered

CHUNK = 8


@dataclass(frozen=True, slots=True)
class Broke:
    """A seed whose storm broke a law."""

    seed: int
    breaches: tuple[tuple[str, str], ...]


def swept(first: int, count: int, jobs: int) -> Iterator[Broke | None]:
    """The storms of `count` seeds from `first` on, in order: None for each in which all laws held."""
    seeds = range(first, first + count)
    if jobs <= 1:
        yield from map(_lived_through, seeds)
        return
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(_lived_through, seeds, CHUNK)


def _lived_through(seed: int) -> Broke | None:
    broken = weathered(storm(seed)).broken
    return Broke(seed, tuple(broken)) if broken else None


def keep(broken: list[Broke], path: Path) -> None:
    """Write failing seeds down, with what they broke and the storm that did it."""
    rows = [{"seed": each.seed, "breaches": each.breaches, "storm": storm(each.seed).as_json()} for each in broken]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")


def smallest(seed: int) -> dict[str, Any]:
    """The smallest storm found that still breaks the law that the seed's storm broke; and what it breaks."""
    small = shrunk(storm(seed))
    return {"storm": small.as_json(), "breaches": weathered(small).broken}
