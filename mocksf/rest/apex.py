"""Apex REST: `/services/apexrest/…`, answered by the hooks of the org."""

from typing import Any

import orjson

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.hooks import METHODS, ApexError
from mocksf.messages import Raw, Response
from mocksf.rest.hooked import HookCall
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A path that belongs to no Apex class answers NOT_FOUND with a sentence of its own", Evidence.ASSUMED),
    ("An exception that Apex does not catch is APEX_ERROR under status 500, and nothing is saved", Evidence.RECORDED),
    ("A method without a result answers 200 with an empty body", Evidence.ASSUMED),
    ("Calls of Apex REST count against the daily allowance", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


def answer(session: Session, call: Call, path: str) -> Response:
    """What the hook of a path answers; what it saved before it raised is undone."""
    address = f"/{path}"
    found = session.org.hooks.mapped(address)
    if found is None:
        raise Refuse.NO_APEX_CLASS()
    mapped, rest = found
    handler = mapped.handlers.get("GET" if call.method == "HEAD" else call.method)
    if handler is None:
        raise Refuse.WRONG_METHOD(method=call.method, allowed=",".join(sorted(mapped.handlers)))
    try:
        with session.org.store.atomic():
            return _response(handler(HookCall(session, call, address, rest)))
    except ApexError as error:
        raise Refuse.APEX_ERROR(message=str(error)) from error


def _response(result: Any) -> Response:
    """A hook's result as a response: a Response as it is, bytes as they are, nothing for None, all else as JSON."""
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(200)
    if isinstance(result, bytes):
        return Response(200, Raw(result), {"Content-Type": "application/octet-stream"})
    return Response(200, Raw(orjson.dumps(result)))


ROUTES = tuple(Route(method, "/services/apexrest/{path*}", answer) for method in METHODS)
