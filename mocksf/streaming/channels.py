"""What a channel's name means: an event, the changes of one object or of all, a push topic."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.publishing import is_event
from mocksf.schema.model import Schema, SObject
from mocksf.streaming.changes import event_name, has_changes
from mocksf.streaming.log import CHANGES
from mocksf.streaming.topics import CHANNELS as TOPICS

EVENTS = "/event/"
ALL_CHANGES = "/data/ChangeEvents"
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Names of channels count their letters' case", Evidence.DOCUMENTED),
    ("A channel of an object that the subscriber may not read cannot be created", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


class Channel(NamedTuple):
    """A channel that may be subscribed to."""

    name: str
    log: str = ""
    """Where its events lie in the log; empty for platform events, which lie with their object."""
    sobject: SObject | None = None
    """The object whose events or changes it carries, where it is one."""


Find = Callable[[str, str, Schema, Collection[str]], Channel | None]
"""Name, what is behind its beginning, the schema as its subscriber sees it, names of topics → the channel."""


def _event(name: str, rest: str, schema: Schema, _: Collection[str]) -> Channel | None:
    kind = schema.get(rest)
    return Channel(name, "", kind) if kind is not None and is_event(kind) and kind.name == rest else None


def _changes(name: str, rest: str, schema: Schema, _: Collection[str]) -> Channel | None:
    if name == ALL_CHANGES:
        return Channel(name, CHANGES)
    for root, ending in ((rest.removesuffix("__ChangeEvent"), "__c"), (rest.removesuffix("ChangeEvent"), "")):
        kind = schema.get(root + ending) if root != rest else None
        if kind is not None and has_changes(kind) and event_name(kind) == rest:
            return Channel(name, name, kind)
    return None


def _topic(name: str, rest: str, _: Schema, topics: Collection[str]) -> Channel | None:
    return Channel(name, name) if rest in topics else None


KINDS: dict[str, Find] = {EVENTS: _event, "/data/": _changes, TOPICS: _topic}
"""How a channel's name begins → how the channel is found."""


def channel(name: str, schema: Schema, whole: Schema, topics: Collection[str]) -> Channel:
    """The channel of a name. `schema` is what the subscriber sees of `whole`; `topics` are names of push topics.

    Raises NO_CHANNEL_NAME, NO_LEADING_SLASH, NO_SUCH_CHANNEL, and CLOSED_CHANNEL for what the subscriber may not read.
    """
    if not name:
        raise Refuse.NO_CHANNEL_NAME()
    if not name.startswith("/"):
        raise Refuse.NO_LEADING_SLASH()
    for beginning, find in KINDS.items():
        rest = name.removeprefix(beginning)
        if rest == name:
            continue
        found = find(name, rest, schema, topics)
        if found is not None:
            return found
        if find(name, rest, whole, topics) is not None:
            raise Refuse.CLOSED_CHANNEL(channel=name)
    raise Refuse.NO_SUCH_CHANNEL(channel=name)
