"""Raw evidence put in order for the laws: attempts by delivery, last words, and who was told what."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connector.messages import Answer, Silence
from scenarios.once import once
from scenarios.trace import Exchange
from scenarios.witness import LedgerEntry, Wanted, Witness

LAST_WORDS = ("committed", "dead", "discarded")
ONLY_NEW = "Unable to create/update fields: TaskSubtype."
"""How an org refuses the one field of a call log that only a new record takes; written by hand."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: the requests that followed each other at once, reads and logins among them."""

    number: int
    """Which attempt of its round it is, by the ledger: one that died before it sent anything counts as well."""
    exchanges: tuple[Exchange, ...]
    ended: datetime | None
    """When its last request, or the login that it waited for, came to an end; None where the process died over it."""

    @property
    def begun(self) -> datetime:
        return self.exchanges[0].sent

    @property
    def writes(self) -> list[Exchange]:
        return [each for each in self.exchanges if is_write(each)]


@once
def attempts(seen: Witness) -> dict[str, list[Attempt]]:
    """Per delivery its attempts, in order. An attempt goes on after an answer that leaves something to be done.

    That is: after a read or a login that succeeded, after a bad session, and after a success that is made sure of;
    unless the ledger says that another attempt began.
    """
    sent: dict[str, list[Exchange]] = {}
    for exchange in seen.exchanges:
        if exchange.delivery is not None and exchange.lane != "alerts":
            sent.setdefault(exchange.delivery, []).append(exchange)
    announced: dict[str, list[tuple[datetime, int]]] = {}
    for entry in seen.entries:
        if entry.kind in ("accepted", "trying", "replayed"):
            announced.setdefault(entry.delivery, []).append((entry.at, int(entry.detail.get("attempt") or 1)))
    logins = [each for each in seen.exchanges if each.lane == "login"]
    return {key: _attempts(exchanges, announced.get(key, []), logins) for key, exchanges in sent.items()}


def _attempts(
    exchanges: Sequence[Exchange], announced: Sequence[tuple[datetime, int]], logins: Sequence[Exchange]
) -> list[Attempt]:
    groups: list[list[Exchange]] = []
    begun: list[tuple[datetime, int]] = []
    for exchange in exchanges:
        entry = next((each for each in reversed(announced) if each[0] <= exchange.sent), (exchange.sent, 0))
        if groups and begun[-1] == entry and _goes_on(groups[-1][-1]):
            groups[-1].append(exchange)
        else:
            groups.append([exchange])
            begun.append(entry)
    return [
        Attempt(number, tuple(group), _end(group[-1], logins)) for (_, number), group in zip(begun, groups, strict=True)
    ]


def _end(last: Exchange, logins: Sequence[Exchange]) -> datetime | None:
    """When an attempt ended: after a bad session, with the login that it waited for, whoever asked."""
    if last.heard is None or not unauthorised(last):
        return last.heard
    heard = last.heard
    return next((each.heard for each in logins if each.heard and each.sent <= heard <= each.heard), heard)


def _goes_on(exchange: Exchange) -> bool:
    return heard_success(exchange) or unauthorised(exchange) or (not is_write(exchange) and _only_missing(exchange))


def unauthorised(exchange: Exchange) -> bool:
    """Whether the client heard that its session is no good."""
    return isinstance(exchange.reply, Answer) and exchange.reply.status == 401


def _only_missing(exchange: Exchange) -> bool:
    """Whether a read heard no other refusal than that a record is not there."""
    said = said_no(exchange)
    return bool(said) and all(code == "NOT_FOUND" for code, _ in said)


def is_write(exchange: Exchange) -> bool:
    """Whether the exchange set out to change something in the org (a composite of reads alone does not)."""
    if not exchange.path.startswith("/services/data") or exchange.method == "GET":
        return False
    parts = exchange.body.get("compositeRequest") if isinstance(exchange.body, dict) else None
    return parts is None or any(part["method"] != "GET" for part in parts)


@once
def status(seen: Witness) -> dict[str, str]:
    """Where each delivery stands by the ledger's raw entries: its last word, or `pending`."""
    stands: dict[str, str] = {}
    for entry in seen.entries:
        if entry.kind in ("accepted", "replayed"):
            stands[entry.delivery] = "pending"
        elif entry.kind in LAST_WORDS:
            stands[entry.delivery] = entry.kind
    return stands


def accepted_keys(seen: Witness) -> list[str]:
    """The deliveries that the ledger accepted, as often as it did."""
    return [entry.delivery for entry in seen.entries if entry.kind == "accepted"]


def counts(items: Sequence[str]) -> Counter[str]:
    """How often each occurs."""
    return Counter(items)


def refusals(body: Any) -> list[tuple[str, str]]:
    """The (code, sentence) pairs of an answer's body, in whichever dialect, composite parts included."""
    if isinstance(body, dict) and isinstance(body.get("compositeResponse"), list):
        parts = [part for part in body["compositeResponse"] if part["httpStatusCode"] >= 300]
        return [pair for part in parts for pair in refusals(part["body"])]
    if isinstance(body, list):
        return [
            (str(each.get("errorCode", "")), str(each.get("message", ""))) for each in body if isinstance(each, dict)
        ]
    return []


def said_no(exchange: Exchange) -> list[tuple[str, str]]:
    """What the client heard as a refusal; empty where it heard a success, or nothing."""
    reply = exchange.reply
    if not isinstance(reply, Answer):
        return []
    found = refusals(reply.body)
    if found or reply.status < 300:
        return found
    return [(f"HTTP {reply.status}", str(reply.body)[:80])]


def met_itself(seen: Witness, exchange: Exchange, said: str) -> bool:
    """Whether a write was refused because an earlier try, given up in silence, arrived after it had looked.

    Then the record is there, and does not take what only a new one takes.
    """
    earlier = (each for each in seen.exchanges if each.delivery == exchange.delivery and each.sent < exchange.sent)
    return said.startswith(ONLY_NEW) and any(isinstance(each.reply, Silence) for each in earlier)


def heard_success(exchange: Exchange) -> bool:
    """Whether the client heard that all of it was done."""
    return isinstance(exchange.reply, Answer) and exchange.reply.status < 300 and not said_no(exchange)


@once
def lives(seen: Witness) -> dict[str, list[LedgerEntry]]:
    """Per delivery its entries, in order."""
    found: dict[str, list[LedgerEntry]] = {}
    for entry in seen.entries:
        found.setdefault(entry.delivery, []).append(entry)
    return found


@once
def keys_of_turns(seen: Witness) -> dict[tuple[str, int], list[str]]:
    """(call, turn) → the deliveries that came of it."""
    found: dict[tuple[str, int], list[str]] = {}
    for receipt in seen.receipts:
        found.setdefault((receipt.call, receipt.turn), []).extend(receipt.deliveries)
    return found


@once
def _turns_of_keys(seen: Witness) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for turn, keys in keys_of_turns(seen).items():
        for key in dict.fromkeys(keys):
            found.setdefault(key, []).append(turn)
    return found


@once
def _wanted_of_turns(seen: Witness) -> dict[tuple[str, int], list[Wanted]]:
    found: dict[tuple[str, int], list[Wanted]] = {}
    for wanted in seen.wanted:
        found.setdefault((wanted.call, wanted.turn), []).append(wanted)
    return found


def told_of(seen: Witness, delivery: str) -> list[Wanted]:
    """What was told in the turns that became this delivery."""
    wanted = _wanted_of_turns(seen)
    return [each for turn in _turns_of_keys(seen).get(delivery, ()) for each in wanted.get(turn, ())]


@once
def _seqs(seen: Witness) -> dict[str, int]:
    return {entry.delivery: entry.seq for entry in seen.entries if entry.kind in ("accepted", "replayed")}


def accepted_seq(seen: Witness, wanted: Wanted) -> int:
    """The place in the ledger at which the turn of an intent was accepted: the order in which words count.

    Whoever replays a dead letter says its word anew: by a person's decision it comes after all that were said since.
    """
    seqs = _seqs(seen)
    return min((seqs.get(key, 0) for key in keys_of_turns(seen).get((wanted.call, wanted.turn), ())), default=0)


Field = tuple[str, str, tuple[str, str]]
"""Object, field, and the key of a record."""


@once
def last_words(seen: Witness) -> dict[Field, tuple[Wanted, list[Any]]]:
    """Field → its last word, and the values that may stand there: of that word, or of those with which it vied.

    A replay takes its place in the line when a person asks for it: what was under way then may come before or after.
    """
    told: dict[Field, list[Wanted]] = {}
    for wanted in sorted(seen.wanted, key=lambda each: accepted_seq(seen, each)):
        if stands(seen, wanted.call, wanted.turn):
            told.setdefault((wanted.sobject, wanted.field, wanted.key), []).append(wanted)
    return {field: (words[-1], _may_stand(seen, words)) for field, words in told.items()}


def _may_stand(seen: Witness, words: Sequence[Wanted]) -> list[Any]:
    last = words[-1]
    began = accepted_seq(seen, last)
    entries = [entry for key in keys_of_turns(seen)[last.call, last.turn] for entry in lives(seen).get(key, ())]
    if all(entry.kind != "replayed" for entry in entries):
        return [last.value]
    return [each.value for each in words if each is last or _committed_seq(seen, each) > began]


def _committed_seq(seen: Witness, wanted: Wanted) -> int:
    entries = (entry for key in keys_of_turns(seen)[wanted.call, wanted.turn] for entry in lives(seen).get(key, ()))
    return max((entry.seq for entry in entries if entry.kind == "committed"), default=0)


def stands(seen: Witness, call: str, turn: int) -> bool:
    """Whether everything that came of a turn is committed."""
    stand = status(seen)
    keys = keys_of_turns(seen).get((call, turn), [])
    return bool(keys) and all(stand.get(key) == "committed" for key in keys)


def died_between(seen: Witness, start: datetime, end: datetime) -> bool:
    """Whether the connector died in a span of time."""
    crashes = _crashes(seen)
    return bisect_left(crashes, start) < bisect_right(crashes, end)


@once
def _crashes(seen: Witness) -> list[datetime]:
    return sorted(seen.crashes)


def logins_s(seen: Witness, start: datetime, end: datetime) -> float:
    """How long others were logging in within a span: who needs a token as well waits for theirs."""
    logins, instants = _logins(seen)
    first = bisect_left(instants, start - timedelta(seconds=2 * seen.terms.timeout_s))
    spans = (
        (min(each.heard or end, end) - max(each.sent, start)).total_seconds()
        for each in logins[first : bisect_left(instants, end)]
    )
    return sum(max(0.0, span) for span in spans)


@once
def _logins(seen: Witness) -> tuple[list[Exchange], list[datetime]]:
    logins = sorted((each for each in seen.exchanges if each.lane == "login"), key=lambda each: each.sent)
    return logins, [each.sent for each in logins]


def of_kind(seen: Witness, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Entries of one kind as (delivery, detail)."""
    return [(entry.delivery, entry.detail) for entry in seen.entries if entry.kind == kind]
