"""Laws about attempts: when they come, how many there are, which end at once, and which word stands at last."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from scenarios.evidence import (
    Attempt,
    attempts,
    counts,
    died_between,
    last_words,
    lives,
    logins_s,
    met_itself,
    said_no,
    unauthorised,
)
from scenarios.rows import value_there, was_deleted
from scenarios.witness import Witness

TRANSIENT = frozenset(
    {
        "UNABLE_TO_LOCK_ROW",
        "REQUEST_LIMIT_EXCEEDED",
        "SERVER_UNAVAILABLE",
        "UNKNOWN_EXCEPTION",
        "QUERY_TIMEOUT",
        "API_CURRENTLY_DISABLED",
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
        "INVALID_SESSION_ID",
        "INVALID_AUTH_HEADER",
        "PROCESSING_HALTED",
        "DUPLICATE_VALUE",
    }
)
"""What a later attempt may not meet; written by hand. `DUPLICATE_VALUE` on our own key is a race of two upserts."""


def no_attempt_comes_early_or_late(seen: Witness) -> Iterator[str]:
    """Attempt k+1 sets out exactly schedule[k] after attempt k ended; later only by the connector's own time."""
    for delivery, tries in attempts(seen).items():
        for before, after in pairwise(tries):
            if before.ended is None or died_between(seen, before.begun, after.begun) or after.number <= before.number:
                continue
            # A replay begins another round, whose first attempt may have asked nothing by itself.
            if _replayed_between(seen, delivery, before.begun, after.begun):
                continue
            waited = (after.begun - before.ended).total_seconds()
            due = sum(seen.terms.schedule_s[before.number - 1 : after.number - 1])
            most = due + seen.own_s + (after.number - before.number - 1) * seen.terms.timeout_s
            most += logins_s(seen, before.ended, after.begun) + _in_line_s(seen, delivery, before.ended, after.begun)
            spread = due * seen.terms.jitter
            if not due - spread <= waited <= most + spread:
                yield f"{delivery}: attempt {after.number} came after {waited:.6f} s, not after {due:g} s"


def nothing_is_tried_more_than_six_times(seen: Witness) -> Iterator[str]:
    """One attempt and five retries per round, crashes included; a replay begins a new round."""
    most = 1 + len(seen.terms.schedule_s)
    replays = counts([entry.delivery for entry in seen.entries if entry.kind == "replayed"])
    for delivery, tries in attempts(seen).items():
        allowed = most * (1 + replays[delivery])
        if len(tries) > allowed:
            yield f"{delivery} was tried {len(tries)} times, {allowed} are allowed"


def a_rejection_is_not_retried(seen: Witness) -> Iterator[str]:
    """What the org refuses for good is not asked again, unless a person replays it."""
    for delivery, tries in attempts(seen).items():
        for before, after in pairwise(tries):
            last = before.exchanges[-1]
            hopeless = [code for code, said in said_no(last) if _for_good(code) and not met_itself(seen, last, said)]
            if hopeless and not _forgotten(seen, before) and not _replayed_by(seen, delivery, after.begun):
                yield f"{delivery} was refused with {hopeless[0]} and tried again"


def a_bad_session_earns_one_login(seen: Witness) -> Iterator[str]:
    """After a 401 one login and one second try at once, not a third, for whatever an attempt asks."""
    for delivery, tries in attempts(seen).items():
        for each in tries:
            # What is asked anew after an answer has a second try of its own.
            runs = [(bad, len(list(run))) for bad, run in groupby(each.writes, key=unauthorised)]
            if any(bad and tries + (place < len(runs)) > 2 for place, (bad, tries) in enumerate(runs, 1)):
                yield f"{delivery} tried again at once after two bad sessions"
            logins = sum(exchange.lane == "login" for exchange in each.exchanges)
            if logins > 1 + sum(unauthorised(exchange) for exchange in each.exchanges):
                yield f"{delivery} logged in {logins} times in one attempt"


def the_last_word_stands(seen: Witness) -> Iterator[str]:
    """Of all that was said about one field, the org shows the last that was not refused."""
    for wanted, values in last_words(seen).values():
        found = value_there(seen, wanted)
        if not _one_of(found, values) and not was_deleted(seen, wanted):
            place = f"{wanted.sobject}.{wanted.field}"
            yield f"{wanted.call}: the last word on {place} is {wanted.value!r}, the org has {found}"


def _one_of(found: list[Any], values: list[Any]) -> bool:
    return len(found) == 1 and found[0] in values


def _in_line_s(seen: Witness, delivery: str, start: datetime, end: datetime) -> float:
    """How long it may have stood in line within a span: whoever learns who the caller is waits for that person's."""
    learnt = [entry.at for entry in lives(seen).get(delivery, ()) if entry.kind == "identified"]
    return max(((end - at).total_seconds() for at in learnt if start <= at <= end), default=0.0)


def _for_good(code: str) -> bool:
    return code not in TRANSIENT and not code.startswith("HTTP")


def _forgotten(seen: Witness, attempt: Attempt) -> bool:
    """Whether the process died over an attempt's last answer before it had written it down."""
    last = attempt.exchanges[-1]
    if last.heard is None or last.delivery is None:
        return True
    heard = last.heard
    entries = (entry for entry in lives(seen)[last.delivery] if entry.kind == "failed" and entry.at >= heard)
    written = next(entries, None)
    return written is None or died_between(seen, heard, written.at)


def _replayed_between(seen: Witness, delivery: str, start: datetime, end: datetime) -> bool:
    return any(entry.kind == "replayed" and start <= entry.at <= end for entry in lives(seen).get(delivery, ()))


def _replayed_by(seen: Witness, delivery: str, instant: datetime) -> bool:
    """Whether a person had brought the delivery back by then: a person's decision has no schedule."""
    return any(entry.kind == "replayed" and entry.at <= instant for entry in lives(seen).get(delivery, ()))
