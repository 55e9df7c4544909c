"""SOAP login: username and password for a session id, as old clients still do it (up to v64.0)."""

from typing import Any
from urllib.parse import urlsplit

from mocksf import dialects
from mocksf.errors import Refusal, Refuse
from mocksf.messages import Raw, Response
from mocksf.rest.oauth.clients import logged_in
from mocksf.rest.session import Call, Session
from mocksf.rest.soap.calls import version_of
from mocksf.rest.soap_xml import element, local, parsed
from mocksf.sessions import Caller
from mocksf.settings import SCOPE_PROFILES

LAST_VERSION = 64.0
"""login() exists up to here (documented)."""
BODY_BYTES_MAX = 10 * 1024
"""The largest login request (documented)."""
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:{kind}.soap.sforce.com"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<soapenv:Body><loginResponse><result>\n{result}</result></loginResponse></soapenv:Body></soapenv:Envelope>"
)
_KINDS = {"u": "partner", "c": "enterprise"}


def login(session: Session, call: Call, version: str) -> Response:
    """A session id for a username and a password. Anything else on this address is a fault."""
    kind = call.segments[2].lower()
    version_of(version)
    username, password = _credentials(call.content, kind)
    if float(version.lower().removeprefix("v")) > LAST_VERSION:
        raise Refuse.NO_SOAP_LOGIN(version=version)
    try:
        user_id = logged_in(session, username, password)
    except Refusal:
        raise Refuse.INVALID_LOGIN() from None
    session_id = session.org.sessions.open(Caller(user_id, SCOPE_PROFILES["privileged"]), session.now)
    result = _result(session, f"{kind}/{version}", version, session_id, user_id)
    xml = _ENVELOPE.format(kind=_KINDS[kind], result=result)
    return Response(200, Raw(xml.encode()), {"Content-Type": dialects.XML_TYPE})


def login_again(session: Session, call: Call, version: str, org: str) -> Response:
    """The same at the address that a serverUrl gives, which ends in the org's id."""
    if org[:15] != session.org.org_id[:15]:
        raise Refuse.UNKNOWN_SOAP_CALL(reason=f"This is not the org {org}")
    return login(session, call, version)


def _credentials(body: bytes, kind: str) -> tuple[str, str]:
    """Username and password of a login call, whatever prefixes it uses."""
    if len(body) > BODY_BYTES_MAX:
        raise Refuse.UNKNOWN_SOAP_CALL(reason="A login request holds at most 10 KB")
    call = next((each for each in parsed(body).iter() if local(each) == "login"), None)
    if call is None:
        raise (Refuse.ONLY_LOGIN if kind == "c" else Refuse.BAD_SOAP_SESSION)()
    texts = {local(each): each.text or "" for each in call}
    return texts.get("username", ""), texts.get("password", "")


def _result(session: Session, place: str, version: str, session_id: str, user_id: str) -> str:
    """The login result: unprefixed elements without attributes, one a line, in the order of recorded ones."""
    org15, host = session.org.org_id[:15], session.base_url
    user = session.org.store.fetch(session.org.schema["User"], user_id) or {}
    info = user_info(session, user)
    lines = {
        "metadataServerUrl": f"{host}/services/Soap/m/{version}/{org15}",
        "passwordExpired": "false",
        "sandbox": "false",
        "serverUrl": f"{host}/services/Soap/{place}/{org15}",
        "sessionId": session_id,
        "userId": user_id,
    }
    assert urlsplit(host).hostname, "clients take the host from serverUrl"
    return "".join(f"{element(name, text)}\n" for name, text in lines.items()) + f"<userInfo>{info}</userInfo>"


def user_info(session: Session, user: dict[str, Any]) -> str:
    """The elements of a GetUserInfoResult."""
    organization = session.org.store.fetch(session.org.store.schema["Organization"], session.org.org_id) or {}
    values = {
        "accessibilityMode": "false",
        "chatterExternal": "false",
        "currencySymbol": "$",
        "orgAttachmentFileSizeLimit": "5242880",
        "orgDefaultCurrencyIsoCode": "USD",
        "orgDisallowHtmlAttachments": "false",
        "orgHasPersonAccounts": "false",
        "organizationId": session.org.org_id,
        "organizationMultiCurrency": "false",
        "organizationName": organization.get("Name"),
        "profileId": user.get("ProfileId"),
        "roleId": None,
        "sessionSecondsValid": str(round(session.org.settings.session_s)),
        "userDefaultCurrencyIsoCode": None,
        "userEmail": user.get("Email"),
        "userFullName": user.get("Name"),
        "userId": user.get("Id"),
        "userLanguage": user.get("LanguageLocaleKey"),
        "userLocale": user.get("LocaleSidKey"),
        "userName": user.get("Username"),
        "userTimeZone": user.get("TimeZoneSidKey"),
        "userType": "Standard",
        "userUiSkin": "Theme3",
    }
    return "".join(element(name, value) for name, value in values.items())
