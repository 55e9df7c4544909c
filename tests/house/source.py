"""The project's own files, as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("mocksf", "connector", "scenarios", "loadtests")
"""The packages that users install."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[str, ...]:
    """Every file of the project by its path from the root: what git holds, and what is new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(sorted({path for path in listing.split("\0") if path and (ROOT / path).is_file()}))


@dataclass(frozen=True)
class Module:
    """One Python file with its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    @property
    def public(self) -> Iterator[Function | ast.ClassDef]:
        """The classes and functions that the module offers to others."""
        for node in self.tree.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                yield node


@cache
def modules(*under: str) -> tuple[Module, ...]:
    """The Python files below these top-level folders (all of them where none is named)."""
    paths = [path for path in files() if path.endswith(".py") and (not under or path.split("/")[0] in under)]
    texts = [(path, (ROOT / path).read_text(encoding="utf-8")) for path in paths]
    return tuple(Module(path, text, ast.parse(text)) for path, text in texts)


def text_files() -> Iterator[tuple[str, str]]:
    """Every file that reads as text, with its text."""
    for path in files():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
