"""A CometD client of the tests' own, small enough to be read: messages out, messages in, a cookie kept."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.client import Client

Message = dict[str, Any]
Exchange = Callable[[list[Message]], list[Message]]
"""Sends messages of one request, and gives those of its answer."""
HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"], "id": "1"}
POLL = {"channel": "/meta/connect", "connectionType": "long-polling"}
"""A connect; its `clientId` is to be added."""
NOW = {"timeout": 0}
"""The advice of a connect that does not want to wait."""


class Listener:
    """One client after its handshake."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.handshake = self.ask(HANDSHAKE)[-1]
        self.id = self.handshake.get("clientId")

    def ask(self, *messages: Message) -> list[Message]:
        """The answers to messages of one request."""
        return self._exchange(list(messages))

    def say(self, channel: str, **more: Any) -> Message:
        """The last answer to one message of this client's."""
        return self.ask({"channel": channel, "clientId": self.id, **more})[-1]

    def subscribe(self, channel: str, replay: int | None = None) -> Message:
        ext = {} if replay is None else {"ext": {"replay": {channel: replay}}}
        return self.say("/meta/subscribe", subscription=channel, **ext)

    def hear(self, **advice: Any) -> list[Message]:
        """What a connect brings, without its own answer; unless told otherwise it does not wait."""
        *heard, answer = self.ask({**POLL, "clientId": self.id, "advice": advice or NOW})
        assert answer["successful"], answer
        return heard

    def data(self, channel: str | None = None) -> list[dict[str, Any]]:
        """The data of the events that a connect brings."""
        return [each["data"] for each in self.hear() if channel in (None, each["channel"])]

    def payloads(self) -> list[dict[str, Any]]:
        """The payloads of the events that a connect brings."""
        return [each["payload"] for each in self.data()]


def listening(sf: Client, *channels: str, version: str = "66.0") -> Listener:
    """A client of an org without a door."""
    cookie: dict[str, str] = {}

    def exchange(messages: list[Message]) -> list[Message]:
        answer = sf.send("POST", f"/cometd/{version}", messages, dict(cookie))
        assert answer.status == 200, answer.raw
        if "Set-Cookie" in answer.headers:
            cookie["cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
        return answer.body  # type: ignore[no-any-return]

    return _subscribed(Listener(exchange), channels)


def listening_at(client: httpx.Client, *channels: str) -> Listener:
    """The same through a door."""

    def exchange(messages: list[Message]) -> list[Message]:
        answer = client.post("/cometd/66.0", json=messages)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    return _subscribed(Listener(exchange), channels)


def _subscribed(listener: Listener, channels: tuple[str, ...]) -> Listener:
    for channel in channels:
        assert listener.subscribe(channel)["successful"], channel
    return listener
