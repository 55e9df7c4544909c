"""What any connector owes its users, judged from the org and the journal alone; one function per law.

The function's docstring is the law's sentence; it yields one sentence per breach.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from scenarios.judging.image import Image, beyond, missing
from scenarios.judging.traffic import Asked
from scenarios.judging.trials import Trial

ATTEMPTS_MAX = 6
"""One attempt and five retries."""
PAUSE_S = 0.05
"""Attempts that follow each other sooner do not wait at all."""


@dataclass(frozen=True)
class Run:
    """One trial as it went: what the org has, what it was asked, and whether the connector said that it failed."""

    trial: Trial
    image: Image
    asked: Sequence[Asked] = field(repr=False)
    said_failed: bool
    timed_out: bool = False

    def repeated(self) -> dict[str, list[Asked]]:
        """The same write → each time that it was asked."""
        found: dict[str, list[Asked]] = defaultdict(list)
        for each in self.asked:
            if each.is_write:
                found[each.same].append(each)
        return found


Law = Callable[[Run, Run], Iterator[str]]


def nothing_is_lost(run: Run, calm: Run) -> Iterator[str]:
    """What was written in fair weather is there, or the connector says that it failed."""
    if not run.said_failed:
        yield from (
            f"{row} is missing, and the connector says that all is well" for row in missing(calm.image, run.image)
        )


def nothing_is_twice(run: Run, calm: Run) -> Iterator[str]:
    """No record is there that fair weather does not leave: above all, none a second time."""
    for row in beyond(calm.image, run.image):
        yield f"{row} is there once too often"


def no_call_is_half_there(run: Run, calm: Run) -> Iterator[str]:
    """Where the connector failed, either all of its records are there or none."""
    lacking = missing(calm.image, run.image)
    there = sum(sum(rows.values()) for rows in run.image.values())
    if run.said_failed and lacking and there:
        yield f"{there} records are there, and {len(lacking)} are not: {lacking[0]}"


def what_heals_is_tried_again(run: Run, _: Run) -> Iterator[str]:
    """A failure that passes is not the end: the connector gets through when the weather is over."""
    if run.trial.heals and (run.said_failed or run.timed_out):
        yield "the connector gave up, although the weather was over after a moment"


def a_rejection_is_not_repeated(run: Run, _: Run) -> Iterator[str]:
    """What was refused for good is not asked again."""
    if run.trial.rejects:
        for asked in run.repeated().values():
            refused = [each for each in asked if each.status is not None and 400 <= each.status < 500]
            if len(refused) > 1:
                yield f"{asked[0].method} {asked[0].path} was refused and asked {len(refused)} times"


def attempts_are_bounded(run: Run, _: Run) -> Iterator[str]:
    """The same is asked six times at most."""
    for asked in run.repeated().values():
        if len(asked) > ATTEMPTS_MAX:
            yield f"{asked[0].method} {asked[0].path} was asked {len(asked)} times"


def retries_wait(run: Run, _: Run) -> Iterator[str]:
    """Between two attempts there is a pause, for the org needs one; a new session may be used at once."""
    for asked in run.repeated().values():
        for before, after in pairwise(asked):
            pause = (after.at - before.at).total_seconds()
            if pause < PAUSE_S and before.status != 401 and not before.heard_success:
                yield f"{after.method} {after.path} was asked again after {pause * 1000:.0f} ms"
                return


def a_bad_session_earns_one_login(run: Run, _: Run) -> Iterator[str]:
    """A session that expired is renewed once, not in a storm of logins."""
    refused = sum(each.status == 401 for each in run.asked)
    logins = sum(each.is_login for each in run.asked)
    if logins > refused + 1:
        yield f"{logins} logins for {refused} refused sessions"


LAWS: tuple[Law, ...] = (
    nothing_is_lost,
    nothing_is_twice,
    no_call_is_half_there,
    what_heals_is_tried_again,
    a_rejection_is_not_repeated,
    attempts_are_bounded,
    retries_wait,
    a_bad_session_earns_one_login,
)


def name_of(law: Law) -> str:
    """A law's name as words."""
    return law.__name__.replace("_", " ")
