"""A story as the Python file that it would be in the library: what was found by a sweep can be kept as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from scenarios.story import Story

WIDTH = 120
STEP = "    "


def pasted(story: Story) -> str:
    """The text of a file that ruff would leave alone and that brings the story back when it is imported."""
    names = sorted({type(each).__name__ for each in _values(story)})
    away = [name for name in names if name == "Away"]
    own = ", ".join(name for name in names if name != "Away")
    imports = [f"from scenarios.slack import {name}" for name in away]
    line = f"from scenarios.story import {own}"
    if len(line) > WIDTH:
        line = "from scenarios.story import (\n" + "".join(f"{STEP}{name},\n" for name in own.split(", ")) + ")"
    head = "\n".join([f'"""{story.tells}"""', "", *imports, line])
    return f"{head}\n\nSTORY = {_said(story, '', len('STORY = '))}\n"


def _values(value: Any) -> Iterator[Any]:
    """All values of the story's own types in it."""
    if is_dataclass(value):
        yield value
        for each in _told(value):
            yield from _values(getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _values(item)


def _told(value: Any) -> list[Field[Any]]:
    """The fields that are not as they would be without being told."""
    return [each for each in fields(value) if getattr(value, each.name) != _default(each)]


def _default(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _said(value: Any, indent: str, before: int) -> str:
    """A value as source: on one line where it fits behind what stands `before` it, else one part per line."""
    opening, parts, closing = _parts(value)
    if not parts:
        return opening + closing if closing else opening
    flat = opening + ", ".join(label + _flat(part) for label, part in parts) + closing
    if len(parts) == 1 and isinstance(value, tuple):
        flat = flat[:-1] + ",)"
    if len(indent) + before + len(flat) < WIDTH:
        return flat
    deeper = indent + STEP
    lines = [f"{deeper}{label}{_said(part, deeper, len(label))},\n" for label, part in parts]
    return f"{opening}\n{''.join(lines)}{indent}{closing}"


def _flat(value: Any) -> str:
    return _said(value, "", -(10**9))


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]], str]:
    if is_dataclass(value):
        return f"{type(value).__name__}(", [(f"{each.name}=", getattr(value, each.name)) for each in _told(value)], ")"
    if isinstance(value, Mapping):
        return "{", [(f"{_quoted(key)}: ", part) for key, part in value.items()], "}"
    if isinstance(value, tuple):
        return "(", [("", part) for part in value], ")"
    if isinstance(value, list):
        return "[", [("", part) for part in value], "]"
    return _quoted(value), [], ""


def _quoted(value: Any) -> str:
    """A plain value as ruff writes it: strings in double quotes where they hold none."""
    text = repr(value)
    if isinstance(value, str) and '"' not in value and text[0] == "'":
        return '"' + text[1:-1].replace("\\'", "'") + '"'
    return text
