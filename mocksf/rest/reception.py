"""The front desk: who calls, whether they may, what it costs; settled once per request, on arrival."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from mocksf import dialects
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Raw, Request, Response
from mocksf.permissions import View
from mocksf.rest import bodies
from mocksf.rest.routing import READS, Needs, Route, Router
from mocksf.rest.session import Call, Premises
from mocksf.sessions import Caller

URI_BYTES_MAX = 16_384
"""The longest target (documented); the edge answers longer ones itself, with a page."""
_PAGE = "<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
_DATA = "/services/data/v"
"""How nearly every path on an org's data is written."""
_COUNTED = frozenset({"data", "apexrest"})
"""What under /services is a call on an org's data."""
_SCHEMES = frozenset({"bearer", "oauth"})


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A call without an Authorization header is refused like one with a wrong scheme", Evidence.ASSUMED),
    (
        "Refused calls count against the daily allowance, unless they had no session",
        Evidence.ASSUMED,
    ),
    ("Every authenticated answer reports the allowance, errors included", Evidence.ASSUMED),
    ("api and full include Chatter; a token without them is refused with 401", Evidence.ASSUMED),
    ("An API version that is not served answers NOT_FOUND", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class Visit(NamedTuple):
    """What was settled about a request on its arrival."""

    call: Call
    route: Route
    values: tuple[str, ...]
    caller: Caller | None
    base_url: str
    counted: bool
    """Whether it counts against the daily allowance, which its answer then reports."""
    view: View | None = None
    """What the caller sees of the org; None without a caller."""

    @property
    def writes(self) -> bool:
        """Whether it may need rows for itself: Apex may write whatever the verb is."""
        return self.counted and (self.call.method not in READS or not self.route.versioned)

    @property
    def reads(self) -> bool:
        """Whether it is a call on the org's data that changes nothing."""
        return self.counted and self.call.method in READS and self.route.versioned


def receive(org: Premises, router: Router, request: Request, now: datetime) -> Visit | Response:
    """Let a request in, or give the answer that turns it away. Counts it, and prolongs its session."""
    if len(request.target) > URI_BYTES_MAX:
        return _page(414, "URI Too Long")
    call = Call(request.method.upper(), request.target, request.headers)
    counted = is_data(call)
    try:
        visit = _admit(org, router, call, request, now, counted)
        call.take(bodies.content(request))
    except bodies.TooLarge:
        return signed(org, _page(413, "Request Entity Too Large"), now, counted)
    except Refusal as refusal:
        answer = _dialect(router, call)(refusal)
        return signed(org, answer, now, counted and refusal.status != 401)
    return visit


def overfull(request: Request) -> Response | None:
    """The page of the edge for a target and headers of more than 16,384 bytes together, or None (documented).

    A target that is too long by itself has a page of its own, which `receive` gives.
    """
    headers, target = request.headers, len(request.target)
    size = target + sum(map(len, headers)) + sum(map(len, headers.values()))
    large = target <= URI_BYTES_MAX < size
    return _page(431, "HTTP ERROR 431 Request Header Fields Too Large") if large else None


def is_data(call: Call) -> bool:
    """Whether a call is one on an org's data: it needs a session and counts against the allowance."""
    if call.written.startswith(_DATA):
        return True
    segments = call.segments
    return len(segments) > 2 and segments[1].lower() in _COUNTED and segments[0].lower() == "services"


def signed(org: Premises, response: Response, now: datetime, counted: bool) -> Response:
    """The answer, reporting the allowance where the call counted."""
    if counted:
        response.headers["Sforce-Limit-Info"] = org.allowance.info(now)
    return response


def _admit(org: Premises, router: Router, call: Call, request: Request, now: datetime, counted: bool) -> Visit:
    caller, view = None, None
    if counted:
        caller = authenticated(org, call, now)
        view = org.access.of(caller.user_id)
        if not (view.api and org.access.api):
            raise (Refuse.BAD_SESSION if org.access.gone(caller.user_id) else Refuse.API_OFF)()
        org.allowance.spend(now)
    route, values = router.find(call)
    if route.needs is not Needs.NOTHING:
        caller = caller or _awake(org, call, now, text=route.dialect is dialects.text)
        demand(org, route, caller)
    return Visit(call, route, values, caller, base_url(org, request), counted, view)


def _awake(org: Premises, call: Call, now: datetime, text: bool) -> Caller:
    """Who calls, if they may still do so."""
    caller = authenticated(org, call, now, text)
    if org.access.gone(caller.user_id):
        raise (Refuse.BAD_TOKEN if text else Refuse.BAD_SESSION)()
    return caller


def authenticated(org: Premises, call: Call, now: datetime, text: bool = False) -> Caller:
    """Who calls. Raises the refusals of a session; `text` asks for those of the identity resources."""
    token = _token(call)
    if token is None:
        raise (Refuse.MISSING_TOKEN if text else Refuse.BAD_AUTH_HEADER)()
    caller = org.sessions.caller(token, now)
    if caller is not None:
        return caller
    if text:
        raise Refuse.BAD_TOKEN()
    # A token of JWT form that is no longer good is refused in misleading words (recorded).
    raise (Refuse.EXPIRED_JWT if token.count(".") == 2 and token.startswith("eyJ") else Refuse.BAD_SESSION)()


def _token(call: Call) -> str | None:
    """The token of a call, from any of the carriers that clients use (facts on clients, trap 19)."""
    named = _bearer(call.headers.get("authorization", ""))
    return named or call.header("x-sfdc-session") or call.query.get("oauth_token") or None


@lru_cache(maxsize=256)
def _bearer(authorization: str) -> str:
    """The token of an Authorization header; empty where it has another scheme, or none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() in _SCHEMES else ""


def demand(org: Premises, route: Route, caller: Caller) -> None:
    """Raise unless the caller's scopes reach as far as the route."""
    if route.needs is Needs.API and not caller.has("api", "full"):
        raise Refuse.NO_API_SCOPE()
    if route.needs is not Needs.CHATTER:
        return
    if not org.settings.chatter:
        raise Refuse.CHATTER_OFF()
    if not caller.has(*(("chatter_api",) if org.settings.scopes_strict else ("chatter_api", "api", "full"))):
        raise Refuse.NO_API_SCOPE()


def base_url(org: Premises, request: Request) -> str:
    """Scheme and host that absolute addresses name: the configured ones, else those the request came to."""
    if org.settings.instance_url:
        return org.settings.instance_url.rstrip("/")
    return f"{request.scheme}://{request.host or org.settings.my_domain}"


def _dialect(router: Router, call: Call) -> dialects.Dialect:
    """In which dialect a call is turned away: that of its route where it has one."""
    try:
        return router.find(call)[0].dialect
    except Refusal:
        return dialects.rest


def _page(status: int, title: str) -> Response:
    """A page of the edge: what comes back when a request never reaches the org."""
    return Response(status, Raw(_PAGE.format(title=title).encode()), {"Content-Type": dialects.HTML_TYPE})
