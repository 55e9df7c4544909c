"""Conditional requests: ETags and dates, who is answered 304 and who 412 (facts on REST §2.2)."""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from hashlib import sha1
from typing import Any

import orjson

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.session import Call
from mocksf.schema import SObject
from mocksf.store import Store

_HEADERS = frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"})
_ETAGS = re.compile(r'\s*(?:\*|(?:W/)?"[^"]*")(?:\s*,\s*(?:\*|(?:W/)?"[^"]*"))*\s*')
_READS = frozenset({"GET", "HEAD"})
_ETAGGED = frozenset({"Account"})
"""The only objects whose rows carry an ETag (documented)."""


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("An ETag is a digest of the whole row; If-Modified-Since compares whole seconds", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True)
class Stamp:
    """Which version of a resource this is."""

    etag: str | None = None
    """With its quotes."""
    modified: datetime | None = None

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers that report it."""
        headers = {}
        if self.etag is not None:
            headers["ETag"] = self.etag
        if self.modified is not None:
            headers["Last-Modified"] = format_datetime(self.modified, usegmt=True)
        return headers


UNSTAMPED = Stamp()


def stamp_of(store: Store, sobject: SObject, record_id: str, call: Call | None = None) -> Stamp:
    """The stamp of a record; for a `call`, worked out only where it asks for it or a header will show it."""
    if call is not None and not _shows_or_asks(call, sobject):
        return UNSTAMPED
    known: Stamp | None = store.ready.of(record_id, ("stamp", sobject.name))
    if known is not None:
        return known
    row = store.fetch(sobject, record_id)
    stored: Any = row.get("SystemModstamp") or row.get("CreatedDate") if row is not None else None
    if stored is None:
        return UNSTAMPED
    modified = datetime.fromtimestamp(stored // 1000, UTC)
    etag = None
    if sobject.name in _ETAGGED:
        digest = sha1(orjson.dumps(row), usedforsecurity=False).digest()
        etag = f'"{b64encode(digest).decode()}"'
    stamp = Stamp(etag, modified)
    store.ready.keep(record_id, ("stamp", sobject.name), stamp)
    return stamp


def _shows_or_asks(call: Call, sobject: SObject) -> bool:
    shown = sobject.name in _ETAGGED and call.method in _READS
    return shown or any(call.header(name) for name in _HEADERS)


def asked(call: Call) -> bool:
    """Whether a call has any condition."""
    return not _HEADERS.isdisjoint(call.headers)


def check(call: Call, stamp: Stamp) -> Response | None:
    """304 where a reader has this version already, None where it must be sent. Raises as `demand` does."""
    if not asked(call):
        return None
    demand(call, stamp)
    none_match = call.header("if-none-match")
    if none_match is not None and stamp.etag is not None:
        return Response(304, None, stamp.headers) if _matches(none_match, stamp.etag) else None
    since = _instant(call, "if-modified-since", strict=False)
    if since is not None and stamp.modified is not None and stamp.modified <= since:
        return Response(304, None, stamp.headers)
    return None


def demand(call: Call, stamp: Stamp) -> None:
    """Raise where a header forbids the call on this version: `Refuse.PRECONDITION_FAILED`, or BAD_PRECONDITION.

    Only writes are refused for a list of ETags that is none (documented).
    """
    for name in ("if-match", "if-none-match"):
        listed = call.header(name)
        if stamp.etag and listed is not None and call.method not in _READS and not _ETAGS.fullmatch(listed):
            raise Refuse.BAD_PRECONDITION(header=name.title(), value=listed)
    match = call.header("if-match")
    if match is not None and stamp.etag is not None and not _matches(match, stamp.etag):
        raise Refuse.PRECONDITION_FAILED(header="If-Match")
    none_match = call.header("if-none-match")
    if none_match is not None and call.method not in _READS and stamp.etag and _matches(none_match, stamp.etag):
        raise Refuse.PRECONDITION_FAILED(header="If-None-Match")
    unmodified = _instant(call, "if-unmodified-since", strict=True)
    if unmodified is not None and stamp.modified is not None and stamp.modified > unmodified:
        raise Refuse.PRECONDITION_FAILED(header="If-Unmodified-Since")


def _matches(listed: str, etag: str) -> bool:
    # A client that was answered compressed repeats the ETag with the suffix it saw.
    known = {each.strip().replace("--gzip", "").replace("-gzip", "") for each in listed.split(",")}
    return etag in known or "*" in known


def _instant(call: Call, header: str, *, strict: bool) -> datetime | None:
    text = call.header(header)
    if text is None:
        return None
    try:
        instant = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        if strict:
            raise Refuse.BAD_PRECONDITION(header=header.title(), value=text) from None
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
