"""Slack's incoming webhook, as the world plays it: it takes about a message a second, and may be away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.messages import Answer


@dataclass(frozen=True, slots=True)
class Away:
    """Slack does not take messages between two instants, in seconds from the beginning."""

    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Message:
    """One message that Slack took."""

    at: datetime
    text: str
    body: Any


@dataclass(slots=True)
class Slack:
    """One webhook. More than `burst` messages within a second earn 429, as documented (about one a second)."""

    began: datetime
    away: Sequence[Away] = ()
    burst: int = 5
    round_trip_s: float = 0.08
    messages: list[Message] = field(default_factory=list)
    refused: int = 0
    hurried: int = 0
    """How many of those it refused because they came too fast."""

    def take(self, body: Any, now: datetime) -> Answer | None:
        """What the poster of `body` hears; None while Slack is away, for then nobody answers."""
        since = (now - self.began).total_seconds()
        if any(away.from_s <= since < away.to_s for away in self.away):
            self.refused += 1
            return None
        lately = sum(message.at > now - timedelta(seconds=1) for message in self.messages[-self.burst :])
        if lately >= self.burst:
            self.refused += 1
            self.hurried += 1
            return Answer(429, "rate_limited", {"retry-after": "1"})
        self.messages.append(Message(now, _text(body), body))
        return Answer(200, "ok")


def _text(body: Any) -> str:
    """All that a reader of the message sees, blocks included."""
    if isinstance(body, dict):
        return " ".join(_text(value) for key, value in body.items() if key != "type")
    if isinstance(body, list):
        return " ".join(_text(value) for value in body)
    return str(body)
