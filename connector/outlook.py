"""Outlook: which share of turns can be committed within the budget, from where, to which instance (facts, users §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from typing import get_args

from connector.config import ConnectorConfig, written_objects
from connector.config.records import CARRIERS, STANDARD_OBJECTS
from connector.config.words import Agents
from connector.regions import COMPOSITE_SIGMA, composite_ms, home_of, instances, pin_of, region_of, rtt_ms, share_within

P95 = 1.645
"""Standard deviations above the median of a lognormal within which 95 of 100 lie."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One pair of places and one size of composite; times in ms on a warm connection, service times assumed."""

    agents: Agents
    instance: str
    region: str
    pinned: bool
    parts: int
    rtt_ms: float
    median_ms: float
    p95_ms: float
    share: float
    """How many turns of a hundred are committed within the budget, 0 … 1; the others in the background."""


def outlooks(config: ConnectorConfig, agents: Agents | None = None) -> tuple[Outlook, ...]:
    """Every instance that is known, for agents here and there, the best first; one row per size of composite."""
    sides: tuple[Agents, ...] = (agents,) if agents else get_args(Agents)
    rows = [
        _outlook(config, side, instance, parts) for side in sides for instance in instances() for parts in sizes(config)
    ]
    return tuple(sorted(rows, key=lambda row: (row.agents, row.parts, -row.share, row.instance)))


def sizes(config: ConnectorConfig) -> tuple[int, ...]:
    """How many subrequests a turn of this map may take: the carriers (or a lead) alone, and with custom objects."""
    return tuple(sorted(set(_sizes(config)))) or (1,)


def _sizes(config: ConnectorConfig) -> Iterator[int]:
    written = written_objects(config)
    carriers = sum(1 for name in written if name in CARRIERS)
    customs = sum(1 for name in written if name not in STANDARD_OBJECTS)
    if carriers:
        yield carriers
        yield carriers + min(customs, 1)
        yield carriers + customs
    if "Lead" in written:
        yield 1


def _outlook(config: ConnectorConfig, agents: Agents, instance: str, parts: int) -> Outlook:
    region = region_of(instance) or home_of(agents)
    rtt = rtt_ms(home_of(agents), region)
    service = composite_ms(parts)
    return Outlook(
        agents=agents,
        instance=instance,
        region=region,
        pinned=instance == pin_of(agents),
        parts=parts,
        rtt_ms=rtt,
        median_ms=rtt + service,
        p95_ms=rtt + service * exp(P95 * COMPOSITE_SIGMA),
        share=share_within(config.delivery.budget_ms, parts, rtt),
    )
