"""What the service says, as JSON values: standings, letters and calls, personal data redacted unless asked for."""

from datetime import datetime
from typing import Any

from connector.chain import instant_text
from connector.engine import Connector
from connector.intents import Turn
from connector.ledger import Ledger
from connector.live.hub import Answered
from connector.lookup import Lookup
from connector.messages import Json
from connector.readings import Standing
from connector.replay import Selection
from connector.service.answers import Answers

OPEN_WORDS = frozenset(
    {"key", "kind", "lane", "turn", "person", "at", "id", "name", "contact_id", "account_id", "lead_id", "started"}
)
"""Keys of a payload whose values are shown as they are; of all others only the kind of value."""


def standing_view(standing: Standing) -> dict[str, Json]:
    """Where one delivery stands."""
    return {
        "key": standing.delivery,
        "kind": standing.kind,
        "lane": standing.lane,
        "status": standing.status,
        "attempts": standing.attempt,
        "round": standing.round,
        "next_at": _instant(standing.next_at) if standing.status == "pending" else None,
        "category": standing.category,
        "reason": standing.reason,
        "culprit": standing.culprit,
        "perhaps": standing.perhaps,
    }


def answered_view(call_id: str, turn: Turn, told: Answered) -> dict[str, Json]:
    """What an agent is told of a turn."""
    return {
        "call": call_id,
        "turn": turn,
        "status": told.status,
        "deliveries": [standing_view(standing) for standing in told.deliveries],
        "findings": [{"intent": each.intent, "reason": each.reason} for each in told.findings],
        "elapsed_ms": told.elapsed_ms,
    }


def call_view(ledger: Ledger, call_id: str, answers: Answers) -> dict[str, Json] | None:
    """A call with all its deliveries, or None where nothing is known of it."""
    standings = ledger.readings.of_call(call_id)
    if not standings:
        return None
    return {"call": call_id, "deliveries": [_timed_view(each, answers) for each in standings]}


def _timed_view(standing: Standing, answers: Answers) -> dict[str, Json]:
    told = answers.of_delivery(standing)
    times = {"answered_ms": told.elapsed_ms if told else None, "commit_ms": commit_ms(standing)}
    return {**standing_view(standing), **times}


def commit_ms(standing: Standing) -> float | None:
    """From the acceptance to the commit in the org; None where it is not committed."""
    if standing.status != "committed" or standing.ended_at is None:
        return None
    return round((standing.ended_at - standing.accepted_at).total_seconds() * 1000, 3)


def lookup_view(found: Lookup, elapsed_ms: float) -> dict[str, Json]:
    """Who has a number."""
    caller = found.caller
    said = None if caller is None else {name: getattr(caller, name) for name in type(caller).__slots__}
    return {"caller": said, "answered": found.answered, "elapsed_ms": elapsed_ms}


def letter_view(connector: Connector, standing: Standing, reveal: bool) -> dict[str, Json]:
    """One dead letter with its payload."""
    payload = connector.ledger.payload(standing.payload_sha256)
    shown = payload if reveal or payload is None else redacted(payload)
    accepted = instant_text(standing.accepted_at)
    return {
        **standing_view(standing),
        "accepted_at": accepted,
        "dead_at": _instant(standing.ended_at),
        "payload": shown,
    }


def letters_view(connector: Connector, selection: Selection, reveal: bool) -> dict[str, Json]:
    """The dead letters, and how many there are of each category."""
    letters = selection.of(connector.ledger.readings)
    groups: dict[str, int] = {}
    for letter in letters:
        groups[letter.category or "other"] = groups.get(letter.category or "other", 0) + 1
    return {
        "queue": connector.config.delivery.dead_letter_queue,
        "count": len(letters),
        "groups": dict(sorted(groups.items())),
        "letters": [letter_view(connector, letter, reveal) for letter in letters],
    }


def redacted(value: Any, name: str = "") -> Any:
    """A payload that tells its form and keeps its persons to itself."""
    if isinstance(value, dict):
        # A caller's name is personal, an intent's is not: only the latter has a value beside it.
        personal = {"name"} if "phone" in value else set()
        return {key: redacted(each, "" if key in personal else key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(each, name) for each in value]
    if value is None or isinstance(value, bool) or name in OPEN_WORDS:
        return value
    return f"<{len(value)} characters>" if isinstance(value, str) else "<a number>"


def _instant(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None
