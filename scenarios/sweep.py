"""Many storms, on as many processes as wanted: keeps the seeds that broke a law, and counts what was seen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import orjson

from mocksf.clock import EPOCH
from scenarios.laws import name_of
from scenarios.laws_of_runs import RUNS
from scenarios.sometimes import Coverage, coverage_of
from scenarios.weather import Storm, Weathered, storm, weathered

CHUNK = 8
RUN_AGAIN = 25
"""Of so many storms one is lived through again, for the laws about whole runs; each law in its turn."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of the storm of one seed."""

    seed: int
    breaches: tuple[tuple[str, str], ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    events: int = 0
    seconds: float = 0.0
    """How long it lasted in the world."""


def swept(first: int, count: int, jobs: int, calls: int | None = None) -> Iterator[Lived]:
    """The storms of `count` seeds from `first` on, in order."""
    seeds = range(first, first + count)
    if jobs <= 1:
        yield from map(partial(lived_through, calls=calls), seeds)
        return
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(partial(lived_through, calls=calls), seeds, CHUNK)


def lived_through(seed: int, calls: int | None = None) -> Lived:
    """Live through the storm of a seed; one in many is lived through again."""
    wanted = storm(seed, calls)
    came = weathered(wanted)
    breaches = [*came.broken, *again(wanted)] if seed % RUN_AGAIN == 0 else came.broken
    return Lived(seed, tuple(breaches), coverage_of(came.seen), came.world.agenda.happened, _lasted(came))


def _lasted(came: Weathered) -> float:
    return (came.world.clock.now() - EPOCH).total_seconds()


def again(wanted: Storm) -> list[tuple[str, str]]:
    """What a repetition of a storm's run breaks of the laws about runs: of one of them, each in its turn."""
    law = RUNS[wanted.seed // RUN_AGAIN % len(RUNS)]
    return [(name_of(law), breach) for breach in law(wanted.story())]


def keep(broken: list[Lived], path: Path, calls: int | None) -> None:
    """Write failing seeds down, with what they broke and the storm that did it."""
    rows = [
        {"seed": each.seed, "calls": calls, "breaches": each.breaches, "storm": storm(each.seed, calls).as_json()}
        for each in broken
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")


def kept_calls(seed: int, path: Path) -> int | None:
    """How many calls the storm of a kept seed had; None where it is not kept, or had the usual few."""
    try:
        rows = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return next((row.get("calls") for row in rows if row.get("seed") == seed), None)
