"""What a call leaves behind beside its records: the Task that logs it, and the post that its team reads."""

from collections.abc import Mapping

from connector.composite import Composer, Seen
from connector.intents import Delivery, Ending, Part
from connector.messages import Json, Request
from connector.values import plain

ENDING_FIELDS = {
    "disposition": "CallDisposition",
    "duration_s": "CallDurationInSeconds",
    "summary": "Description",
    "subject": "Subject",
}
"""What is known when a call ends → the Task's field (facts, REST §8.3)."""
WHO = ("Contact", "Lead")
WHAT = ("Opportunity",)
POSTED_ON = ("Opportunity", "Contact", "Lead", "Account")
"""Where a post goes: to the first of these that the call has a record of."""
LIMITS = {"CallDisposition": 255, "Subject": 255, "Description": 32_000}
"""Characters; longer texts are cut, for a log entry is better short than missing."""
POST_MAX = 10_000


def task_part(composer: Composer, delivery: Delivery, seen: Seen, doubtful: bool = True) -> Part:
    """The call's Task, keyed by the call; linked to whatever has an id by now.

    `doubtful`: it may be there already, after a silence; what a Task takes only when it is created is guarded then.
    """
    record, places, url = composer.address(delivery.call, "Task")
    fresh = seen(record) is None
    body: dict[str, Json] = composer.defaults(delivery, "Task") if fresh else {}
    if fresh and not delivery.call.inbound:
        body["CallType"] = "Outbound"
    body |= _links(composer, delivery, seen)
    body |= _ending(delivery.ending)
    body |= composer.bodies(delivery).get("Task", {})
    key_field = composer.shape("Task").key
    guarded = composer.guarded(delivery, "Task")
    if doubtful:
        guarded |= composer.shape("Task").once & body.keys()
    return Part("task", "Task", record, url, body, key_field=key_field, guarded=guarded, places=places)


def _links(composer: Composer, delivery: Delivery, seen: Seen) -> dict[str, Json]:
    who = _first(composer, delivery, WHO, seen)
    what = _first(composer, delivery, WHAT, seen)
    if who and who.startswith("00Q"):
        return {"WhoId": who}  # a Task about a lead may point at nothing else (REST §8.3)
    return {name: record_id for name, record_id in (("WhoId", who), ("WhatId", what)) if record_id}


def _first(composer: Composer, delivery: Delivery, objects: tuple[str, ...], seen: Seen) -> str | None:
    ids = (composer.id_of(delivery.call, sobject, seen) for sobject in objects)
    return next(filter(None, ids), None)


def _ending(ending: Ending | None) -> dict[str, Json]:
    if ending is None:
        return {}
    said = {field: getattr(ending, name) for name, field in ENDING_FIELDS.items()}
    return {field: _cut(field, plain(value)) for field, value in said.items() if value is not None}


def _cut(field: str, value: Json) -> Json:
    return value[: LIMITS[field]] if isinstance(value, str) and field in LIMITS else value


def post_text(composer: Composer, delivery: Delivery) -> str:
    """What is posted, with the reference by which it is found again."""
    said = delivery.ending.post if delivery.ending else None
    mapped = composer.bodies(delivery).get("FeedItem", {})
    text = said or "\n".join(str(value) for value in mapped.values())
    mark = reference_of(delivery)
    return f"{text[: POST_MAX - len(mark) - 1]}\n{mark}"


def reference_of(delivery: Delivery) -> str:
    """How a post says which delivery it is: Chatter posts have no external ID (design §8.5)."""
    return f"[ref {delivery.key}]"


def post_parent(composer: Composer, delivery: Delivery, seen: Seen) -> str | None:
    """The record that is posted on, or None where the call has none."""
    return _first(composer, delivery, POSTED_ON, seen)


def post_places(composer: Composer, delivery: Delivery, seen: Seen) -> tuple[str, ...]:
    """All records on which an attempt of any time may have posted: what the call has grows while it is written."""
    ids = (composer.id_of(delivery.call, sobject, seen) for sobject in POSTED_ON)
    return tuple(dict.fromkeys(filter(None, ids)))


def post_request(composer: Composer, parent: str, text: str) -> Request:
    """The post itself (REST §8.1)."""
    body: Mapping[str, Json] = {
        "body": {"messageSegments": [{"type": "Text", "text": text}]},
        "feedElementType": "FeedItem",
        "subjectId": parent,
    }
    return Request("POST", f"{composer.root}/chatter/feed-elements", dict(body))
