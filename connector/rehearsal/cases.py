"""What can go wrong, one row each: how the mock is made to do it, to this map's own objects and fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connector.messages import Json
from connector.rehearsal.stage import Rule

WRITE: Mapping[str, Json] = {"path": "*/composite", "body": {"compositeRequest.*.method": "PATCH"}}
"""The call's critical write (and the Task that follows it)."""
TASK: Mapping[str, Json] = {"path": "*/composite", "body": "*/sobjects/Task*"}
TOKEN: Mapping[str, Json] = {"method": "POST", "path": "*/oauth2/token"}
POST: Mapping[str, Json] = {"method": "POST", "path": "*/chatter/*"}
INACTIVE: Json = {"error": "invalid_grant", "error_description": "inactive user"}
"""What the token endpoint says to a user who was deactivated (facts, REST §6)."""
DEPLOY_S = 47 * 60
"""How long the deploy of the sample takes (facts, users §3.6)."""
COMMIT_SHARE = 0.05
"""A deploy shows only in the last 5 % of its time, in which it commits (assumed)."""


@dataclass(frozen=True, slots=True)
class Target:
    """What of a map there is to strike: its records, and one field of each kind that a deploy could break."""

    objects: tuple[str, ...]
    custom: str | None = None
    """`Object.Field__c` that the turn writes."""
    posts: bool = False
    picklist: tuple[str, tuple[str, ...], str] | None = None
    """A restricted picklist `Object.Field__c` that the turn writes, its values, and the one that it writes."""
    leads: bool = False
    """Whether some of its intents are a lead's."""


@dataclass(frozen=True)
class Case:
    """One failure. `change` is deployed before the call; `rules` lie over it; `knows` is who the caller is already."""

    name: str
    tells: str
    rules: tuple[Rule, ...] = ()
    change: Mapping[str, Any] | None = None
    knows: Literal["contact", "lead"] | None = None


def _times(kind: str, times: int | None = 1, where: Mapping[str, Json] = WRITE, **settings: Json) -> tuple[Rule, ...]:
    often = {"how_often": {"times": times}} if times else {}
    return ({"kind": kind, "where": where, **often, **({"settings": settings} if settings else {})},)


def _until(kind: str, seconds: float, where: Mapping[str, Json], **settings: Json) -> tuple[Rule, ...]:
    window = {"window": {"from_s": 0, "to_s": seconds}}
    return ({"kind": kind, "where": where, "how_often": window, **({"settings": settings} if settings else {})},)


def _down(seconds: float | None) -> tuple[Rule, ...]:
    return _until("error", seconds, {}, code="SERVER_UNAVAILABLE") if seconds else _times("error", None, {})


ALWAYS: tuple[Case, ...] = (
    Case("calm", "nothing goes wrong"),
    Case("row-lock-wait", "a batch job holds the row for 4 s; the write waits in line", ()),
    Case("row-lock", "the row is locked twice: UNABLE_TO_LOCK_ROW", _times("row_lock", 2)),
    Case("row-lock-for-good", "the row stays locked longer than the schedule", _times("row_lock", None)),
    Case("daily-limit", "the API calls of the day are used up", _times("daily_limit", None, {})),
    Case("concurrent-limit", "too many long calls run at once, for 20 s", _until("concurrent_limit", 20, {})),
    Case("rate-limit", "a gateway says 429 once", _times("rate_limit")),
    Case("expired-session", "the session is over when the write arrives", _times("session_expiry")),
    Case("revoked-token", "an admin revokes the token just before the write", _times("token_revoked")),
    Case(
        "login-gone",
        "an admin deactivates the API user: its session ends, and it gets no other",
        (*_times("token_revoked"), *_times("error", None, TOKEN, status=400, body=INACTIVE)),
    ),
    Case("lost-request", "the write never arrives", _times("lost_request")),
    Case("lost-answer", "it is committed, and its answer is lost", _times("lost_answer")),
    Case("lost-answer-always", "every write is committed, and every answer is lost", _times("lost_answer", None)),
    Case("lost-answer-task", "the answer about the call's Task is lost", _times("lost_answer", 1, TASK)),
    Case("reset", "the connection breaks before the org saw the write", _times("reset")),
    Case("truncated-answer", "it is committed, and its answer breaks off", _times("truncated_body")),
    Case("garbled-answer", "it is committed, and its answer is no JSON", _times("garbled_body")),
    Case(
        "maintenance-page", "an HTML page stands where JSON was expected, for 40 s", _until("maintenance_page", 40, {})
    ),
    Case("read-only", "the org is read-only for 60 s", _until("read_only", 60, WRITE)),
    Case("outage", "the org answers 503 for 90 s", _down(90)),
    Case("outage-long", "the org is down for longer than the schedule", _down(None)),
    Case("slow-org", "the org works twenty times slower", ()),
    Case(
        "deploy-commits",
        "a 47 minute deploy commits: rows are locked for its last 5 %",
        _until("row_lock", DEPLOY_S * COMMIT_SHARE, WRITE),
    ),
)
"""What strikes any map."""


def cases(target: Target) -> tuple[Case, ...]:
    """All cases for a map, calm first."""
    return (*(_fitted(case, target) for case in ALWAYS), *_on_this_map(target))


def _fitted(case: Case, target: Target) -> Case:
    if case.name == "row-lock-wait" and target.objects:
        rules = _times("lock_holder", 1, WRITE, sobject=target.objects[-1], hold_s=4)
        return Case(case.name, case.tells, rules)
    return case


def _on_this_map(target: Target) -> Iterator[Case]:
    for sobject in target.objects:
        rule = {"errorConditionFormula": "true", "errorMessage": "Refused in rehearsal."}
        change: dict[str, Json] = {"objects": {sobject: {"validationRules": {"Rehearsal_Refuses": rule}}}}
        yield Case(f"rejected-{_word(sobject)}", f"a validation rule refuses the {sobject}", change=change)
    for sobject in target.objects:
        yield Case(
            f"duplicate-{_word(sobject)}", f"a duplicate rule blocks the {sobject}", _part("duplicate_rule", sobject)
        )
    if target.objects:
        last = target.objects[-1]
        field = {"Rehearsal_Needed__c": {"type": "Text", "length": 40, "required": True}}
        needed: dict[str, Json] = {"objects": {last: {"fields": field}}}
        yield Case("required-field", f"an admin makes a new field of {last} required", change=needed)
    yield from _on_these_fields(target)
    if "Contact" in target.objects:
        yield Case("known-contact", "the caller has rung before, and the org has their contact", knows="contact")
    if target.leads:
        yield Case("known-lead", "the caller has rung before, and is an open lead", knows="lead")
    if target.posts:
        yield Case("lost-answer-post", "the answer about the Chatter post is lost", _times("lost_answer", 1, POST))


def _on_these_fields(target: Target) -> Iterator[Case]:
    if target.custom:
        yield Case("deleted-field", f"an admin deletes {target.custom}", change={"deleted": [target.custom]})
        taken = _field(target.custom, {"createable": False, "updateable": False})
        yield Case("access-taken-away", f"an admin lets the API user only read {target.custom}", change=taken)
    if target.picklist:
        name, values, gone = target.picklist
        listed: list[Json] = [{"value": each, "active": each != gone} for each in values]
        yield Case(
            "deactivated-value", f"an admin deactivates {gone} of {name}", change=_field(name, {"values": listed})
        )


def _field(name: str, change: Json) -> dict[str, Json]:
    sobject, _, field = name.partition(".")
    return {"objects": {sobject: {"fields": {field: change}}}}


def _part(kind: str, sobject: str) -> tuple[Rule, ...]:
    return ({"kind": kind, "where": {"part": sobject}},)


def _word(sobject: str) -> str:
    return sobject.removesuffix("__c").replace("_", "-").lower()
