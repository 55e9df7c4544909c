"""Composite: up to 25 operations in one call, tied together by references, all of them or each for itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mocksf import dialects
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.parked import Part
from mocksf.rest import bodies
from mocksf.rest.composite.manifest import Manifest, Subrequest, read_manifest
from mocksf.rest.composite.references import References, resolve
from mocksf.rest.mixing import MENTION, Unmixed
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

SHOWN_HEADERS = ("Location", "ETag", "Last-Modified")
"""The only headers of a part that the answer repeats (recorded)."""
_NULL_REFERENCES_SINCE = 52.0
"""From this version on, the reference to an empty field of a row is empty; before, it fails (documented)."""


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("allOrNone rewrites every other part, reads included, to PROCESSING_HALTED under status 400", Evidence.RECORDED),
    (
        "The outer version decides about bad reference ids and empty references, from v52.0",
        Evidence.DOCUMENTED,
    ),
    (
        "Collated parts (collateSubrequests) keep their order all the same",
        Evidence.ASSUMED,
    ),
    ("Several matches of an external ID are status 300 inside a composite as well", Evidence.ASSUMED),
    ("A reference to a later part, or to the part itself, fails like one without a value", Evidence.ASSUMED),
    (
        "A body that is one reference keeps the type of the value; within a text it is spelt out, null as nothing",
        Evidence.ASSUMED,
    ),
    ("A resource that may not be part of a composite fails that part alone, with PROCESSING_HALTED", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(slots=True)
class _Answered:
    """One part, done."""

    part: Subrequest
    response: Response
    failed: bool


def composite(session: Session, call: Call) -> Response:
    """Do all parts in order. With `allOrNone` the first failure takes everything back and halts the rest."""
    manifest = read_manifest(call)
    with session.org.store.atomic() as undo:
        answered = _each(session, call, manifest)
        if manifest.all_or_none and any(each.failed for each in answered):
            undo()
            answered = _rolled_back(manifest, answered)
    return Response(200, {"compositeResponse": [_written(each) for each in answered]})


def _each(session: Session, call: Call, manifest: Manifest) -> list[_Answered]:
    """Answer part after part; under `allOrNone` no further than the first that fails."""
    known = References(keeps_null=float(call.version) >= _NULL_REFERENCES_SINCE)
    unmixed = Unmixed() if manifest.all_or_none and MENTION.search(call.content) else None
    answered: list[_Answered] = []
    for part in manifest.parts:
        response = _mixed(session, part, unmixed) or _answer(session, call, part, known, sheltered=manifest.all_or_none)
        answered.append(_Answered(part, response, _failed(part, response)))
        known.learn(part, response)
        if manifest.all_or_none and answered[-1].failed:
            break
    return answered


def _mixed(session: Session, part: Subrequest, unmixed: Unmixed | None) -> Response | None:
    """The refusal of a part whose object does not go with those before, or None."""
    if unmixed is not None and part.is_row:
        try:
            unmixed.admit_row(session.org.schema, part.method, part.url)
        except Refusal as refusal:
            return dialects.rest(refusal)
    return None


def _answer(session: Session, call: Call, part: Subrequest, known: References, *, sheltered: bool) -> Response:
    """One part's answer: references filled in, then the router once more.

    Where a part that fails takes all the others along, it needs no undoing of its own.
    """
    # The text of the whole request goes along, so that a refused value can be found in it.
    text = b"" if part.body is bodies.UNREAD else call.content
    inner = Call(part.method, part.url, part.headers, text, part.body)
    try:
        resolve(inner, part, known)
    except Refusal as refusal:
        return dialects.rest(refusal)
    seen = _as_weather_sees_it(inner, part) if session.hinder else None
    return session.routes(session, inner, seen, sheltered=sheltered)


def _as_weather_sees_it(call: Call, part: Subrequest) -> Part:
    segments = call.segments
    named = len(segments) > 4 and segments[3].lower() == "sobjects"
    return Part(part.method, call.path, segments[4] if named else None, part.reference_id)


def _failed(part: Subrequest, response: Response) -> bool:
    """Whether an answer counts as a failure; that of a collection hides it in its rows."""
    if response.status >= 400 or response.status == 300:
        return True
    rows = response.body if part.is_collection and part.method != "GET" else None
    return isinstance(rows, list) and any(isinstance(row, Mapping) and row.get("success") is False for row in rows)


def _rolled_back(manifest: Manifest, answered: list[_Answered]) -> list[_Answered]:
    """What is left of the answers when one part failed: its own word, and the same sentence for all others."""
    culprit = next(each for each in answered if each.failed)
    halted = Refuse.ROLLED_BACK()
    return [
        culprit if part is culprit.part else _Answered(part, dialects.rest(halted), failed=True)
        for part in manifest.parts
    ]


def _written(each: _Answered) -> dict[str, Any]:
    response = each.response
    headers = response.headers
    return {
        "body": response.body,
        "httpHeaders": {name: headers[name] for name in SHOWN_HEADERS if name in headers} if headers else {},
        "httpStatusCode": response.status,
        "referenceId": each.part.reference_id,
    }


def family(_: Session, call: Call) -> Response:
    """Where the resources of the composite family are."""
    root = f"/services/data/v{call.version}/composite"
    return Response(200, {name: f"{root}/{name}" for name in ("tree", "batch", "sobjects", "graph")})


ROUTES = (
    Route("GET", "/composite", family),
    Route("POST", "/composite", composite, undoes=True),
)
