"""How long to wait before the next attempt, as a table read by its index."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits in seconds after the failure of attempt 1, 2, …; `jitter`: the share of each that chance takes off or adds.

    With jitter the nominal schedule is kept on average; without it, to the microsecond.
    """

    schedule: Sequence[float] = (0.2, 1.0, 5.0, 30.0, 300.0)
    jitter: float = 0.0

    @property
    def attempts(self) -> int:
        """How often a delivery is tried at most."""
        return 1 + len(self.schedule)

    def delay_s(self, attempt: int, dice: Random) -> float | None:
        """The wait after attempt `attempt` (from 1) failed; None after the last. No dice fall without jitter."""
        assert attempt >= 1, "attempts are counted from one"
        if attempt > len(self.schedule):
            return None
        nominal_s = self.schedule[attempt - 1]
        return nominal_s * (1 + self.jitter * dice.uniform(-1, 1)) if self.jitter else nominal_s

    def longest_s(self, attempt: int) -> float:
        """The longest wait that may follow attempt `attempt` (from 1); 0 after the last."""
        return self.schedule[attempt - 1] * (1 + self.jitter) if attempt <= len(self.schedule) else 0.0
