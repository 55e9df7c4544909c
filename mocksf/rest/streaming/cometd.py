"""The Streaming API: Bayeux messages over long polls, in the words of Salesforce's own CometD server."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.messages import Response
from mocksf.parked import Quiet
from mocksf.rest import bodies
from mocksf.rest.reception import authenticated
from mocksf.rest.routing import NEWEST, Needs, Route
from mocksf.rest.session import Call, Session
from mocksf.rest.streaming.bayeux import (
    BODY_BYTES_MAX,
    CONNECT,
    COOKIE,
    EXT,
    OLDEST,
    POLLING,
    cookie,
    error,
    names,
    refused,
    replay_of,
    reply,
    timeout_ms,
)
from mocksf.rest.streaming.polls import Poll, seen_by
from mocksf.streaming.delivery import Message
from mocksf.streaming.listeners import Listener


def bayeux(session: Session, call: Call) -> Response:
    """Messages without a version: the handshake says that one is missing."""
    return _answered(session, call, "")


def bayeux_of(session: Session, call: Call, version: str) -> Response:
    """Bayeux messages: handshake, connect, subscribe, unsubscribe, disconnect."""
    return _answered(session, call, version)


def bayeux_at(session: Session, call: Call, version: str, kind: str) -> Response:
    """The same at an address that ends in the kind of message, as Java's client has it."""
    return _answered(session, call, kind if version == "replay" else version)


def _answered(session: Session, call: Call, version: str) -> Response:
    poll = session.errand.notes if session.errand is not None else None
    if not isinstance(poll, Poll):
        desk = Desk(session, call, version)
        with session.org.store.turn(), session.org.store.atomic():
            poll = desk.take(_messages(call))
        headers = {"Set-Cookie": f"{COOKIE}={desk.browser};Path=/;HttpOnly"} if desk.browser else {}
        if poll is None:
            return Response(200, desk.replies, headers)
        if session.errand is not None and not session.errand.terms.undone:
            session.errand.notes = poll
    with session.org.store.turn(), session.org.store.atomic():
        told = poll.look(session)
    if told is None:
        raise Quiet(poll.until)
    return Response(200, [*poll.replies, *told])


def _messages(call: Call) -> list[Message]:
    if len(call.content) > BODY_BYTES_MAX:
        raise Refuse.LONG_MESSAGES()
    value = call.json()
    messages = value if isinstance(value, list) else [value]
    for each in messages:
        if not isinstance(each, dict):
            raise bodies.wrong_shape(each)
    return messages


class Desk:
    """Takes the messages of one request, one after the other."""

    def __init__(self, session: Session, call: Call, version: str) -> None:
        self._session = session
        self._call = call
        self._version = version
        self._streaming = session.org.streaming
        self.replies: list[Message] = []
        self.browser = ""
        """The cookie of a client that is new."""

    def take(self, messages: list[Message]) -> Poll | None:
        """Answer messages; gives the connect that is to wait, where there is one."""
        poll: Poll | None = None
        for message in messages:
            try:
                channel = message.get("channel")
                if channel == CONNECT:
                    poll = self._connect(message)
                    continue
                self.replies.append(self._handler(channel)(message))
            except Refusal as refusal:
                self.replies.append(refused(message, refusal))
        if poll is not None:
            poll.replies = self.replies
        return poll

    def _handler(self, channel: Any) -> Callable[[Message], Message]:
        handlers: dict[Any, Callable[[Message], Message]] = {
            "/meta/handshake": self._handshake,
            "/meta/subscribe": self._subscribe,
            "/meta/unsubscribe": self._unsubscribe,
            "/meta/disconnect": self._disconnect,
        }
        found = handlers.get(channel) if isinstance(channel, str) else None
        if found is not None:
            return found
        if isinstance(channel, str) and channel and not channel.startswith("/meta/"):
            raise Refuse.NO_PUBLISHING(channel=channel)
        raise Refuse.UNKNOWN_META(channel=channel)

    # -- who is there --------------------------------------------------------------------------------------------------

    def _user(self) -> str:
        """Who calls. Raises the refusals of the Streaming API."""
        try:
            return authenticated(self._session.org, self._call, self._session.now).user_id
        except Refusal as refusal:
            missing = refusal.situation is Refuse.BAD_AUTH_HEADER
            raise (Refuse.NO_LISTENER_TOKEN if missing else Refuse.BAD_LISTENER_TOKEN)() from refusal

    def _listener(self, message: Message) -> Listener:
        user_id = self._user()
        client_id = message.get("clientId")
        found = self._streaming.listeners.known(client_id, self._session.now) if isinstance(client_id, str) else None
        if found is None or found.browser != cookie(self._call):
            raise Refuse.UNKNOWN_LISTENER()
        if found.user_id != user_id:
            raise Refuse.ANOTHER_LISTENER()
        return found

    def _handshake(self, message: Message) -> Message:
        try:
            self._check_version()
            user_id = self._user()
            if self._streaming.listeners.count(self._session.now) >= self._session.org.settings.streaming_clients:
                raise Refuse.TOO_MANY_LISTENERS()
            wished = message.get("supportedConnectionTypes")
            if isinstance(wished, list) and POLLING not in wished:
                raise Refuse.BAD_CONNECTION_TYPE(kind=", ".join(map(str, wished)))
        except Refusal as refusal:
            ext = {"sfdc": {"failureReason": error(refusal)}, **EXT}
            denied = refused(message, Refuse.HANDSHAKE_DENIED())
            return {"ext": ext, "advice": {"reconnect": "none"}, **denied}
        listener = self._streaming.listeners.open(user_id, cookie(self._call), self._session.now)
        self.browser = listener.browser
        first = {"ext": EXT, "minimumVersion": "1.0", "clientId": listener.id, "supportedConnectionTypes": [POLLING]}
        return reply(message, first, version="1.0")

    def _check_version(self) -> None:
        newest = f"{NEWEST}.0"
        if not self._version:
            raise Refuse.NO_COMETD_VERSION(newest=newest)
        if self._version not in {f"{number}.0" for number in range(OLDEST, NEWEST + 1)}:
            raise Refuse.OLD_COMETD_VERSION(oldest=f"{OLDEST}.0", newest=newest)

    # -- between handshake and goodbye ---------------------------------------------------------------------------------

    def _connect(self, message: Message) -> Poll:
        listener = self._listener(message)
        kind = message.get("connectionType", POLLING)
        if kind != POLLING:
            raise Refuse.BAD_CONNECTION_TYPE(kind=kind)
        number = self._streaming.listeners.connect(listener)
        errand = self._session.errand
        arrived = errand.arrived if errand is not None else self._session.now
        until = arrived + timedelta(milliseconds=timeout_ms(message))
        self._streaming.listeners.answered(listener, until)
        self._streaming.bell.ring()  # an earlier one need not wait any longer
        return Poll([], message, listener, number, until)

    def _subscribe(self, message: Message) -> Message:
        listener = self._listener(message)
        seen = seen_by(self._session, listener.user_id)
        for name in names(message):
            channel = self._streaming.channel(name, seen)
            wish = replay_of(message, name)
            place = self._streaming.delivery.start(channel, wish, self._session.now) if isinstance(wish, int) else None
            if place is None:
                raise Refuse.BAD_REPLAY_ID(wish=wish)
            self._streaming.select(channel)
            self._streaming.listeners.subscribe(listener, name, place)
        return self._settled(listener, message)

    def _unsubscribe(self, message: Message) -> Message:
        listener = self._listener(message)
        for name in names(message):
            self._streaming.listeners.unsubscribe(listener, name)
        return self._settled(listener, message)

    def _settled(self, listener: Listener, message: Message) -> Message:
        """The answer to a (un)subscription; a connect that waits may have something to tell now."""
        self._streaming.bell.ring()
        return reply(message, {"clientId": listener.id}, subscription=message["subscription"])

    def _disconnect(self, message: Message) -> Message:
        listener = self._listener(message)
        self._streaming.listeners.drop(listener.id)
        self._streaming.bell.ring()
        return reply(message, {"clientId": listener.id})


ROUTES = (
    Route("POST", "/cometd", bayeux, Needs.NOTHING),
    Route("POST", "/cometd/{version}", bayeux_of, Needs.NOTHING),
    Route("POST", "/cometd/{version}/{kind}", bayeux_at, Needs.NOTHING),
)
