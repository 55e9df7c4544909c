"""The field map as rows of a form: from a configuration's entries to rows, and from what was sent back to entries."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args

import orjson

from connector.config.words import Hint, Lane, Overflow, Transform, UpdateMode

CHOICES: dict[str, tuple[str, ...]] = {
    "type": get_args(Hint),
    "transform": get_args(Transform)[1:],
    "update_mode": get_args(UpdateMode)[1:],
    "lane": get_args(Lane),
    "on_overflow": get_args(Overflow)[1:],
}
"""Key of an entry → the words that it may say; nothing stands for the default."""
LABELS = {
    "type": "as the org says",
    "transform": "as it is",
    "update_mode": "overwrites",
    "lane": "by its object",
    "on_overflow": "truncates",
}
"""What the default of each is called."""
DEFAULTS = {"transform": "none", "update_mode": "overwrite", "on_overflow": "truncate"}
ROWS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One intent and its field. `was` is the name under which the configuration in force has it, or nothing."""

    was: str = ""
    name: str = ""
    target: str = ""
    type: str = ""
    transform: str = ""
    update_mode: str = ""
    lane: str = ""
    on_overflow: str = ""
    values: str = ""
    """The value map, a line each: `word = API value`."""
    number: int = -1
    """Which row of the form it was."""

    @property
    def told(self) -> str:
        """What it says beside intent, field and type, in a few words."""
        words = [
            each.replace("_", " ") for each in (self.transform, self.update_mode, self.lane, self.on_overflow) if each
        ]
        lines = len(self.values.splitlines())
        return ", ".join([*words, *([f"{lines} values"] if lines else [])])


def rows_of(fields: dict[str, Any]) -> list[Row]:
    """The rows of a configuration's `fields`."""
    return [_row(name, entry) for name, entry in fields.items()]


def _row(name: str, entry: Any) -> Row:
    if not isinstance(entry, dict):
        return Row(name, name, str(entry or ""))
    told: dict[str, Any] = {key: str(entry.get(key) or "") for key in CHOICES}
    told = {key: "" if value == DEFAULTS.get(key) else value for key, value in told.items()}
    values = entry.get("values")
    lines = [f"{word} = {value}" for word, value in values.items()] if isinstance(values, dict) else []
    return Row(name, name, str(entry.get("target") or ""), values="\n".join(lines), **told)


def rows_in(form: dict[str, str]) -> list[Row]:
    """The rows that were sent, without those that were taken out; and proposals that were ticked, at the end."""
    numbers = sorted(int(key[5:]) for key in form if key.startswith("name.") and key[5:].isdecimal())
    rows = [_sent(form, number) for number in numbers[:ROWS_MAX] if f"remove.{number}" not in form]
    accepted = [key.removeprefix("accept.") for key in form if key.startswith("accept.")]
    rows += [_accepted(intent, form[f"accept.{intent}"]) for intent in accepted]
    return [row for row in rows if row.name or row.target]


def _sent(form: dict[str, str], number: int) -> Row:
    names = ("was", "name", "target", "values", *CHOICES)
    told: dict[str, Any] = {name: form.get(f"{name}.{number}", "").strip().replace("\r\n", "\n") for name in names}
    return Row(number=number, **told)


def _accepted(intent: str, entry: str) -> Row:
    try:
        told = orjson.loads(entry)
    except orjson.JSONDecodeError:
        told = entry
    return replace(_row(intent, told), was="")


def fields_of(rows: list[Row], before: dict[str, Any]) -> dict[str, Any]:
    """The rows as a configuration's `fields`; what the form does not show is kept as `before` has it."""
    return {row.name: _entry(row, before.get(row.was)) for row in rows}


def doubled(rows: list[Row]) -> Iterator[int]:
    """The rows whose intent stands above already."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.name in seen:
            yield number
        seen.add(row.name)


def _entry(row: Row, before: Any) -> Any:
    entry = dict(before) if isinstance(before, dict) else {}
    entry["target"] = row.target
    for key in CHOICES:
        value = getattr(row, key)
        if value:
            entry[key] = value
        elif entry.get(key) != DEFAULTS.get(key):
            entry.pop(key, None)
    values = dict(_pairs(row.values))
    if values:
        entry["values"] = values
    else:
        entry.pop("values", None)
    ordered = {key: entry[key] for key in ("target", *(key for key in entry if key != "target"))}
    return row.target if list(ordered) == ["target"] else ordered


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        word, _, value = line.partition("=")
        if word.strip():
            yield word.strip(), value.strip()
