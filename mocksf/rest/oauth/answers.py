"""What comes of a login: the token response with its signature, a refresh token, an ID token."""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from hmac import new
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.rest.oauth.clients import REFRESHING
from mocksf.rest.session import Session
from mocksf.sessions import Caller, ConnectedApp

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("The signature is HMAC-SHA256 over identity and instant with the app's secret", Evidence.CLIENT),
    ("An ID token is good for two minutes", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

ID_TOKEN_S = 120


def answer(session: Session, caller: Caller) -> dict[str, Any]:
    """The body of a token response, in the order of recorded ones; the signature follows. Nobody inactive gets one."""
    user = session.org.store.fetch(session.org.schema["User"], caller.user_id)
    if user is None or not user["IsActive"]:
        raise Refuse.INACTIVE_USER()
    return {
        "access_token": _access_token(session, caller),
        "signature": "",
        "scope": " ".join(caller.scopes),
        "instance_url": session.base_url,
        "id": identity_of(session, caller.user_id),
        "token_type": "Bearer",
        "issued_at": str(_milliseconds(session.now)),
    }


def _access_token(session: Session, caller: Caller) -> str:
    sessions = session.org.sessions
    if session.org.settings.token_format == "jwt":
        return sessions.open_signed(caller, session.now, session.base_url)
    return sessions.open(caller, session.now)


def signed(session: Session, app: ConnectedApp, said: dict[str, Any]) -> dict[str, Any]:
    """The answer with its signature: HMAC-SHA256 over identity and instant, by the app's secret (clients check it)."""
    assert session.base_url, "an identity has a host"
    text = f"{said['id']}{said['issued_at']}".encode()
    said["signature"] = b64encode(new(app.client_secret.encode(), text, sha256).digest()).decode()
    return said


def logged_in_answer(session: Session, app: ConnectedApp, caller: Caller, nonce: str = "") -> dict[str, Any]:
    """What a person's own login earns: a refresh token too where its scopes say so, and an ID token for `openid`."""
    refresh = {}
    if caller.has(*REFRESHING):
        token = session.org.sessions.give_refresh(caller)
        caller, refresh = replace(caller, refresh_token=token), {"refresh_token": token}
    said = signed(session, app, answer(session, caller))
    first = {"access_token": said.pop("access_token")}
    return with_identity(session, caller, {**first, **refresh, **said}, nonce)


def with_identity(session: Session, caller: Caller, said: dict[str, Any], nonce: str = "") -> dict[str, Any]:
    """The answer with an ID token, where the scope `openid` was granted."""
    if not caller.has("openid"):
        return said
    seconds = int(session.now.timestamp())
    claims = {
        "at_hash": _half_hash(said["access_token"]),
        "sub": said["id"],
        "aud": caller.client_id,
        "iss": session.base_url,
        "exp": seconds + ID_TOKEN_S,
        "iat": seconds,
        **({"nonce": nonce} if nonce else {}),
    }
    return {**said, "id_token": session.org.sessions.signing.signed(claims)}


def _half_hash(token: str) -> str:
    """The left half of a token's hash (OpenID Connect Core, section 3.1.3.6)."""
    return urlsafe_b64encode(sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()


def identity_of(session: Session, user_id: str) -> str:
    """The identity address of a user."""
    return f"{session.base_url}/id/{session.org.org_id}/{user_id}"


def _milliseconds(now: datetime) -> int:
    return round(now.timestamp() * 1000)
