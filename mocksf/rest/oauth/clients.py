"""Who asks for a token: the connected app, the user, the scopes, and how all this is written in a form."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.rest.session import Call, Session
from mocksf.sessions import ConnectedApp
from mocksf.users import user_named

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A password token lists its scopes, and fewer may be asked for", Evidence.ASSUMED),
    ("Every connected app may ask who the user is: openid, id, profile, email, address, phone", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Parameters = Mapping[str, str]
IDENTITY_SCOPES = ("openid", "id", "profile", "email", "address", "phone")
"""What may be asked for beside what an app was set up with."""
REFRESHING = frozenset({"refresh_token", "offline_access"})
"""The scopes that earn a refresh token."""


def parameters(call: Call) -> dict[str, str]:
    """The parameters of a form, in the body or in the address: clients use both."""
    form = dict(parse_qsl(call.content.decode("utf-8", "replace"), keep_blank_values=True))
    return {**call.query, **form}


def app_of(session: Session, call: Call, given: Parameters, secret_needed: bool = True) -> ConnectedApp:
    """The connected app that asks, by Basic header or parameters. Raises UNKNOWN_CLIENT and WRONG_SECRET."""
    client_id, secret = _basic(call) or (given.get("client_id", ""), given.get("client_secret"))
    app = known_app(session, client_id)
    if secret is None and (app.public or not secret_needed):
        return app
    if not compare_digest((secret or "").encode(), app.client_secret.encode()):
        raise Refuse.WRONG_SECRET()
    return app


def known_app(session: Session, client_id: str) -> ConnectedApp:
    """The connected app of this client id. Raises UNKNOWN_CLIENT."""
    app = session.org.sessions.apps.get(client_id)
    if app is None:
        raise Refuse.UNKNOWN_CLIENT()
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


def user_of(session: Session, username: str) -> dict[str, Any] | None:
    """The stored row of a user by name, or None."""
    return user_named(session.org.schema, session.org.store, username)


def logged_in(session: Session, username: str, password: str) -> str:
    """The id of the active user with this name and password; a security token may follow the password."""
    user = user_of(session, username)
    if user is None or not password.startswith(session.org.settings.password):
        raise Refuse.WRONG_PASSWORD()
    if not user["IsActive"]:
        raise Refuse.INACTIVE_USER()
    user_id: str = user["Id"]
    return user_id


def scopes_of(app: ConnectedApp, given: Parameters) -> tuple[str, ...]:
    """The scopes asked for, or all that the app was set up with. Raises UNGRANTED_SCOPE."""
    asked = given.get("scope", "").split()
    known = (*app.scopes, *IDENTITY_SCOPES)
    if not set(asked) <= set(known):
        raise Refuse.UNGRANTED_SCOPE()
    return tuple(scope for scope in known if scope in asked) if asked else app.scopes
