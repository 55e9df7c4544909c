"""The weather of an org: an ordered list of rules that say what goes wrong, where, how often, and at which moment."""

from mocksf.weather.explain import explain
from mocksf.weather.files import load_rules
from mocksf.weather.named import Profile, endless, profile_named, profiles
from mocksf.weather.parse import parse_rule, parse_rules
from mocksf.weather.problems import RuleError
from mocksf.weather.rule import ALWAYS, ANYWHERE, HowOften, Rule, Where, Window
from mocksf.weather.sight import OPERATIONS, Sight
from mocksf.weather.weather import NoSuchRule, Weather

__all__ = [
    "ALWAYS",
    "ANYWHERE",
    "OPERATIONS",
    "HowOften",
    "NoSuchRule",
    "Profile",
    "Rule",
    "RuleError",
    "Sight",
    "Weather",
    "Where",
    "Window",
    "endless",
    "explain",
    "load_rules",
    "parse_rule",
    "parse_rules",
    "profile_named",
    "profiles",
]
