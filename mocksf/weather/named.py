"""Weather profiles: named lists of rules that come with the project, each saying what it tells and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from mocksf.weather.files import load_rules
from mocksf.weather.problems import RuleError, nearest
from mocksf.weather.rule import Rule


@dataclass(frozen=True, slots=True)
class Profile:
    """One weather by name."""

    name: str
    tells: str
    source: str
    rules: tuple[Rule, ...]


@cache
def profiles() -> Mapping[str, Profile]:
    """All that come with the project, by name."""
    found = sorted(each.name for each in files("mocksf.weather.climates").iterdir() if each.name.endswith(".yaml"))
    return {profile.name: profile for profile in map(_read, found)}


def _read(file: str) -> Profile:
    text = files("mocksf.weather.climates").joinpath(file).read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    rules = load_rules(yaml.safe_dump({"rules": data["rules"]}), file)
    return Profile(file.removesuffix(".yaml"), data["tells"], data["source"], tuple(rules))


def profile_named(name: str) -> Profile:
    """The profile of a name. Raises RuleError, which names the nearest right one."""
    known = profiles()
    if name not in known:
        raise RuleError([("profile", f"no such profile `{name}`{nearest(name, known)}")])
    return known[name]


def endless(rules: tuple[Rule, ...] | list[Rule]) -> list[str]:
    """The ids (or kinds) of rules that make every exchange fail for ever: nothing ends them, nothing escapes them."""
    return [rule.id or rule.kind for rule in rules if _fails_for_ever(rule)]


def _fails_for_ever(rule: Rule) -> bool:
    often = rule.how_often
    ends = often.times is not None or often.every is not None or often.chance < 1 or often.spells or often.ramp
    window = often.window
    closes = window is not None and (window.to_s is not None or window.until is not None)
    narrowed = rule.where != type(rule.where)()
    return not ends and not closes and not narrowed and rule.kind not in HARMLESS


HARMLESS = frozenset({"latency", "bandwidth", "slow_drip", "lock_holder", "record_deleted", "deploy", "stale_describe"})
"""Kinds under which an exchange may still succeed."""
