"""What the weather has in store for one exchange, as a value. Fates add up; a door carries them out."""

from dataclasses import dataclass, field
from enum import IntEnum

from mocksf.faults.deed import Deed
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
    CLOSE = 1
    """The connection is closed in order, where an answer should be."""
    RESET = 2
    """The connection breaks at once."""
    REFUSED = 3
    """There is no connection: the other side refuses the handshake."""


@dataclass(frozen=True, slots=True)
class Drip:
    """A body that comes in pieces of so many bytes, with a pause before each but the first."""

    piece_bytes: int
    pause_s: float


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one exchange.

    `there_s` and `back_s` are spent on the way by the door, `service_s` inside the org (rows held). `refusal` is a
    ready answer that replaces the org's: before the org sees the request (`Lost.REQUEST`), or after it (`Lost.ANSWER`).
    `undone` executes and counts the request, then takes it back. `cut_after` bytes of the body arrive, then the
    connection breaks. `deeds` are done to the org just before the request arrives.
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
    garbled: bool = False
    """The body of the answer is damaged on the way."""
    undescribed: frozenset[str] = frozenset()
    """Fields, by lower-case `object.field`, that describes do not tell of."""
    bytes_per_s: float | None = None
    """How fast the body of the answer comes."""
    drip: Drip | None = None
    deeds: tuple[Deed, ...] = ()
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
            garbled=self.garbled or later.garbled,
            undescribed=self.undescribed | later.undescribed,
            bytes_per_s=_slower(self.bytes_per_s, later.bytes_per_s),
            drip=self.drip or later.drip,
            deeds=self.deeds + later.deeds,
            struck=self.struck + later.struck,
        )


def _slower(one: float | None, other: float | None) -> float | None:
    return min((each for each in (one, other) if each is not None), default=None)


FAIR = Fate()
"""Nothing happens: the neutral element of addition."""
