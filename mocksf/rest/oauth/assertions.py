"""JWT assertions: who signed, for whom, for which host, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.sessions import ConnectedApp, public_key

AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")
SKEW_S = 180
"""How far clocks may disagree (assumed; clients rely on leniency)."""
FUTURE_S = 300 + SKEW_S
"""How far ahead an assertion may expire: five minutes, and the skew."""
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Clocks may disagree by three minutes about the expiry of an assertion", Evidence.ASSUMED),
    ("exp may be text or milliseconds, aud the org's own address with or without a slash", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""

_MILLISECONDS_FROM = 10**11
_CHECK_NOTHING = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss"), False)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good assertion says."""

    app: ConnectedApp
    username: str


def read_assertion(assertion: str, apps: Mapping[str, ConnectedApp], now: datetime, base_url: str) -> Claims:
    """The claims of an assertion. Raises `Refuse.BAD_ASSERTION`, `UNKNOWN_CLIENT` and `WRONG_AUDIENCE`."""
    app = apps.get(str(_peeked(assertion).get("iss")))
    if app is None:
        raise Refuse.UNKNOWN_CLIENT()
    claims = _verified(assertion, app)
    if not _audience_fits(claims.get("aud"), base_url):
        raise Refuse.WRONG_AUDIENCE()
    if not _fresh(claims.get("exp"), now):
        raise Refuse.BAD_ASSERTION()
    username = claims.get("sub") or claims.get("prn")
    if not isinstance(username, str):
        raise Refuse.BAD_ASSERTION()
    return Claims(app, username)


def _peeked(assertion: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise Refuse.BAD_ASSERTION() from None
    return claims


def _verified(assertion: str, app: ConnectedApp) -> dict[str, Any]:
    """The claims, once one of the app's keys has signed them."""
    for pem in app.keys:
        try:
            # Expiry and audience are the org's to judge: by its own clock, and as leniently as the real one.
            claims: dict[str, Any] = jwt.decode(
                assertion,
                public_key(pem),
                algorithms=["RS256"],
                options=_CHECK_NOTHING,  # type: ignore[arg-type]
            )
        except jwt.PyJWTError:
            continue
        return claims
    raise Refuse.BAD_ASSERTION()


def _audience_fits(audience: Any, base_url: str) -> bool:
    known = {*AUDIENCES, base_url}
    heard = audience if isinstance(audience, list) else [audience]
    return any(isinstance(each, str) and each.rstrip("/") in known for each in heard)


def _fresh(expiry: Any, now: datetime) -> bool:
    """Whether an assertion expires neither before now nor too late; clients write seconds as text, or milliseconds."""
    try:
        seconds = float(expiry)
    except (TypeError, ValueError):
        return False
    if seconds > _MILLISECONDS_FROM:
        seconds /= 1000
    return now.timestamp() - SKEW_S <= seconds <= now.timestamp() + FUTURE_S
