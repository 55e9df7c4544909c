"""A day lived through: every branch on one agenda, judged by every law, and what is to be told of it."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time

from mocksf.clock import EPOCH, VirtualClock
from scenarios.agenda import Agenda
from scenarios.day.company import Branch, Company
from scenarios.day.slots import Slot, slots_of
from scenarios.evidence import status
from scenarios.lines import later
from scenarios.play import Played, judged, staged
from scenarios.seen import Seen
from scenarios.sometimes import Coverage, coverage_of

STEP_S = 300.0
Progress = Callable[[float], None]
"""Told the share of the day that is over."""


@dataclass(frozen=True, slots=True)
class BranchLived:
    """What came of one customer's day."""

    name: str
    calls: int
    requests: int
    ends: dict[str, int]
    """committed, dead, discarded, pending → how many deliveries ended so."""
    answers_ms: dict[str, float]
    """Quantile → how long agents waited for an answer."""
    hang_up: dict[str, int]
    """readable, pending, dead, dark → critical intents at hang-up."""
    deaths: int
    messages: int
    slots: tuple[Slot, ...]
    breaches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DayLived:
    """What came of a company's day."""

    seed: int
    calls: int
    branches: tuple[BranchLived, ...]
    coverage: Coverage
    events: int
    simulated_s: float
    real_s: float
    processor_s: float
    played_s: float
    """Of the processor's seconds, those that the playing took; judging took the rest."""

    @property
    def breaches(self) -> list[tuple[str, str]]:
        """Every breach of a law, with the customer's name before it."""
        return [(law, f"{each.name}: {breach}") for each in self.branches for law, breach in each.breaches]


def live(wanted: Company, progress: Progress = lambda _: None) -> DayLived:
    """Live through a company's day and let the laws judge it. The same company gives the same day, byte for byte."""
    with _no_collecting():
        return _lived(wanted, progress)


def _lived(wanted: Company, progress: Progress) -> DayLived:
    real, spent = perf_counter(), process_time()
    agenda = Agenda(VirtualClock(EPOCH))
    stages = [(each, *staged(each.story, agenda=agenda, name=each.name)) for each in wanted.branches]
    for until_s in _steps(wanted.lasts_s):
        agenda.run(later(EPOCH, until_s))
        progress(until_s / wanted.lasts_s)
    played = process_time() - spent
    lived, seen_all = [], Counter[str]()
    for branch, world, agents in stages:
        done = judged(branch.story, world, agents)
        lived.append(_branch(branch, done, wanted.lasts_s))
        seen_all.update(coverage_of(done.seen))
    return DayLived(
        seed=wanted.seed,
        calls=wanted.calls,
        branches=tuple(lived),
        coverage=seen_all,
        events=agenda.happened,
        simulated_s=wanted.lasts_s,
        real_s=perf_counter() - real,
        processor_s=process_time() - spent,
        played_s=played,
    )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """A day only ever adds to what it has seen: looking for cycles in it takes a fifth of the time and finds none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _steps(lasts_s: float) -> Iterator[float]:
    steps = int(lasts_s / STEP_S)
    yield from (lasts_s * number / steps for number in range(1, steps + 1))


def _branch(branch: Branch, done: Played, lasts_s: float) -> BranchLived:
    seen = done.seen
    return BranchLived(
        name=branch.name,
        calls=len(done.world.agents),
        requests=len(seen.exchanges),
        ends=dict(sorted(Counter(status(seen).values()).items())),
        answers_ms=_answers(seen),
        hang_up=dict(sorted(Counter(each.state for each in seen.shown).items())),
        deaths=len(seen.crashes),
        messages=len(seen.messages),
        slots=slots_of(seen, lasts_s),
        breaches=tuple(done.broken),
    )


def _answers(seen: Seen) -> dict[str, float]:
    waits = sorted((each.answered - each.asked).total_seconds() * 1000 for each in seen.receipts if each.answered)
    shares = (0.5, 0.99, 1.0) if waits else ()
    return {f"{share:g}": round(waits[min(int(share * len(waits)), len(waits) - 1)], 1) for share in shares}
