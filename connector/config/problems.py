"""Problem and ConfigError: what is wrong with a configuration file, where, and what was probably meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from connector.config.model import ConnectorConfig
from connector.config.secret import Secret
from connector.names import nearest

REASONS: dict[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a key of this section",
    "string_type": "must be a text, not {given}; put it in quotes",
    "string_pattern_mismatch": "{given} does not have the form {pattern}",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "int_type": "must be a whole number, not {given}",
    "float_type": "must be a number, not {given}",
    "bool_type": "must be true or false, not {given}",
    "finite_number": "must be a finite number, not {given}",
    "literal_error": "{given} is not one of {expected}",
    "greater_than": "must be greater than {gt}, not {given}",
    "greater_than_equal": "must be at least {ge}, not {given}",
    "less_than_equal": "must be at most {le}, not {given}",
    "too_short": "must have at least {min_length} entry",
    "too_long": "must have at most {max_length} entries",
    "tuple_type": "must be a list, not {given}",
    "dict_type": "must be an object of keys and values, not {given}",
    "model_type": "must be an object of keys and values, not {given}",
    "model_attributes_type": "must be an object of keys and values, not {given}",
}
"""Pydantic's kind of error → our words. `{given}` is what the file says (never shown for secrets)."""

FORMS: dict[str, str] = {
    "target": "Object.Field in API names, such as Opportunity.Demo_Requested_At__c",
    "api_version": "66.0",
    "phone_region": "a two-letter country such as US",
    "dead_letter_queue": "letters, digits, dots, hyphens and underscores",
}
"""What a pattern means, by the key that has it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `path` is a JSON path (`$.fields.seats.lane`) or `line N, column N` of the text."""

    path: str
    reason: str
    nearest: str | None = None

    def __str__(self) -> str:
        meant = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{self.path}: {self.reason}{meant}"


class ConfigError(Exception):
    """A configuration that cannot be used; the text has one line per problem, each naming the file."""

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.file = file
        self.problems = problems


def problems_of(error: ValidationError, data: Any, seed_form: bool) -> Iterator[Problem]:
    """Pydantic's errors in the words of the file. `data` is what was validated (the seed form already wrapped)."""
    for each in sorted(error.errors(include_url=False), key=_is_effect):
        steps = each["loc"]
        if steps[-1:] == ("[key]",):
            steps = steps[:-1] if isinstance(each["input"], str) else steps[:-2]  # a key that is no text has no path
        while steps and not _is_there(data, steps[:-1]):
            steps = steps[:-1]  # the short form has no key `target` of its own
        shown = steps[1:] if seed_form and steps[:1] == ("fields",) else steps
        yield Problem(path_of(shown), _reason(each, steps), _suggestion(each, steps))


def _is_effect(error: ErrorDetails) -> bool:
    """A key that is missing is often another one misspelt: the cause is told first."""
    return error["type"] == "missing"


def path_of(steps: tuple[int | str, ...]) -> str:
    """A JSON path: `$.fields.seats`, `$.delivery.schedule[2]`, `$.fields["an odd key"]`."""
    return "$" + "".join(_step(step) for step in steps)


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if re.fullmatch(r"[A-Za-z_][\w-]*", step) else f'["{step}"]'


def _is_there(data: Any, steps: tuple[int | str, ...]) -> bool:
    for step in steps:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(data, (Mapping, list))


def _reason(error: ErrorDetails, steps: tuple[int | str, ...]) -> str:
    model = _type_at(steps[:-1])
    if Secret in (_type_at(steps), model) and error["type"] in ("model_type", "string_type"):
        return "a secret is never written in the file; name its place: {env: NAME} or {file: PATH}"
    return reason_of(error)


def reason_of(error: ErrorDetails) -> str:
    """What one of pydantic's errors says, in our words."""
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    facts = {**error.get("ctx", {}), "given": _shown(error["input"])}
    facts["pattern"] = FORMS.get(str(error["loc"][-1]), "of a name: letters, digits and underscores, a letter first")
    sentence = REASONS.get(error["type"])
    if sentence is None:
        return f"{error['msg'][:1].lower()}{error['msg'][1:]}"
    return sentence.format(**facts).replace("'", "")


def _shown(value: Any) -> str:
    words = {True: "true", False: "false", None: "null"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = str(value)
    return f'"{text[:60]}"' if isinstance(value, str) else text


def _suggestion(error: ErrorDetails, steps: tuple[int | str, ...]) -> str | None:
    if error["type"] == "extra_forbidden":
        section = _type_at(steps[:-1])
        known = section.model_fields if isinstance(section, type) and issubclass(section, BaseModel) else ()
        return nearest(str(steps[-1]), known)
    if error["type"] == "literal_error" and isinstance(error["input"], str):
        return nearest(error["input"], re.findall(r"'([^']+)'", str(error.get("ctx", {}).get("expected", ""))))
    return None


def _type_at(steps: tuple[int | str, ...]) -> Any:
    """The annotation behind a path, with optionals unwrapped; None where the path leaves the models."""
    here: Any = ConnectorConfig
    for step in steps:
        if isinstance(here, type) and issubclass(here, BaseModel):
            info = here.model_fields.get(str(step))
            here = _bare(info.annotation) if info else None
        elif get_origin(here) in (dict, tuple):
            here = _bare(get_args(here)[-1 if get_origin(here) is dict else 0])
        else:
            return None
    return here


def _bare(annotation: Any) -> Any:
    """`X | None` and `Annotated[X, …]` are X; a Literal stays."""
    if get_origin(annotation) in (dict, tuple, Literal, None):
        return annotation
    return _bare(next(each for each in get_args(annotation) if each is not type(None)))
