"""The chain of entries: what an entry is, how it follows from the one before, and the first place where it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from connector.commands import Note
from connector.messages import Json

GENESIS = "0" * 64
"""What the first entry has for a predecessor's hash."""
SALT = "salt"
"""The key under which a stored payload holds what nobody can guess."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place in the chain. `payload` is kept apart, so that it can be erased."""

    kind: str
    delivery: str
    at: datetime
    detail: Mapping[str, Json]
    payload: Mapping[str, Json] | None = None
    places: tuple[str, ...] = ()
    """Where the delivery stands in line from now on, for ledgers that several processes share; no part of the entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, for good. Nothing in it is personal: names, numbers and texts are in the payload."""

    seq: int
    at: datetime
    org: str
    kind: str
    delivery: str
    detail: dict[str, Json]
    payload_sha256: str | None
    previous: str
    hash: str

    def as_json(self) -> dict[str, Json]:
        """The entry as it is shown and exported, its keys in the order of the chain's definition."""
        return {**_content(self), "hash": self.hash}


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number and hash: what is anchored outside the ledger, so that a cut-off tail shows."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place at which a chain does not hold, and why."""

    seq: int
    reason: str


def canonical(value: Json) -> bytes:
    """The one way to write a JSON value down: UTF-8, keys sorted, no spaces."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest_of(value: Json) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def draft_of(note: Note, at: datetime) -> Draft:
    """A flow's `Note` as a draft, of the instant that the note names under `at`, else of now (`at`).

    What it holds under `payload` is kept apart.
    """
    detail = {name: value for name, value in note.detail.items() if name not in {"payload", "at"}}
    instant = note.detail.get("at")
    return Draft(note.kind, note.delivery, instant or at, detail, note.detail.get("payload"))


def salted(draft: Draft, salt: str) -> Draft:
    """The draft with a salt in its payload, where it has one.

    An entry outlives its payload: without a salt, whoever guesses what was erased could confirm the guess by its hash.
    """
    return draft if draft.payload is None else replace(draft, payload={**draft.payload, SALT: salt})


def unsalted(payload: dict[str, Json]) -> dict[str, Json]:
    """A stored payload as it was given."""
    return {name: value for name, value in payload.items() if name != SALT}


def chained(draft: Draft, org: str, head: Head) -> Entry:
    """The entry that follows `head`."""
    entry = Entry(
        seq=head.seq + 1,
        at=draft.at.astimezone(UTC),
        org=org,
        kind=draft.kind,
        delivery=draft.delivery,
        detail=dict(draft.detail),
        payload_sha256=None if draft.payload is None else digest_of(draft.payload),
        previous=head.hash,
        hash="",
    )
    return sealed(entry)


def sealed(entry: Entry) -> Entry:
    """The same entry with the hash that its content earns."""
    return Entry(**{**_fields(entry), "hash": digest_of(_content(entry))})


def first_broken(entries: Iterable[Entry], anchor: Head | None = None) -> Broken | None:
    """The first entry that is not what was appended there, or None. An `anchor` also shows a cut-off tail.

    A chain alone cannot tell that its last entries are missing; a head that was noted outside can.
    """
    head = Head(0, GENESIS)
    for entry in entries:
        reason = _flaw(entry, head)
        if reason:
            return Broken(head.seq + 1, reason)
        head = Head(entry.seq, entry.hash)
        if anchor and anchor.seq == entry.seq and anchor.hash != entry.hash:
            return Broken(entry.seq, "is not the entry that was anchored; the chain was rewritten up to here")
    if anchor and head.seq < anchor.seq:
        return Broken(head.seq + 1, f"is missing; the ledger once had {anchor.seq} entries, the tail was cut off")
    return None


def _flaw(entry: Entry, head: Head) -> str | None:
    if entry.seq != head.seq + 1:
        return f"is missing; entry {entry.seq} stands in its place"
    if entry.previous != head.hash:
        return "does not follow from the entry before it"
    if entry.hash != digest_of(_content(entry)):
        return "was changed after it was written"
    return None


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__}


def _content(entry: Entry) -> dict[str, Json]:
    content = _fields(entry)
    content.pop("hash")
    content["at"] = instant_text(entry.at)
    return content


def instant_text(instant: datetime) -> str:
    """An instant as the chain writes it: UTC, always six decimals, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
