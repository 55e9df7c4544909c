"""What a listener gets: the messages of its channels behind the places where it left off, as far as it may read."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mocksf.evidence import Evidence
from mocksf.moments import datetime_text, milliseconds
from mocksf.publishing import LIFE, EventLog
from mocksf.schema.model import Schema, SObject
from mocksf.streaming import changes
from mocksf.streaming.channels import Channel
from mocksf.streaming.log import Event, Log
from mocksf.values import wire_value

Message = dict[str, Any]
NEW, ALL = -1, -2
"""What a subscription may ask for instead of a ReplayId."""
MOST = 200
"""How many events one answer brings at most; the next brings the rest."""
_UNTOLD = frozenset({"Id", "ReplayId", "EventUuid"})
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("One answer brings at most 200 events of a channel", Evidence.ASSUMED),
    ("A platform event tells its empty fields as null", Evidence.ASSUMED),
    ("Fields that a subscriber may not read are left out of what is told", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


class Delivery:
    """Reads the channels of one org."""

    def __init__(self, log: Log, events: EventLog) -> None:
        self._log = log
        self._events = events

    def start(self, channel: Channel, wish: int, now: datetime) -> int | None:
        """Behind which place a subscription begins; None for a ReplayId that cannot be replayed."""
        if wish == NEW:
            published = channel.sobject if self._is_event(channel) else None
            return self._log.last if published is None else self._events.last(published)
        if wish == ALL:
            return 0
        return wish if wish > 0 and self._holds(channel, wish, now) else None

    def messages(self, channel: Channel, position: int, now: datetime, seen: Schema) -> tuple[list[Message], int]:
        """What comes behind a place, and the place behind which the next comes."""
        if channel.sobject is not None and self._is_event(channel):
            return self._published(channel.name, channel.sobject, position, now)
        found = self._log.since(channel.log, position, now, MOST)
        told = [each for group in _groups(found) for each in self._told(channel.name, group, seen)]
        return told, found[-1].seq if found else position

    def _is_event(self, channel: Channel) -> bool:
        return not channel.log

    def _holds(self, channel: Channel, replay_id: int, now: datetime) -> bool:
        if channel.sobject is not None and self._is_event(channel):
            return bool(self._current(channel.sobject, replay_id - 1, now, 1, replay_id))
        return self._log.holds(channel.log, replay_id, now)

    # -- platform events -----------------------------------------------------------------------------------------------

    def _current(
        self, sobject: SObject, position: int, now: datetime, most: int, up_to: int | None = None
    ) -> list[dict[str, Any]]:
        found = self._events.since(sobject, position, most)
        oldest = milliseconds(now - LIFE)
        there = [each for each in found if each["CreatedDate"] > oldest]
        return there if up_to is None else [each for each in there if int(each["ReplayId"]) == up_to]

    def _published(self, name: str, sobject: SObject, position: int, now: datetime) -> tuple[list[Message], int]:
        rows = self._current(sobject, position, now, MOST)
        told = [{"data": _event(sobject, row), "channel": name} for row in rows]
        return told, int(rows[-1]["ReplayId"]) if rows else position

    # -- changes and notifications -------------------------------------------------------------------------------------

    def _told(self, name: str, group: list[Event], seen: Schema) -> Iterator[Message]:
        first, last = group[0], group[-1]
        if "sobject" in first.body:
            yield {"data": _notification(first), "channel": name}
            return
        kind = seen.get(first.body["entity"])
        if kind is not None:
            body = _readable(first.body, kind)
            payload = changes.payload_of(body, first.txn, [each.record for each in group])
            event = {"schema": changes.schema_id(kind), "payload": payload, "event": {"replayId": last.seq}}
            yield {"data": event, "channel": name}


def _groups(events: list[Event]) -> Iterator[list[Event]]:
    """Events that follow one another and tell the same change of different records."""
    group: list[Event] = []
    for event in events:
        same = bool(group) and "kind" in event.body and "kind" in group[0].body and group[0].txn == event.txn
        if group and not (same and changes.same_change(group[0].body, event.body)):
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def _readable(body: changes.Body, kind: SObject) -> changes.Body:
    """A change as somebody sees it who sees this much of its object."""

    def there(name: str) -> bool:
        return kind.get(name) is not None

    payload = {name: value for name, value in body["payload"].items() if there(name)}
    return {**body, "payload": payload, "changed": [name for name in body["changed"] if there(name.partition(".")[0])]}


def _event(sobject: SObject, row: dict[str, Any]) -> dict[str, Any]:
    payload = {}
    for field in sobject.columns:
        if field.name in _UNTOLD or (not field.custom and not field.name.startswith("Created")):
            continue
        value = row[field.name]
        written = None if value is None else wire_value(field, value)
        payload[field.name] = changes.zulu(written) if field.type == "datetime" and written else written
    where = {"EventUuid": row["EventUuid"], "replayId": int(row["ReplayId"])}
    return {"schema": changes.schema_id(sobject), "payload": payload, "event": where}


def _notification(event: Event) -> dict[str, Any]:
    instant = changes.zulu(datetime_text(event.body["at"]))
    about = {"createdDate": instant, "replayId": event.seq, "type": event.body["type"]}
    return {"event": about, "sobject": event.body["sobject"]}
