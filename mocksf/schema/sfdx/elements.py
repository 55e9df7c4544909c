"""Metadata XML read into elements; whatever would let a file reach outside itself or swell is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from mocksf.schema.names import SchemaError

DEPTH_MAX = 40


@dataclass
class Element:
    """One element of a file, with the way to it from the root."""

    file: str
    tag: str
    path: tuple[str, ...]
    text: str = ""
    below: list["Element"] = field(default_factory=list)

    def all(self, tag: str) -> Iterator["Element"]:
        """The elements with a tag directly below."""
        return (each for each in self.below if each.tag == tag)

    def one(self, tag: str) -> "Element | None":
        """The first element with a tag directly below, or None."""
        return next(self.all(tag), None)

    def said(self, tag: str, usual: str = "") -> str:
        """The text of the first element with a tag, or what is usual."""
        found = self.one(tag)
        return found.text if found is not None else usual

    def refuse(self, message: str) -> NoReturn:
        """Raise the error about this element."""
        msg = f"{self.file}: {'.'.join(self.path)}: {message}"
        raise SchemaError(msg)


class _Builder:
    """Builds elements from the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Element | None = None
        self._open: list[Element] = []
        self._text: list[str] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if not self._open:
            self.root = element = Element(self.file, tag, (tag,))
        else:
            parent = self._open[-1]
            element = Element(self.file, tag, (*parent.path, tag))
            parent.below.append(element)
        if len(self._open) >= DEPTH_MAX:
            msg = f"{self.file}: {'.'.join(element.path[:5])}…: more than {DEPTH_MAX} levels deep"
            raise SchemaError(msg)
        self._open.append(element)
        self._text = []

    def end(self, _: str) -> None:
        element = self._open.pop()
        if not element.below:
            element.text = "".join(self._text)
        self._text = []

    def data(self, text: str) -> None:
        self._text.append(text)

    def refuse_declaration(self, *_: Any) -> NoReturn:
        msg = f"{self.file}: a document type declaration; metadata files have none (entities are refused)"
        raise SchemaError(msg)


def read_element(file: str, content: bytes) -> Element:
    """The root element of a file. Raises SchemaError naming line and column of what is no XML."""
    builder = _Builder(file)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    # Entities cannot be declared without one: no expansion, no other file is ever read.
    parser.StartDoctypeDeclHandler = builder.refuse_declaration
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        message = f"{file}: line {error.lineno}, column {error.offset + 1}: {expat.ErrorString(error.code)}"
        raise SchemaError(message) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        message = f"{file}: cannot be read: {error}"
        raise SchemaError(message) from error
    assert builder.root is not None, "a parser that is content has seen a root"
    return builder.root
