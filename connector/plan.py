"""Plan: what one turn would write, before anything is written: requests, API calls, predicted time, records after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from connector.activity import post_request, post_text, task_part
from connector.composite import Composer, nothing_seen
from connector.intents import Call, Delivery, Finding, Intent, Part, Unfit
from connector.messages import Json, Request
from connector.readings import Readings
from connector.turns import deliveries_of, unfit_values

Record = Mapping[str, Json]
POSTED_ON_LATER = "@{opp.id}"
"""Stands for the record that a post goes to: its id is known only once the call's records are written."""


@dataclass(frozen=True, slots=True)
class Step:
    """One delivery of the turn. `calls` counts against the org's daily limit; `parts` are the subrequests."""

    lane: str
    request: Request
    parts: int
    calls: int


@dataclass(frozen=True, slots=True)
class Written:
    """One record before and after; `before` is None where it does not exist yet, or where nobody looked."""

    record: str
    url: str
    after: Record
    before: Record | None = None
    spared: frozenset[str] = frozenset()
    """Fields that are written only where the record has nothing there."""

    def beside(self, found: Record | None) -> "Written":
        """The same record with what the org has of it now."""
        if found is None:
            return self
        before = {name: found.get(name) for name in self.after}
        after = {name: self._kept(name, before[name]) for name in self.after}
        return replace(self, before=before, after=after)

    def _kept(self, name: str, now: Json) -> Json:
        return now if name in self.spared and now is not None else self.after[name]


@dataclass(frozen=True)
class Plan:
    """A turn on paper."""

    steps: tuple[Step, ...]
    records: tuple[Written, ...] = field(default=())
    findings: tuple[Finding, ...] = ()

    @property
    def api_calls(self) -> int:
        """What the turn costs of the daily allowance: a composite is one call however many parts it has (REST §5.1)."""
        return sum(step.calls for step in self.steps)


def plan(composer: Composer, call: Call, intents: Sequence[Intent], at: datetime) -> Plan:
    """One turn of a call, at an instant. Raises Unfit where an intent or a value cannot be written."""
    deliveries, findings = deliveries_of(composer, call, 1, intents, at, Readings())
    unfit = unfit_values(composer, deliveries)
    if unfit:
        raise Unfit((*unfit, *findings))
    steps, records = [], []
    for delivery in deliveries:
        parts = _parts(composer, delivery)
        steps.append(_step(composer, delivery, parts))
        records += [Written(part.record, part.url, dict(part.body), spared=part.guarded) for part in parts]
    return Plan(tuple(steps), tuple(records), tuple(findings))


def _parts(composer: Composer, delivery: Delivery) -> tuple[Part, ...]:
    if delivery.kind == "composite":
        return composer.parts(delivery)
    return (task_part(composer, delivery, nothing_seen, doubtful=False),) if delivery.kind == "task" else ()


def _step(composer: Composer, delivery: Delivery, parts: tuple[Part, ...]) -> Step:
    if not parts:
        request = post_request(composer, POSTED_ON_LATER, post_text(composer, delivery))
        return Step(delivery.lane, request, 1, 1)
    # What is written only where nothing stands has to be read first: one call more.
    reads = any(part.guarded for part in parts)
    return Step(delivery.lane, composer.request(parts), len(parts), 1 + reads)
