"""A call that only reads, in fair weather: it reaches for no row, so nothing of it can wait or has to be undone."""

from datetime import datetime

from mocksf.locks import LockKey
from mocksf.messages import Response
from mocksf.rest.reception import Visit, signed
from mocksf.rest.routing import Router
from mocksf.rest.session import Premises, Session


def look_up(org: Premises, seen: Premises, router: Router, visit: Visit, now: datetime) -> Response:
    """Its answer. `seen` is the org as the caller sees it."""
    number = visit.view.number if visit.view is not None else 0
    session = Session(seen, router, now, visit.caller, visit.base_url, _reach_for_nothing, None, number)
    response = router.answer(session, visit.call, visit.route, visit.values)
    if session.seen:
        org.recents.note(session.user_id, session.seen)
    return signed(org, response, now, visit.counted)


def _reach_for_nothing(key: LockKey) -> None:
    message = f"a request that only reads reached for {key}"
    raise AssertionError(message)
