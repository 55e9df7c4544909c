"""What a reply means for the delivery: done, try again, log in again, or give up; the tables first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from connector.messages import Answer, Json, Reply, Silence


class Action(Enum):
    """What to do next."""

    DONE = "done"
    RETRY = "retry"
    RENEW = "renew"
    """Get a new token and try once more at once, outside the schedule."""
    REJECT = "reject"
    """The same request would be refused again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reply means. `reason` is a code (never personal), `said` the org's own sentence (may be personal)."""

    action: Action
    category: str = "none"
    reason: str = ""
    said: str | None = None
    culprit: str | None = None
    """The referenceId of the part that failed, in a composite."""
    perhaps: bool = False
    """Whether what was asked may have been done all the same."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """referenceId → record id, of what was done."""


TRANSIENT_CODES: dict[str, str] = {
    "UNABLE_TO_LOCK_ROW": "lock",
    "REQUEST_LIMIT_EXCEEDED": "limit",
    "TOO_MANY_APEX_REQUESTS": "limit",
    "SERVER_UNAVAILABLE": "outage",
    "UNKNOWN_EXCEPTION": "outage",
    "QUERY_TIMEOUT": "outage",
    "REQUEST_RUNNING_TOO_LONG": "outage",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": "maintenance",
    "API_CURRENTLY_DISABLED": "maintenance",
    "unknown_error": "outage",
    "rate_limit_exceeded": "limit",
    "login rate exceeded": "limit",
}
"""Codes that a later attempt may not meet → category (facts, REST §4.3, §4.4, §6.2, §10)."""

TRANSIENT_STATUSES: dict[int, str] = {408: "silence", 420: "outage", 429: "limit"}
"""Statuses below 500 that a later attempt may not meet; 420 is the edge without routing information (REST §4.1)."""

UNCERTAIN_STATUSES = frozenset({408, 502, 503, 504})
"""Statuses that an edge may give after the instance has committed (REST §10, F2), where the body names no code."""

REJECTION_CODES: dict[str, str] = {
    "REQUIRED_FIELD_MISSING": "required field",
    "INVALID_FIELD": "unknown field",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "not writable",
    "NOT_FOUND": "not found",
    "INVALID_CROSS_REFERENCE_KEY": "reference",
    "MALFORMED_ID": "reference",
    "ENTITY_IS_DELETED": "deleted",
    "CANNOT_UPDATE_CONVERTED_LEAD": "converted lead",
    "STRING_TOO_LONG": "value",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "value",
    "NUMBER_OUTSIDE_VALID_RANGE": "value",
    "INVALID_TYPE_ON_FIELD_IN_RECORD": "value",
    "INVALID_EMAIL_ADDRESS": "value",
    "JSON_PARSER_ERROR": "value",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "validation rule",
    "FIELD_INTEGRITY_EXCEPTION": "validation rule",
    "FIELD_FILTER_VALIDATION_EXCEPTION": "validation rule",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "trigger",
    "CANNOT_EXECUTE_FLOW_TRIGGER": "trigger",
    "DUPLICATE_VALUE": "duplicate",
    "DUPLICATES_DETECTED": "duplicate rule",
    "MULTIPLE_CHOICES": "ambiguous key",
    "INSUFFICIENT_ACCESS": "permission",
    "INSUFFICIENT_ACCESS_OR_READONLY": "permission",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "permission",
    "API_DISABLED_FOR_ORG": "permission",
    "FUNCTIONALITY_NOT_ENABLED": "permission",
    "TXN_SECURITY_NO_ACCESS": "permission",
    "INVALID_SESSION_ID": "session",
    "INVALID_AUTH_HEADER": "session",
    "STORAGE_LIMIT_EXCEEDED": "storage",
    "METHOD_NOT_ALLOWED": "request",
    "invalid_grant": "login",
    "invalid_client": "login",
    "invalid_client_id": "login",
    "invalid_app_access": "login",
}
"""Codes that stay → category, by which dead letters are grouped. A code that stands nowhere is `other`."""

HOPELESS_SESSIONS = (
    "This session is not valid for use with the REST API",
    "Connected app is not attached to Agent",
    "INVALID_SCOPES",
)
"""Sentences of a 401 that no new token cures (REST §4.4, §6.7)."""

BYSTANDER = "PROCESSING_HALTED"
"""What a part says that was rolled back because of another one."""
CULPRIT_ALL_THE_SAME = "Invalid reference specified."
"""A bystander's code with this sentence is the culprit itself: its reference found nothing (REST §5.2)."""
_NOT_WRITABLE = re.compile(r"Unable to create/update fields: ([^.]+)\.")
OWN_KEYS = frozenset({"Caller_Key__c", "Call_Key__c"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One refusal, out of whichever dialect: status, code, sentence, and the part that earned it."""

    status: int
    code: str
    said: str
    culprit: str | None = None


def judge(
    reply: Reply, own_keys: Iterable[str] = OWN_KEYS, *, composite: bool = False, once: Iterable[str] = ()
) -> Verdict:
    """What `reply` to one request means.

    `own_keys` are the key fields that the request wrote, `once` the fields that only a new record takes.
    A composite's good answer must look like one: whatever else comes with a 200 is a page of somebody in between.
    """
    if isinstance(reply, Silence):
        return Verdict(Action.RETRY, "silence", f"silence: {reply.reason}", perhaps=reply.perhaps_done)
    if not _structured(reply) or (composite and reply.ok and not well_formed(reply.body)):
        return _page(reply)
    complaint = _complaint(reply)
    if complaint is None:
        return Verdict(Action.DONE, ids=_ids(reply.body))
    return _sentence(complaint, frozenset(own_keys), frozenset(once))


def transient(reply: Reply) -> bool:
    """Whether asking again may help, for reads, logins and alerts."""
    return judge(reply).action is Action.RETRY


def _structured(reply: Answer) -> bool:
    return reply.body is None or isinstance(reply.body, dict | list)


def well_formed(body: Json) -> bool:
    """Whether a body looks like the answer to a composite."""
    parts = body.get("compositeResponse") if isinstance(body, dict) else None
    return isinstance(parts, list) and all(
        isinstance(part, dict) and isinstance(part.get("httpStatusCode"), int) and "referenceId" in part
        for part in parts
    )


def _page(reply: Answer) -> Verdict:
    """A page where data was expected: an edge, a proxy or a maintenance page, whatever its status says."""
    if reply.status in {413, 414, 431}:
        return Verdict(Action.REJECT, "request", f"HTTP {reply.status}", _excerpt(reply.body))
    if reply.status == 401:
        return Verdict(Action.RENEW, "session", "HTTP 401", _excerpt(reply.body))
    reason = f"HTTP {reply.status} with a page instead of data"
    doubt = reply.ok or reply.status in UNCERTAIN_STATUSES
    return Verdict(Action.RETRY, "maintenance", reason, _excerpt(reply.body), perhaps=doubt)


def _excerpt(body: Json) -> str:
    return str(body)[:500]


def _sentence(complaint: Complaint, own_keys: frozenset[str], once: frozenset[str]) -> Verdict:
    action, category = _class_of(complaint, own_keys, once)
    doubt = action is Action.RETRY and complaint.status in UNCERTAIN_STATUSES and not complaint.code
    reason = complaint.code or f"HTTP {complaint.status}"
    return Verdict(action, category, reason, complaint.said, complaint.culprit, perhaps=doubt)


def _class_of(complaint: Complaint, own_keys: frozenset[str], once: frozenset[str]) -> tuple[Action, str]:
    code, said, status = complaint.code, complaint.said, complaint.status
    if status == 401:
        hopeless = any(sentence in said for sentence in HOPELESS_SESSIONS)
        return (Action.REJECT if hopeless else Action.RENEW), "session"
    passing = TRANSIENT_CODES.get(code) or _passing_in_disguise(complaint, own_keys, once)
    if passing is None and code not in REJECTION_CODES:
        passing = TRANSIENT_STATUSES.get(status) or ("outage" if status >= 500 else None)
    if passing is not None:
        return Action.RETRY, passing
    return Action.REJECT, "reference" if code == BYSTANDER else REJECTION_CODES.get(code, "other")


def _passing_in_disguise(complaint: Complaint, own_keys: frozenset[str], once: frozenset[str]) -> str | None:
    """The category of a passing failure that wears the code of a lasting one, or None."""
    if "UNABLE_TO_LOCK_ROW" in complaint.said:
        # A trigger that met the lock wraps it in a code of its own (REST §4.3).
        return "lock"
    if complaint.code == "DUPLICATE_VALUE" and any(f" {key} duplicates" in complaint.said for key in own_keys):
        # Two upserts of one new key met; the next attempt finds the record that the other one made.
        return "key race"
    named = _NOT_WRITABLE.match(complaint.said)
    if complaint.code == "INVALID_FIELD_FOR_INSERT_UPDATE" and named and once.issuperset(named[1].split(", ")):
        # An earlier attempt arrived after this one had looked: the record is there by now, and the next one sees it.
        return "key race"
    return "halted" if _stood_by(complaint) else None


def _complaint(reply: Answer) -> Complaint | None:
    if reply.ok:
        return _culprit(reply.body["compositeResponse"]) if well_formed(reply.body) else None
    if reply.status == 300:
        return Complaint(300, "MULTIPLE_CHOICES", "several records carry this key")
    code, said = _words(reply.body)
    return Complaint(reply.status, code, said)


def _culprit(parts: list[Any]) -> Complaint | None:
    """The part that failed of itself; where all say they only stood by, the first of them."""
    failed = [part for part in parts if part["httpStatusCode"] >= 300]
    if not failed:
        return None
    complaints = [_of_part(part) for part in failed]
    return next((each for each in complaints if not _stood_by(each)), complaints[0])


def _stood_by(complaint: Complaint) -> bool:
    return complaint.code == BYSTANDER and not complaint.said.startswith(CULPRIT_ALL_THE_SAME)


def _of_part(part: Mapping[str, Any]) -> Complaint:
    status, reference = part["httpStatusCode"], part.get("referenceId")
    if status == 300:
        return Complaint(300, "MULTIPLE_CHOICES", "several records carry this key", reference)
    code, said = _words(part.get("body"))
    return Complaint(status, code, said, reference)


def _words(body: Json) -> tuple[str, str]:
    """Code and sentence, out of the array dialect or the OAuth one (REST §0.3)."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return "", "" if first is None else str(first)
    code = first.get("errorCode") or first.get("error") or ""
    return str(code), str(first.get("message") or first.get("error_description") or "")


def _ids(body: Json) -> dict[str, str]:
    if not isinstance(body, dict):
        return {}
    if well_formed(body):
        parts = body["compositeResponse"]
        found = {str(part["referenceId"]): _id(part.get("body")) for part in parts}
        return {reference: record_id for reference, record_id in found.items() if record_id}
    record_id = _id(body)
    return {"one": record_id} if record_id else {}


def _id(body: Json) -> str | None:
    found = body.get("id") if isinstance(body, dict) else None
    return found if isinstance(found, str) else None
