"""Laws about the ledger as a record: each life told once and in order, replays signed, nobody named."""

import re
from collections.abc import Iterator
from itertools import pairwise

import orjson

from scenarios.evidence import is_write, lives
from scenarios.witness import LedgerEntry, Witness

BEGUN = frozenset({"identified", "refreshed", "reapplied", "failed", "committed"})
"""What may follow once an attempt is under way."""
FOLLOWS: dict[str, frozenset[str]] = {
    "": frozenset({"accepted"}),
    "accepted": BEGUN | {"dead"},
    "trying": BEGUN | {"dead"},
    "replayed": BEGUN | {"dead"},
    "identified": BEGUN,
    "refreshed": BEGUN,
    "reapplied": BEGUN,
    "failed": frozenset({"trying", "dead"}),
    "dead": frozenset({"alerted", "alert_failed", "replayed", "discarded"}),
    "alerted": frozenset({"alerted", "alert_failed", "replayed", "discarded"}),
    "alert_failed": frozenset({"alerted", "alert_failed", "replayed", "discarded"}),
    "committed": frozenset({"alerted", "alert_failed"}),
    "discarded": frozenset({"alerted", "alert_failed"}),
}
"""Kind of entry → the kinds that may come next about the same delivery, by hand from what the ledger promises."""
ALERTS = frozenset({"alerted", "alert_failed"})
"""What tells of a death may be written while a replay is under way already, and changes nothing."""
ANYTIME = frozenset({"erased"})
WORD = re.compile(r"[\w@.+'-]+")


def each_life_is_told_once(seen: Witness) -> Iterator[str]:
    """Of each delivery the ledger tells a life that can be lived: one entry per transition, none left out or twice."""
    for delivery, entries in lives(seen).items():
        before, died = "", False
        for entry in entries:
            if entry.kind in ANYTIME or (entry.kind in ALERTS and died):
                continue
            if entry.kind not in FOLLOWS.get(before, frozenset()):
                yield f"{delivery}: entry {entry.seq} is {entry.kind!r} and follows {before or 'nothing'!r}"
            before, died = entry.kind, died or entry.kind == "dead"


def a_replay_is_signed_and_counts_once(seen: Witness) -> Iterator[str]:
    """A replay names who and why, and both payloads where one was edited; what is committed is not sent again."""
    for delivery, entries in lives(seen).items():
        payload, round_ = None, 1
        for entry in entries:
            written = entry.as_json().get("payload_sha256")
            if entry.kind in ("replayed", "discarded"):
                yield from _unsigned(entry)
            if entry.kind == "replayed":
                round_ += 1
                if entry.detail.get("round") != round_:
                    yield f"{delivery}: its replay in entry {entry.seq} is not its round {round_}"
                if written and entry.detail.get("before") != payload:
                    yield f"{delivery}: entry {entry.seq} edits a payload without saying which"
            if entry.kind in ("accepted", "replayed"):
                payload = written or payload
    yield from _sent_again(seen)


def _unsigned(entry: LedgerEntry) -> Iterator[str]:
    missing = [name for name in ("actor", "reason") if not entry.detail.get(name)]
    yield from (f"{entry.delivery}: entry {entry.seq} is {entry.kind} without {name}" for name in missing)


def _sent_again(seen: Witness) -> Iterator[str]:
    ends = {entry.delivery: entry.at for entry in reversed(seen.entries) if entry.kind == "committed"}
    for exchange in seen.exchanges:
        end = ends.get(exchange.delivery or "")
        if end is None or exchange.lane == "alerts" or not is_write(exchange):
            continue
        if exchange.sent >= end and (exchange.heard is None or exchange.heard > end):
            yield f"{exchange.delivery} is committed and was written once more"


def nobody_is_named(seen: Witness) -> Iterator[str]:
    """No name, number or address of a caller stands in the ledger or in a message: those are in payloads alone."""
    callers = [receipt.caller for receipt in seen.receipts]
    words = {each.phone for each in callers} | {each.email for each in callers}
    names = {tuple(each.name.split()) for each in callers if each.name and " " in each.name}
    texts = [(f"entry {entry.seq}", orjson.dumps(dict(entry.detail)).decode()) for entry in seen.entries]
    texts += [(f"message of {message.at:%H:%M:%S}", message.text) for message in seen.messages]
    for where, text in texts:
        said = WORD.findall(text)
        if not words.isdisjoint(said) or not names.isdisjoint(pairwise(said)):
            yield f"{where} tells who rang"
