"""IntentHint: what an intent carries, said once for every org; read from a file, or told by the org's own fields."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from connector.automap.names import intent_name
from connector.config import ConfigError, Problem
from connector.config.fields import ApiName, IntentName
from connector.config.problems import path_of, reason_of
from connector.config.reading import load_data
from connector.config.words import Hint
from connector.describe import FieldDescribe, ObjectDescribe
from connector.names import nearest
from connector.settle import HINT_OF_TYPE


class IntentHint(BaseModel):
    """What one intent carries. The short form is the type alone: `demo_requested: datetime`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Hint
    label: str = Field(default="", max_length=255, description="How people call it, if that differs from its name.")
    objects: tuple[ApiName, ...] = Field(default=(), description="The objects it may go to; left out: any.")
    values: tuple[str, ...] = Field(default=(), description="The words that the classification may give.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"type": given} if isinstance(given, str) else given


_HINTS = TypeAdapter(dict[IntentName, IntentHint])


def load_hints(path: str | Path) -> dict[str, IntentHint]:
    """Read a YAML or JSON file of intents and their hints. Raises ConfigError."""
    return parse_hints(load_data(path), str(path))


def parse_hints(data: Any, file: str = "hints") -> dict[str, IntentHint]:
    """Intent → hint. Raises ConfigError, whose problems name their places."""
    if not isinstance(data, dict) or not data:
        reason = "is empty" if not data else "must be an object of intents and their types"
        raise ConfigError(file, (Problem("$", reason),))
    try:
        return _HINTS.validate_python(data)
    except ValidationError as error:
        raise ConfigError(file, tuple(_problems(error))) from None


def _problems(error: ValidationError) -> Iterator[Problem]:
    for each in error.errors(include_url=False):
        steps = tuple(step for step in each["loc"] if step != "[key]")
        known = IntentHint.model_fields if each["type"] == "extra_forbidden" else _choices(each)
        yield Problem(path_of(steps), reason_of(each), nearest(_wrong(each, steps), known))


def _wrong(error: Any, steps: tuple[int | str, ...]) -> str:
    return str(steps[-1] if error["type"] == "extra_forbidden" and steps else error["input"])


def _choices(error: Any) -> tuple[str, ...]:
    return tuple(Hint.__args__) if error["type"] == "literal_error" else ()  # type: ignore[attr-defined]


def hints_from_org(objects: Iterable[ObjectDescribe]) -> dict[str, IntentHint]:
    """A hint for every custom field that can be written, named after it; the object is told where names collide."""
    fields = [(sobject, field) for sobject in objects for field in sobject.fields if _speaks(field)]
    names = [intent_name(field.name) for _, field in fields]
    hints: dict[str, IntentHint] = {}
    for (sobject, field), name in zip(fields, names, strict=True):
        own = name if names.count(name) == 1 else f"{intent_name(sobject.name)}.{name}"
        hint = IntentHint(type=HINT_OF_TYPE[field.type], label=field.label, objects=(sobject.name,))
        hints.setdefault(own[:80], hint)
    return hints


def _speaks(field: FieldDescribe) -> bool:
    """A custom field that an intent could fill; keys and references are for systems, nobody says them on the phone."""
    technical = field.external_id or field.type in ("reference", "id")
    return field.name.endswith("__c") and field.createable and field.type in HINT_OF_TYPE and not technical
