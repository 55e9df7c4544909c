"""A place in a schema source: what is read there, and how an error names it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from mocksf.schema.names import SchemaError, nearest

_KINDS: Mapping[str, type] = {
    "text": str,
    "a whole number": int,
    "true or false": bool,
    "a list": list,
    "a mapping": dict,
}


class Sourced(dict[str, Any]):
    """A mapping that was read from a file of its own; what stands in it is named by that file and its elements."""

    def __init__(self, content: Mapping[str, Any], file: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(content)
        self.file = file
        self.path = path


@dataclass(frozen=True)
class Place:
    """A value of a source and the way to it, for instance ``org.yaml: objects.Account.fields.Key__c.length``."""

    file: str
    value: Any
    path: tuple[str, ...] = ()

    def refuse(self, message: str) -> NoReturn:
        """Raise the error about this place."""
        where = ".".join(self.path) or "the whole file"
        message = f"{self.file}: {where}: {message}"
        raise SchemaError(message)

    def _as(self, kind: str) -> Any:
        if type(self.value) is not _KINDS[kind] and not (kind == "a mapping" and isinstance(self.value, Sourced)):
            self.refuse(f"must be {kind}, not {_shown(self.value)}")
        return self.value

    def text(self) -> str:
        """The value as text that is not empty."""
        text: str = self._as("text")
        if not text.strip():
            self.refuse("must not be empty")
        return text

    def flag(self) -> bool:
        flag: bool = self._as("true or false")
        return flag

    def number(self, least: int, most: int) -> int:
        """The value as a whole number within bounds."""
        number: int = self._as("a whole number")
        if not least <= number <= most:
            self.refuse(f"must be from {least} to {most}, not {number}")
        return number

    def choice(self, known: Iterable[str]) -> str:
        """The value as one of a few words."""
        names = list(known)
        if self.value not in names:
            self.refuse(f"no such value {_shown(self.value)}{nearest(str(self.value), names)}")
        return str(self.value)

    def items(self) -> Iterator["Place"]:
        """The entries of a list."""
        for at, each in enumerate(self._as("a list")):
            yield self._below(str(at), each)

    def _below(self, name: str, value: Any) -> "Place":
        """A place within this one, or in the file that its value was read from."""
        if isinstance(value, Sourced):
            return Place(value.file, value, value.path)
        return Place(self.file, value, (*self.path, name))

    def plain(self) -> Any:
        """The value without any trace of where it was read."""
        return _plain(self.value)

    def entries(self, known: Iterable[str] | None = None) -> Mapping[str, "Place"]:
        """The entries of a mapping by name; with `known`, any other name is an error. Nothing at all is no entries."""
        if self.value is None:
            return {}
        entries = {str(name): self._below(str(name), each) for name, each in self._as("a mapping").items()}
        if known is not None:
            names = set(known)
            for name in entries:
                if name not in names:
                    self.refuse(f"unknown name '{name}'{nearest(name, names)}")
        return entries


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f"'{value}'"
