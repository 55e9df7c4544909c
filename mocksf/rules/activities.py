"""What follows of tasks and events: whom and what they are about, when they are, whether they are done."""

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.moments import datetime_text, parse_datetime
from mocksf.rules.facts import Changes, Facts, Row, after, is_a
from mocksf.schema.model import SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("An event whose end is before its start, or whose duration contradicts them, is refused", Evidence.ASSUMED),
    ("Recurrence fields of tasks and events are kept as sent; no series of records is made of them", Evidence.ASSUMED),
)
"""What these rules believe, for the fidelity ledger."""


def who_or_what(facts: Facts, before: Row, changes: Changes) -> None:
    """A lead stands alone: an activity of a lead is related to nothing else."""
    who, what = after(before, changes, "WhoId"), after(before, changes, "WhatId")
    if who and what and ("WhoId" in changes or "WhatId" in changes) and is_a(facts, who, "Lead"):
        sentence = "Related To ID: You can only relate an activity to a Lead or to another record, not to both"
        raise Refuse.FIELD_INTEGRITY(fields=("WhatId",), sentence=sentence)


def activity_account(facts: Facts, before: Row, changes: Changes) -> None:
    """AccountId comes from what it is related to, else from the contact."""
    if before and "WhoId" not in changes and "WhatId" not in changes:
        return
    what, who = after(before, changes, "WhatId"), after(before, changes, "WhoId")
    changes["AccountId"] = (_account_of(facts, what) if what else None) or (_account_of(facts, who) if who else None)


def _account_of(facts: Facts, record_id: str) -> str | None:
    if is_a(facts, record_id, "Account"):
        return record_id
    record = facts.fetch(record_id)
    if record is None:
        return None
    sobject = facts.schema.of_id(record_id)
    links = ("AccountId",) if sobject is None or not sobject.custom else _links_to_account(sobject)
    return next((record[link] for link in links if record.get(link)), None)


def _links_to_account(sobject: SObject) -> tuple[str, ...]:
    return tuple(field.name for field in sobject.fields if field.reference_to == ("Account",))


def task_state(facts: Facts, before: Row, changes: Changes) -> None:
    """Closed follows the status, high priority the priority; closing stamps the completion."""
    if "Status" in changes or not before:
        status = after(before, changes, "Status")
        closed = any(each.ends and each.value == status for each in facts.schema.seeds.task_statuses)
        changes["IsClosed"] = int(closed)
        if closed and not before.get("IsClosed"):
            changes["CompletedDateTime"] = facts.now
        elif not closed:
            changes["CompletedDateTime"] = None
    if "Priority" in changes or not before:
        changes["IsHighPriority"] = int(after(before, changes, "Priority") in facts.schema.seeds.high_priorities)
    if not before:
        changes.setdefault("TaskSubtype", "Task")


_MINUTE = 60_000
_DAY = 24 * 60


def event_times(_: Facts, before: Row, changes: Changes) -> None:
    """Start, end and duration of an event follow from any two of them; one of all day lasts a day."""
    start = _event_start(before, changes)
    all_day = after(before, changes, "IsAllDayEvent")
    minutes, end = changes.get("DurationInMinutes", _DAY if all_day else None), changes.get("EndDateTime")
    if not before and (start is None or (minutes is None and end is None)):
        names = ("DurationInMinutes", "ActivityDateTime")
        raise Refuse.REQUIRED_MISSING(fields=names, names=", ".join(names))
    if start is None:
        return
    if end is None:
        end = start + _MINUTE * (minutes if minutes is not None else before.get("DurationInMinutes") or 0)
    _check_times(start, end, changes.get("DurationInMinutes"))
    changes |= {"StartDateTime": start, "ActivityDateTime": start, "EndDateTime": end}
    changes |= {"ActivityDate": datetime_text(start)[:10], "EndDate": datetime_text(end)[:10]}
    changes["DurationInMinutes"] = (end - start) // _MINUTE
    changes.setdefault("GroupEventType", "0")


def _check_times(start: int, end: int, minutes: int | None) -> None:
    if end < start:
        raise Refuse.FIELD_INTEGRITY(fields=("EndDateTime",), sentence="End must be after start: End Date Time")
    if minutes is not None and (end - start) // _MINUTE != minutes:
        sentence = "Duration does not match start and end: Duration"
        raise Refuse.FIELD_INTEGRITY(fields=("DurationInMinutes",), sentence=sentence)


def _event_start(before: Row, changes: Changes) -> int | None:
    given = changes.get("StartDateTime") or changes.get("ActivityDateTime") or before.get("StartDateTime")
    day = changes.get("ActivityDate")
    return given or (parse_datetime(f"{day}T00:00:00Z") if day else None)


def event_kind(_: Facts, before: Row, changes: Changes) -> None:
    """An event is an event: there is no other subtype."""
    if not before:
        changes.setdefault("EventSubtype", "Event")
