"""The partner SOAP API: login, and the calls on records that REST has not, such as merge and undelete."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from mocksf import dialects
from mocksf.conversion import Wish
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Raw, Response
from mocksf.rest import soap_login
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject

IDS_MAX, LEADS_MAX = 200, 100
"""How many records one call takes (documented; of leads assumed)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Each record of a SOAP call succeeds or fails alone", Evidence.DOCUMENTED),
    ("Of the SOAP API this org answers login, merge, convertLead, undelete and emptyRecycleBin", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Result = list[tuple[str, str]]
"""The elements of one result, in order."""
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<soapenv:Body><{name}Response>{results}</{name}Response></soapenv:Body></soapenv:Envelope>"
)
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def answer(session: Session, call: Call, version: str) -> Response:
    """A SOAP call by its name: login, or one of those that need a session."""
    if b"sessionId" not in call.content:
        return soap_login.login(session, call, version)
    root = soap_login.parsed(call.content)
    body = next((each for each in root.iter() if soap_login.local(each) == "Body"), root)
    asked = next(iter(body), body)
    name = soap_login.local(asked)
    if name not in _CALLS:
        return soap_login.login(session, call, version)
    _authenticate(session, root)
    element, maximum, step = _CALLS[name]
    wishes = [each for each in asked if soap_login.local(each) == element]
    if len(wishes) > maximum:
        limit = Refuse.TOO_MANY_TO_CONVERT if name == "convertLead" else Refuse.TOO_MANY_RECORDS
        raise limit(maximum=maximum)
    with session.org.store.atomic():
        results = [_written(_tried(session, call, each, step)) for each in wishes]
        session.org.allowance.spend(session.now)
    xml = _ENVELOPE.format(name=name, results="".join(results))
    return Response(200, Raw(xml.encode()), {"Content-Type": dialects.XML_TYPE})


def answer_at_org(session: Session, call: Call, version: str, org: str) -> Response:
    """The same at the address that a serverUrl gives, which ends in the org's id."""
    if org[:15] != session.org.org_id[:15]:
        raise Refuse.UNKNOWN_SOAP_CALL(reason=f"This is not the org {org}")
    return answer(session, call, version)


def _authenticate(session: Session, root: Element) -> None:
    """Find out who calls by the session header. Raises BAD_SOAP_SESSION."""
    token = next((each.text or "" for each in root.iter() if soap_login.local(each) == "sessionId"), "")
    session.caller = session.org.sessions.caller(token.strip(), session.now)
    if session.caller is None:
        raise Refuse.BAD_SOAP_SESSION()


Step = Callable[[Session, Call, Element], Result]


def _tried(session: Session, call: Call, wish: Element, step: Step) -> Result:
    """What one record of a call came to; a refused one leaves no trace."""
    try:
        with session.org.store.atomic():
            return [*step(session, call, wish), ("success", "true")]
    except Refusal as refusal:
        errors = [("errors", _error(each)) for each in (refusal, *refusal.siblings)]
        return [*errors, ("success", "false")]


def _error(refusal: Refusal) -> str:
    named = "".join(_element("fields", each) for each in refusal.fields)
    return f"{named}{_element('message', refusal.message)}{_element('statusCode', refusal.code)}"


# -- the calls ---------------------------------------------------------------------------------------------------------


def _undelete(session: Session, call: Call, wish: Element) -> Result:
    kind, record_id = _addressed(session, wish.text)
    session.org.records.undelete(session.actor(call), kind, record_id, session.touch)
    return [("id", record_id)]


def _empty(session: Session, _: Call, wish: Element) -> Result:
    _kind, record_id = _addressed(session, wish.text)
    session.org.records.empty_bin(record_id)
    return [("id", record_id)]


def _merge(session: Session, call: Call, wish: Element) -> Result:
    master = next((each for each in wish if soap_login.local(each) == "masterRecord"), None)
    fields = _fields(master) if master is not None else {}
    kind, master_id = _addressed(session, fields.pop("Id", None))
    losers = [_addressed(session, each.text)[1] for each in wish if soap_login.local(each) == "recordToMergeIds"]
    related = session.org.records.merge(session.actor(call), kind, (master_id, fields), losers, session.touch)
    merged = [("mergedRecordIds", each) for each in losers]
    return [("id", master_id), *merged, *(("updatedRelatedIds", each) for each in related)]


def _convert(session: Session, call: Call, wish: Element) -> Result:
    said = {soap_login.local(each): (each.text or "").strip() or None for each in wish}
    ids = {name: normalise_id(text) or text for name, text in said.items() if name.endswith("Id") and text}
    made = session.org.records.convert(
        session.actor(call),
        Wish(
            lead_id=_addressed(session, said.get("leadId"))[1],
            converted_status=said.get("convertedStatus"),
            account_id=ids.get("accountId"),
            contact_id=ids.get("contactId"),
            opportunity_id=ids.get("opportunityId"),
            opportunity_name=said.get("opportunityName"),
            owner_id=ids.get("ownerId"),
            no_opportunity=said.get("doNotCreateOpportunity") == "true",
            overwrite_lead_source=said.get("overwriteLeadSource") == "true",
            records={kind: _fields(each) for each in wish if (kind := _NEW.get(soap_login.local(each)))},
        ),
        session.touch,
    )
    results = {"accountId": made.account_id, "contactId": made.contact_id, "leadId": made.lead_id}
    return [*results.items(), ("opportunityId", made.opportunity_id or "")]


_NEW = {"accountRecord": "Account", "contactRecord": "Contact", "opportunityRecord": "Opportunity"}
"""The elements of a convertLead that say something of the records that come out."""
_CALLS: Mapping[str, tuple[str, int, Step]] = {
    "undelete": ("ids", IDS_MAX, _undelete),
    "emptyRecycleBin": ("ids", IDS_MAX, _empty),
    "merge": ("request", IDS_MAX, _merge),
    "convertLead": ("leadConverts", LEADS_MAX, _convert),
}
"""Each call: the element that stands for one record, how many there may be, and what is done with one."""


# -- elements ----------------------------------------------------------------------------------------------------------


def _addressed(session: Session, text: str | None) -> tuple[SObject, str]:
    """The object and the id that a text means. Raises MALFORMED_ID_ALONE."""
    record_id = normalise_id((text or "").strip())
    kind = session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or kind is None:
        raise Refuse.MALFORMED_ID_ALONE(value=(text or "").strip())
    return kind, record_id


def _fields(record: Element) -> dict[str, Any]:
    """The fields of an sObject element: texts, null for nil ones and for those of `fieldsToNull`."""
    fields: dict[str, Any] = {}
    for name, each in _named(record):
        if name == "fieldsToNull":
            fields[(each.text or "").strip()] = None
        else:
            fields[name] = None if each.get(_NIL) == "true" else each.text or ""
    return fields


def _named(record: Element) -> Iterator[tuple[str, Element]]:
    for each in record:
        name = soap_login.local(each)
        if name != "type":
            yield ("Id" if name.lower() == "id" else name), each


def _written(result: Result) -> str:
    """One result; the elements of errors are written already."""
    inner = "".join(f"<errors>{text}</errors>" if name == "errors" else _element(name, text) for name, text in result)
    return f"<result>{inner}</result>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f'<{name} xsi:nil="true"/>'


ROUTES = (
    Route("POST", "/services/Soap/u/{version}", answer, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/c/{version}", soap_login.login, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/u/{version}/{org}", answer_at_org, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/c/{version}/{org}", soap_login.login_again, Needs.NOTHING, dialects.fault),
)
