"""One SOAP call on its way: who calls, with which headers, and the REST call that says the same."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from mocksf.errors import Refuse
from mocksf.messages import Response
from mocksf.rest.routing import NEWEST, OLDEST
from mocksf.rest.seen import as_seen
from mocksf.rest.session import Call, Session
from mocksf.rest.soap_xml import Ask
from mocksf.sessions import is_signed


@dataclass(frozen=True, slots=True)
class Turn:
    """One call: what is asked, whose session it is, and the API version."""

    session: Session
    ask: Ask
    version: str

    def rest(self, method: str = "GET", path: str = "", **query: Any) -> Call:
        """A REST call with the headers that say what the SOAP headers say."""
        target = f"/services/data/v{self.version}{path}" + (f"?{urlencode(query)}" if query else "")
        call = Call(method, target, _headers(self.ask))
        call.version = self.version
        return call


def _headers(ask: Ask) -> dict[str, str]:
    """The headers of REST that say the same (documented side by side)."""
    assign = ask.header("AssignmentRuleHeader", "assignmentRuleId")
    uses = ask.header("AssignmentRuleHeader", "useDefaultRule")
    size = ask.header("QueryOptions", "batchSize")
    saves = ask.header("DuplicateRuleHeader", "allowSave") == "true"
    client = ask.header("CallOptions", "client")
    said = {
        # Of SOAP, rules run only where the header says so; of REST unless it says no (documented).
        "sforce-auto-assign": assign or ("TRUE" if uses == "true" else "FALSE"),
        "sforce-duplicate-rule-header": "allowSave=true" if saves else "",
        "sforce-query-options": f"batchSize={size}" if size.isdigit() else "",
        "sforce-call-options": f"client={client}" if client else "",
    }
    return {name: text for name, text in said.items() if text}


def version_of(written: str) -> str:
    """The API version of an address, such as `64.0` (or `v64.0`: clients do). Raises BAD_SOAP_VERSION.

    Those before v31.0 are answered as v31.0: old clients still come with v20.0 (clients rely on it).
    """
    number = written.lower().removeprefix("v").partition(".")
    if not (number[0].isdecimal() and number[0].isascii() and len(number[0]) == 2 and number[2] in ("0", "")):
        raise Refuse.BAD_SOAP_VERSION()
    if not 20 <= int(number[0]) <= NEWEST:
        raise Refuse.BAD_SOAP_VERSION()
    return f"{max(int(number[0]), OLDEST)}.0"


def admitted(session: Session, ask: Ask) -> str:
    """Let the caller of the session header in; gives their token. Raises BAD_SOAP_SESSION and API_OFF."""
    token = ask.header("SessionHeader", "sessionId")
    org = session.org
    session.caller = None if is_signed(token) else org.sessions.caller(token, session.now)
    if session.caller is None or org.access.gone(session.caller.user_id):
        raise Refuse.BAD_SOAP_SESSION()
    view = org.access.of(session.caller.user_id)
    if not (view.api and org.access.api):
        raise Refuse.SOAP_OFF()
    if not session.caller.has("api", "full"):
        raise Refuse.BAD_SOAP_SESSION()
    session.org, session.view = as_seen(org, view, {}), view.number
    return token


def body_of(response: Response) -> Any:
    """What a REST resource answered, of a call that SOAP makes."""
    assert response.ok, "a resource that is called refuses by raising"
    return response.body
