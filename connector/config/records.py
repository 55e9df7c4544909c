"""RecordShape: how the records of one object are keyed, linked and filled, and which objects a configuration writes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.config.model import ConnectorConfig

CALL = "Call_Key__c"
CALLER = "Caller_Key__c"
STANDARD_OBJECTS = ("Account", "Contact", "Opportunity", "Lead", "Task", "FeedItem")
CHATTER = frozenset({"FeedItem"})
"""Objects that are posted through Chatter: no external ID, never part of a composite (design §8.5)."""
CARRIERS = ("Account", "Contact", "Opportunity")
"""The objects of a known caller; an intent on a custom object rides with them."""


@dataclass(frozen=True, slots=True)
class RecordShape:
    """One object's records. `key` is None for Chatter posts; `links`: reference field → object of the same call."""

    sobject: str
    key: str | None
    links: Mapping[str, str]
    defaults: Mapping[str, Any]
    """Field → value of a new record. Texts hold {caller}, {company}, {phone}, {call}, {date} or {close_date}."""
    once: frozenset[str] = frozenset()
    """Defaults that a record takes when it is created and never again: a retry that finds it must spare them."""


BUILT_IN: dict[str, RecordShape] = {
    shape.sobject: shape
    for shape in (
        RecordShape("Account", CALLER, {}, {"Name": "{company}"}),
        RecordShape("Contact", CALLER, {"AccountId": "Account"}, {"LastName": "{caller}", "Phone": "{phone}"}),
        RecordShape(
            "Opportunity",
            CALL,
            {"AccountId": "Account"},
            {"Name": "Call {call}", "StageName": "Prospecting", "CloseDate": "{close_date}"},
        ),
        RecordShape("Lead", CALL, {}, {"LastName": "{caller}", "Company": "{company}", "Phone": "{phone}"}),
        RecordShape(
            "Task",
            CALL,
            {},
            {
                "Subject": "Call",
                "Status": "Completed",
                "Priority": "Normal",
                "TaskSubtype": "Call",
                "CallType": "Inbound",
                "ActivityDate": "{date}",
            },
            # Createable, not updateable (facts, model §5.6): a second upsert that names it would be refused.
            frozenset({"TaskSubtype"}),
        ),
        RecordShape("FeedItem", None, {}, {}),
    )
}
"""The shapes of the sample org's keys (design §8.5); a `records` section overrides any of it."""


def canonical(sobject: str, spellings: Mapping[str, str]) -> str:
    """One spelling per object: Salesforce's own for standard objects, the first in the file for all others."""
    return spellings.get(sobject.casefold(), sobject)


def spellings_of(config: ConnectorConfig) -> dict[str, str]:
    """Casefolded object name → the spelling that is used throughout."""
    spellings = {name.casefold(): name for name in STANDARD_OBJECTS}
    for name in (*config.records, *(each.sobject for each in config.fields.values())):
        spellings.setdefault(name.casefold(), name)
    return spellings


def shape_of(config: ConnectorConfig, sobject: str) -> RecordShape:
    """An object's shape: the built-in one (a custom object is linked to the opportunity), as the file overrides it."""
    built_in = BUILT_IN.get(sobject, RecordShape(sobject, CALL, {"Opportunity__c": "Opportunity"}, {}))
    own = next((each for name, each in config.records.items() if name.casefold() == sobject.casefold()), None)
    keys = (each.record_key for each in config.fields.values() if each.sobject.casefold() == sobject.casefold())
    key = next(filter(None, keys), None) or (own.key if own else None) or built_in.key
    if own is None:
        return replace(built_in, key=key)
    spellings = spellings_of(config)
    links = (
        built_in.links if own.links is None else {field: canonical(to, spellings) for field, to in own.links.items()}
    )
    return RecordShape(sobject, key, links, {**built_in.defaults, **own.defaults}, built_in.once)


def written_objects(config: ConnectorConfig) -> tuple[str, ...]:
    """The objects that a call may write, parents first: carriers (if one is wanted), customs, Lead, Task, FeedItem.

    The Task is always among them: every call is logged when it ends.
    """
    spellings = spellings_of(config)
    wanted = {
        canonical(each.sobject, spellings) for each in config.fields.values() if each.direction != "from_salesforce"
    }
    customs = sorted(wanted - set(STANDARD_OBJECTS))
    carriers = CARRIERS if customs or wanted & set(CARRIERS) else ()
    rest = [name for name in ("Lead", "Task", "FeedItem") if name in wanted or name == "Task"]
    return (*carriers, *customs, *rest)
