"""Bayeux messages: what is read out of them, and how they are answered, in the words of Salesforce's CometD server."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.rest.session import Call
from mocksf.streaming.delivery import NEW, Message

OLDEST = 37
"""The first API version with durable streaming, and the oldest that is served (documented)."""
TIMEOUT_MS = 110_000
"""How long a connect waits for something to tell."""
BODY_BYTES_MAX = 32_768
COOKIE = "BAYEUX_BROWSER"
POLLING = "long-polling"
CONNECT = "/meta/connect"
EXT = {"replay": True, "payload.format": True}
_TRY_AGAIN = {"interval": 0, "reconnect": "handshake"}
GIVE_UP = {"reconnect": "none", "interval": 0}
_ADVICE: Mapping[Refuse, dict[str, Any]] = {
    Refuse.UNKNOWN_LISTENER: _TRY_AGAIN,
    Refuse.BAD_LISTENER_TOKEN: GIVE_UP,
    Refuse.NO_LISTENER_TOKEN: GIVE_UP,
    Refuse.ANOTHER_LISTENER: GIVE_UP,
}
"""What a client is advised to do about a refusal."""
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Refusals of the Streaming API are messages under the status 200", Evidence.ASSUMED),
    ("The keys of its messages and their order", Evidence.RECORDED),
    ("A connect waits for 110 seconds, or as long as its own advice says, where that is shorter", Evidence.DOCUMENTED),
    ("Events come with the answers to connects alone, before the answer itself", Evidence.CLIENT),
    ("Of two connects of one client the earlier is answered at once", Evidence.ASSUMED),
    ("A connect whose client says goodbye is answered at once, and advised not to come again", Evidence.ASSUMED),
    ("What was sent with an answer that got lost comes again only to those who replay", Evidence.DOCUMENTED),
    ("Calls of the Streaming API do not count against the daily allowance", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""


def reply(message: Message, first: Message | None = None, **rest: Any) -> Message:
    """The answer to a message that succeeded: its keys stand as they were recorded."""
    named: Message = {name: message[name] for name in ("channel", "id") if name in message}
    return {**(first or {}), **named, **rest, "successful": True}


def refused(message: Message, refusal: Refusal) -> Message:
    """The answer to a message that is refused, with the advice that goes with the refusal."""
    first: Message = {}
    advice = _ADVICE.get(refusal.situation)
    if advice is not None:
        first["advice"] = advice
    if refusal.situation is not Refuse.UNKNOWN_LISTENER and isinstance(message.get("clientId"), str):
        first = {"clientId": message["clientId"], **first}
    about = {name: message[name] for name in ("subscription",) if name in message}
    return reply(message, first, **about, error=error(refusal)) | {"successful": False}


def error(refusal: Refusal) -> str:
    """A refusal as a message has it."""
    return f"{refusal.status}::{refusal.message}"


def names(message: Message) -> list[str]:
    """The channels that a message is about. Raises NO_CHANNEL_NAME."""
    wished = message.get("subscription")
    listed = wished if isinstance(wished, list) else [wished]
    found = [each for each in listed if isinstance(each, str)]
    if not found or len(found) < len(listed):
        raise Refuse.NO_CHANNEL_NAME()
    return found


def replay_of(message: Message, name: str) -> Any:
    """From where a subscription wants to be told."""
    ext = message.get("ext")
    replay = ext.get("replay") if isinstance(ext, dict) else None
    wish = replay.get(name, NEW) if isinstance(replay, dict) else NEW
    return wish if isinstance(wish, int) and not isinstance(wish, bool) and abs(wish) < 2**62 else str(wish)


def timeout_ms(message: Message) -> float:
    """How long a connect is to wait."""
    advice = message.get("advice")
    wish = advice.get("timeout") if isinstance(advice, dict) else None
    return min(max(wish, 0), TIMEOUT_MS) if isinstance(wish, int | float) else TIMEOUT_MS


def cookie(call: Call) -> str:
    """The cookie by which a client is known, or nothing."""
    try:
        found = SimpleCookie(call.header("cookie") or "").get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""
