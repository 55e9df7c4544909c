"""Reads a sample call and says, with place and cure, what is wrong with it."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from scenarios.recordings.generated import generated, is_generated
from scenarios.recordings.model import Caller, CallFacts, End, Heard, Person, Recording, Step, Utterance

_KINDS: dict[str, type[BaseModel]] = {
    "call": CallFacts,
    "caller": Caller,
    "known": Person,
    "stranger": Person,
    "script": Step,
    "utterances": Utterance,
    "intents": Heard,
    "end": End,
}
"""Which model stands under which key."""


class BadRecording(ValueError):
    """A recording that cannot be played. Its text names the file, every place in it, and what to do there."""

    def __init__(self, where: str, *problems: str) -> None:
        super().__init__("\n".join(f"{where}: {problem}" for problem in problems))
        self.where = where
        self.problems = problems


def recording(name: str) -> Recording:
    """A recording by its name: one that ships with the project (``happy-call``), or a generated one (``caller-17``)."""
    return generated(name) if is_generated(name) else _shipped(name)


@cache
def _shipped(name: str) -> Recording:
    folder = files("scenarios").joinpath("recordings")
    place = folder.joinpath(name.replace("-", "_") + ".yaml")
    if not place.is_file():
        known = sorted(item.name[:-5].replace("_", "-") for item in folder.iterdir() if item.name.endswith(".yaml"))
        raise BadRecording(name, f"no such recording{_nearest(name, known)}; there are: {', '.join(known)}")
    return parse_recording(place.read_text(encoding="utf-8"), place.name)


def load_recording(path: Path) -> Recording:
    """A recording from a file of one's own; `BadRecording` where it cannot be read or played."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRecording(str(path), f"cannot be read ({problem})") from problem
    return parse_recording(text, str(path))


def parse_recording(text: str, where: str) -> Recording:
    """A recording from YAML text; `where` is how complaints call it."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BadRecording(where, f"{place}this is not YAML: {getattr(problem, 'problem', problem)}") from problem
    if not isinstance(content, dict):
        raise BadRecording(where, f"a recording is a mapping with the keys {', '.join(Recording.model_fields)}")
    try:
        found = Recording.model_validate(content)
    except ValidationError as problem:
        raise BadRecording(where, *_complaints(problem)) from problem
    troubles = list(_out_of_tune(found))
    if troubles:
        raise BadRecording(where, *troubles)
    return found


def _complaints(problem: ValidationError) -> Iterator[str]:
    for error in problem.errors():
        place = ".".join(str(step) for step in error["loc"]) or "the recording"
        message = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            name = str(error["loc"][-1])
            message = f"there is no such key{_nearest(name, _keys_beside(error['loc']))}"
        yield f"{place}: {message}"


def _keys_beside(loc: tuple[Any, ...]) -> list[str]:
    """The keys that may stand where `loc` points: walked down the models' own fields."""
    model: type[BaseModel] = Recording
    for step in loc[:-1]:
        model = _KINDS.get(str(step), model)
    return list(model.model_fields)


def _nearest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _out_of_tune(found: Recording) -> Iterator[str]:
    """What is well formed and yet cannot have happened."""
    yield from _speech(found.utterances)
    listened = {name for step in found.script for name in step.hears}
    first_caller = min((said.at_s for said in found.utterances if said.speaker == "caller"), default=found.end.at_s)
    for number, heard in enumerate(found.intents):
        if heard.at_s < first_caller:
            yield f"intents.{number}: {heard.name!r} is heard at {heard.at_s} s, before the caller said anything"
        if heard.at_s > found.end.at_s:
            yield f"intents.{number}: {heard.name!r} is heard at {heard.at_s} s, after the call ended"
        if heard.name not in listened:
            near = _nearest(heard.name, sorted(listened))
            yield f"intents.{number}: no step of the script listens for {heard.name!r}{near}"
    if any(later.turn < earlier.turn for earlier, later in pairwise(found.intents)):
        yield "intents: turns must not fall; put the intents in the order in which they were heard"


def _speech(utterances: Sequence[Utterance]) -> Iterator[str]:
    for number, said in enumerate(utterances):
        if said.until_s <= said.at_s:
            yield f"utterances.{number}: ends at {said.until_s} s, before it begins at {said.at_s} s"
    for number, (before, said) in enumerate(pairwise(utterances)):
        if said.at_s < before.at_s:
            yield f"utterances.{number + 1}: begins at {said.at_s} s, before the one above it; put them in order"
