"""What is wrong with a rule, in sentences that name the place and the nearest right name."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from pydantic import ValidationError

JSON_KEYS = {"since": "from", "until": "to"}
"""Names that JSON writes otherwise, because `from` is a word of the language."""


NOTHING: Mapping[str, type[Any]] = {}


class RuleError(ValueError):
    """A rule that cannot be: `problems` are pairs of a path such as ``rules[0].where.pth`` and what is wrong there."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in problems))
        self.problems = tuple(problems)


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean …` with the likeliest right name, else `; there is …` with all of them."""
    known = list(names)
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else f"; there is {', '.join(f'`{one}`' for one in known)}"


def shown(value: Any) -> str:
    """A value as a sentence can quote it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def sentences(
    error: ValidationError, shape: type[Any], nested: Mapping[str, type[Any]] = NOTHING
) -> list[tuple[str, str]]:
    """Pydantic's findings as paths and sentences of our own; `nested` are the dataclasses below keys of the shape."""
    found = []
    for detail in error.errors():
        steps = [JSON_KEYS.get(str(step), str(step)) for step in detail["loc"]]
        sentence = detail["msg"].removeprefix("Value error, ")
        if detail["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            known = [
                JSON_KEYS.get(one.name, one.name)
                for one in fields(nested.get(steps[0], shape) if len(steps) > 1 else shape)
            ]
            sentence = f"no such key{nearest(steps[-1], known)}"
        elif detail["type"] == "dataclass_type":
            sentence = f"an object is wanted, not {shown(detail['input'])}"
        elif detail["type"] != "value_error":
            sentence = f"{sentence}, not {shown(detail['input'])}"
        found.append(("".join(f".{step}" for step in steps), sentence))
    return found
