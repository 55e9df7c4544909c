"""Automap: from type hints, defined once, and an org's describe to a whole field map that the org will take."""

from connector.automap.hints import IntentHint, hints_from_org, load_hints, parse_hints
from connector.automap.proposals import Automap, Proposal, Refused, mappable_objects, propose

__all__ = [
    "Automap",
    "IntentHint",
    "Proposal",
    "Refused",
    "hints_from_org",
    "load_hints",
    "mappable_objects",
    "parse_hints",
    "propose",
]
