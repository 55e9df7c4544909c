"""Rules from a YAML or JSON text; problems name the line."""

from collections.abc import Iterator
from typing import Any

import yaml

from mocksf.weather.parse import parse_rules
from mocksf.weather.problems import RuleError
from mocksf.weather.rule import Rule


def load_rules(text: str, name: str = "rules") -> list[Rule]:
    """Rules from YAML or JSON; `name` is the file's, for messages such as ``rain.yaml:4: rules[0].where.pth: …``.

    Raises RuleError: its paths carry file and line.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        raise RuleError([(place, f"neither YAML nor JSON: {error.problem}")]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise RuleError([(name, f"neither YAML nor JSON: {error}")]) from None
    try:
        return parse_rules(data)
    except RuleError as error:
        lines = dict(_lines(tree, "rules")) if tree is not None else {}
        raise RuleError([(_placed(name, path, lines), said) for path, said in error.problems]) from None


def _lines(node: Any, path: str) -> Iterator[tuple[str, int]]:
    """Every path of the document with the line on which it stands."""
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines(item, f"{path}[{number}]")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            # A document may be the list itself or an object with the one key `rules`; both are called rules[n].
            below = path if path == "rules" and key.value == "rules" else f"{path}.{key.value}"
            yield from _lines(value, below)
            yield below, key.start_mark.line + 1


def _placed(name: str, path: str, lines: dict[str, int]) -> str:
    known = path
    while known and known not in lines:
        known = known.rpartition(".")[0]
    return f"{name}:{lines[known]}: {path}" if known else f"{name}: {path}"
