"""The judge: each trial played, its run held against the calm one, law by law."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from scenarios.judging.bench import Bench
from scenarios.judging.image import image
from scenarios.judging.laws import LAWS, Run, name_of
from scenarios.judging.traffic import traffic
from scenarios.judging.trials import CALM, TRIALS, Trial


@dataclass(frozen=True, slots=True)
class Driven:
    """How a connector's run ended, by its own word."""

    failed: bool
    timed_out: bool = False


Drive = Callable[[], Driven]
"""Let the connector do its work once."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One law in one trial. No breach: it holds."""

    trial: str
    law: str
    breaches: tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """All laws in all trials."""

    trials: tuple[Trial, ...]
    verdicts: tuple[Verdict, ...] = field(default=())
    records: int = 0
    """How many records a calm run leaves."""

    @property
    def holds(self) -> bool:
        return not any(each.breaches for each in self.verdicts)

    def broken(self) -> Iterator[Verdict]:
        """The verdicts with a breach."""
        return (each for each in self.verdicts if each.breaches)


class NothingWritten(Exception):
    """The connector wrote nothing in fair weather, or failed in it: there is nothing to judge by."""


def judge(
    bench: Bench, drive: Drive, trials: Sequence[Trial] = TRIALS, told: Callable[[Trial], None] = lambda _: None
) -> Judgement:
    """Play the trials. Raises NothingWritten, BenchProblem."""
    told(CALM)
    calm = _run(bench, drive, CALM, ())
    records = sum(sum(rows.values()) for rows in calm.image.values())
    if not records or calm.said_failed:
        sentence = "it says that it failed" if calm.said_failed else "it writes nothing"
        message = f"in fair weather {sentence}, so there is nothing to judge it by"
        raise NothingWritten(message)
    chosen = tuple(trial for trial in trials if trial is not CALM)
    verdicts = []
    for trial in chosen:
        told(trial)
        run = _run(bench, drive, trial, tuple(calm.image))
        verdicts += [Verdict(trial.name, name_of(law), tuple(law(run, calm))) for law in LAWS]
    return Judgement(chosen, tuple(verdicts), records)


def _run(bench: Bench, drive: Drive, trial: Trial, objects: tuple[str, ...]) -> Run:
    bench.lay_out(trial.rules)
    try:
        driven = drive()
    finally:
        bench.clear_up()
    asked = traffic(bench.archive())
    written = {name for each in asked if each.is_write for name in each.objects}
    return Run(trial, image(bench.ask, written | set(objects)), asked, driven.failed, driven.timed_out)
