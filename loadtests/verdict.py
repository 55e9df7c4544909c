"""The verdict after a run: one sentence per claim, judged on what callers, ledger and org say, and on nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from loadtests.evidence import Course, Evidence, Row, Told
from loadtests.laws import LAWS
from loadtests.profiles import Limits, Profile

KEYS: Mapping[str, str] = {
    "Account": "Caller_Key__c",
    "Contact": "Caller_Key__c",
    "Opportunity": "Call_Key__c",
    "Lead": "Call_Key__c",
    "Task": "Call_Key__c",
}
"""The external ID by which each object's records are written."""

TOGETHER = ("Account", "Contact", "Opportunity")
"""What one call writes in one composite: all of it or nothing."""

SHOWN = 3
"""How many violations a verdict spells out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One claim, whether it holds, and what that rests on."""

    name: str
    holds: bool
    evidence: str


Claim = Callable[[Evidence, Profile], Iterator[str]]
"""Yields one sentence per violation; none means that the claim holds."""


def _key_of(told: Told, sobject: str) -> str:
    return told.phone if KEYS[sobject] == "Caller_Key__c" else told.call


def _row_of(evidence: Evidence, told: Told, sobject: str) -> Row | None:
    key = _key_of(told, sobject)
    return next((row for row in evidence.rows.get(sobject, ()) if row[KEYS[sobject]] == key), None)


def _ends(evidence: Evidence, told: Told) -> list[str]:
    return [evidence.courses[key].end if key in evidence.courses else "missing" for key in told.deliveries]


def mapping(evidence: Evidence, _: Profile) -> Iterator[str]:
    """Each intent of a committed turn stands in the mapped field with the value that the caller gave."""
    for told in evidence.accepted:
        if set(_ends(evidence, told)) != {"committed"}:
            continue
        for intent, value in told.intents.items():
            sobject, field = evidence.field_map[intent].split(".")
            row = _row_of(evidence, told, sobject)
            found = None if row is None else row.get(field)
            if found != value:
                yield f"{told.call} turn {told.turn}: {sobject}.{field} is {found!r}, the caller said {value!r}"


def atomic_rollback(evidence: Evidence, _: Profile) -> Iterator[str]:
    """A call has its account, contact and opportunity, or none of them."""
    keys = {sobject: {row[KEYS[sobject]] for row in evidence.rows.get(sobject, ())} for sobject in TOGETHER}
    calls = {(told.call, told.phone): told for told in evidence.told}
    for told in calls.values():
        there = [sobject for sobject in TOGETHER if _key_of(told, sobject) in keys[sobject]]
        if there and len(there) < len(TOGETHER):
            yield f"{told.call} left {' and '.join(there)} alone"


def backoff_schedule(evidence: Evidence, profile: Profile) -> Iterator[str]:
    """Retries keep to the schedule: never early, late only by what the machine costs, and never one too many."""
    for course in evidence.courses.values():
        yield from _untimely(course, evidence, profile.limits)
    exhausted = any(_exhausted(course, evidence) for course in evidence.courses.values())
    if profile.whole_schedule and not exhausted:
        yield "no delivery was seen to go through the whole schedule, so the run proves nothing about it"


def _exhausted(course: Course, evidence: Evidence) -> bool:
    return course.end == "dead" and len(course.waits()) == len(evidence.schedule)


def _untimely(course: Course, evidence: Evidence, limits: Limits) -> Iterator[str]:
    early_s, late_s = (wall_ms / 1000 * evidence.scale for wall_ms in (limits.early_ms, limits.late_ms))
    if course.tries > 1 + len(evidence.schedule):
        yield f"{course.key} was tried {course.tries} times"
    for number, (wait, due) in enumerate(zip(course.waits(), evidence.schedule, strict=False), start=1):
        if not due - early_s <= wait <= due + late_s:
            yield f"{course.key} waited {wait:.3f} s before retry {number}, {due:g} s were due"


def budget_200ms(evidence: Evidence, profile: Profile) -> Iterator[str]:
    """Callers are answered within the budget, counted from the instant at which they meant to ask."""
    limits = profile.limits
    if not evidence.told:
        yield "nobody called"
    if evidence.within_budget < limits.within:
        yield f"{evidence.within_budget:.2%} of the turns were answered within {limits.budget_ms:g} ms"


def nothing_lost(evidence: Evidence, _: Profile) -> Iterator[str]:
    """What was accepted has ended: in the org, among the dead letters, or discarded with a reason."""
    for told in evidence.accepted:
        if not told.deliveries:
            yield f"{told.call} turn {told.turn} was accepted without a delivery"
        for key, end in zip(told.deliveries, _ends(evidence, told), strict=True):
            if end in {"pending", "missing"}:
                yield f"{key} was accepted and is {end}"
        if set(_ends(evidence, told)) == {"committed"}:
            yield from _not_there(evidence, told)


def _not_there(evidence: Evidence, told: Told) -> Iterator[str]:
    for sobject in sorted({evidence.field_map[intent].split(".")[0] for intent in told.intents}):
        if _row_of(evidence, told, sobject) is None:
            yield f"{told.call} is called committed, but the org has no {sobject} of it"


def nothing_twice(evidence: Evidence, _: Profile) -> Iterator[str]:
    """No key stands on two records, and no record stands without its key."""
    for sobject, rows in evidence.rows.items():
        times = Counter(row[KEYS[sobject]] for row in rows)
        if times.pop(None, 0):
            yield f"{sobject} has records that no key accounts for"
        yield from (f"{sobject} {key} is there {count} times" for key, count in times.items() if count > 1)


def laws(evidence: Evidence, _: Profile) -> Iterator[str]:
    """What holds in every simulated world holds here as well, as far as callers, ledger and org can tell."""
    yield from (f"{law}: {said}" for law, said in evidence.breaches)


CLAIMS: tuple[Claim, ...] = (
    *(mapping, atomic_rollback, backoff_schedule, budget_200ms, nothing_lost, nothing_twice, laws),
)


def _values(evidence: Evidence) -> str:
    turns = [told for told in evidence.accepted if set(_ends(evidence, told)) == {"committed"}]
    return f"{sum(len(told.intents) for told in turns)} values of {len(turns)} committed turns read back by SOQL"


def _calls(evidence: Evidence) -> str:
    return f"{len({told.call for told in evidence.told})} calls, each whole or not there"


def _waits(evidence: Evidence) -> str:
    waits = [course.waits() for course in evidence.courses.values()]
    late = [wait - due for each in waits for wait, due in zip(each, evidence.schedule, strict=False)]
    through = sum(_exhausted(course, evidence) for course in evidence.courses.values())
    worst = f", the latest by {max(late) / evidence.scale * 1000:.0f} ms on the wall" if late else ""
    return f"{len(late)} waits on time{worst}; {through} deliveries went through the whole schedule"


def _turns(evidence: Evidence) -> str:
    return f"{evidence.within_budget:.2%} of {len(evidence.told)} turns answered in time"


def _deliveries(evidence: Evidence) -> str:
    ends = Counter(course.end for course in evidence.courses.values())
    told = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
    return f"{len(evidence.accepted)} of {len(evidence.told)} turns accepted; deliveries: {told or 'none'}"


def _records(evidence: Evidence) -> str:
    return ", ".join(f"{len(rows)} {sobject}" for sobject, rows in evidence.rows.items()) + ", each key once"


SUPPORT: Mapping[Claim, Callable[[Evidence], str]] = {
    mapping: _values,
    atomic_rollback: _calls,
    backoff_schedule: _waits,
    budget_200ms: _turns,
    nothing_lost: _deliveries,
    nothing_twice: _records,
    laws: lambda _: f"{len(LAWS)} laws of the simulations hold after the run",
}
"""What a claim that holds rests on."""


def judge(evidence: Evidence, profile: Profile) -> list[Verdict]:
    """One verdict per claim, in the order of the claims."""
    verdicts = []
    for claim in CLAIMS:
        broken = list(claim(evidence, profile))
        more = f" … and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
        sentence = "; ".join(broken[:SHOWN]) + more if broken else SUPPORT[claim](evidence)
        verdicts.append(Verdict(claim.__name__, not broken, sentence))
    return verdicts
