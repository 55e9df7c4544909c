"""Chatter: post a feed element, read it back, and who the caller is."""

from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Json, Response
from mocksf.rest.feeds.feed import feed_element, user_detail
from mocksf.rest.routing import Needs, Route
from mocksf.rest.session import Call, Session

BODY_CHARS_MAX = 10_000


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    (
        "A missing or unknown part of a feed element is MISSING_ARGUMENT or INVALID_INPUT",
        Evidence.ASSUMED,
    ),
    ("A post on a record that is gone answers NOT_FOUND", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


def post(session: Session, call: Call) -> Response:
    """A new feed element on a record, a group or a user, given in the body or in the query.

    Creates a FeedItem. Answers in the manner of Connect: keys in alphabetical order, instants that end in `Z`.
    """
    wanted = _from_query(call) if "feedElementType" in call.query else call.json_object()
    if wanted.get("feedElementType") != "FeedItem":
        raise Refuse.MISSING_ARGUMENT(reason="feedElementType is required, and its only value is FeedItem")
    subject_id = _subject(session, wanted.get("subjectId"))
    segments = _segments(session, wanted.get("body"))
    text = "".join(segment["text"] for segment in segments)
    feed_item = session.org.schema["FeedItem"]
    row = {"ParentId": subject_id, "Body": text, "Type": "TextPost"}
    item_id = session.org.records.create(session.actor(call), feed_item, row, session.touch)
    return Response(201, feed_element(session, call, item_id, segments))


def read(session: Session, call: Call, id: str) -> Response:
    """One feed element."""
    item_id = normalise_id(id)
    if item_id is None or session.org.schema.of_id(item_id) is not session.org.schema.get("FeedItem"):
        raise Refuse.BAD_CONNECT_ID(value=id)
    row = session.org.store.fetch(session.org.schema["FeedItem"], item_id)
    if row is None or row["IsDeleted"]:
        raise Refuse.NO_SUCH_RESOURCE()
    return Response(200, feed_element(session, call, item_id, [{"text": row["Body"] or "", "type": "Text"}]))


def me(session: Session, call: Call) -> Response:
    """The calling user as Chatter shows people."""
    return Response(200, user_detail(session, call, session.user_id))


def _from_query(call: Call) -> dict[str, Json]:
    query = call.query
    text = {"text": query.get("text", ""), "type": "Text"}
    return {
        "feedElementType": query["feedElementType"],
        "subjectId": query.get("subjectId"),
        "body": {"messageSegments": [text]},
    }


def _subject(session: Session, subject: Json) -> str:
    """The id of what is posted on; `me` is the caller. Raises BAD_CONNECT_ID, and NO_SUCH_RESOURCE where it is gone."""
    if subject == "me":
        return session.user_id
    if subject is None:
        raise Refuse.MISSING_ARGUMENT(reason="subjectId is required: the id of a user, a group or a record, or me")
    record_id = normalise_id(subject) if isinstance(subject, str) else None
    kind = session.org.schema.of_id(record_id) if record_id else None
    if record_id is None or kind is None or kind.name == "FeedItem":
        raise Refuse.BAD_CONNECT_ID(value=subject)
    if not session.org.store.exists(kind, record_id):
        raise Refuse.NO_SUCH_RESOURCE()
    return record_id


def _segments(session: Session, body: Json) -> list[dict[str, Any]]:
    """The message segments as they are answered, each with its text."""
    given = body.get("messageSegments") if isinstance(body, dict) else None
    if not isinstance(given, list) or not given:
        raise Refuse.MISSING_ARGUMENT(reason="body.messageSegments is required")
    segments = [_segment(session, each) for each in given]
    if sum(len(segment["text"]) for segment in segments) > BODY_CHARS_MAX:
        raise Refuse.BAD_CONNECT_INPUT(reason=f"The body of a feed element holds at most {BODY_CHARS_MAX} characters")
    return segments


def _segment(session: Session, given: Json) -> dict[str, Any]:
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "Text" and isinstance(given.get("text"), str):
        return {"text": given["text"], "type": "Text"}
    if kind == "Link" and isinstance(given.get("url"), str):
        return {"reference": None, "text": given["url"], "type": "Link", "url": given["url"]}
    if kind == "Hashtag" and isinstance(given.get("tag"), str):
        return {"tag": given["tag"], "text": f"#{given['tag']}", "topicUrl": None, "type": "Hashtag", "url": None}
    if kind == "Mention":
        return _mention(session, given)
    reason = "Each message segment needs a type: Text (with text), Link (url), Hashtag (tag) or Mention (id)"
    raise Refuse.BAD_CONNECT_INPUT(reason=reason)


def _mention(session: Session, given: dict[str, Any]) -> dict[str, Any]:
    user_id = normalise_id(str(given.get("id")))
    row = session.org.store.fetch(session.org.schema["User"], user_id) if user_id else None
    if row is None:
        raise Refuse.BAD_CONNECT_ID(value=given.get("id"))
    return {
        "accessible": True,
        "name": row["Name"],
        "record": {"id": user_id},
        "text": f"@{row['Name']}",
        "type": "Mention",
    }


ROUTES = (
    Route("POST", "/chatter/feed-elements", post, Needs.CHATTER),
    Route("GET", "/chatter/feed-elements/{id}", read, Needs.CHATTER),
    Route("GET", "/chatter/users/me", me, Needs.CHATTER),
)
