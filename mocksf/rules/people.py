"""What follows of people: contacts, leads, users, and their places in campaigns."""

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.moments import datetime_text
from mocksf.rules.facts import Changes, Facts, Row, after

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A campaign member copies its lead or contact when it is made, and is for one of them", Evidence.ASSUMED),
    ("A campaign member whose status is Responded has responded, since the day it got there", Evidence.ASSUMED),
)
"""What these rules believe, for the fidelity ledger."""


def person_name(_: Facts, before: Row, changes: Changes) -> None:
    """Name is first and last name; the salutation is not part of it."""
    if not before or "FirstName" in changes or "LastName" in changes:
        parts = (after(before, changes, "FirstName"), after(before, changes, "LastName"))
        changes["Name"] = " ".join(part for part in parts if part) or None


def converted_lead(_: Facts, before: Row, __: Changes) -> None:
    """A converted lead is read-only."""
    if before.get("IsConverted"):
        raise Refuse.CONVERTED_LEAD()


_COPIED = ("Salutation", "Name", "FirstName", "LastName", "Title", "Email", "Phone", "Fax", "MobilePhone")
_COPIED_TOO = ("Description", "DoNotCall", "HasOptedOutOfEmail", "HasOptedOutOfFax", "LeadSource")
_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")


def campaign_person(facts: Facts, before: Row, changes: Changes) -> None:
    """A member is a lead or a contact, whose particulars it shows."""
    if before:
        return
    person_id = changes.get("LeadId") or changes.get("ContactId")
    if not person_id:
        raise Refuse.REQUIRED_MISSING(fields=("LeadId",), names="LeadId")
    person = facts.fetch(person_id) or {}
    lead = bool(changes.get("LeadId"))
    street = "" if lead else "Mailing"
    changes |= {name: person[name] for name in (*_COPIED, *_COPIED_TOO) if name in person}
    changes |= {name: person.get(f"{street}{name}") for name in _ADDRESS}
    account = facts.fetch(person["AccountId"]) if person.get("AccountId") else None
    changes |= {
        "LeadOrContactId": person_id,
        "LeadOrContactOwnerId": person.get("OwnerId"),
        "Type": "Lead" if lead else "Contact",
        "CompanyOrAccount": person.get("Company") if lead else account and account.get("Name"),
    }


def campaign_response(facts: Facts, before: Row, changes: Changes) -> None:
    """Whether a member has responded follows its status."""
    if not before:
        changes.setdefault("Status", "Sent")
    if "Status" in changes:
        responded = changes["Status"] == "Responded"
        changes["HasResponded"] = int(responded)
        if responded and not before.get("FirstRespondedDate"):
            changes["FirstRespondedDate"] = datetime_text(facts.now)[:10]
