"""A branch's day in slots of a quarter of an hour: what agents were told in each, and what the org did with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mocksf.clock import EPOCH
from scenarios.evidence import said_no
from scenarios.seen import Seen

SLOT_S = 900.0


@dataclass(slots=True)
class Slot:
    """A quarter of an hour; turns count where they were told, requests where they were sent."""

    turns: Counter[str] = field(default_factory=Counter)
    """in time, later, dead, dark → how many turns were committed within the budget, later, died, or got no answer."""
    requests: int = 0
    failed: int = 0
    """Requests that were refused, or never answered."""
    slowest_ms: float = 0.0
    """The longest that an agent waited for an answer."""


def slots_of(seen: Seen, lasts_s: float) -> tuple[Slot, ...]:
    """The slots of one branch's day, the first from the beginning on."""
    slots = [Slot() for _ in range(int(lasts_s // SLOT_S) + 1)]
    for receipt in seen.receipts:
        slot = slots[_at((receipt.asked - EPOCH).total_seconds(), slots)]
        if receipt.answered is None:
            slot.turns["dark"] += 1
            continue
        waited_s = (receipt.answered - receipt.asked).total_seconds()
        slot.slowest_ms = max(slot.slowest_ms, waited_s * 1000)
        slot.turns[_end(receipt.told, receipt.committed is not None, waited_s, seen.terms.budget_s)] += 1
    for exchange in seen.exchanges:
        slot = slots[_at((exchange.sent - EPOCH).total_seconds(), slots)]
        slot.requests += 1
        slot.failed += bool(exchange.reply is None or said_no(exchange) or not hasattr(exchange.reply, "status"))
    return tuple(slots)


def _at(seconds: float, slots: Sequence[Slot]) -> int:
    return min(int(seconds // SLOT_S), len(slots) - 1)


def _end(told: str | None, committed: bool, waited_s: float, budget_s: float) -> str:
    if told == "dead":
        return "dead"
    return "in time" if told == "committed" and waited_s <= budget_s else "later" if committed or told else "dark"
