"""OAuth: the token endpoint with its grants, and the end of tokens."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest, new
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.sessions import Caller, ConnectedApp
from mocksf.users import user_named

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A password token lists its scopes, and fewer may be asked for", Evidence.ASSUMED),
    ("The password grant gives no refresh token", Evidence.RECORDED),
    ("A revoke of an unknown token answers 400 in JSON", Evidence.ASSUMED),
    ("The signature is HMAC-SHA256 over identity and instant with the app's secret", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""

Parameters = Mapping[str, str]
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
NO_STORE = {"Cache-Control": "no-store"}
LOGIN_HOSTS = ("login.salesforce.", "test.salesforce.")
"""Hosts that know no client credentials: that flow wants the org's own domain (recorded)."""


def parameters(call: Call) -> dict[str, str]:
    """The parameters of a form, in the body or in the address: clients use both."""
    form = dict(parse_qsl(call.content.decode("utf-8", "replace"), keep_blank_values=True))
    return {**call.query, **form}


def token(session: Session, call: Call) -> Response:
    """A token for whoever proves who it is, by one of the grants of `GRANTS`."""
    given = parameters(call)
    grant = GRANTS.get(given.get("grant_type", ""))
    if grant is None:
        raise Refuse.UNKNOWN_GRANT()
    return Response(200, grant(session, call, given), dict(NO_STORE))


# -- the grants --------------------------------------------------------------------------------------------------------


def _by_password(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    app = _app(session, call, given)
    user_id = logged_in(session, given.get("username", ""), given.get("password", ""))
    return _signed(session, app, _granted(session, app, user_id, _scopes(app, given)))


def _by_client_credentials(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    app = _app(session, call, given)
    if "scope" in given:
        raise Refuse.NO_SCOPE_PARAMETER()
    if (urlsplit(session.base_url).hostname or "").startswith(LOGIN_HOSTS):
        raise Refuse.WRONG_LOGIN_DOMAIN()
    user = _user(session, app.run_as) if app.run_as else None
    if user is None or not user["IsActive"]:
        raise Refuse.NO_RUN_AS_USER()
    return _signed(session, app, _granted(session, app, user["Id"], app.scopes))


def _by_assertion(session: Session, _: Call, given: Parameters) -> dict[str, Any]:
    """JWT bearer: signature, audience and expiry are really checked; no refresh token, no issued_at, no signature."""
    from mocksf.rest.assertions import read_assertion  # what reads them is large, and most orgs never see one

    claims = read_assertion(given.get("assertion", ""), session.org.sessions.apps, session.now, session.base_url)
    user = _user(session, claims.username)
    if user is None:
        raise Refuse.UNAPPROVED_USER()
    answer = _granted(session, claims.app, user["Id"], claims.app.scopes)
    return {name: answer[name] for name in ("access_token", "scope", "instance_url", "id", "token_type")}


def _by_refresh_token(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    app = _app(session, call, given, secret_needed=False)
    caller = session.org.sessions.refreshed(given.get("refresh_token", ""))
    if caller is None or caller.client_id != app.client_id:
        raise Refuse.DEAD_REFRESH_TOKEN()
    return _signed(session, app, _answer(session, caller))


GRANTS: Mapping[str, Callable[[Session, Call, Parameters], dict[str, Any]]] = {
    "password": _by_password,
    "client_credentials": _by_client_credentials,
    JWT_BEARER: _by_assertion,
    "refresh_token": _by_refresh_token,
}


# -- what they share ---------------------------------------------------------------------------------------------------


def _app(session: Session, call: Call, given: Parameters, secret_needed: bool = True) -> ConnectedApp:
    """The connected app that asks, by Basic header or parameters."""
    client_id, secret = _basic(call) or (given.get("client_id", ""), given.get("client_secret"))
    app = session.org.sessions.apps.get(client_id)
    if app is None:
        raise Refuse.UNKNOWN_CLIENT()
    if secret is None and not secret_needed:
        return app
    if not compare_digest((secret or "").encode(), app.client_secret.encode()):
        raise Refuse.WRONG_SECRET()
    return app


def _basic(call: Call) -> tuple[str, str] | None:
    scheme, _, encoded = (call.header("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (Base64Error, ValueError):
        raise Refuse.UNKNOWN_CLIENT() from None
    return unquote_plus(client_id), unquote_plus(secret)


def _user(session: Session, username: str) -> dict[str, Any] | None:
    return user_named(session.org.schema, session.org.store, username)


def logged_in(session: Session, username: str, password: str) -> str:
    """The id of the active user with this name and password; a security token may follow the password."""
    user = _user(session, username)
    if user is None or not password.startswith(session.org.settings.password):
        raise Refuse.WRONG_PASSWORD()
    if not user["IsActive"]:
        raise Refuse.INACTIVE_USER()
    user_id: str = user["Id"]
    return user_id


def _scopes(app: ConnectedApp, given: Parameters) -> tuple[str, ...]:
    """The scopes asked for, or all that the app may grant."""
    asked = given.get("scope", "").split()
    if not set(asked) <= set(app.scopes):
        raise Refuse.UNGRANTED_SCOPE()
    return tuple(scope for scope in app.scopes if scope in asked) if asked else app.scopes


def _granted(session: Session, app: ConnectedApp, user_id: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    return _answer(session, Caller(user_id, scopes, app.client_id))


def _answer(session: Session, caller: Caller) -> dict[str, Any]:
    """The body of a token response, in the order of recorded ones; the signature follows. Nobody inactive gets one."""
    user = session.org.store.fetch(session.org.schema["User"], caller.user_id)
    if user is None or not user["IsActive"]:
        raise Refuse.INACTIVE_USER()
    return {
        "access_token": session.org.sessions.open(caller, session.now),
        "signature": "",
        "scope": " ".join(caller.scopes),
        "instance_url": session.base_url,
        "id": f"{session.base_url}/id/{session.org.org_id}/{caller.user_id}",
        "token_type": "Bearer",
        "issued_at": str(_milliseconds(session.now)),
    }


def _signed(session: Session, app: ConnectedApp, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with its signature: HMAC-SHA256 over identity and instant, by the app's secret (clients check it)."""
    assert session.base_url, "an identity has a host"
    text = f"{answer['id']}{answer['issued_at']}".encode()
    answer["signature"] = b64encode(new(app.client_secret.encode(), text, sha256).digest()).decode()
    return answer


def _milliseconds(now: datetime) -> int:
    return round(now.timestamp() * 1000)


def revoke(session: Session, call: Call) -> Response:
    """End a token; a refresh token takes its sessions along."""
    token_given = parameters(call).get("token", "")
    if not session.org.sessions.revoke(token_given):
        raise Refuse.UNKNOWN_TOKEN(token=token_given)
    return Response(200)


ROUTES = (
    Route("POST", "/services/oauth2/token", token, Needs.NOTHING, dialects.oauth),
    Route("POST", "/services/oauth2/revoke", revoke, Needs.NOTHING, dialects.oauth),
    Route("GET", "/services/oauth2/revoke", revoke, Needs.NOTHING, dialects.oauth),
)
