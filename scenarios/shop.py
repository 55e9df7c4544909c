"""The demo company that every story is about: its field map, the people it knows, and where each intent belongs."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connector.config import ConnectorConfig, parse_config

CONFIG: dict[str, Any] = {
    "org": {
        "login": {
            "instance_url": "https://northgate.my.salesforce.com",
            "grant": "client_credentials",
            "client_id": "mocksf",
            "client_secret": {"env": "SALESFORCE_CLIENT_SECRET"},
        },
        "scope_profile": "privileged",
        "region": {"agents": "us", "instance": "NA130"},
        "api_version": "66.0",
    },
    "delivery": {"slack_webhook": {"env": "SLACK_WEBHOOK"}},
    "fields": {
        "demo_requested": "Opportunity.Demo_Requested_At__c",
        "budget_confirmed": {"target": "Opportunity.Budget_Confirmed__c", "type": "checkbox"},
        "competitor": {"target": "Opportunity.Competitor__c", "type": "text"},
        "decision_horizon": {"target": "Opportunity.Decision_Horizon__c", "type": "picklist"},
        "seats": {"target": "Opportunity.Seats__c", "type": "integer"},
        "preferred_channel": {"target": "Contact.Preferred_Channel__c", "type": "picklist"},
        "interest": {"target": "Lead.Interest__c", "type": "text"},
        "qualified": "Lead.Status",
        "call_summary": "Task.Description",
        "team_notice": "FeedItem.Body",
    },
}
"""The company's configuration, as its file says it."""

SECRETS: dict[str, str] = {
    "SALESFORCE_CLIENT_SECRET": "mocksf-secret",
    "SLACK_WEBHOOK": "https://hooks.slack.example/services/T000/B000/XXXX",
}
"""What the environment holds in the world."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an intent belongs: the object's field, how its record is found, and what its value looks like there."""

    sobject: str
    field: str
    by: str
    """`call` or `caller`: whose key finds the record."""
    wire: Callable[[Any, datetime], Any]
    """(value, instant of the turn) → the value as the org's JSON shows it."""


def wire_instant(instant: datetime) -> str:
    """An instant as the org's JSON shows it: the platform keeps whole seconds."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000+0000"


PLACES: dict[str, Place] = {
    "demo_requested": Place("Opportunity", "Demo_Requested_At__c", "call", lambda _, at: wire_instant(at)),
    "budget_confirmed": Place("Opportunity", "Budget_Confirmed__c", "call", lambda _, __: True),
    "competitor": Place("Opportunity", "Competitor__c", "call", lambda value, _: value),
    "decision_horizon": Place("Opportunity", "Decision_Horizon__c", "call", lambda value, _: value),
    "seats": Place("Opportunity", "Seats__c", "call", lambda value, _: float(value)),
    "preferred_channel": Place("Contact", "Preferred_Channel__c", "caller", lambda value, _: value),
    "interest": Place("Lead", "Interest__c", "call", lambda value, _: value),
    "qualified": Place("Lead", "Status", "call", lambda _, __: "Qualified"),
    "call_summary": Place("Task", "Description", "call", lambda value, _: value),
    "disposition": Place("Task", "CallDisposition", "call", lambda value, _: value),
}
"""Written by hand, beside the configuration and not from it: what the laws compare the org with."""


def shop_config(changes: Mapping[str, Any] | None = None) -> ConnectorConfig:
    """The company's configuration, with `changes` laid over it section by section."""
    return parse_config(_merged(deepcopy(CONFIG), changes or {}))


def _merged(under: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in over.items():
        beneath = under.get(key)
        under[key] = _merged(beneath, value) if isinstance(beneath, dict) and isinstance(value, Mapping) else value
    return under
