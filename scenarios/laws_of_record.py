"""Laws about what is in the org and in the ledger: nothing lost, nothing twice, nothing half, nothing forged."""

from collections.abc import Iterator
from hashlib import sha256

import orjson

from scenarios.evidence import (
    LAST_WORDS,
    accepted_keys,
    attempts,
    counts,
    heard_success,
    last_words,
    status,
    told_of,
)
from scenarios.halves import halves
from scenarios.rows import same_number, value_there, was_deleted
from scenarios.witness import Witness

KEYED = {"Account": "Caller_Key__c", "Contact": "Caller_Key__c", "Opportunity": "Call_Key__c", "Lead": "Call_Key__c"}
"""Object → the key that every record of it carries which a call made."""
TASK_KEY = "Call_Key__c"


def nothing_accepted_vanishes(seen: Witness) -> Iterator[str]:
    """Accepted = committed ∪ pending ∪ dead ∪ discarded, and whoever was told so is among the accepted."""
    accepted = counts(accepted_keys(seen))
    yield from (f"{key} was accepted {times} times" for key, times in accepted.items() if times > 1)
    for entry in seen.entries:
        if entry.kind in LAST_WORDS and entry.delivery not in accepted:
            yield f"{entry.delivery} is {entry.kind} and was never accepted"
    for receipt in seen.receipts:
        if receipt.told in ("accepted", "committed", "dead") and not receipt.deliveries:
            yield f"{receipt.name} was told {receipt.told!r}, and there is no delivery"
        missing = [key for key in receipt.deliveries if key not in accepted]
        yield from (f"{key} was promised to the agent and stands in no entry" for key in missing)


def nothing_is_written_twice(seen: Witness) -> Iterator[str]:
    """No two records of one call or caller, and no record that carries no key at all."""
    for sobject, key in KEYED.items():
        rows = [row for row in seen.soql(f"SELECT Id, {key} FROM {sobject}") if row["Id"] not in seen.there_before]
        yield from (f"{sobject} {row['Id']} has no {key}" for row in rows if row[key] is None)
        yield from _twice(sobject, [row[key] for row in rows if row[key] is not None])
    tasks = seen.soql(f"SELECT Id, {TASK_KEY} FROM Task")
    yield from (f"Task {row['Id']} has no {TASK_KEY}" for row in tasks if row[TASK_KEY] is None)
    yield from _twice("Task", [row[TASK_KEY] for row in tasks if row[TASK_KEY] is not None])
    if not _a_post_came_late(seen):
        yield from _twice("FeedItem", [str(row["Body"]) for row in seen.soql("SELECT Body FROM FeedItem")])


def nobody_becomes_two(seen: Witness) -> Iterator[str]:
    """No caller is made a second person: whom the org knew, or a call made a contact or lead of, is there once."""
    for number in sorted({receipt.caller.phone for receipt in seen.receipts if receipt.caller.phone}):
        people = [(each, row["Id"]) for each in ("Contact", "Lead") for row in same_number(seen, each, number)]
        made = [person for person in people if person[1] not in seen.there_before]
        if made and len(people) > 1:
            yield f"{number} is there {len(people)} times: " + ", ".join(f"{each} {id_}" for each, id_ in people)


def _a_post_came_late(seen: Witness) -> bool:
    """The one documented exception: a post that lands after its sender gave up, for posts have no external ID."""
    posts = [each for each in seen.exchanges if "/chatter/" in each.path and each.done is not None]
    return any(each.heard is None or each.done > each.heard for each in posts if each.done is not None)


def _twice(sobject: str, keys: list[str]) -> Iterator[str]:
    yield from (f"{sobject} {key!r} is there {times} times" for key, times in counts(keys).items() if times > 1)


def no_composite_is_half_there(seen: Witness) -> Iterator[str]:
    """Account, Contact and Opportunity of a call are all there, or none is, whoever looks and whenever."""
    yield from halves(seen.visible, seen.there_before)
    for glimpse in seen.glimpses:
        yield from (f"at {glimpse.at:%H:%M:%S.%f} a reader saw that {half}" for half in glimpse.halves)


def what_is_committed_is_there(seen: Witness) -> Iterator[str]:
    """What the ledger calls committed is in the org, unless a later turn said otherwise."""
    last = last_words(seen)
    for key, state in status(seen).items():
        for wanted in told_of(seen, key) if state == "committed" else ():
            word, values = last.get((wanted.sobject, wanted.field, wanted.key), (None, []))
            found = value_there(seen, wanted)
            if word is wanted and (len(found) != 1 or found[0] not in values) and not was_deleted(seen, wanted):
                yield f"{key} is committed, but {wanted.sobject}.{wanted.field} is {found}, not {wanted.value!r}"


def the_chain_holds(seen: Witness) -> Iterator[str]:
    """Every entry follows from the one before it: SHA-256 over canonical JSON, computed here once more."""
    previous = "0" * 64
    for number, entry in enumerate(seen.entries, 1):
        content = {name: value for name, value in entry.as_json().items() if name != "hash"}
        digest = sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
        if (entry.seq, entry.previous, entry.hash) != (number, previous, digest):
            yield f"entry {number} does not follow from the entry before it"
        previous = entry.hash


def every_step_has_its_entry(seen: Witness) -> Iterator[str]:
    """Each attempt was written down before it set out (`accepted` or `replayed` for the first, then `trying`)."""
    announced = counts([entry.delivery for entry in seen.entries if entry.kind in ("accepted", "trying", "replayed")])
    extra = counts([entry.delivery for entry in seen.entries if entry.kind in ("refreshed", "reapplied")])
    for delivery, tries in attempts(seen).items():
        if len(tries) > announced[delivery]:
            yield f"{delivery} was tried {len(tries)} times, {announced[delivery]} are written down"
        writes = sum(len(each.writes) for each in tries)
        if writes > announced[delivery] + extra[delivery]:
            yield f"{delivery} was sent {writes} times, {announced[delivery] + extra[delivery]} are written down"
        if not seen.crashes and status(seen).get(delivery) == "dead" and heard_success(tries[-1].exchanges[-1]):
            yield f"{delivery} heard a success and is dead all the same"


def no_secret_is_written_down(seen: Witness) -> Iterator[str]:
    """No token, client secret or webhook address stands in the ledger or in a message."""
    texts = [(f"entry {entry.seq}", orjson.dumps(dict(entry.as_json())).decode()) for entry in seen.entries]
    texts += [(f"message of {message.at:%H:%M:%S}", message.text) for message in seen.messages]
    for where, text in texts:
        yield from (f"{where} shows a secret" for secret in seen.secrets if secret in text)
