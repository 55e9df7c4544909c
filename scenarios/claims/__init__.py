"""The six claims of the project, each judged from evidence, each able to fail."""

from collections.abc import Callable, Iterator

from scenarios.claims.atomic_rollback import atomic_rollback
from scenarios.claims.backoff_schedule import backoff_schedule
from scenarios.claims.budget import budget_200ms
from scenarios.claims.claim import FULL, Claim, Effort
from scenarios.claims.mapping import mapping
from scenarios.claims.nothing import nothing_lost, nothing_twice, storms

__all__ = ["FULL", "NAMES", "Claim", "Effort", "judged"]

NAMES = ("mapping", "atomic_rollback", "backoff_schedule", "budget_200ms", "nothing_lost", "nothing_twice")


def judged(seed: int, progress: Callable[[str], None] = lambda _: None, effort: Effort = FULL) -> Iterator[Claim]:
    """All claims in order; `progress` hears what is being looked at."""
    progress("mapping")
    yield mapping(seed, effort.maps)
    progress("atomic_rollback")
    yield atomic_rollback(seed)
    progress("backoff_schedule")
    yield backoff_schedule(seed)
    progress("storms")
    seen = storms(seed, effort.storms)
    progress("budget_200ms")
    yield budget_200ms(seed, seen, effort.turns)
    progress("nothing_lost, nothing_twice")
    yield nothing_lost(seen)
    yield nothing_twice(seen)
