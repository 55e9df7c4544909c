"""A connect that waits: a long poll, from its first presentation to its answer."""

from dataclasses import dataclass
from datetime import datetime

from mocksf.errors import Refusal
from mocksf.rest.session import Session
from mocksf.rest.streaming.bayeux import GIVE_UP, TIMEOUT_MS, reply
from mocksf.schema import Schema
from mocksf.streaming.delivery import Message
from mocksf.streaming.listeners import Listener


@dataclass(slots=True)
class Poll:
    """A connect: what has been answered beside it, whose it is, and until when it waits."""

    replies: list[Message]
    message: Message
    listener: Listener
    number: int
    until: datetime

    def look(self, session: Session) -> list[Message] | None:
        """What is answered now; None while there is nothing to tell."""
        listeners = session.org.streaming.listeners
        known = listeners.known(self.listener.id, session.now)
        if known is None:
            return [reply(self.message, {"clientId": self.listener.id, "advice": GIVE_UP})]
        told = news(session, known) if known.polls == self.number else []
        if not told and known.polls == self.number and session.now < self.until:
            return None
        listeners.answered(known, session.now)
        first: Message = {"clientId": known.id}
        if self.number == 1:
            first["advice"] = {"interval": 0, "timeout": TIMEOUT_MS, "reconnect": "retry"}
        return [*told, reply(self.message, first)]


def news(session: Session, listener: Listener) -> list[Message]:
    """What has come on the channels of a listener; it counts as told."""
    streaming, seen = session.org.streaming, seen_by(session, listener.user_id)
    told: list[Message] = []
    for name, position in streaming.listeners.subscriptions(listener):
        try:
            channel = streaming.channel(name, seen)
        except Refusal:  # its topic is gone, or may not be read any more
            continue
        found, place = streaming.delivery.messages(channel, position, session.now, seen)
        told += found
        if place != position:
            streaming.listeners.subscribe(listener, name, place)
    return told


def seen_by(session: Session, user_id: str) -> Schema:
    """What a user sees of the schema."""
    return session.org.access.of(user_id).seen or session.org.schema
