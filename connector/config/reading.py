"""Reading a configuration: text (YAML or JSON) → data → ConnectorConfig; every error names its place."""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from connector.config.model import ConnectorConfig
from connector.config.problems import ConfigError, Problem, problems_of

SECTIONS = frozenset(ConnectorConfig.model_fields)
NODES_MAX = 1_000_000
"""A few lines of aliases within aliases say more than any memory holds."""
TEXT_BYTES_MAX = 4_000_000
"""Two hundred fields are some 30 kB; whatever is larger than this is not a configuration."""


def load_config(path: str | Path) -> ConnectorConfig:
    """Read a YAML or JSON file. Raises ConfigError, and nothing else."""
    return parse_config(load_data(path), str(path))


def load_data(path: str | Path) -> Any:
    """What a YAML or JSON file holds, whatever it is. Raises ConfigError."""
    return parse_text(load_text(path), str(path))


def load_text(path: str | Path) -> str:
    """The text of a file of a sensible size. Raises ConfigError."""
    file = str(path)
    try:
        if Path(path).stat().st_size > TEXT_BYTES_MAX:
            raise ConfigError(file, (Problem("$", f"is larger than {TEXT_BYTES_MAX} bytes"),))
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise ConfigError(file, (Problem("$", f"cannot be read: {problem.strerror}"),)) from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(file, (Problem("$", f"is not UTF-8 text: {problem.reason}"),)) from problem


def parse_config(data: Any, file: str = "config") -> ConnectorConfig:
    """A configuration from data: the full form, or the seed's bare object of intent → target. Raises ConfigError."""
    if not isinstance(data, dict):
        reason = "is empty" if data is None else "must be an object of keys and values"
        raise ConfigError(file, (Problem("$", reason),))
    seed_form = is_seed_form(data)
    whole = {"fields": data} if seed_form else data
    try:
        config = ConnectorConfig.model_validate(whole)
    except ValidationError as error:
        raise ConfigError(file, tuple(problems_of(error, whole, seed_form))) from None
    return config.mark_seed_form() if seed_form else config


def is_seed_form(data: dict[Any, Any]) -> bool:
    """Whether the object is the map of intents itself: it has no section, and a value that is or has a target."""
    if SECTIONS & data.keys():
        return False
    return any(isinstance(value, str) or (isinstance(value, dict) and "target" in value) for value in data.values())


def parse_text(text: str, file: str) -> Any:
    """JSON where the text begins as JSON, else YAML. Keys that stand twice are refused. Raises ConfigError."""
    if text.lstrip().startswith("{") and not file.endswith((".yaml", ".yml")):
        return _json(text, file)
    return _yaml(text, file)


def _json(text: str, file: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _without_doubles(pairs, file))
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise ConfigError(file, (Problem(place, f"is not JSON: {problem.msg}"),)) from None
    except RecursionError:
        raise ConfigError(file, (Problem("$", "is nested too deeply"),)) from None


def _without_doubles(pairs: list[tuple[str, Any]], file: str) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        double = next(key for key in keys if keys.count(key) > 1)
        raise ConfigError(file, (Problem(f"the key {double!r}", "stands twice in the same object"),))
    return dict(pairs)


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                message = f"the key {key!r} stands twice in the same object"
                raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _yaml(text: str, file: str) -> Any:
    try:
        data = yaml.load(text, Loader=_Loader)
        size = _size(data, {})
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "$"
        raise ConfigError(file, (Problem(place, f"is not YAML: {problem.problem or problem.context}"),)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise ConfigError(file, (Problem("$", f"is not YAML: {problem}"),)) from None
    if size > NODES_MAX:
        raise ConfigError(file, (Problem("$", "grows without measure by its aliases (&a … *a); write it out"),))
    return data


def _size(data: Any, known: dict[int, int]) -> int:
    """How many values there are once every alias is written out; endless where one stands in itself."""
    if not isinstance(data, dict | list):
        return 1
    if id(data) not in known:
        known[id(data)] = NODES_MAX  # until it is known: whoever meets it again meanwhile is within itself
        inside = data.values() if isinstance(data, dict) else data
        known[id(data)] = min(1 + sum(_size(each, known) for each in inside), NODES_MAX + 1)
    return known[id(data)]
