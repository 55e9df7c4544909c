"""What the weather has in store for one exchange, as a value. Fates add up; a door carries them out."""

from dataclasses import dataclass, field
from enum import IntEnum

from mocksf.messages import Response
from mocksf.parked import Stranger


class Lost(IntEnum):
    """What of an exchange is lost, the worst last; adding fates keeps the worst."""

    NOTHING = 0
    ANSWER = 1
    """The org did its work; the answer never arrives (or arrives cut, or replaced)."""
    REQUEST = 2
    """The org never saw it."""


class Ending(IntEnum):
    """How the client learns that something is lost, the worst last."""

    SILENCE = 0
    """Nothing comes: the client waits for its own timeout."""
    RESET = 1
    """The connection breaks at once."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one exchange.

    `there_s` and `back_s` are spent on the way by the door, `service_s` inside the org (rows held). `refusal` is a
    ready answer that replaces the org's: before the org sees the request (`Lost.REQUEST`), or after it (`Lost.ANSWER`).
    `undone` executes and counts the request, then takes it back. `cut_after` bytes of the body arrive, then the
    connection breaks.
    """

    there_s: float = 0.0
    service_s: float = 0.0
    back_s: float = 0.0
    lost: Lost = Lost.NOTHING
    ending: Ending = Ending.SILENCE
    refusal: Response | None = None
    undone: bool = False
    cut_after: int | None = None
    strangers: tuple[Stranger, ...] = ()
    struck: tuple[str, ...] = field(default=(), compare=False)
    """The ids of the rules that pronounced it, for the journal."""

    def __add__(self, later: "Fate") -> "Fate":
        """Delays sum; the first refusal and the first cut stand; the worst loss stands."""
        return Fate(
            there_s=self.there_s + later.there_s,
            service_s=self.service_s + later.service_s,
            back_s=self.back_s + later.back_s,
            lost=max(self.lost, later.lost),
            ending=max(self.ending, later.ending),
            refusal=self.refusal if self.refusal is not None else later.refusal,
            undone=self.undone or later.undone,
            cut_after=self.cut_after if self.cut_after is not None else later.cut_after,
            strangers=self.strangers + later.strangers,
            struck=self.struck + later.struck,
        )


FAIR = Fate()
"""Nothing happens: the neutral element of addition."""
