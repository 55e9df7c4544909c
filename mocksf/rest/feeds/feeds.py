"""Feeds: the feed elements of a record, of a person, and the news of the calling user."""

from typing import Any

from mocksf import soql
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Response
from mocksf.rest.asking import asked_by
from mocksf.rest.feeds.feed import feed_element, user_detail
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session

PAGE, PAGE_MAX = 25, 100
"""How many elements a page has, unless `?pageSize=` says otherwise (documented)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A feed lists its elements the latest first, 25 to a page unless pageSize says otherwise", Evidence.DOCUMENTED),
    ("The news of a user are all posts of the org: everybody follows everything", Evidence.ASSUMED),
    ("The page token of a feed is the place of the next element", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def roots(_: Session, call: Call) -> Response:
    """Where the resources of Chatter are."""
    root = f"/services/data/v{call.version}/chatter"
    return Response(200, {"feeds": f"{root}/feeds", "users": f"{root}/users"})


def communities(_: Session, __: Call) -> Response:
    """The sites of the org: none."""
    return Response(200, {"communities": [], "total": 0})


def of_record(session: Session, call: Call, id: str) -> Response:
    """The posts on one record, the latest first."""
    record_id = normalise_id(id)
    kind = session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or kind is None:
        raise Refuse.BAD_CONNECT_ID(value=id)
    if not session.org.store.exists(kind, record_id):
        raise Refuse.NO_SUCH_RESOURCE()
    return _page(session, call, record_id)


def of_user(session: Session, call: Call, id: str) -> Response:
    """The posts on one person's page, the latest first."""
    return _page(session, call, _user(session, id))


def news(session: Session, call: Call, id: str) -> Response:
    """What is new for the calling user: all posts, the latest first."""
    if _user(session, id) != session.user_id:
        raise Refuse.NO_SUCH_RESOURCE()
    return _page(session, call, None)


def user(session: Session, call: Call, id: str) -> Response:
    """One person as Chatter shows people."""
    return Response(200, user_detail(session, call, _user(session, id)))


def delete(session: Session, call: Call, id: str) -> Response:
    """Take back a post."""
    kind, item_id = session.sobject("FeedItem"), normalise_id(id)
    if item_id is None or item_id[:3] != kind.key_prefix:
        raise Refuse.BAD_CONNECT_ID(value=id)
    session.org.records.delete(session.actor(call), kind, item_id, session.touch)
    return Response(204)


def _user(session: Session, named: str) -> str:
    if named.lower() == "me":
        return session.user_id
    user_id = normalise_id(named)
    kind = session.org.store.schema["User"]
    if user_id is None or user_id[:3] != kind.key_prefix:
        raise Refuse.BAD_CONNECT_ID(value=named)
    if not session.org.store.exists(kind, user_id):
        raise Refuse.NO_SUCH_RESOURCE()
    return user_id


def _page(session: Session, call: Call, parent_id: str | None) -> Response:
    size, start = _number(call, "pageSize", PAGE), _number(call, "page", 0)
    if not 0 < size <= PAGE_MAX:
        raise Refuse.BAD_CONNECT_INPUT(reason=f"pageSize must be a whole number from 1 to {PAGE_MAX}")
    found = _items(session, parent_id, size + 1, start)
    here = f"/services/data/v{call.version}/{'/'.join(call.segments[3:])}"
    token = str(start + size) if len(found) > size else None
    elements = [_element(session, call, *row) for row in found[:size]]
    body: dict[str, Any] = {
        "currentPageToken": str(start) if start else None,
        "currentPageUrl": f"{here}?page={start}&pageSize={size}" if start else here,
        "elements": elements,
        "isModifiedToken": None,
        "isModifiedUrl": None,
        "nextPageToken": token,
        "nextPageUrl": f"{here}?page={token}&pageSize={size}" if token else None,
        "updatesToken": None,
        "updatesUrl": None,
    }
    return Response(200, body)


def _element(session: Session, call: Call, item_id: str, text: str | None) -> dict[str, Any]:
    return feed_element(session, call, item_id, [{"text": text or "", "type": "Text"}])


def _items(session: Session, parent_id: str | None, count: int, start: int) -> list[tuple[str, str | None]]:
    """Ids and texts of posts, the latest first."""
    where = f"WHERE ParentId = '{parent_id}' " if parent_id is not None else ""
    text = f"SELECT Id, Body FROM FeedItem {where}ORDER BY CreatedDate DESC, Id DESC LIMIT {count} OFFSET {start}"
    plan = soql.compile_soql(text, session.org.schema, asked_by(session))
    return [(each["Id"], each["Body"]) for each in soql.execute(plan, session.org.store).records]


def _number(call: Call, name: str, usual: int) -> int:
    given = call.query.get(name, "")
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) < 8):
        raise Refuse.BAD_CONNECT_INPUT(reason=f"{name} must be a whole number, not {given}")
    return int(given)


ROUTES = (
    Route("GET", "/chatter", roots, Needs.CHATTER),
    Route("GET", "/connect/communities", communities, Needs.CHATTER),
    Route("GET", "/chatter/feeds/record/{id}/feed-elements", of_record, Needs.CHATTER),
    Route("GET", "/chatter/feeds/user-profile/{id}/feed-elements", of_user, Needs.CHATTER),
    Route("GET", "/chatter/feeds/news/{id}/feed-elements", news, Needs.CHATTER),
    Route("GET", "/chatter/users/{id}", user, Needs.CHATTER),
    Route("DELETE", "/chatter/feed-elements/{id}", delete, Needs.CHATTER),
)
