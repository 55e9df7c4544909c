"""Every story played through, and every log line, alert, entry and metric of it searched for persons and secrets."""

import json
import re
from collections.abc import Iterator
from typing import Any

from structlog.testing import capture_logs

from connector.chain import Draft
from connector.engine import Connector
from connector.ledger import MemoryLedger
from connector.messages import Answer
from connector.service.metrics import Metrics
from scenarios.library import stories
from scenarios.play import Played, play
from scenarios.shop import SECRETS, shop_config

SHORTEST = 4
"""Shorter words than this (a country's letters, a yes) tell of nobody, and stand in any text."""

A_DATE = re.compile(r"\d{4}-\d\d-\d\d")
"""When something was said stands in every entry, and names nobody."""


def said(value: Any) -> Iterator[str]:
    """Every text in a payload."""
    if isinstance(value, dict):
        for each in value.values():
            yield from said(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from said(each)
    elif isinstance(value, str):
        yield value


def personal(ledger: MemoryLedger) -> set[str]:
    """Whatever payloads say of persons: numbers in both spellings, names and their parts, and all that was said."""
    found: set[str] = set()
    for entry in ledger.entries():
        payload = ledger.payload(entry.payload_sha256) if entry.payload_sha256 else None
        if payload is None:
            continue
        caller = (payload.get("call") or {}).get("caller") or {}
        found |= {str(caller.get("phone") or "").lstrip("+"), *re.split(r"[\s]+", str(caller.get("name") or ""))}
        found |= {str(caller.get(name) or "") for name in ("phone", "name", "company", "email")}
        found |= set(said([each.get("value") for each in payload.get("intents") or ()]))
        found |= set(said({**(payload.get("ending") or {}), "said": payload.get("said")}))
    return {each for each in found if len(each) >= SHORTEST and not A_DATE.match(each)}


def secret(played: Played) -> set[str]:
    """Client secrets, the webhook's address, and every token that the org gave."""
    answers = [each.reply for each in played.seen.exchanges if "oauth2/token" in each.path]
    bodies = [each.body for each in answers if isinstance(each, Answer) and isinstance(each.body, dict)]
    return set(SECRETS.values()) | {str(each["access_token"]) for each in bodies if each.get("access_token")}


def metrics(ledger: MemoryLedger) -> str:
    """What would be scraped of a connector that somebody watched from its first entry on."""
    connector = Connector(shop_config(), MemoryLedger(), None)  # type: ignore[arg-type] - nothing is delivered here
    told = Metrics(connector)
    connector.ledger = ledger
    return told.text().decode()


def texts(played: Played, logged: list[Any]) -> dict[str, str]:
    """Where something is told to people or machines beside the org → what is told there."""
    ledger = played.world.host.ledger
    entries = [json.dumps(each.as_json(), ensure_ascii=False) for each in ledger.entries()]
    messages = [json.dumps(each.body, ensure_ascii=False) for each in played.seen.messages]
    return {
        "a log line": "\n".join(json.dumps(each, default=str, ensure_ascii=False) for each in logged),
        "an alert": "\n".join(messages),
        "an entry": "\n".join(entries),
        "a metric": metrics(ledger),
    }


def test_no_log_line_alert_entry_or_metric_of_any_story_names_anybody():
    told, alerts, needles = [], 0, 0
    for name, story in stories().items():
        with capture_logs() as logged:
            played = play(story)
        sought = personal(played.world.host.ledger) | secret(played)
        found = texts(played, logged)
        told += [(name, where, each) for where, text in found.items() for each in sought if each in text]
        alerts, needles = alerts + len(played.seen.messages), needles + len(sought)

    assert told == []
    assert (alerts > 20, needles > 400) == (True, True), (alerts, needles)


def test_a_leak_would_be_found():
    played = play(stories()["happy-call"])
    ledger = played.world.host.ledger
    name = next(each for each in personal(ledger) if " " in each)
    delivery = next(iter(ledger.readings.standings))
    leak = {"category": name, "reason": "x", "culprit": None, "perhaps": False, "next_at": None}
    ledger.append(Draft("failed", delivery, played.seen.now, leak))

    assert {where for where, text in texts(played, []).items() if name in text} == {"an entry", "a metric"}
