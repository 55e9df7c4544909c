"""Laws about attempts: when they come, how many there are, which end at once, and which word stands at last."""

from collections.abc import Iterator
from itertools import pairwise

from connector.messages import Answer
from scenarios.evidence import attempts, died_between, said_no, status, value_there
from scenarios.trace import Exchange
from scenarios.witness import Wanted, Witness

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
    """I6: attempt k+1 sets out exactly schedule[k] after attempt k ended; later only by the connector's own time."""
    for delivery, rounds in _rounds(seen).items():
        for number, (before, after) in enumerate(pairwise(rounds)):
            if number >= len(seen.terms.schedule_s) or before.heard is None:
                continue
            if died_between(seen, before.sent, after.sent) or _waited_in_line(seen, delivery, before, after):
                continue
            waited = (after.sent - before.heard).total_seconds()
            due = seen.terms.schedule_s[number]
            if not due <= waited <= due + seen.own_s + _logins_s(seen, before, after):
                yield f"{delivery}: attempt {number + 2} came after {waited:.6f} s, not after {due:g} s"


def nothing_is_tried_more_than_six_times(seen: Witness) -> Iterator[str]:
    """I6: one attempt and five retries per round, crashes included; a replay begins a new round."""
    most = 1 + len(seen.terms.schedule_s)
    replays = [entry.delivery for entry in seen.entries if entry.kind == "replayed"]
    for delivery, rounds in _rounds(seen).items():
        allowed = most * (1 + replays.count(delivery))
        if len(rounds) > allowed:
            yield f"{delivery} was tried {len(rounds)} times, {allowed} are allowed"


def a_rejection_is_not_retried(seen: Witness) -> Iterator[str]:
    """I7: what the org refuses for good is not asked again."""
    replayed = {entry.delivery for entry in seen.entries if entry.kind == "replayed"}
    for delivery, tries in attempts(seen).items():
        for before, _ in pairwise(tries):
            hopeless = [code for code, _ in said_no(before) if code not in TRANSIENT and not code.startswith("HTTP")]
            if hopeless and delivery not in replayed:
                yield f"{delivery} was refused with {hopeless[0]} and tried again"


def a_bad_session_earns_one_login(seen: Witness) -> Iterator[str]:
    """I7: after a 401 one second try at once, not a third, and none that waits for the schedule."""
    for delivery, tries in attempts(seen).items():
        for first, second, third in zip(tries, tries[1:], tries[2:], strict=False):
            if _unauthorised(first) and _unauthorised(second) and _at_once(seen, second, third):
                yield f"{delivery} tried a third time at once after two bad sessions"


def the_last_word_stands(seen: Witness) -> Iterator[str]:
    """I9: of all that was said about one field, the org shows the last that was not refused."""
    last: dict[tuple[str, str, str], Wanted] = {}
    stands = status(seen)
    for wanted in sorted(seen.wanted, key=lambda each: (each.call, each.turn)):
        keys = [
            key
            for each in seen.receipts
            if (each.call, each.turn) == (wanted.call, wanted.turn)
            for key in each.deliveries
        ]
        if keys and all(stands.get(key) == "committed" for key in keys):
            last[wanted.sobject, wanted.field, wanted.record] = wanted
    for wanted in last.values():
        found = value_there(seen, wanted)
        if found != [wanted.value]:
            place = f"{wanted.sobject}.{wanted.field}"
            yield f"{wanted.call}: the last word on {place} is {wanted.value!r}, the org has {found}"


def _rounds(seen: Witness) -> dict[str, list[Exchange]]:
    """Attempts by the schedule: the second try at once after a bad session counts with its first."""
    rounds: dict[str, list[Exchange]] = {}
    for delivery, tries in attempts(seen).items():
        kept: list[Exchange] = []
        for each in tries:
            if kept and _unauthorised(kept[-1]) and _at_once(seen, kept[-1], each):
                kept[-1] = each
            else:
                kept.append(each)
        rounds[delivery] = kept
    return rounds


def _unauthorised(exchange: Exchange) -> bool:
    return isinstance(exchange.reply, Answer) and exchange.reply.status == 401


def _at_once(seen: Witness, before: Exchange, after: Exchange) -> bool:
    """Nothing but logins and own time lay between two tries."""
    if before.heard is None:
        return False
    waited = (after.sent - before.heard).total_seconds()
    return waited <= _logins_s(seen, before, after) + min(seen.own_s, 0.1)


def _logins_s(seen: Witness, before: Exchange, after: Exchange) -> float:
    """How long the logins and reads between two attempts took."""
    between = [each for each in seen.exchanges if before.sent < each.sent <= after.sent and each not in (before, after)]
    return sum((min(each.heard or after.sent, after.sent) - each.sent).total_seconds() for each in between)


def _waited_in_line(seen: Witness, delivery: str, before: Exchange, after: Exchange) -> bool:
    """Whether a replay lies between two attempts: a person's decision has no schedule."""
    return any(
        entry.kind == "replayed" and entry.delivery == delivery and before.sent <= entry.at <= after.sent
        for entry in seen.entries
    )
