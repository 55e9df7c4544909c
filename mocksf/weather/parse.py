"""From JSON to rules: the one place that reads what people write, and says what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mocksf.faults import BY_NAME
from mocksf.weather.problems import JSON_KEYS, RuleError, nearest, sentences, shown
from mocksf.weather.rule import Drift, HowOften, Ramp, Rule, Spells, Where, Window

_WINDOW_KEYS = {key: name for name, key in JSON_KEYS.items()}
_SHAPES: Mapping[str, type[Any]] = {"where": Where, "how_often": HowOften}
_NESTED: Mapping[str, type[Any]] = {"window": Window, "ramp": Ramp, "spells": Spells, "drift": Drift}
_KEYS = ("kind", "id", "settings", "where", "how_often", "phase")


def parse_rule(data: Any, at: str = "rule", rule_id: str = "") -> Rule:
    """A rule from its JSON form, as in design §8.4; a kind's settings stand under `settings` or beside `kind`.

    `at` is where the rule stands, for the messages. Raises RuleError with every problem found.
    """
    if not isinstance(data, Mapping):
        raise RuleError([(at, f"a rule is an object such as {{'kind': 'lost_answer'}}, not {shown(data)}")])
    kind = str(data.get("kind"))
    if kind not in BY_NAME:
        named = f"no such kind `{kind}`" if "kind" in data else "a rule needs a `kind`"
        raise RuleError([(f"{at}.kind", named + nearest(kind, BY_NAME))])
    settings = _settings_names(kind)
    problems = [
        (f"{at}.{key}", f"no such key{nearest(str(key), (*_KEYS, *settings))}")
        for key in data
        if key not in _KEYS and key not in settings
    ]
    values = {key: _parsed(key, data[key], at, problems) for key in _SHAPES if key in data}
    if problems:
        raise RuleError(problems)
    beside = {key: data[key] for key in data if key in settings}
    return _built(kind, {**_mapping(data, "settings", at), **beside}, values, data, at, rule_id)


def parse_rules(data: Any, at: str = "rules") -> list[Rule]:
    """A list of rules from JSON, or an object with the one key `rules`. Raises RuleError with every problem found."""
    listed = data.get("rules") if isinstance(data, Mapping) and set(data) == {"rules"} else data
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise RuleError([(at, f"a list of rules is wanted, not {shown(listed)}")])
    rules: list[Rule] = []
    problems: list[tuple[str, str]] = []
    for number, item in enumerate(listed):
        try:
            rules.append(parse_rule(item, f"{at}[{number}]"))
        except RuleError as error:
            problems.extend(error.problems)
    problems += [(at, f"the id `{twice}` is given twice") for twice in _twice(rule.id for rule in rules if rule.id)]
    if problems:
        raise RuleError(problems)
    return rules


def _built(
    kind: str, settings: dict[str, Any], values: dict[str, Any], data: Mapping[str, Any], at: str, rule_id: str
) -> Rule:
    try:
        return Rule(kind, settings, phase=data.get("phase"), id=str(data.get("id") or rule_id), **values)
    except RuleError as error:
        raise RuleError([(f"{at}.{path}", sentence) for path, sentence in error.problems]) from None


def _parsed(key: str, value: Any, at: str, problems: list[tuple[str, str]]) -> Any:
    """A `where` or a `how_often`; what is wrong with it is added to `problems`."""
    try:
        return TypeAdapter(_SHAPES[key]).validate_python(_renamed(value))
    except ValidationError as error:
        problems.extend((f"{at}.{key}{path}", sentence) for path, sentence in sentences(error, _SHAPES[key], _NESTED))
        return None


def _renamed(value: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(value.get("window"), Mapping):
        window = {_WINDOW_KEYS.get(key, key): given for key, given in value["window"].items()}
        return {**value, "window": window}
    return value


def _settings_names(kind: str) -> list[str]:
    return [one.name for one in fields(BY_NAME[kind])]  # type: ignore[arg-type]  # kinds are dataclasses


def _mapping(data: Mapping[str, Any], key: str, at: str) -> Mapping[str, Any]:
    value = data.get(key) or {}
    if not isinstance(value, Mapping):
        raise RuleError([(f"{at}.{key}", f"an object is wanted, not {shown(value)}")])
    return value


def _twice(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [one for one in ids if one in seen or seen.add(one)]  # type: ignore[func-returns-value]
