"""What callers say: calls as plain values, drawn from a seed, so that every answer can be checked afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

FIELD_MAP: Mapping[str, Mapping[str, Any]] = {
    "demo_requested": {"target": "Opportunity.Demo_Requested_At__c", "type": "datetime"},
    "budget_confirmed": {"target": "Opportunity.Budget_Confirmed__c", "type": "checkbox"},
    "competitor_named": {"target": "Opportunity.Competitor__c", "type": "text", "max_length": 100},
    "decision_horizon": {"target": "Opportunity.Decision_Horizon__c", "type": "picklist"},
    "seats": {"target": "Opportunity.Seats__c", "type": "integer", "max_digits": 6},
    "preferred_channel": {"target": "Contact.Preferred_Channel__c", "type": "picklist"},
    "region": {"target": "Account.Region__c", "type": "picklist"},
}
"""The map under load: values go in as the org keeps them, so that the verdict needs no code of the connector."""

TURN_S = 0.3
"""Callers pause so long between two turns, on the wall."""

FIRST_NUMBER, NUMBERS = 2_000_000, 8_000_000
"""Callers have the numbers of one area from here on, as many as there are."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: `at_s` seconds after the call began, and what was said in it."""

    number: int
    at_s: float
    intents: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call from a number that never called before."""

    id: str
    phone: str
    turns: tuple[Turn, ...]

    @property
    def ends_at_s(self) -> float:
        return TURN_S * len(self.turns)


def targets() -> dict[str, str]:
    """Intent → Object.Field."""
    return {intent: str(row["target"]) for intent, row in FIELD_MAP.items()}


def call(run: str, number: int, dice: Random) -> Call:
    """The `number`-th call of a run. No intent is said twice in one call, so that order decides nothing."""
    assert number < NUMBERS, "there are only so many telephone numbers"
    day = f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    said = {
        "demo_requested": f"{day}T{dice.randint(8, 17):02d}:30:00.000+0000",
        "competitor_named": f"Competitor {dice.randint(1, 999)}",
        "decision_horizon": dice.choice(["This Month", "This Quarter", "This Year", "Unknown"]),
        "seats": dice.randint(1, 9999),
        "budget_confirmed": dice.random() < 0.5,
        "preferred_channel": dice.choice(["Phone", "Email", "Text Message"]),
        "region": dice.choice(["EMEA", "AMER", "APAC"]),
    }
    names = list(said)
    dice.shuffle(names)
    cuts = (names[:3], names[3:5], names[5:])
    turns = tuple(Turn(at + 1, TURN_S * at, {name: said[name] for name in cut}) for at, cut in enumerate(cuts))
    return Call(f"load-{run}-{number}", f"+1415{FIRST_NUMBER + number}", turns)
