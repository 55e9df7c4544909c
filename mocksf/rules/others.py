"""What follows of cases and posts, and who owns what an assignment rule gives away."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from mocksf.evidence import Evidence
from mocksf.rules.facts import Changes, Facts, Row, after
from mocksf.schema.seeds import AssignmentRule

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A new case of a contact without an account is of the contact's account", Evidence.ASSUMED),
    ("The StatusCode of contracts and orders follows Status: Draft, InApproval, Activated", Evidence.ASSUMED),
    ("Contact phone, mobile, email and fax of a case are those of its contact", Evidence.DOCUMENTED),
)
"""What these rules believe, for the fidelity ledger."""


def case_state(facts: Facts, before: Row, changes: Changes) -> None:
    """Closed follows the status; closing stamps the date."""
    if "Status" in changes or not before:
        status = after(before, changes, "Status")
        closed = any(each.ends and each.value == status for each in facts.schema.seeds.case_statuses)
        changes["IsClosed"] = int(closed)
        changes["ClosedDate"] = (before.get("ClosedDate") or facts.now) if closed else None


CASE_COPIES = {
    "ContactPhone": "Phone", "ContactMobile": "MobilePhone", "ContactEmail": "Email", "ContactFax": "Fax",
}  # fmt: skip
"""The fields of a case that repeat its contact's."""


def case_contact(facts: Facts, before: Row, changes: Changes) -> None:
    """A case repeats how to reach its contact, and belongs to the contact's account where it names none."""
    if not changes.get("ContactId") and not (before and "ContactId" in changes):
        return
    contact = facts.fetch(changes["ContactId"]) if changes["ContactId"] else None
    changes |= {name: contact.get(source) if contact else None for name, source in CASE_COPIES.items()}
    if not before and contact and "AccountId" not in changes:
        changes["AccountId"] = contact.get("AccountId")


_STATUS_CODES = {"In Approval Process": "InApproval", "Activated": "Activated"}


def status_code(_: Facts, before: Row, changes: Changes) -> None:
    """The status of a contract or an order stands for a code: draft, in approval, activated."""
    if "Status" in changes or not before:
        changes["StatusCode"] = _STATUS_CODES.get(after(before, changes, "Status"), "Draft")


def contract_end(_: Facts, before: Row, changes: Changes) -> None:
    """A contract ends on the day before its term is over."""
    start, months = after(before, changes, "StartDate"), after(before, changes, "ContractTerm")
    if "StartDate" in changes or "ContractTerm" in changes:
        changes["EndDate"] = _months_on(start, months) if start and months else None


def _months_on(day: str, months: int) -> str | None:
    first = date.fromisoformat(day)
    years, month = divmod(first.month - 1 + months, 12)
    if not 1 <= first.year + years <= 4000:
        return None
    last = monthrange(first.year + years, month + 1)[1]
    over = date(first.year + years, month + 1, min(first.day, last))
    return (over - timedelta(days=1)).isoformat()


_NEW_POST = {"Type": "TextPost", "Status": "Published", "CommentCount": 0, "LikeCount": 0, "Revision": 1}


def feed_item(facts: Facts, before: Row, changes: Changes) -> None:
    """A post knows who wrote it and begins without comments and likes."""
    if not before:
        for name, value in _NEW_POST.items():
            changes.setdefault(name, value)
        changes["InsertedById"] = facts.user_id
        changes["HasLink"] = int(bool(changes.get("LinkUrl")))


def assigned_owner(rule: AssignmentRule, row: Row) -> str | None:
    """The username of the owner that an assignment rule gives a new record, or None when no entry matches."""
    for entry in rule.entries:
        if all(_folded(row.get(name)) == _folded(value) for name, value in entry.when.items()):
            return entry.owner
    return None


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
