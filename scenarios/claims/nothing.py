"""The claims `nothing_lost` and `nothing_twice`: storm after storm, everything accepted is accounted for, once."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from scenarios import laws_of_order, laws_of_record, laws_of_time
from scenarios.claims.claim import FULL, Claim
from scenarios.evidence import status
from scenarios.laws import Law, name_of
from scenarios.weather import Weathered, storm, weathered

LOST = "Through every storm, every accepted intent is in the org, pending, in the dead letters, or discarded."
TWICE = "No effect is there twice, and none by half: after lost answers, lost requests, locks, outages and crashes."

NOT_LOST: tuple[Law, ...] = (
    laws_of_record.nothing_accepted_vanishes,
    laws_of_record.what_is_committed_is_there,
    laws_of_order.the_last_word_stands,
    laws_of_time.nothing_is_left_undone,
    laws_of_time.every_dead_letter_is_told,
)
NOT_TWICE: tuple[Law, ...] = (
    laws_of_record.nothing_is_written_twice,
    laws_of_record.no_composite_is_half_there,
    laws_of_order.nothing_is_tried_more_than_six_times,
    laws_of_order.a_rejection_is_not_retried,
)


def storms(seed: int, count: int = FULL.storms) -> list[Weathered]:
    """The storms that a seed brings, lived through."""
    return [weathered(storm(seed * 1000 + number)) for number in range(count)]


def nothing_lost(seen: Sequence[Weathered]) -> Claim:
    """No accepted intent is unaccounted for."""
    return _judged("nothing_lost", LOST, NOT_LOST, seen)


def nothing_twice(seen: Sequence[Weathered]) -> Claim:
    """No effect is there twice, or by half."""
    return _judged("nothing_twice", TWICE, NOT_TWICE, seen)


def _judged(name: str, tells: str, laws: Sequence[Law], seen: Sequence[Weathered]) -> Claim:
    names = {name_of(law) for law in laws}
    breaches = [
        {"seed": each.storm.seed, "law": law, "breach": breach}
        for each in seen
        for law, breach in each.broken
        if law in names
    ]
    evidence = {**_weather_of(seen), "laws": sorted(names), "breaches": breaches}
    return Claim(name, tells, not breaches and _was_stormy(evidence), evidence)


def _weather_of(seen: Sequence[Weathered]) -> dict[str, Any]:
    """What the storms brought: a proof over fair days would prove nothing."""
    ends = Counter(state for each in seen for state in status(each.seen).values())
    exchanges = [exchange for each in seen for exchange in each.seen.exchanges]
    heard_nothing = [
        each for each in exchanges if each.heard is not None and each.reply.__class__.__name__ == "Silence"
    ]
    return {
        "storms": len(seen),
        "events": sum(each.world.agenda.happened for each in seen),
        "accepted": sum(ends.values()),
        "ends": dict(sorted(ends.items())),
        "exchanges": len(exchanges),
        "requests_lost": sum(each.arrived is None for each in heard_nothing),
        "answers_lost": sum(each.arrived is not None and not each.undone for each in heard_nothing),
        "undone_before_commit": sum(each.undone for each in exchanges),
        "row_locks": sum("UNABLE_TO_LOCK_ROW" in str(each.response) for each in exchanges),
        "crashes": sum(len(each.seen.crashes) for each in seen),
    }


def _was_stormy(evidence: dict[str, Any]) -> bool:
    """Whether each kind of trouble was there at least once ("sometimes" assertions)."""
    troubles = ("requests_lost", "answers_lost", "undone_before_commit", "row_locks", "crashes")
    return all(evidence[trouble] for trouble in troubles) and {"committed", "dead"} <= set(evidence["ends"])
