"""What Salesforce works out itself when a record is saved: per object a row of small rules, and who locks whom.

A rule sees the record as it was (`before`, empty on create) and the stored values about to be written (`changes`), and
adds to these. Sources: facts on SOQL and model, §5.1 and §5.6; what is assumed stands in `ASSUMPTIONS`.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.moments import datetime_text, parse_datetime
from mocksf.schema.model import Schema, SObject
from mocksf.schema.seeds import AssignmentRule, Stage

Row = Mapping[str, Any]
Changes = dict[str, Any]


class Facts(NamedTuple):
    """What a rule may know beside the record: the schema, the second (epoch ms), who saves, other records."""

    schema: Schema
    now: int
    user_id: str
    fetch: Callable[[str], Row | None]
    """Another record by its id, or None."""


Rule = Callable[[Facts, Row, Changes], None]

ASSUMPTIONS: tuple[tuple[str, Evidence], ...] = (
    ("An unknown Opportunity stage is open, has probability 0 and no forecast beyond Pipeline", Evidence.ASSUMED),
    ("A child write locks its parents through the fields of LOCKED_PARENTS", Evidence.ASSUMED),
    ("A text Name of a custom object that is left out becomes the 15-character id", Evidence.ASSUMED),
    ("An active assignment rule runs on insert of a Lead when the request asks for it", Evidence.DOCUMENTED),
    ("An Event needs DurationInMinutes or EndDateTime, and a start", Evidence.ASSUMED),
    ("null for a checkbox stores false; the texts true and false are taken for it", Evidence.ASSUMED),
    ("A date takes a whole instant and keeps the day as written", Evidence.ASSUMED),
    ("Decimals are rounded half up to the scale of their field", Evidence.ASSUMED),
    ("Picklist values are matched without regard to case and stored as defined", Evidence.ASSUMED),
    ("Unknown columns are refused first, then fields not writable, then values, then missing ones", Evidence.ASSUMED),
    ("Deleted records do not collide with unique values", Evidence.ASSUMED),
    ("A reference to a deleted record is an invalid cross reference id", Evidence.ASSUMED),
    ("Emptying a lookup because its target was deleted stamps nothing", Evidence.ASSUMED),
    ("Ids of a key prefix are given without gaps", Evidence.ASSUMED),
)
"""What these rules believe, for the fidelity ledger."""

LOCKED_PARENTS: Mapping[str, tuple[str, ...]] = {
    "Contact": ("AccountId",),
    "Opportunity": ("AccountId",),
    "Case": ("AccountId", "ContactId"),
    "Task": ("WhoId", "WhatId"),
    "Event": ("WhoId", "WhatId"),
}
"""The reference fields through which writing a child locks the parent (facts on REST, §7.3; partly assumed)."""


def locked_parents(sobject: SObject) -> tuple[str, ...]:
    """The fields through which a write of this object locks other rows; a custom object locks by all its lookups."""
    if sobject.custom:
        return tuple(field.name for field in sobject.fields if field.custom and field.type == "reference")
    return LOCKED_PARENTS.get(sobject.name, ())


def after(before: Row, changes: Row, name: str) -> Any:
    """A field's stored value once the changes are written."""
    return changes[name] if name in changes else before.get(name)


def derive(sobject: SObject, facts: Facts, before: Row, changes: Changes) -> None:
    """Add to `changes` what follows from them. Raises the refusals of the object's own rules."""
    for rule in RULES.get(sobject.name, ()):
        rule(facts, before, changes)


# -- people ------------------------------------------------------------------------------------------------------------


def person_name(_: Facts, before: Row, changes: Changes) -> None:
    """Name is first and last name; the salutation is not part of it."""
    if not before or "FirstName" in changes or "LastName" in changes:
        parts = (after(before, changes, "FirstName"), after(before, changes, "LastName"))
        changes["Name"] = " ".join(part for part in parts if part) or None


def converted_lead(_: Facts, before: Row, __: Changes) -> None:
    """A converted lead is read-only."""
    if before.get("IsConverted"):
        raise Refuse.CONVERTED_LEAD()


# -- opportunities -----------------------------------------------------------------------------------------------------

_CATEGORY_OF_NAME = {"Omitted": "Omitted", "Pipeline": "Pipeline", "Best Case": "BestCase", "Commit": "Forecast"}


def _stage(facts: Facts, name: str | None) -> Stage:
    wanted = (name or "").lower()
    known = (stage for stage in facts.schema.seeds.stages if stage.value.lower() == wanted)
    return next(known, Stage(name or "", name or "", 0, False, False, "Pipeline", "Pipeline"))


def stage_follows(facts: Facts, before: Row, changes: Changes) -> None:
    """A new stage sets probability and forecast unless they are given; closed and won always follow the stage."""
    moved = "StageName" in changes and changes["StageName"] != before.get("StageName")
    stage = _stage(facts, after(before, changes, "StageName"))
    if moved or not before:
        changes["IsClosed"], changes["IsWon"] = int(stage.is_closed), int(stage.is_won)
        changes.setdefault("Probability", stage.probability)
        changes.setdefault("ForecastCategoryName", stage.forecast_category_name)
        if before:
            changes["LastStageChangeDate"] = facts.now
    if "ForecastCategoryName" in changes:
        named = changes["ForecastCategoryName"] or stage.forecast_category_name
        changes["ForecastCategoryName"] = named
        changes["ForecastCategory"] = _CATEGORY_OF_NAME.get(named, named)


def expected_revenue(_: Facts, before: Row, changes: Changes) -> None:
    """ExpectedRevenue is Amount times Probability; both are stored scaled, the percent with scale 0."""
    if "Amount" in changes or "Probability" in changes:
        amount, probability = after(before, changes, "Amount"), after(before, changes, "Probability")
        known = amount is not None and probability is not None
        changes["ExpectedRevenue"] = _percent_of(amount, probability) if known else None


def _percent_of(amount: int, percent: int) -> int:
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fiscal_period(_: Facts, __: Row, changes: Changes) -> None:
    """Fiscal year and quarter follow the close date; the fiscal year begins in January."""
    if changes.get("CloseDate"):
        year, month = int(changes["CloseDate"][:4]), int(changes["CloseDate"][5:7])
        quarter = (month + 2) // 3
        changes |= {"FiscalYear": year, "FiscalQuarter": quarter, "Fiscal": f"{year} {quarter}"}


# -- activities --------------------------------------------------------------------------------------------------------


def who_or_what(facts: Facts, before: Row, changes: Changes) -> None:
    """A lead stands alone: an activity of a lead is related to nothing else."""
    who, what = after(before, changes, "WhoId"), after(before, changes, "WhatId")
    if who and what and ("WhoId" in changes or "WhatId" in changes) and _is_a(facts, who, "Lead"):
        sentence = "Related To ID: You can only relate an activity to a Lead or to another record, not to both"
        raise Refuse.FIELD_INTEGRITY(fields=("WhatId",), sentence=sentence)


def activity_account(facts: Facts, before: Row, changes: Changes) -> None:
    """AccountId comes from what it is related to, else from the contact."""
    if before and "WhoId" not in changes and "WhatId" not in changes:
        return
    what, who = after(before, changes, "WhatId"), after(before, changes, "WhoId")
    changes["AccountId"] = (_account_of(facts, what) if what else None) or (_account_of(facts, who) if who else None)


def _account_of(facts: Facts, record_id: str) -> str | None:
    if _is_a(facts, record_id, "Account"):
        return record_id
    record = facts.fetch(record_id)
    if record is None:
        return None
    sobject = facts.schema.of_id(record_id)
    links = ("AccountId",) if sobject is None or not sobject.custom else _links_to_account(sobject)
    return next((record[link] for link in links if record.get(link)), None)


def _links_to_account(sobject: SObject) -> tuple[str, ...]:
    return tuple(field.name for field in sobject.fields if field.reference_to == ("Account",))


def _is_a(facts: Facts, record_id: str, name: str) -> bool:
    sobject = facts.schema.of_id(record_id)
    return sobject is not None and sobject.name == name


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
    changes |= {"StartDateTime": start, "ActivityDateTime": start, "EndDateTime": end}
    changes |= {"ActivityDate": datetime_text(start)[:10], "EndDate": datetime_text(end)[:10]}
    changes["DurationInMinutes"] = (end - start) // _MINUTE
    changes.setdefault("GroupEventType", "0")


def _event_start(before: Row, changes: Changes) -> int | None:
    given = changes.get("StartDateTime") or changes.get("ActivityDateTime") or before.get("StartDateTime")
    day = changes.get("ActivityDate")
    return given or (parse_datetime(f"{day}T00:00:00Z") if day else None)


# -- others ------------------------------------------------------------------------------------------------------------


def case_state(facts: Facts, before: Row, changes: Changes) -> None:
    """Closed follows the status; closing stamps the date."""
    if "Status" in changes or not before:
        status = after(before, changes, "Status")
        closed = any(each.ends and each.value == status for each in facts.schema.seeds.case_statuses)
        changes["IsClosed"] = int(closed)
        changes["ClosedDate"] = (before.get("ClosedDate") or facts.now) if closed else None


def feed_item(facts: Facts, before: Row, changes: Changes) -> None:
    """A post knows who wrote it and begins without comments and likes."""
    if not before:
        for name, value in _NEW_POST.items():
            changes.setdefault(name, value)
        changes["InsertedById"] = facts.user_id
        changes["HasLink"] = int(bool(changes.get("LinkUrl")))


_NEW_POST = {"Type": "TextPost", "Status": "Published", "CommentCount": 0, "LikeCount": 0, "Revision": 1}

RULES: Mapping[str, tuple[Rule, ...]] = {
    "Contact": (person_name,),
    "Lead": (converted_lead, person_name),
    "User": (person_name,),
    "Opportunity": (stage_follows, expected_revenue, fiscal_period),
    "Task": (who_or_what, activity_account, task_state),
    "Event": (who_or_what, activity_account, event_times),
    "Case": (case_state,),
    "FeedItem": (feed_item,),
}
"""Which rules run when a record of an object is saved, in order."""


# -- assignment --------------------------------------------------------------------------------------------------------


def assigned_owner(rule: AssignmentRule, row: Row) -> str | None:
    """The username of the owner that an assignment rule gives a new record, or None when no entry matches."""
    for entry in rule.entries:
        if all(_folded(row.get(name)) == _folded(value) for name, value in entry.when.items()):
            return entry.owner
    return None


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
