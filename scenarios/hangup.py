"""What shows of a call at the instant at which its caller hangs up: in the org, under way, dead, or nowhere."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from scenarios.callers import Agent
from scenarios.host import Host
from scenarios.shop import PLACES, Place
from scenarios.trace import END, Receipt, Shown, State

CRITICAL = frozenset({"Opportunity", "Contact", "Lead"})
"""The objects that a turn writes while the caller is on the line, by the company's configuration."""
ANSWERED = ("accepted", "committed", "dead")
STATES = {"pending": "pending", "dead": "dead", "discarded": "dead"}
"""What the connector shows of a call's deliveries (`GET /calls/{id}`) → where their intents stand."""


class Premises(Protocol):
    """The world as far as it is looked at here."""

    host: Host

    def visible(self, text: str) -> list[dict[str, Any]]: ...
    def knows(self, sobject: str, field: str) -> bool: ...


def shown_at_hang_up(world: Premises, agent: Agent) -> Iterator[Shown]:
    """Where each critical intent stands that the agent was answered about."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for receipt in agent.receipts:
        if receipt.turn == END or receipt.told not in ANSWERED:
            continue
        for intent, value in receipt.intents.items():
            place = PLACES.get(intent)
            if place is not None and place.sobject in CRITICAL:
                if place.sobject not in rows:
                    rows[place.sobject] = world.visible(_query(world, agent, place.sobject))
                state = _state(world.host, receipt, place, rows[place.sobject], value)
                yield Shown(receipt.call, receipt.turn, intent, state)


def _query(world: Premises, agent: Agent, sobject: str) -> str:
    """The mapped fields of the call's record, those left out that a deploy has taken away."""
    named = sorted({place.field for place in PLACES.values() if place.sobject == sobject})
    fields = [each for each in named if world.knows(sobject, each)]
    return f"SELECT {', '.join(fields)} FROM {sobject} WHERE {_condition(agent, sobject)}"


def _condition(agent: Agent, sobject: str) -> str:
    """What finds the call's record: its key; of people also the number, for they may have been there before."""
    if sobject == "Opportunity":
        return f"Call_Key__c = '{agent.call_id}'"
    key = f"Caller_Key__c = '{agent.phone}'" if sobject == "Contact" else f"Call_Key__c = '{agent.call_id}'"
    return f"{key} OR Phone = '{agent.phone}' OR Phone = '{agent.recording.caller.phone}'"


def _state(host: Host, receipt: Receipt, place: Place, rows: list[dict[str, Any]], value: Any) -> State:
    if any(_readable(row.get(place.field), place, value, receipt.at) for row in rows):
        return "readable"
    standings = host.ledger.readings.standings
    words = {STATES.get(standings[key].status) for key in receipt.deliveries if key in standings}
    return "pending" if "pending" in words else "dead" if "dead" in words else "dark"


def _readable(there: Any, place: Place, value: Any, at: datetime) -> bool:
    """Whether the value is there; of a caller's own record another call may have said something newer since."""
    return bool(there == place.wire(value, at)) or (place.sobject != "Opportunity" and there is not None)
