"""The life of one delivery, reading straight down: its turn, its attempts, its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol

from connector.alerts import Alerts
from connector.backoff import Backoff
from connector.callers import Callers
from connector.commands import Flow, GivePlace, note, now, wait_until
from connector.config import DeliveryConfig
from connector.intents import Delivery, Outcome
from connector.lanes import in_turn
from connector.ledger import Ledger
from connector.login import Session
from connector.messages import Json
from connector.readings import Standing
from connector.values import Misfit
from connector.verdicts import Action, Verdict


class Writing(Protocol):
    """How deliveries of one kind are written."""

    def places(self) -> tuple[str, ...]:
        """Which places it must hold."""
        ...

    def attempt(self) -> Flow[Verdict]:
        """Try once. Raises Misfit where the map has changed, so that what was accepted does not fit it any more."""
        ...

    def records(self, verdict: Verdict) -> dict[str, Json]:
        """What the ledger remembers of a success."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What all deliveries of a connector share."""

    ledger: Ledger
    session: Session
    alerts: Alerts
    backoff: Backoff
    dice: Random
    attempt_timeout_s: float
    retry_rejections: bool
    queue: str
    callers: Callers = field(default_factory=Callers)

    def standing(self, key: str) -> Standing:
        """Where a delivery stands."""
        return self.ledger.readings.standings[key]


def terms_of(delivery: DeliveryConfig) -> dict[str, Any]:
    """What the delivery section says to a desk."""
    return {
        "backoff": Backoff(delivery.schedule, delivery.jitter),
        "attempt_timeout_s": delivery.attempt_timeout_s,
        "retry_rejections": delivery.retry_rejections,
        "queue": delivery.dead_letter_queue,
    }


NEVER = datetime.max.replace(tzinfo=UTC)

Work = Callable[[], Flow[Outcome]]


def lived(desk: Desk, delivery: Delivery, writing: Writing) -> Flow[Outcome]:
    """A delivery that was just accepted, from its turn to its end.

    The ledger's `accepted` is the first attempt's `trying`: it is safe before anything is sent.
    """
    return (yield from held(desk, delivery, writing, lambda: attempts(desk, delivery, writing)))


def resumed(desk: Desk, delivery: Delivery, writing: Writing) -> Flow[Outcome]:
    """The same after a crash: an attempt that nobody saw answered was a silence; the next has its planned instant."""
    return (yield from held(desk, delivery, writing, lambda: _onwards(desk, delivery, writing)))


def held(desk: Desk, delivery: Delivery, writing: Writing, work: Work) -> Flow[Outcome]:
    """Do the work in turn, and see that a death is told once the place is free for others."""
    places = writing.places()
    yield from in_turn(delivery, places)
    outcome = yield from work()
    # An attempt that found out who the caller is may have taken more places than there were to begin with.
    yield GivePlace(writing.places())
    if outcome.status == "dead":
        yield from desk.alerts.tell(delivery.key)
    return outcome


def attempts(desk: Desk, delivery: Delivery, writing: Writing) -> Flow[Outcome]:
    """Attempt after attempt, the present one already written down."""
    while True:
        attempt = desk.standing(delivery.key).attempt
        verdict = yield from _tried(writing)
        if verdict.action is Action.DONE:
            yield from note("committed", delivery.key, attempt=attempt, **writing.records(verdict))
            return Outcome(delivery.key, "committed", attempt)
        failed_at = yield from now()
        yield from _failed(desk, delivery.key, verdict, failed_at, seen=True)
        outcome = yield from _next(desk, delivery.key)
        if outcome is not None:
            return outcome


def _tried(writing: Writing) -> Flow[Verdict]:
    try:
        return (yield from writing.attempt())
    except Misfit as problem:
        return Verdict(Action.REJECT, "map", "does not fit the map any more", str(problem))


def _onwards(desk: Desk, delivery: Delivery, writing: Writing) -> Flow[Outcome]:
    standing = desk.standing(delivery.key)
    if not standing.answered:
        tried_at = standing.tried_at or standing.accepted_at
        given_up_at = tried_at + timedelta(seconds=desk.attempt_timeout_s)
        unseen = Verdict(Action.RETRY, "silence", "silence: stopped before the answer", perhaps=True)
        yield from _failed(desk, delivery.key, unseen, given_up_at)
    latest = yield from _latest(desk, standing)
    outcome = yield from _next(desk, delivery.key, latest)
    if outcome is None:
        outcome = yield from attempts(desk, delivery, writing)
    return outcome


def _latest(desk: Desk, standing: Standing) -> Flow[datetime]:
    """The latest instant for which an attempt can have been planned; beyond it lies a clock that was set back."""
    instant = yield from now()
    return instant + timedelta(seconds=desk.attempt_timeout_s + desk.backoff.longest_s(standing.attempt))


def _failed(desk: Desk, key: str, verdict: Verdict, failed_at: datetime, seen: bool = False) -> Flow[None]:
    """Write down that the present attempt failed, why, and when the next is planned (None: never).

    The entry of a failure that was `seen` bears the failure's own instant, from which the wait is measured, and not
    that of its writing; one that is only inferred may lie in the future.
    """
    standing = desk.standing(key)
    final = verdict.action is not Action.RETRY and not desk.retry_rejections
    delay_s = None if final else desk.backoff.delay_s(standing.attempt, desk.dice)
    next_at = None if delay_s is None else failed_at + timedelta(seconds=delay_s)
    yield from note(
        "failed",
        key,
        attempt=standing.attempt,
        category=verdict.category,
        reason=verdict.reason,
        culprit=verdict.culprit,
        perhaps=verdict.perhaps,
        next_at=next_at.isoformat() if next_at else None,
        payload={"said": verdict.said} if verdict.said else None,
        at=failed_at if seen else None,
    )


def _next(desk: Desk, key: str, latest: datetime = NEVER) -> Flow[Outcome | None]:
    """Wait for the planned attempt and write down that it begins; or the end, where none is planned."""
    standing = desk.standing(key)
    if standing.next_at is not None:
        yield from wait_until(min(standing.next_at, latest))
        yield from note("trying", key, attempt=standing.attempt + 1)
        return None
    yield from note(
        "dead",
        key,
        attempts=standing.attempt,
        category=standing.category,
        reason=standing.reason,
        culprit=standing.culprit,
        perhaps=standing.perhaps,
        queue=desk.queue,
    )
    return Outcome(key, "dead", standing.attempt, standing.reason, standing.perhaps)
