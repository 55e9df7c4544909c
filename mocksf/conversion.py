"""Converting a lead: an account, a contact and a deal come out of it (facts on model, §5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mocksf.actor import Actor, Touch
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.locks import LockKey
from mocksf.moments import datetime_text
from mocksf.saving import Saver
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("The opportunity of a converted lead is named like its company where no name is given", Evidence.ASSUMED),
    ("It is in the first open stage and closes on the last day of the current quarter", Evidence.ASSUMED),
    ("Fields of an existing account or contact are filled where empty, never overwritten", Evidence.DOCUMENTED),
    ("Activities of the lead are of the contact then, and about the opportunity, else the account", Evidence.ASSUMED),
    ("Notes and attachments of the lead move to the contact; posts stay", Evidence.ASSUMED),
    ("Custom fields of leads become the fields that the schema maps them to (leadConversion)", Evidence.DOCUMENTED),
    ("What accountRecord, contactRecord and opportunityRecord say comes before what the lead says", Evidence.ASSUMED),
    ("A lead of a queue is converted for an owner only", Evidence.DOCUMENTED),
    ("An existing contact is given together with its account", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""

Row = Mapping[str, Any]
_PARTS = ("Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude", "GeocodeAccuracy")

TO_ACCOUNT: Mapping[str, str] = {
    "Company": "Name", "Phone": "Phone", "Fax": "Fax", "Website": "Website", "Industry": "Industry",
    "AnnualRevenue": "AnnualRevenue", "NumberOfEmployees": "NumberOfEmployees", "Rating": "Rating",
    "LeadSource": "AccountSource", **{part: f"Billing{part}" for part in _PARTS},
}  # fmt: skip
"""Which field of a lead becomes which field of the account."""
TO_CONTACT: Mapping[str, str] = {
    **{name: name for name in (
        "Salutation", "FirstName", "LastName", "Title", "Email", "Phone", "MobilePhone", "Fax", "LeadSource",
        "Description", "DoNotCall", "HasOptedOutOfEmail", "HasOptedOutOfFax", "IndividualId",
    )},
    **{part: f"Mailing{part}" for part in _PARTS},
}  # fmt: skip
"""Which field of a lead becomes which field of the contact."""
TO_OPPORTUNITY: Mapping[str, str] = {"LeadSource": "LeadSource"}
"""Which field of a lead becomes which field of the opportunity."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; ids have 18 characters."""

    lead_id: str
    converted_status: str | None
    account_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
    opportunity_name: str | None = None
    owner_id: str | None = None
    no_opportunity: bool = False
    overwrite_lead_source: bool = False
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By object, what is said of its new record: fields that come before those of the lead."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What came out."""

    lead_id: str
    account_id: str
    contact_id: str
    opportunity_id: str | None


class Conversion:
    """Lead conversion for one org."""

    def __init__(self, schema: Schema, store: Store, saver: Saver) -> None:
        self._schema = schema
        self._store = store
        self._saver = saver

    def convert(self, actor: Actor, lead: Row, wish: Wish, touch: Touch) -> Converted:
        """Convert a lead that is there; inside a savepoint."""
        status = self._status(wish.converted_status)
        if lead.get("IsConverted"):
            raise Refuse.CONVERTED_LEAD()
        touch(LockKey("Lead", lead["Id"]))
        owner = self._owner(lead, wish)
        account_id = self._account(actor, lead, wish, owner, touch)
        contact_id = self._contact(actor, lead, wish, {"AccountId": account_id, "OwnerId": owner}, touch)
        links = {"AccountId": account_id, "ContactId": contact_id, "OwnerId": owner}
        opportunity_id = self._opportunity(actor, lead, wish, links, touch)
        self._hand_over(actor, lead["Id"], contact_id, opportunity_id or account_id, touch)
        made = Converted(lead["Id"], account_id, contact_id, opportunity_id)
        self._close(actor, status, made)
        return made

    # -- what is asked for ---------------------------------------------------------------------------------------------

    def _status(self, wanted: str | None) -> str:
        """The value of a lead status that means converted, by its label."""
        if not wanted:
            raise Refuse.REQUIRED_MISSING(fields=("convertedStatus",), names="convertedStatus")
        for status in self._schema.seeds.lead_statuses:
            if status.ends and wanted.casefold() in {status.label.casefold(), status.value.casefold()}:
                return status.value
        raise Refuse.BAD_CONVERTED_STATUS()

    def _owner(self, lead: Row, wish: Wish) -> str:
        owner: str = wish.owner_id or lead["OwnerId"]
        kind = self._schema.of_id(owner)
        if kind is None or not self._store.exists(kind, owner):
            raise Refuse.NO_SUCH_REFERENCE()
        if kind.name != "User":
            raise Refuse.NOT_CONVERTIBLE(
                reason="the owner must be a user: give ownerId where the lead belongs to a queue"
            )
        return owner

    def _given(self, name: str, record_id: str) -> Row:
        """The row of a record that the wish names. Raises NO_SUCH_REFERENCE."""
        kind = self._schema[name]
        row = self._store.fetch(kind, record_id) if self._schema.of_id(record_id) is kind else None
        if row is None or row.get("IsDeleted"):
            raise Refuse.NO_SUCH_REFERENCE()
        return row

    # -- what comes out ------------------------------------------------------------------------------------------------

    def _account(self, actor: Actor, lead: Row, wish: Wish, owner: str, touch: Touch) -> str:
        kind = self._schema["Account"]
        values = self._from_lead(lead, TO_ACCOUNT, kind, wish)
        if wish.account_id is None:
            return self._saver.insert(actor, kind, {**values, "OwnerId": owner}, touch)
        row = self._given("Account", wish.account_id)
        self._saver.change(actor, kind, row, _empty_ones(row, values), touch)
        return wish.account_id

    def _contact(self, actor: Actor, lead: Row, wish: Wish, links: dict[str, Any], touch: Touch) -> str:
        kind = self._schema["Contact"]
        values = self._from_lead(lead, TO_CONTACT, kind, wish)
        if wish.contact_id is None:
            return self._saver.insert(actor, kind, {**values, **links}, touch)
        row = self._given("Contact", wish.contact_id)
        if wish.account_id is None or row["AccountId"] not in (None, wish.account_id):
            raise Refuse.NOT_CONVERTIBLE(reason="contactId must be a contact of the account that accountId names")
        changes = {**_empty_ones(row, values), "AccountId": wish.account_id}
        if wish.overwrite_lead_source and lead.get("LeadSource"):
            changes["LeadSource"] = lead["LeadSource"]
        self._saver.change(actor, kind, row, changes, touch)
        return wish.contact_id

    def _opportunity(self, actor: Actor, lead: Row, wish: Wish, links: dict[str, Any], touch: Touch) -> str | None:
        if wish.opportunity_id is not None:
            row = self._given("Opportunity", wish.opportunity_id)
            if row["AccountId"] != links["AccountId"]:
                raise Refuse.NOT_CONVERTIBLE(reason="opportunityId must be of the account that accountId names")
            return wish.opportunity_id
        if wish.no_opportunity:
            return None
        kind = self._schema["Opportunity"]
        stages = (stage.value for stage in self._schema.seeds.stages if not stage.is_closed)
        values = {
            "Name": (wish.opportunity_name or lead["Company"])[: _length(kind, "Name")],
            "StageName": next(stages, "Prospecting"),
            "CloseDate": _end_of_quarter(datetime_text(actor.second)[:10]),
            **self._from_lead(lead, TO_OPPORTUNITY, kind, wish),
            **links,
        }
        return self._saver.insert(actor, kind, {name: each for name, each in values.items() if kind.get(name)}, touch)

    def _from_lead(self, lead: Row, table: Mapping[str, str], kind: SObject, wish: Wish) -> dict[str, Any]:
        """What a record gets from the lead, from the fields that the schema maps, and from what was said beside."""
        mapped = {**table, **self._schema.seeds.lead_mapping.get(kind.name, {})}
        return {**_mapped(lead, mapped, kind), **wish.records.get(kind.name, {})}

    # -- what follows --------------------------------------------------------------------------------------------------

    def _hand_over(self, actor: Actor, lead_id: str, contact_id: str, what_id: str, touch: Touch) -> None:
        moves: dict[tuple[str, str], dict[str, Any]] = {
            ("Task", "WhoId"): {"WhoId": contact_id, "WhatId": what_id},
            ("Event", "WhoId"): {"WhoId": contact_id, "WhatId": what_id},
            ("CampaignMember", "LeadId"): {"ContactId": contact_id, "LeadOrContactId": contact_id, "Type": "Contact"},
            ("Note", "ParentId"): {"ParentId": contact_id},
            ("Attachment", "ParentId"): {"ParentId": contact_id},
        }
        for (name, link), changes in moves.items():
            kind = self._schema.get(name)
            field = kind.get(link) if kind is not None else None
            if kind is not None and field is not None:
                for row in self._store.find(kind, field, lead_id):
                    self._saver.point(actor, kind, row, dict(changes), touch)

    def _close(self, actor: Actor, status: str, made: Converted) -> None:
        """The lead says what became of it; from now on it is read-only."""
        kind = self._schema["Lead"]
        marks = {
            "IsConverted": 1,
            "Status": status,
            "ConvertedDate": datetime_text(actor.second)[:10],
            "ConvertedAccountId": made.account_id,
            "ConvertedContactId": made.contact_id,
            "ConvertedOpportunityId": made.opportunity_id,
            "LastModifiedDate": actor.second,
            "SystemModstamp": actor.second,
            "LastModifiedById": actor.user_id,
        }
        self._store.update(kind, made.lead_id, {name: value for name, value in marks.items() if kind.get(name)})


def _mapped(lead: Row, table: Mapping[str, str], kind: SObject) -> dict[str, Any]:
    return {to: lead[name] for name, to in table.items() if lead.get(name) is not None and kind.get(to) is not None}


def _empty_ones(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if row.get(name) is None}


def _length(kind: SObject, name: str) -> int:
    field = kind.get(name)
    return field.length if field is not None else 0


def _end_of_quarter(day: str) -> str:
    today = date.fromisoformat(day)
    following = (today.month + 2) // 3 * 3 + 1
    first = date(today.year + (following > 12), (following - 1) % 12 + 1, 1)
    return (first - timedelta(days=1)).isoformat()
