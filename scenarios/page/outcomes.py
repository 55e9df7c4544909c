"""What became of one request, in a word, and the ink in which that word is drawn."""

from connector.messages import Silence
from scenarios.evidence import heard_success, is_write, said_no
from scenarios.trace import Exchange

INKS = {
    "written": "green",
    "read": "blue",
    "login": "teal",
    "told Slack": "teal",
    "refused": "red",
    "lock": "violet",
    "limit": "amber",
    "outage": "amber",
    "session": "violet",
    "silence": "faint",
    "unheard": "faint",
}
"""Outcome → ink."""
CODES = {
    "UNABLE_TO_LOCK_ROW": "lock",
    "REQUEST_LIMIT_EXCEEDED": "limit",
    "HTTP 429": "limit",
    "SERVER_UNAVAILABLE": "outage",
    "UNKNOWN_EXCEPTION": "outage",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": "outage",
    "API_CURRENTLY_DISABLED": "outage",
    "INVALID_SESSION_ID": "session",
    "PROCESSING_HALTED": "",
    "NOT_FOUND": "refused",
}
"""Code → outcome; a bystander of a rolled back composite says nothing of its own. Any other code is a refusal."""


def outcome_of(exchange: Exchange) -> str:
    """One of `INKS`."""
    if exchange.reply is None:
        return "unheard"
    if isinstance(exchange.reply, Silence):
        return "silence"
    if heard_success(exchange):
        return _success(exchange)
    codes = [code for code, _ in said_no(exchange)]
    if not is_write(exchange) and codes and set(codes) == {"NOT_FOUND"}:
        return "read"
    words = [_word(code) for code in codes]
    return next((word for word in words if word), "refused")


def _success(exchange: Exchange) -> str:
    if exchange.lane == "login":
        return "login"
    if exchange.lane == "alerts":
        return "told Slack"
    return "written" if is_write(exchange) else "read"


def _word(code: str) -> str:
    return "outage" if code.startswith("HTTP 5") else CODES.get(code, "refused")


def said(exchange: Exchange) -> str:
    """What the client heard, in a line: the refusals, the silence, or the status."""
    if exchange.reply is None:
        return "nobody was there to hear"
    if isinstance(exchange.reply, Silence):
        return f"silence: {exchange.reply.reason}"
    return ", ".join(dict.fromkeys(code for code, _ in said_no(exchange))) or f"{exchange.reply.status}"
