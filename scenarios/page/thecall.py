"""The pictures of one call: who spoke, what the connector did, what Salesforce did."""

from datetime import datetime
from typing import Any

from scenarios.page.swimlanes import LANES, Bar, call, turn
from scenarios.play import Played
from scenarios.trace import END, Exchange, Receipt

SPEECH, CONNECTOR, SALESFORCE, SLACK = LANES


def call_pictures(played: Played) -> dict[str, Any]:
    """The whole call in lanes, and its slowest turn under the lens."""
    trace = played.world.trace
    began = min(event.at for event in trace.events if event.until is not None and event.lane in ("agent", "caller"))
    ring = played.world.agents[0].began
    bars = [*_speech(played, ring), *_work(trace.receipts, ring), *_exchanges(trace.exchanges, ring)]
    bars += [Bar(SLACK, _s(each.at, ring), _s(each.at, ring), "red") for each in played.world.slack.messages]
    turns = [each for each in trace.receipts if each.turn != END and each.answered is not None]
    marks = [(_s(each.asked, ring), ", ".join(each.intents)) for each in turns]
    length = max(bar.to_s for bar in bars)
    slowest = max(turns, key=lambda each: ((each.committed or each.answered or began) - each.asked, each.turn))
    budget_s = played.world.setting.config.delivery.budget_ms / 1000
    return {
        "tells": played.story.tells,
        "lanes": call(bars, marks, length),
        "lens": _lens(played, slowest, budget_s),
        "turn": f"{slowest.turn} ({', '.join(slowest.intents)})",
    }


def _s(instant: datetime, began: datetime) -> float:
    return (instant - began).total_seconds()


def _speech(played: Played, ring: datetime) -> list[Bar]:
    said = [each for each in played.world.trace.events if each.lane in ("agent", "caller") and each.until is not None]
    inks = {"agent": ("blue", 0), "caller": ("teal", 1)}
    return [
        Bar(SPEECH, _s(each.at, ring), _s(each.until, ring), inks[each.lane][0], row=inks[each.lane][1])
        for each in said
        if each.until is not None
    ]


def _work(receipts: list[Receipt], ring: datetime) -> list[Bar]:
    bars = []
    for each in receipts:
        if each.answered is None:
            continue
        ink = "green" if each.told == "committed" else "amber"
        bars.append(Bar(CONNECTOR, _s(each.asked, ring), _s(each.answered, ring), ink))
        if each.committed is not None:
            bars.append(Bar(CONNECTOR, _s(each.asked, ring), _s(each.committed, ring), "violet", row=1))
    return bars


def _exchanges(exchanges: list[Exchange], ring: datetime) -> list[Bar]:
    return [
        Bar(SALESFORCE, _s(each.arrived, ring), _s(each.done, ring), "blue", row=0 if each.lane == "critical" else 1)
        for each in exchanges
        if each.arrived is not None and each.done is not None
    ]


def _lens(played: Played, receipt: Receipt, budget_s: float) -> str:
    began = receipt.asked
    ours = [each for each in played.world.trace.exchanges if each.delivery in receipt.deliveries]
    sent = min((each.sent for each in ours), default=began)
    bars = [Bar(CONNECTOR, 0.0, _s(sent, began), "amber", "check, map, journal", row=0)]
    for each in ours:
        if each.heard is not None and each.arrived is not None and each.done is not None:
            bars.append(
                Bar(CONNECTOR, _s(each.sent, began), _s(each.heard, began), "blue", "waits for the answer", row=1)
            )
            bars.append(Bar(SALESFORCE, _s(each.arrived, began), _s(each.done, began), "teal", "composite", row=0))
    answered = _s(receipt.answered, began) if receipt.answered is not None else budget_s
    return turn(bars, budget_s, answered)
