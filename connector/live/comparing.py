"""A dead letter beside the org: what its records hold now, and what a replay would write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.commands import Flow
from connector.intents import Delivery, Part
from connector.likeness import alike
from connector.live.hub import Hub
from connector.login import authorised
from connector.messages import Answer, Json
from connector.values import Misfit
from connector.verdicts import Verdict
from connector.writing import PostWriting, RecordWriting, writing_of

TIMEOUT_S = 8.0


@dataclass(frozen=True, slots=True)
class Line:
    """One field. `intent` is None where the connector itself writes it (a key, a link, a default)."""

    field: str
    intent: str | None
    now: Json
    wanted: Json
    spared: bool
    """Whether it is written only where the record has nothing there."""

    @property
    def points(self) -> bool:
        """Whether it points to another record of the same request, whose id is not known before."""
        return isinstance(self.wanted, str) and self.wanted.startswith("@{")

    @property
    def change(self) -> str:
        """`same`, `kept`, `new` or `other`: what a replay does to the field."""
        if alike(self.wanted, self.now) or (self.points and self.now is not None):
            return "same"
        if self.spared and self.now is not None:
            return "kept"
        return "new" if self.now is None else "other"


@dataclass(frozen=True, slots=True)
class Compared:
    """One record. `found` is None where the org did not say whether it exists."""

    sobject: str
    record: str
    found: bool | None
    problem: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All records of a delivery; `problem` says why there is nothing to compare, or is empty."""

    records: tuple[Compared, ...] = ()
    problem: str = ""
    text: str = ""
    """What would be posted, where it is a post."""


async def compared(hub: Hub, delivery: Delivery) -> Comparison:
    """The delivery beside the org as it is now. Never raises: what cannot be said is said so."""
    connector = hub.connector
    writing = writing_of(connector.desk, connector.composer, delivery)
    try:
        if isinstance(writing, PostWriting):
            said = delivery.ending.post if delivery.ending else None
            mapped = connector.composer.bodies(delivery).get("FeedItem", {})
            return Comparison(text=said or "\n".join(str(each) for each in mapped.values()))
        assert isinstance(writing, RecordWriting), "a delivery is a post or writes records"
        parts = writing.parts()
    except Misfit as problem:
        return Comparison(problem=f"it does not fit the map that is in force: {problem}")
    found: dict[str, Any] | str = await hub.runner.run(_asked(hub, parts))
    if isinstance(found, str):
        return Comparison(tuple(_beside(hub, each, None, delivery) for each in parts), found)
    return Comparison(tuple(_beside(hub, each, found.get(each.reference), delivery) for each in parts))


def _asked(hub: Hub, parts: tuple[Part, ...]) -> Flow[dict[str, Any] | str]:
    """referenceId → subresponse, or why there are none."""
    connector = hub.connector
    request = connector.composer.reading(parts, lambda part: part.body or ("Id",))
    reply = yield from authorised(connector.desk.session, request, TIMEOUT_S, "lookup")
    if isinstance(reply, Verdict):
        return f"the org cannot be asked: no login ({reply.reason})"
    if not isinstance(reply, Answer):
        return f"the org does not answer now ({reply.reason})"
    try:
        return {each["referenceId"]: each for each in reply.body["compositeResponse"]}
    except (KeyError, TypeError):
        return f"the org answered with status {reply.status}"


def _beside(hub: Hub, part: Part, said: Mapping[str, Any] | None, delivery: Delivery) -> Compared:
    status = said.get("httpStatusCode") if said else None
    body = said.get("body") if said else None
    record = body if status == 200 and isinstance(body, dict) else {}
    found = None if status not in (200, 404) else status == 200
    lines = tuple(_lines(hub, part, record, delivery))
    return Compared(part.sobject, part.record, found, _complaint(body) if found is None and said else "", lines)


def _lines(hub: Hub, part: Part, record: Mapping[str, Any], delivery: Delivery) -> Iterator[Line]:
    mappings = hub.connector.composer.mappings
    intents = {
        mappings[each.name].field: each.name
        for each in delivery.intents
        if each.name in mappings and mappings[each.name].sobject == part.sobject
    }
    for field, wanted in part.body.items():
        yield Line(field, intents.get(field), record.get(field), wanted, field in part.guarded)


def _complaint(body: Any) -> str:
    try:
        return f"{body[0]['errorCode']}: {body[0]['message']}"
    except (KeyError, IndexError, TypeError):
        return "the org did not say what it has"
