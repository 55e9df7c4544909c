"""What follows of members of campaigns: who they are, and which status they may have."""

from collections.abc import Mapping, Sequence
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.moments import datetime_text
from mocksf.rules.facts import Changes, Facts, Row, after

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A campaign member copies its lead or contact when it is made, and is for one of them", Evidence.ASSUMED),
    ("Of a lead and a contact, the contact becomes the member", Evidence.DOCUMENTED),
    ("A status that the campaign does not have becomes its default status", Evidence.DOCUMENTED),
    ("Whether a member has responded follows its status, since the day it first got there", Evidence.DOCUMENTED),
    ("A new campaign has the statuses Sent, its default, and Responded", Evidence.DOCUMENTED),
    ("A default status, or one that members have, is not deleted", Evidence.DOCUMENTED),
    ("A person is a member of a campaign once", Evidence.DOCUMENTED),
    (
        "A new default status takes the place of the old; the first status of a campaign is its default",
        Evidence.ASSUMED,
    ),
)
"""What these rules believe, for the fidelity ledger."""


_COPIED = ("Salutation", "Name", "FirstName", "LastName", "Title", "Email", "Phone", "Fax", "MobilePhone")
_COPIED_TOO = ("Description", "DoNotCall", "HasOptedOutOfEmail", "HasOptedOutOfFax", "LeadSource")
_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")


def _members(facts: Facts, person_id: str, campaign_id: str) -> list[dict[str, Any]]:
    found = facts.find("CampaignMember", "LeadOrContactId", person_id)
    return [each for each in found if each["CampaignId"] == campaign_id]


def campaign_person(facts: Facts, before: Row, changes: Changes) -> None:
    """A member is a lead or a contact, whose particulars it shows."""
    if before:
        return
    if changes.get("ContactId"):
        changes.pop("LeadId", None)
    person_id = changes.get("LeadId") or changes.get("ContactId")
    if not person_id:
        raise Refuse.REQUIRED_MISSING(fields=("LeadId",), names="LeadId")
    if _members(facts, person_id, changes["CampaignId"]):
        raise Refuse.MEMBER_ALREADY()
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
    """A member has one of the statuses of its campaign; whether it has responded follows."""
    if before and "Status" not in changes:
        return
    known = facts.find("CampaignMemberStatus", "CampaignId", after(before, changes, "CampaignId"))
    status = _status(known or USUAL, changes.get("Status"))
    changes |= {"Status": status["Label"], "HasResponded": int(status["HasResponded"])}
    if status["HasResponded"] and not before.get("FirstRespondedDate"):
        changes["FirstRespondedDate"] = datetime_text(facts.now)[:10]


USUAL: tuple[Mapping[str, Any], ...] = (
    {"Label": "Sent", "SortOrder": 3, "IsDefault": 1, "HasResponded": 0},
    {"Label": "Responded", "SortOrder": 4, "IsDefault": 0, "HasResponded": 1},
)
"""The statuses of a new campaign (documented; their order is assumed)."""


def _status(known: Sequence[Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any]:
    """The status of this label, else the default one, else the first."""
    named = (each for each in known if wanted is not None and each["Label"].casefold() == wanted.casefold())
    return next(named, None) or next((each for each in known if each["IsDefault"]), known[0])
