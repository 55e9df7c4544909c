"""The web server flow: a login and a consent in a browser, a code for the app, a token for the code (with PKCE)."""

import re
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.oauth import pages as oauth_pages
from mocksf.rest.oauth.answers import logged_in_answer
from mocksf.rest.oauth.clients import Parameters, app_of, known_app, logged_in, parameters, scopes_of
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.sessions import Caller, ConnectedApp

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A code is good for fifteen minutes and once", Evidence.ASSUMED),
    ("A challenge without a method is taken for S256, and `plain` is refused", Evidence.CLIENT),
    ("A code that was asked for with a challenge wants the verifier in place of the app's secret", Evidence.ASSUMED),
    ("Every login in a browser asks for consent again", Evidence.ASSUMED),
    ("A redirect to loopback is allowed at any port (RFC 8252)", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

AUTHORIZE = "/services/oauth2/authorize"
CODE_LIFE = timedelta(minutes=15)
CONSENT_LIFE = timedelta(minutes=10)
CODE_FORM = re.compile(r"aPrx\w{60}==")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
RESPONSE_TYPES = frozenset({"code", "token"})
_SILENT = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app asked for, checked."""

    client_id: str
    redirect_uri: str
    response_type: str
    scopes: tuple[str, ...]
    state: str = ""
    challenge: str = ""
    nonce: str = ""
    user_id: str = ""
    """Who logged in; empty before that."""

    def written(self) -> str:
        """As a slip keeps it."""
        return orjson.dumps(asdict(self)).decode()


def _read(text: str) -> Asked:
    facts = orjson.loads(text)
    return Asked(**{**facts, "scopes": tuple(facts["scopes"])})


# -- the pages ---------------------------------------------------------------------------------------------------------


def authorize(session: Session, call: Call) -> Response:
    """The login page for an app that asks to act for somebody; its mistakes are sent back to it."""
    given = parameters(call)
    app = known_app(session, given.get("client_id", ""))
    redirect = _redirect(session, app, given)
    try:
        asked = _asked(session, app, redirect, given)
        if given.get("prompt") == _SILENT or given.get("immediate") == "true":
            raise Refuse.NOT_AT_ONCE()
    except Refusal as refusal:
        return _sent_back(redirect, given.get("response_type", ""), given.get("state", ""), _error(refusal))
    return _login_page(asked, given.get("login_hint", ""))


def answered(session: Session, call: Call) -> Response:
    """What a person filled in: the login page, and then the page that asks for consent."""
    given = parameters(call)
    if "consent" in given:
        return _decided(session, given)
    app = known_app(session, given.get("client_id", ""))
    asked = _asked(session, app, _redirect(session, app, given), given)
    try:
        user_id = logged_in(session, given.get("username", ""), given.get("password", ""))
    except Refusal as refusal:
        return _login_page(asked, given.get("username", ""), refusal.message)
    known = Asked(**{**asdict(asked), "user_id": user_id})
    life = session.now, session.now + CONSENT_LIFE
    consent = session.org.sessions.slips.fresh("consent", lambda: session.org.sessions.draw(40), known.written(), life)
    inner = oauth_pages.wishes(known.scopes) + oauth_pages.choices()
    body = f"<p>It will be able to:</p>{oauth_pages.form(AUTHORIZE, {'consent': consent}, inner)}"
    return oauth_pages.page(f"Allow access to {app.client_id}?", body, onward=known.redirect_uri)


def _decided(session: Session, given: Parameters) -> Response:
    text = session.org.sessions.slips.take(f"consent {given['consent']}", session.now)
    if text is None:
        raise Refuse.OLD_CONSENT()
    asked = _read(text)
    if given.get("choice") != "allow":
        return _sent_back(asked.redirect_uri, asked.response_type, asked.state, _error(Refuse.DENIED()))
    said = _token(session, asked) if asked.response_type == "token" else {"code": _code(session, asked)}
    return _sent_back(asked.redirect_uri, asked.response_type, asked.state, said)


def _login_page(asked: Asked, username: str, wrong: str = "") -> Response:
    hidden = {
        "response_type": asked.response_type,
        "client_id": asked.client_id,
        "redirect_uri": asked.redirect_uri,
        "scope": " ".join(asked.scopes),
        "state": asked.state,
        "code_challenge": asked.challenge,
        "nonce": asked.nonce,
    }
    inner = oauth_pages.credentials(username) + '<button type="submit">Log In</button>'
    body = oauth_pages.problem(wrong) + oauth_pages.form(AUTHORIZE, {k: v for k, v in hidden.items() if v}, inner)
    return oauth_pages.page("Log in to Salesforce", body, 401 if wrong else 200, onward=asked.redirect_uri)


# -- what is asked -----------------------------------------------------------------------------------------------------


def _redirect(session: Session, app: ConnectedApp, given: Parameters) -> str:
    """Where the browser goes in the end. Raises WRONG_REDIRECT: then nobody can be told but the person."""
    address = given.get("redirect_uri", "")
    parts = urlsplit(address) if address.isprintable() and " " not in address else urlsplit("")
    own = address == f"{session.base_url}/services/oauth2/success"
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if parts.fragment or not (own or local or address in app.redirects):
        raise Refuse.WRONG_REDIRECT()
    return address


def _asked(session: Session, app: ConnectedApp, redirect: str, given: Parameters) -> Asked:
    response_type = given.get("response_type", "")
    if response_type not in RESPONSE_TYPES:
        raise Refuse.UNKNOWN_RESPONSE()
    challenge = given.get("code_challenge", "")
    if challenge and (given.get("code_challenge_method", "S256") != "S256" or not CHALLENGE.fullmatch(challenge)):
        raise Refuse.BAD_CHALLENGE()
    if session.org.settings.pkce_required and response_type == "code" and not challenge:
        raise Refuse.NO_CHALLENGE()
    state, nonce = given.get("state", ""), given.get("nonce", "")
    return Asked(app.client_id, redirect, response_type, scopes_of(app, given), state, challenge, nonce)


def _error(refusal: Refusal) -> dict[str, str]:
    return {"error": refusal.code, "error_description": refusal.message}


def _sent_back(redirect: str, response_type: str, state: str, said: dict[str, Any]) -> Response:
    """On to the app: what it is told stands in the query, or for a token in the fragment."""
    query = urlencode({**said, **({"state": state} if state else {})})
    joint = "#" if response_type == "token" else "&" if urlsplit(redirect).query else "?"
    return Response(302, None, {"Location": f"{redirect}{joint}{query}", "Cache-Control": "no-store"})


# -- codes and tokens --------------------------------------------------------------------------------------------------


def _code(session: Session, asked: Asked) -> str:
    sessions = session.org.sessions
    life = session.now, session.now + CODE_LIFE
    return sessions.slips.fresh("code", lambda: f"aPrx{sessions.draw(60)}==", asked.written(), life)


def _token(session: Session, asked: Asked) -> dict[str, Any]:
    app = known_app(session, asked.client_id)
    return logged_in_answer(session, app, Caller(asked.user_id, asked.scopes, asked.client_id), asked.nonce)


def by_code(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    """The grant `authorization_code`. Any try uses the code up."""
    app = app_of(session, call, given, secret_needed="code_verifier" not in given)
    code = given.get("code", "")
    text = session.org.sessions.slips.take(f"code {code}", session.now)
    if text is None:
        raise (Refuse.DEAD_CODE if CODE_FORM.fullmatch(code) else Refuse.BAD_CODE)()
    asked = _read(text)
    if asked.client_id != app.client_id:
        raise Refuse.BAD_CODE()
    if asked.redirect_uri != given.get("redirect_uri"):
        raise Refuse.WRONG_REDIRECT()
    if not _verified(asked.challenge, given.get("code_verifier", "")):
        raise Refuse.BAD_VERIFIER()
    return _token(session, asked)


def _verified(challenge: str, verifier: str) -> bool:
    """Whether a verifier is the one that the challenge was made of; without a challenge there must be none."""
    if not challenge or not VERIFIER.fullmatch(verifier):
        return not challenge and not verifier
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
    return compare_digest(made, challenge.encode())


ROUTES = (
    Route("GET", AUTHORIZE, authorize, Needs.NOTHING, oauth_pages.refused),
    Route("POST", AUTHORIZE, answered, Needs.NOTHING, oauth_pages.refused),
)
