"""OAuth: the token endpoint with its grants, and the end of tokens."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from mocksf import dialects
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.oauth.answers import answer, identity_of, signed, with_identity
from mocksf.rest.oauth.clients import Parameters, app_of, logged_in, parameters, scopes_of, user_of
from mocksf.rest.oauth.device import by_device, device_code
from mocksf.rest.oauth.web import by_code
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.sessions import Caller

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("The password grant gives no refresh token", Evidence.RECORDED),
    ("A revoke of an unknown token answers 400 in JSON", Evidence.ASSUMED),
    ("A refresh token that was exchanged ends its successor when it is brought again", Evidence.ASSUMED),
    ("Introspection wants the app's credentials; other apps' tokens are not active to it", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
NO_STORE = {"Cache-Control": "no-store"}
LOGIN_HOSTS = ("login.salesforce.", "test.salesforce.")
"""Hosts that know no client credentials: that flow wants the org's own domain (recorded)."""


def token(session: Session, call: Call) -> Response:
    """A token for whoever proves who it is, by one of the grants of `GRANTS`; or a code for a device."""
    given = parameters(call)
    if given.get("response_type") == "device_code":
        return Response(200, device_code(session, call, given), dict(NO_STORE))
    grant = GRANTS.get(given.get("grant_type", ""))
    if grant is None:
        raise Refuse.UNKNOWN_GRANT()
    return Response(200, grant(session, call, given), dict(NO_STORE))


# -- the grants --------------------------------------------------------------------------------------------------------


def _by_password(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    app = app_of(session, call, given)
    user_id = logged_in(session, given.get("username", ""), given.get("password", ""))
    return signed(session, app, answer(session, Caller(user_id, scopes_of(app, given), app.client_id)))


def _by_client_credentials(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    app = app_of(session, call, given)
    if "scope" in given:
        raise Refuse.NO_SCOPE_PARAMETER()
    if (urlsplit(session.base_url).hostname or "").startswith(LOGIN_HOSTS):
        raise Refuse.WRONG_LOGIN_DOMAIN()
    user = user_of(session, app.run_as) if app.run_as else None
    if user is None or not user["IsActive"]:
        raise Refuse.NO_RUN_AS_USER()
    return signed(session, app, answer(session, Caller(user["Id"], app.scopes, app.client_id)))


def _by_assertion(session: Session, _: Call, given: Parameters) -> dict[str, Any]:
    """JWT bearer: signature, audience and expiry are really checked; no refresh token, no issued_at, no signature."""
    from mocksf.rest.oauth.assertions import read_assertion  # what reads them is large, and most orgs never see one

    claims = read_assertion(given.get("assertion", ""), session.org.sessions.apps, session.now, session.base_url)
    user = user_of(session, claims.username)
    if user is None:
        raise Refuse.UNAPPROVED_USER()
    said = answer(session, Caller(user["Id"], claims.app.scopes, claims.app.client_id))
    return {name: said[name] for name in ("access_token", "scope", "instance_url", "id", "token_type")}


def _by_refresh_token(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    app, sessions = app_of(session, call, given, secret_needed=False), session.org.sessions
    refresh = given.get("refresh_token", "")
    caller = sessions.refreshed(refresh)
    if caller is None or caller.client_id != app.client_id:
        sessions.betrayed(refresh, session.now)
        raise Refuse.DEAD_REFRESH_TOKEN()
    said = signed(session, app, answer(session, caller))
    if session.org.settings.refresh_rotation:
        said = {**said, "refresh_token": sessions.rotate(refresh, session.now)}
    return with_identity(session, caller, said)


GRANTS: Mapping[str, Callable[[Session, Call, Parameters], dict[str, Any]]] = {
    "password": _by_password,
    "client_credentials": _by_client_credentials,
    JWT_BEARER: _by_assertion,
    "refresh_token": _by_refresh_token,
    "authorization_code": by_code,
    "device": by_device,
    "urn:ietf:params:oauth:grant-type:device_code": by_device,
}


# -- tokens that are there ---------------------------------------------------------------------------------------------


def revoke(session: Session, call: Call) -> Response:
    """End a token; a refresh token takes its sessions along."""
    token_given = parameters(call).get("token", "")
    if not session.org.sessions.revoke(token_given):
        raise Refuse.UNKNOWN_TOKEN(token=token_given)
    return Response(200)


def introspect(session: Session, call: Call) -> Response:
    """Whether a token is good, whose it is and until when, for the app that it was given to (RFC 7662)."""
    given = parameters(call)
    app = app_of(session, call, given)
    said = _standing(session, given.get("token", ""))
    if said is None or said["client_id"] != app.client_id:
        said = {"active": False}
    return Response(200, said, dict(NO_STORE))


def _standing(session: Session, token_given: str) -> dict[str, Any] | None:
    sessions = session.org.sessions
    standing = sessions.standing(token_given, session.now)
    caller = standing[0] if standing else sessions.refreshed(token_given)
    user = caller and session.org.store.fetch(session.org.schema["User"], caller.user_id)
    if caller is None or not user or not user["IsActive"]:
        return None
    said = {
        "active": True,
        "scope": " ".join(caller.scopes),
        "client_id": caller.client_id,
        "username": user["Username"],
        "sub": identity_of(session, caller.user_id),
        "token_type": "access_token" if standing else "refresh_token",
    }
    if standing is None:
        return said
    issued = int(caller.issued)
    return {**said, "exp": int(standing[1].timestamp()), "iat": issued, "nbf": issued}


ROUTES = (
    Route("POST", "/services/oauth2/token", token, Needs.NOTHING, dialects.oauth),
    Route("POST", "/services/oauth2/revoke", revoke, Needs.NOTHING, dialects.oauth),
    Route("GET", "/services/oauth2/revoke", revoke, Needs.NOTHING, dialects.oauth),
    Route("POST", "/services/oauth2/introspect", introspect, Needs.NOTHING, dialects.oauth),
)
