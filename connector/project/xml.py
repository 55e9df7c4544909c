"""Metadata XML without its namespace, read once; errors name the file."""

from pathlib import Path
from xml.etree import ElementTree

from connector.describe import DescribeError

BYTES_MAX = 20_000_000
"""A custom object with all its fields is some 300 kB; whatever is larger is not metadata."""


class Element:
    """One element: its children by tag, its texts stripped."""

    def __init__(self, node: ElementTree.Element) -> None:
        self._node = node

    def text(self, tag: str, default: str = "") -> str:
        found = self._node.find(f"{{*}}{tag}")
        return (found.text or "").strip() if found is not None else default

    def flag(self, tag: str, default: bool = False) -> bool:
        said = self.text(tag)
        return said == "true" if said else default

    def number(self, tag: str) -> int:
        said = self.text(tag)
        return int(said) if said.isdigit() else 0

    def has(self, tag: str) -> bool:
        return self._node.find(f"{{*}}{tag}") is not None

    def child(self, tag: str) -> "Element | None":
        found = self._node.find(f"{{*}}{tag}")
        return Element(found) if found is not None else None

    def children(self, tag: str) -> tuple["Element", ...]:
        return tuple(Element(each) for each in self._node.findall(f"{{*}}{tag}"))


def read(file: Path) -> Element:
    """The root of a metadata file. Raises DescribeError."""
    try:
        if file.stat().st_size > BYTES_MAX:
            sentence = f"{file} is larger than {BYTES_MAX} bytes and no metadata"
            raise DescribeError(sentence)
        text = file.read_bytes()
    except OSError as problem:
        sentence = f"{file} cannot be read: {problem.strerror}"
        raise DescribeError(sentence) from problem
    if b"<!DOCTYPE" in text[:4096].upper():
        sentence = f"{file} declares a document type; metadata has none, and entities are not followed"
        raise DescribeError(sentence)
    try:
        return Element(ElementTree.fromstring(text))
    except ElementTree.ParseError as problem:
        sentence = f"{file} is not XML: {problem}"
        raise DescribeError(sentence) from None
