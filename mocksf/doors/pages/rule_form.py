"""A rule as a form: its fields are read off the rule's own shape, and what is wrong stands beside the field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_args, get_type_hints

import yaml

from mocksf.faults import BY_NAME
from mocksf.faults.phase import Phase
from mocksf.weather import OPERATIONS, HowOften, Rule, RuleError, Where, parse_rule
from mocksf.weather.problems import JSON_KEYS

GROUPS: Mapping[str, type[Any]] = {"where": Where, "how_often": HowOften}
_CHOICES = {"where.operation": OPERATIONS, "where.method": ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD")}
_HINTS = {"where.path": "*/composite", "where.sobject": "Account", "how_often.chance": "0.3", "how_often.times": "2"}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form."""

    key: str
    """Its path in the rule's JSON, such as `where.path`."""
    label: str
    plain: bool
    """Whether what is written is taken as text; else as YAML, which numbers, lists and objects are written in."""
    choices: Sequence[str] = ()
    hint: str = ""


def inputs() -> dict[str, list[Input]]:
    """The fields of `where` and `how_often`, as the rule knows them."""
    return {group: list(_inputs(group, shape)) for group, shape in GROUPS.items()}


def _inputs(group: str, shape: type[Any]) -> Iterator[Input]:
    hints = get_type_hints(shape)
    for each in fields(shape):
        name = JSON_KEYS.get(each.name, each.name)
        key = f"{group}.{name}"
        kinds = [one for one in get_args(hints[each.name]) or (hints[each.name],) if one is not type(None)]
        yield Input(key, name, kinds == [str], _CHOICES.get(key, ()), _HINTS.get(key, ""))


def rule_from(form: Mapping[str, str], rule_id: str = "") -> dict[str, Any]:
    """The rule's JSON from what was written. Raises RuleError for what is no YAML."""
    told: dict[str, Any] = {"kind": form.get("kind", ""), "phase": form.get("phase") or None}
    told["id"] = rule_id or form.get("id", "")
    told["settings"] = _read("settings", form.get("settings", "")) or {}
    for group, listed in inputs().items():
        written = {one: form[one.key] for one in listed if form.get(one.key)}
        told[group] = {one.label: text if one.plain else _read(one.key, text) for one, text in written.items()}
    return told


def _read(key: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        raise RuleError([(f"rule.{key}", "no YAML: write it as `name: value`, one a line")]) from None


def checked(form: Mapping[str, str], rule_id: str = "") -> tuple[Rule | None, dict[str, Any], dict[str, str]]:
    """The rule, its JSON, and what is wrong by the key of the field; the rule is None where anything is."""
    try:
        told = rule_from(form, rule_id)
        return parse_rule(told), told, {}
    except RuleError as error:
        return None, {}, placed(error)


def placed(error: RuleError) -> dict[str, str]:
    """Problems by the field that they belong to; the key is empty for those that belong to none."""
    keys = [one.key for listed in inputs().values() for one in listed] + ["kind", "settings", "phase", "id"]
    found: dict[str, str] = {}
    for path, sentence in error.problems:
        place = path.removeprefix("rule.")
        key = next((one for one in keys if place == one or place.startswith((f"{one}.", f"{one}["))), "")
        found[key] = f"{found[key]}; {sentence}" if key in found else sentence
    return found


def written(rule: Rule) -> dict[str, str]:
    """What the form shows of a rule that lies."""
    told = rule.as_json()
    form = {"kind": rule.kind, "id": rule.id, "phase": told.get("phase", "")}
    form["settings"] = yaml.safe_dump(told["settings"], sort_keys=False).strip() if "settings" in told else ""
    for group, listed in inputs().items():
        held = told.get(group, {})
        form |= {
            one.key: held[one.label] if one.plain else _flow(held[one.label]) for one in listed if one.label in held
        }
    return form


def _flow(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=10_000).strip().removesuffix("...").strip()


def phases() -> list[str]:
    """The moments at which a rule may strike."""
    return [each.value for each in Phase]


def kinds() -> dict[str, str]:
    """The kinds with what they do, in a sentence."""
    return {name: (kind.__doc__ or "").partition("\n")[0] for name, kind in sorted(BY_NAME.items())}
