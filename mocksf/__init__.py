"""A faithful mock Salesforce org: an org you can hold in one hand, with weather over it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mocksf.clock import EPOCH, ScaledClock, VirtualClock
    from mocksf.doors.loop import VirtualLoop, run
    from mocksf.face import Org
    from mocksf.hooks import ApexError, Hooks
    from mocksf.messages import Request, Response
    from mocksf.schema import Schema, default_schema, load_schema
    from mocksf.settings import OrgSettings
    from mocksf.weather import HowOften, Rule, RuleError, Where, Window, load_rules
    from mocksf.wire import Broken, Wire

_HOMES = {
    "EPOCH": "mocksf.clock",
    "ScaledClock": "mocksf.clock",
    "VirtualClock": "mocksf.clock",
    "VirtualLoop": "mocksf.doors.loop",
    "run": "mocksf.doors.loop",
    "Org": "mocksf.face",
    "ApexError": "mocksf.hooks",
    "Hooks": "mocksf.hooks",
    "Request": "mocksf.messages",
    "Response": "mocksf.messages",
    "Schema": "mocksf.schema",
    "default_schema": "mocksf.schema",
    "load_schema": "mocksf.schema",
    "OrgSettings": "mocksf.settings",
    "HowOften": "mocksf.weather",
    "Rule": "mocksf.weather",
    "RuleError": "mocksf.weather",
    "Where": "mocksf.weather",
    "Window": "mocksf.weather",
    "load_rules": "mocksf.weather",
    "Broken": "mocksf.wire",
    "Wire": "mocksf.wire",
}

__all__ = [
    "EPOCH",
    "ApexError",
    "Broken",
    "Hooks",
    "HowOften",
    "Org",
    "OrgSettings",
    "Request",
    "Response",
    "Rule",
    "RuleError",
    "ScaledClock",
    "Schema",
    "VirtualClock",
    "VirtualLoop",
    "Where",
    "Window",
    "Wire",
    "default_schema",
    "load_rules",
    "load_schema",
    "run",
]


def __getattr__(name: str) -> Any:
    """Public names are fetched when first asked for, so that importing one module does not import all."""
    if name not in _HOMES:
        message = f"module 'mocksf' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
