"""Dead letters forwarded to a real queue: what a message says, and in which order letters go. Nothing personal goes."""

from connector.chain import instant_text
from connector.messages import Json
from connector.readings import Standing

RETRIES_S = (1.0, 5.0, 30.0, 300.0)
"""Waits before each further try while the broker is away; the last one goes on, for it may be away for hours."""


def letter(org: str, queue: str, standing: Standing) -> dict[str, Json]:
    """A dead letter as the queue holds it: codes, keys and counts; what was said stays in the ledger, sealed."""
    return {
        "queue": queue,
        "org": org,
        "delivery": standing.delivery,
        "call": standing.call,
        "kind": standing.kind,
        "objects": list(standing.objects),
        "category": standing.category or "other",
        "reason": standing.reason,
        "culprit": standing.culprit,
        "perhaps": standing.perhaps,
        "attempts": standing.attempt,
        "round": standing.round,
        "accepted_at": instant_text(standing.accepted_at),
        "dead_at": instant_text(standing.ended_at) if standing.ended_at else None,
    }


def letter_id(org: str, standing: Standing) -> str:
    """The same for each copy of a letter, so that whoever reads the queue can tell a copy: it comes at least once."""
    return f"{org}/{standing.delivery}#{standing.round}"
