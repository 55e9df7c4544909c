"""Dead letters brought back, one, by group or all, with an actor and a reason; or discarded, likewise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from connector.commands import Flow, GivePlace, TakePlace, note, now, wait_until
from connector.delivery import Desk, Writing, attempts, held
from connector.intents import Delivery, Intent, Outcome, payload_of
from connector.messages import Json
from connector.readings import Readings, Standing

RATE_PER_S = 10.0
"""How fast a group is brought back where nobody says otherwise: an org that was away is not to be run over."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which dead letters: the named ones, or those of a category, of a call, or all."""

    keys: tuple[str, ...] = ()
    category: str | None = None
    call: str | None = None
    everything: bool = False

    def of(self, readings: Readings) -> list[Standing]:
        """The dead letters meant, as they were accepted."""
        return [standing for standing in readings.dead_letters() if self._means(standing)]

    def _means(self, standing: Standing) -> bool:
        return (
            self.everything
            or standing.delivery in self.keys
            or (self.category is not None and standing.category == self.category)
            or (self.call is not None and standing.call == self.call)
        )


@dataclass(frozen=True, slots=True)
class Order:
    """Who brings a dead letter back (or discards it), why, how edited, and how long after the first of its group."""

    actor: str
    reason: str
    edited: bool = False
    after_s: float = 0.0


def edited(delivery: Delivery, edits: Mapping[str, Json]) -> Delivery:
    """The delivery with other values for some of its intents. Raises KeyError for an intent that it does not have."""
    missing = [name for name in edits if name not in {intent.name for intent in delivery.intents}]
    if missing:
        raise KeyError(missing[0])
    intents = tuple(Intent(each.name, edits.get(each.name, each.value)) for each in delivery.intents)
    return replace(delivery, intents=intents)


def replayed(desk: Desk, delivery: Delivery, writing: Writing, order: Order) -> Flow[Outcome]:
    """A dead letter's new round of attempts. Whoever is no longer dead when its turn comes is left alone.

    `replayed` is the round's first `trying`; with an edited payload it holds the hashes of both.
    """
    if order.after_s:
        instant = yield from now()
        yield from wait_until(instant + timedelta(seconds=order.after_s))
    return (yield from held(desk, delivery, writing, lambda: _round(desk, delivery, writing, order)))


def _round(desk: Desk, delivery: Delivery, writing: Writing, order: Order) -> Flow[Outcome]:
    letter = letter_place(delivery.key)
    yield TakePlace(letter)
    standing = desk.standing(delivery.key)
    if standing.status != "dead":
        return _moot(standing)
    desk.callers.forget(delivery.call.caller_key)
    payload = payload_of(delivery) if order.edited else None
    before = {"before": standing.payload_sha256} if order.edited else {}
    yield from note(
        "replayed",
        delivery.key,
        actor=order.actor,
        reason=order.reason,
        round=standing.round + 1,
        attempt=1,
        payload=payload,
        **before,
    )
    yield GivePlace(letter)
    return (yield from attempts(desk, delivery, writing))


def discarded(desk: Desk, key: str, order: Order) -> Flow[Outcome]:
    """A dead letter given up by a person, for a reason that the ledger keeps."""
    yield TakePlace(letter_place(key))
    standing = desk.standing(key)
    if standing.status != "dead":
        return _moot(standing)
    yield from note("discarded", key, actor=order.actor, reason=order.reason)
    return Outcome(key, "discarded", standing.attempt, order.reason, standing.perhaps)


def letter_place(key: str) -> tuple[str, ...]:
    """The place that whoever decides about a dead letter holds meanwhile, so that it is decided once."""
    return (f"Letter/{key}",)


def _moot(standing: Standing) -> Outcome:
    return Outcome(standing.delivery, "moot", standing.attempt, f"it is {standing.status}")


def paced(count: int, rate_per_s: float | None) -> list[float]:
    """Seconds after the start at which each of `count` replays begins, at a set rate."""
    return [number / rate_per_s if rate_per_s else 0.0 for number in range(count)]
