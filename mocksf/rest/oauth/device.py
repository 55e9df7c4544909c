"""The device flow: a code that a person types in elsewhere, and a device that asks again and again until then."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import orjson

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.rest.oauth import pages as oauth_pages
from mocksf.rest.oauth.answers import logged_in_answer
from mocksf.rest.oauth.clients import Parameters, app_of, logged_in, parameters, scopes_of
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.sessions import Caller

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A device code is good for ten minutes", Evidence.ASSUMED),
    ("Polls are five seconds apart, and five more after each hasty one (RFC 8628)", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

CONNECT = "/setup/connect"
LIFE = timedelta(minutes=10)
INTERVAL_S = 5
USER_CODE_CHARS = 8


@dataclass(frozen=True, slots=True)
class _Device:
    """A device that waits."""

    client_id: str
    scopes: tuple[str, ...]
    ends: float
    interval: float = INTERVAL_S
    polled: float = 0.0
    user_id: str = ""
    denied: bool = False

    def written(self) -> str:
        return orjson.dumps(asdict(self)).decode()


def _read(text: str) -> _Device:
    facts = orjson.loads(text)
    return _Device(**{**facts, "scopes": tuple(facts["scopes"])})


def device_code(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    """A code for the device and one for the person."""
    app = app_of(session, call, given, secret_needed=False)
    sessions, life = session.org.sessions, (session.now, session.now + LIFE)
    device = _Device(app.client_id, scopes_of(app, given), life[1].timestamp())
    code = sessions.slips.fresh("device", lambda: sessions.draw(64), device.written(), life)
    word = sessions.slips.fresh("person", lambda: sessions.draw(USER_CODE_CHARS).upper(), code, life)
    where = f"{session.base_url}{CONNECT}"
    return {"user_code": word, "device_code": code, "interval": INTERVAL_S, "verification_uri": where}


def by_device(session: Session, call: Call, given: Parameters) -> dict[str, Any]:
    """The grant `device`: refused until the person has decided."""
    app = app_of(session, call, given, secret_needed=False)
    slips, name = session.org.sessions.slips, f"device {given.get('code') or given.get('device_code', '')}"
    text = slips.see(name, session.now)
    device = _read(text) if text else None
    if device is None or device.client_id != app.client_id:
        raise Refuse.DEAD_DEVICE()
    if not (device.user_id or device.denied):
        raise _still_waiting(session, name, device)
    slips.take(name, session.now)
    if device.denied:
        raise Refuse.DENIED()
    return logged_in_answer(session, app, Caller(device.user_id, device.scopes, app.client_id))


def _still_waiting(session: Session, name: str, device: _Device) -> Refusal:
    now = session.now.timestamp()
    hasty = now - device.polled < device.interval
    polled = replace(device, polled=now, interval=device.interval + INTERVAL_S * hasty)
    _keep(session, name, polled)
    return (Refuse.DEVICE_HASTY if hasty else Refuse.DEVICE_WAITS)()


def _keep(session: Session, name: str, device: _Device) -> None:
    left = timedelta(seconds=device.ends - session.now.timestamp())
    session.org.sessions.slips.put(name, device.written(), session.now + left, session.now)


# -- the page ----------------------------------------------------------------------------------------------------------


def connect(_: Session, call: Call) -> Response:
    """The page on which a person lets a device in."""
    return _page(call.query.get("user_code", ""), "")


def connected(session: Session, call: Call) -> Response:
    """What the person decided about the device."""
    given = parameters(call)
    slips, word = session.org.sessions.slips, given.get("user_code", "").strip().upper()
    code = slips.see(f"person {word}", session.now)
    text = slips.see(f"device {code}", session.now) if code else None
    if text is None:
        return _page(word, "No device waits with this code")
    try:
        user_id = logged_in(session, given.get("username", ""), given.get("password", ""))
    except Refusal as refusal:
        return _page(word, refusal.message, given.get("username", ""))
    slips.take(f"person {word}", session.now)
    denied = given.get("choice") != "allow"
    _keep(session, f"device {code}", replace(_read(text), user_id=user_id, denied=denied))
    return oauth_pages.page("The device was turned away" if denied else "The device is connected", "")


def _page(word: str, wrong: str, username: str = "") -> Response:
    code = oauth_pages.text_field("Code", "user_code", word)
    inner = code + oauth_pages.credentials(username) + oauth_pages.choices()
    body = oauth_pages.problem(wrong) + oauth_pages.form(CONNECT, {}, inner)
    return oauth_pages.page("Connect a device", body, 400 if wrong else 200)


ROUTES = (
    Route("GET", CONNECT, connect, Needs.NOTHING, oauth_pages.refused),
    Route("POST", CONNECT, connected, Needs.NOTHING, oauth_pages.refused),
)
