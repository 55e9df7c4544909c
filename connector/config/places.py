"""Where a JSON path stands in the file: line and column, so that editors and reviews can point at it."""

import re
from dataclasses import dataclass

import yaml


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text; lines and columns are counted from 1."""

    line: int
    column: int


class Places:
    """The places of one file. A text that does not parse has none, and a path that is not there has its parent's."""

    def __init__(self, text: str) -> None:
        try:
            self._root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError):
            self._root = None

    def of(self, path: str) -> Place:
        """The nearest place to a path: its key where it has one; line 1 where nothing of it is there."""
        told = re.fullmatch(r"line (\d+), column (\d+)", path)
        if told:
            return Place(int(told[1]), int(told[2]))
        node, place = self._root, Place(1, 1)
        rest = path.removeprefix("$")
        while node is not None and rest:
            found = _child(node, rest)
            if found is None:
                break
            marked, node, rest = found
            place = Place(marked.start_mark.line + 1, marked.start_mark.column + 1)
        return place


def _child(node: yaml.Node, rest: str) -> tuple[yaml.Node, yaml.Node, str] | None:
    """The node that is marked, the one that is gone into, and the path from there on."""
    if isinstance(node, yaml.MappingNode):
        # The longest key first: an intent may be called `a.b`, beside one that is called `a`.
        keys = sorted(((key.value, key, value) for key, value in node.value), key=lambda each: -len(str(each[0])))
        for name, key, value in keys:
            for spelt in (f".{name}", f'["{name}"]'):
                if rest.startswith(spelt) and rest[len(spelt) : len(spelt) + 1] in ("", ".", "["):
                    return key, value, rest[len(spelt) :]
    if isinstance(node, yaml.SequenceNode) and (index := re.match(r"\[(\d+)\]", rest)):
        items = node.value
        if int(index[1]) < len(items):
            return items[int(index[1])], items[int(index[1])], rest[index.end() :]
    return None
