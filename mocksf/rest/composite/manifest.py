"""What a composite request asks for, checked as a whole before any part of it runs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mocksf.errors import Refuse
from mocksf.messages import Json
from mocksf.rest import bodies
from mocksf.rest.session import Call

PARTS_MAX = 25
QUERIES_MAX = 5
"""How many parts may be queries or sObject Collections."""
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
STRICT_REFERENCE_IDS_SINCE = 52.0
"""From this version on a bad referenceId fails the whole request; before, only what refers to it (documented)."""

_REFERENCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
_USUAL = re.compile(r"/services/data/v\d+\.\d+/sobjects/")
"""How most addresses begin: those of rows, spelt as documented."""
_URL = re.compile(r"/+services/+data/+v\d+\.\d+/", re.IGNORECASE)
_NO_ROW = re.compile(r"/+services/+data/+v[\d.]+/+(?:(?:query|queryAll)\b|(composite/+sobjects)\b)", re.IGNORECASE)
_FORBIDDEN_HEADERS = frozenset({"accept", "authorization", "content-type"})
_OUTER = frozenset({"allOrNone", "collateSubrequests", "compositeRequest"})
_INNER = frozenset({"method", "url", "referenceId", "referenceID", "httpHeaders", "body", "richInput"})


class Subrequest(NamedTuple):
    """One part of a composite."""

    method: str
    url: str
    reference_id: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Json
    is_row: bool
    """Whether it goes to an sObject row."""
    is_collection: bool
    """Whether it goes to the sObject Collections."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A composite request that may run."""

    all_or_none: bool
    parts: tuple[Subrequest, ...]


def read_manifest(call: Call) -> Manifest:
    """The composite that a call asks for. Raises the refusals that fail it as a whole."""
    body = call.json_object()
    _check_properties(call, body, _OUTER)
    wanted = body.get("compositeRequest")
    if not isinstance(wanted, list):
        raise Refuse.BAD_SUBREQUEST(reason="compositeRequest must be an array of subrequests")
    all_or_none, _ = bodies.flag(body, "allOrNone"), bodies.flag(body, "collateSubrequests")
    if len(wanted) > PARTS_MAX:
        raise Refuse.TOO_MANY_PARTS(maximum=PARTS_MAX, number=len(wanted))
    strict = float(call.version) >= STRICT_REFERENCE_IDS_SINCE
    parts = tuple(subrequest(call, each, number, strict) for number, each in enumerate(wanted, 1))
    _check_together(parts)
    return Manifest(all_or_none, parts)


def _check_together(parts: tuple[Subrequest, ...]) -> None:
    seen: set[str] = set()
    for part in parts:
        if part.reference_id in seen:
            raise Refuse.SAME_REFERENCE_ID(ref=part.reference_id)
        seen.add(part.reference_id)
    queries = sum(1 for part in parts if not part.is_row)
    if queries > QUERIES_MAX:
        raise Refuse.TOO_MANY_QUERIES(maximum=QUERIES_MAX, number=queries)


def subrequest(call: Call, wanted: Json, number: int, strict: bool) -> Subrequest:
    """One part of a composite as it was written, the first being number 1. Raises what is wrong with it."""
    if not isinstance(wanted, dict):
        raise bodies.wrong_shape(wanted)
    _check_properties(call, wanted, _INNER)
    reference_id = wanted.get("referenceId", wanted.get("referenceID"))
    if not isinstance(reference_id, str) or not reference_id:
        raise Refuse.NO_REFERENCE_ID(number=number)
    if strict and not _REFERENCE_ID.fullmatch(reference_id):
        raise Refuse.BAD_REFERENCE_ID(ref=reference_id)
    method, url = wanted.get("method"), wanted.get("url", "")
    if not isinstance(method, str) or method not in METHODS:
        raise Refuse.BAD_SUBREQUEST(reason=f"{reference_id}: method must be one of GET, POST, PUT, PATCH, DELETE")
    goes_to = _goes_to(url)
    if goes_to is None:
        raise Refuse.BAD_SUBREQUEST(reason=f"{reference_id}: url must start with /services/data/vXX.X/")
    body, headers = wanted.get("body", bodies.UNREAD), _headers(wanted.get("httpHeaders"), reference_id)
    return Subrequest(method, url, reference_id, headers, body, goes_to == "row", goes_to == "collection")


def _goes_to(url: Json) -> str | None:
    """Whether an address is that of a row, a collection or a query; None where it is none at all."""
    if not isinstance(url, str):
        return None
    if _USUAL.match(url):
        return "row"
    if not _URL.match(url):
        return None
    other = _NO_ROW.match(url)
    return "row" if other is None else "collection" if other[1] else "query"


def _headers(wanted: Json, reference_id: str) -> dict[str, str]:
    if wanted is None:
        return {}
    if not isinstance(wanted, dict):
        raise bodies.wrong_shape(wanted)
    headers: dict[str, str] = {}
    for name, value in wanted.items():
        if name.lower() in _FORBIDDEN_HEADERS:
            raise Refuse.FORBIDDEN_HEADER(header=name, ref=reference_id)
        if value is not None:
            headers[name.lower()] = str(value)
    return headers


def _check_properties(call: Call, wanted: Mapping[str, Any], known: frozenset[str]) -> None:
    if wanted.keys() <= known:
        return
    for name in wanted:
        if name not in known:
            line, column = bodies.place_of_name(call.content, name)
            raise Refuse.UNKNOWN_PROPERTY(name=name, line=line, column=column)
