"""The partner SOAP API: login, and the calls on records and describes that clients use."""

from collections.abc import Callable, Mapping

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.rest.soap import login as soap_login
from mocksf.rest.soap import reading as soap_reading
from mocksf.rest.soap import records as soap_records
from mocksf.rest.soap.calls import Turn, admitted, version_of
from mocksf.rest.soap_xml import Ask, ask_of, element, enveloped

NAMESPACE = "urn:partner.soap.sforce.com"
_RECORDS = ' xmlns:sf="urn:sobject.partner.soap.sforce.com"'

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A SOAP call counts against the daily allowance, which the header of its answer reports", Evidence.DOCUMENTED),
    ("The enterprise API answers login alone", Evidence.ASSUMED),
    ("A signed access token (JWT) opens no SOAP API", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""


def answer(session: Session, call: Call, version: str) -> Response:
    """A SOAP call by its name: login, or one of those that need a session."""
    if b"sessionId" not in call.content:
        return soap_login.login(session, call, version)
    ask = ask_of(call.content)
    if ask.name == "login":
        return soap_login.login(session, call, version)
    number = version_of(version)
    token = admitted(session, ask)
    session.org.allowance.spend(session.now)
    if ask.name == "logout":
        session.org.sessions.revoke(token)
        return _answered(session, ask, "")
    step = CALLS.get(ask.name)
    if step is None:
        raise Refuse.NO_SUCH_SOAP_CALL(name=ask.name, known=", ".join(sorted((*CALLS, "login", "logout"))))
    with session.org.store.turn(), session.org.store.atomic():
        return _answered(session, ask, step(Turn(session, ask, number)))


def answer_at_org(session: Session, call: Call, version: str, org: str) -> Response:
    """The same at the address that a serverUrl gives, which ends in the org's id."""
    if org[:15] != session.org.org_id[:15]:
        raise Refuse.UNKNOWN_SOAP_CALL(reason=f"This is not the org {org}")
    return answer(session, call, version)


def _answered(session: Session, ask: Ask, inner: str) -> Response:
    used, _, maximum = session.org.allowance.info(session.now).rpartition("=")[2].partition("/")
    limit = f"{element('current', used)}{element('limit', maximum)}{element('type', 'API REQUESTS')}"
    head = f"<soapenv:Header><LimitInfoHeader><limitInfo>{limit}</limitInfo></LimitInfoHeader></soapenv:Header>"
    return enveloped(ask.name, inner, NAMESPACE, more=_RECORDS, head=head)


CALLS: Mapping[str, Callable[[Turn], str]] = {
    **dict.fromkeys(soap_records.CALLS, soap_records.write),
    **soap_reading.CALLS,
}
"""Every call that needs a session, and gives results."""

ROUTES = (
    Route("POST", "/services/Soap/u/{version}", answer, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/c/{version}", soap_login.login, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/u/{version}/{org}", answer_at_org, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/c/{version}/{org}", soap_login.login_again, Needs.NOTHING, dialects.fault),
)
