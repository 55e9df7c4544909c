"""The Apex SOAP API, as which the Salesforce CLI runs anonymous Apex: it never compiles here, and is told why."""

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.messages import Response
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.rest.soap.calls import admitted, version_of
from mocksf.rest.soap_xml import ask_of, element, enveloped
from mocksf.rest.tooling import NO_APEX

NAMESPACE = "http://soap.sforce.com/2006/08/apex"


def answer(session: Session, call: Call, version: str) -> Response:
    """Anonymous Apex does not compile; any other call is a fault."""
    ask = ask_of(call.content)
    version_of(version)
    admitted(session, ask)
    session.org.allowance.spend(session.now)
    if ask.name != "executeAnonymous":
        raise Refuse.NO_SUCH_SOAP_CALL(name=ask.name, known="executeAnonymous")
    said = {
        "column": 1,
        "compileProblem": NO_APEX,
        "compiled": False,
        "exceptionMessage": None,
        "exceptionStackTrace": None,
        "line": 1,
        "success": False,
    }
    head = f"<soapenv:Header><DebuggingInfo>{element('debugLog', '')}</DebuggingInfo></soapenv:Header>"
    inner = "".join(element(name, value) for name, value in said.items())
    return enveloped(ask.name, f"<result>{inner}</result>", NAMESPACE, head=head)


def answer_at_org(session: Session, call: Call, version: str, org: str) -> Response:
    """The same at the address that ends in the org's id."""
    if org[:15] != session.org.org_id[:15]:
        raise Refuse.UNKNOWN_SOAP_CALL(reason=f"This is not the org {org}")
    return answer(session, call, version)


ROUTES = (
    Route("POST", "/services/Soap/s/{version}", answer, Needs.NOTHING, dialects.fault),
    Route("POST", "/services/Soap/s/{version}/{org}", answer_at_org, Needs.NOTHING, dialects.fault),
)
