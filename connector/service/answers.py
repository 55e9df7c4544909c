"""How fast agents were answered, turn by turn: remembered for a while, beside the ledger, for who looks at a call."""

from collections import OrderedDict
from dataclasses import dataclass

from connector.intents import Turn
from connector.readings import Standing

KEPT = 20_000
"""Turns; older ones are told without it."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One turn's answer: the last that was given to the agent, and how long it took."""

    status: str
    elapsed_ms: float


class Answers:
    """The answers of one process since it began."""

    def __init__(self) -> None:
        self._turns: OrderedDict[tuple[str, str], Acknowledged] = OrderedDict()

    def note(self, call: str, turn: Turn, status: str, elapsed_ms: float) -> None:
        """A turn was answered. Of one that is told again, the first answer is the one that the agent waited for."""
        self._turns.setdefault((call, str(turn)), Acknowledged(status, elapsed_ms))
        while len(self._turns) > KEPT:
            self._turns.popitem(last=False)

    def of(self, call: str, turn: Turn) -> Acknowledged | None:
        """How a turn was answered, where that is still known."""
        return self._turns.get((call, str(turn)))

    def of_delivery(self, standing: Standing) -> Acknowledged | None:
        """How the turn was answered that a delivery is of."""
        return self.of(standing.call, standing.delivery.removeprefix(f"{standing.call}/").partition("/")[0])

    def recent(self) -> list[Acknowledged]:
        """All that are known, the oldest first."""
        return list(self._turns.values())
