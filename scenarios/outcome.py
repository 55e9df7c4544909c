"""What a story's `then` promised and did not come, one sentence each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from mocksf.clock import EPOCH
from scenarios.evidence import attempts, of_kind, status
from scenarios.story import Then
from scenarios.trace import END, Receipt
from scenarios.witness import Witness

Calls = Mapping[str, str]
"""What a story calls a call → the call's id."""


def missed(then: Then, seen: Witness, calls: Calls) -> list[str]:
    """Everything that did not come as told."""
    return [
        *_answers(then, seen, calls),
        *_ends(then, seen, calls),
        *_tries(then, seen, calls),
        *_slack(then, seen),
        *_dead(then, seen),
        *_requests(then, seen),
        *_rows(then, seen),
    ]


def _answers(then: Then, seen: Witness, calls: Calls) -> Iterator[str]:
    for name, wanted in then.told.items():
        told = [each.told for each in _receipts(seen, calls, name)]
        if not told or told[-1] != wanted:
            yield f"{name} was told {told}, not {wanted!r}"
    if then.in_time is not None:
        low, high = then.in_time
        committed = sum(each.told == "committed" for each in seen.receipts)
        if not low <= committed <= high:
            yield f"{committed} turns were committed in time, not {low} to {high}"


def _ends(then: Then, seen: Witness, calls: Calls) -> Iterator[str]:
    stands = status(seen)
    for name, wanted in then.ends.items():
        found = [stands.get(key, "unknown") for key in _deliveries(seen, calls, name)]
        if not found or any(each != wanted for each in found):
            yield f"{name} ended {found or 'as nothing'}, not {wanted!r}"


def _tries(then: Then, seen: Witness, calls: Calls) -> Iterator[str]:
    tries = attempts(seen)
    for name, number in then.tries.items():
        made = sum(len(tries.get(key, [])) for key in _deliveries(seen, calls, name))
        if made != number:
            yield f"{name} was tried {made} times, not {number}"


def _slack(then: Then, seen: Witness) -> Iterator[str]:
    if then.alerts is not None and len(seen.messages) != then.alerts:
        yield f"Slack took {len(seen.messages)} messages, not {then.alerts}"


def _dead(then: Then, seen: Witness) -> Iterator[str]:
    if then.dead is None:
        return
    found = Counter(str(detail.get("category")) for _, detail in of_kind(seen, "dead"))
    if found != Counter(then.dead):
        yield f"the dead letters are {dict(found)}, not {dict(then.dead)}"


def _requests(then: Then, seen: Witness) -> Iterator[str]:
    for glob, number in then.sent.items():
        made = sum(fnmatchcase(each.path, glob) for each in seen.exchanges)
        if made != number:
            yield f"{made} requests were sent to {glob}, not {number}"
    if then.busiest_second is not None:
        low, high = then.busiest_second
        most = _busiest(seen, then.after_s)
        if not low <= most <= high:
            yield f"the busiest second saw {most} requests, not {low} to {high}"


def _busiest(seen: Witness, after_s: float) -> int:
    """The most requests that reached the org within any one second."""
    arrived = sorted(each.arrived for each in seen.exchanges if each.arrived is not None)
    begin = EPOCH + timedelta(seconds=after_s)
    arrived = [each for each in arrived if each >= begin]
    most, first = 0, 0
    for last, instant in enumerate(arrived):
        while instant - arrived[first] >= timedelta(seconds=1):
            first += 1
        most = max(most, last - first + 1)
    return most


def _rows(then: Then, seen: Witness) -> Iterator[str]:
    for query, rows in then.rows.items():
        found = seen.soql(query)
        if found != rows:
            yield f"{query} gives {found}, not {rows}"


def _receipts(seen: Witness, calls: Calls, name: str) -> list[Receipt]:
    """The receipts of ``call/turn`` (or ``call/end``)."""
    call, _, turn = name.rpartition("/")
    number: Any = END if turn == "end" else int(turn)
    return [each for each in seen.receipts if (each.call, each.turn) == (calls[call], number)]


def _deliveries(seen: Witness, calls: Calls, name: str) -> list[str]:
    return list(dict.fromkeys(key for each in _receipts(seen, calls, name) for key in each.deliveries))
