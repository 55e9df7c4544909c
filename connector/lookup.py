"""Who rings: the caller's records by phone number, in one request, with a phone search where that finds nothing."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from connector.commands import Flow
from connector.composite import Composer
from connector.config.records import CALLER
from connector.intents import Caller
from connector.login import Session, authorised
from connector.messages import Answer, Json, Reply, Request
from connector.phones import e164, search_words, stored_forms
from connector.verdicts import Action, Verdict, judge


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a lookup found. `answered`: whether the org was heard; `searchable`: whether it has a phone search."""

    caller: Caller | None
    answered: bool
    searchable: bool = True
    failure: Verdict | None = None
    """Why the answer leaves it open who this is; None where it does not."""


@dataclass(frozen=True, slots=True)
class Source:
    """One object that callers are looked for in."""

    sobject: str
    phones: tuple[str, ...]
    fields: tuple[str, ...]
    filter: str = ""


NO_DATA = Verdict(Action.RETRY, "outage", "no data")
"""What an answer comes to that says nothing at all."""

SOURCES = (
    Source("Contact", ("Phone", "MobilePhone", "HomePhone", "OtherPhone"), ("Id", "Name", "AccountId", "Account.Name")),
    Source("Lead", ("Phone", "MobilePhone"), ("Id", "Name", "Company"), "IsConverted = false AND "),
    Source("Account", ("Phone",), ("Id", "Name")),
)
"""Contact before Lead before Account, of each the one changed last (facts, users and peers §4.1)."""


def looked_up(
    composer: Composer, session: Session, phone: str, timeout_s: float, searchable: bool = True, lane: str = "lookup"
) -> Flow[Lookup]:
    """The caller of a number: one composite of indexed queries; on a miss, where the org has it, one SOSL search."""
    region = composer.config.org.numbers_region
    number = e164(phone, region)
    if number is None:
        return Lookup(None, answered=True, searchable=searchable)
    asked = _queries(composer, number, stored_forms(phone, region))
    reply = yield from authorised(session, asked, timeout_s, lane)
    rows, failure = _rows(reply), _failure(reply)
    if rows is None:
        return Lookup(None, answered=False, searchable=searchable, failure=failure or NO_DATA)
    if any(rows.values()) or not searchable:
        return Lookup(_caller(number, rows), answered=True, searchable=searchable, failure=failure)
    found = yield from _searched(composer, session, number, timeout_s, lane)
    return replace(found, failure=found.failure or failure)


def _failure(reply: Reply | Verdict) -> Verdict | None:
    """Why the org did not say it, or not all of it."""
    verdict = reply if isinstance(reply, Verdict) else judge(reply, composite=True)
    if verdict.action is Action.DONE:
        return None
    return replace(verdict, perhaps=False)


def _searched(composer: Composer, session: Session, number: str, timeout_s: float, lane: str) -> Flow[Lookup]:
    words = search_words(number)
    if words is None:
        return Lookup(None, answered=True)
    sosl = (
        f"FIND {{{words}}} IN PHONE FIELDS RETURNING Contact(Id, Name, AccountId, Account.Name), "
        "Lead(Id, Name, Company WHERE IsConverted = false), Account(Id, Name)"
    )
    request = Request("GET", f"{composer.root}/search?q={quote(sosl)}")
    reply = yield from authorised(session, request, timeout_s, lane)
    if isinstance(reply, Answer) and reply.status == 404:
        # An org (or edition) without search is not asked again.
        return Lookup(None, answered=True, searchable=False)
    if isinstance(reply, Verdict):
        return Lookup(None, answered=True, failure=reply)
    verdict = judge(reply)
    if verdict.action is not Action.DONE:
        return Lookup(None, answered=True, failure=replace(verdict, perhaps=False))
    return Lookup(_caller(number, _search_rows(reply)), answered=True)


def _queries(composer: Composer, number: str, forms: tuple[str, ...]) -> Request:
    queries = [
        {
            "method": "GET",
            "url": f"{composer.root}/query?q={quote(_soql(composer, source, number, forms))}",
            "referenceId": source.sobject,
        }
        for source in SOURCES
    ]
    return Request("POST", f"{composer.root}/composite", {"allOrNone": False, "compositeRequest": queries})


def _soql(composer: Composer, source: Source, number: str, forms: tuple[str, ...]) -> str:
    wanted = ", ".join(f"'{_escaped(form)}'" for form in forms)
    conditions = [f"{field} IN ({wanted})" for field in source.phones]
    if composer.shape(source.sobject).key == CALLER:
        conditions.insert(0, f"{CALLER} = '{number}'")
    return (
        f"SELECT {', '.join(source.fields)} FROM {source.sobject} WHERE {source.filter}({' OR '.join(conditions)}) "
        "ORDER BY LastModifiedDate DESC LIMIT 1"
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _rows(reply: Reply | Verdict) -> dict[str, dict[str, Any]] | None:
    """Object → the first row found, {} where none; None where the org did not say."""
    if not isinstance(reply, Answer) or not reply.ok or not isinstance(reply.body, dict):
        return None
    rows: dict[str, dict[str, Any]] = {}
    parts = reply.body.get("compositeResponse")
    for part in parts if isinstance(parts, list) else ():
        records = _records(part)
        if records is not None:
            rows[str(part.get("referenceId"))] = records[0] if records else {}
    return rows or None


def _records(part: Json) -> list[dict[str, Any]] | None:
    """The rows of one query, or None where it was refused or does not look like an answer."""
    body = part.get("body") if isinstance(part, dict) and part.get("httpStatusCode") == 200 else None
    records = body.get("records") if isinstance(body, dict) else None
    good = isinstance(records, list) and all(isinstance(record, dict) for record in records)
    return records if good else None


def _search_rows(reply: Reply) -> dict[str, dict[str, Any]]:
    found: Json = reply.body if isinstance(reply, Answer) else None
    records = found.get("searchRecords") if isinstance(found, dict) else None
    rows: dict[str, dict[str, Any]] = {}
    for record in records if isinstance(records, list) else ():
        attributes = record.get("attributes") if isinstance(record, dict) else None
        if isinstance(attributes, dict):
            rows.setdefault(str(attributes.get("type")), record)
    return rows


def _caller(number: str, rows: dict[str, dict[str, Any]]) -> Caller | None:
    contact, lead, account = (rows.get(name) or {} for name in ("Contact", "Lead", "Account"))
    if not (contact or lead or account):
        return None
    first = contact or lead or account
    parent = contact.get("Account")
    own_company = parent.get("Name") if isinstance(parent, dict) else None
    company = own_company or lead.get("Company") or account.get("Name")
    account_id = contact.get("AccountId") if contact else account.get("Id")
    name = first.get("Name") if contact or lead else None
    return Caller(number, name, company, None, None, contact.get("Id"), account_id, lead.get("Id"), True)
