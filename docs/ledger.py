"""Everything that the project believes about Salesforce, with its mark, gathered from where the code keeps it."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import mocksf
from mocksf.errors import Refuse
from mocksf.evidence import Evidence

ROOT = Path(__file__).resolve().parent.parent
MARKS = {mark.value: mark for mark in Evidence}
ASSUMED = re.compile(r"\bassumed\b", re.IGNORECASE)
PROSE = re.compile(r'"""(.*?)"""|#\s*([^\n]*)', re.DOTALL)
TABLES = {"mocksf/errors.py", "mocksf/evidence.py", "mocksf/rules/__init__.py", "mocksf/rules/locking.py"}
"""Modules whose rows are read as rows, not as prose."""

Belief = tuple[str, str, Evidence]
"""Where it stands, what is believed, and how we know."""


def beliefs() -> list[Belief]:
    """Every belief once, in the order of the places."""
    found = [*_refusals(), *_rows(), *_objects(), *_remarks(), *_figures(), *_connector()]
    return list(dict.fromkeys(found))


def _refusals() -> Iterator[Belief]:
    """The sentences of the refusal table."""
    for each in Refuse:
        yield "refusals", f"{each.value.code}: {each.value.sentence}", each.value.evidence


def _rows() -> Iterator[Belief]:
    """Tables of (sentence, mark) beside the code that acts on them."""
    for module in pkgutil.walk_packages(mocksf.__path__, "mocksf."):
        if module.name.endswith("__main__") or module.name == "mocksf.pytest_plugin":
            continue
        for name, value in sorted(vars(importlib.import_module(module.name)).items()):
            if name.isupper() and isinstance(value, tuple):
                yield from ((module.name.removeprefix("mocksf."), *belief) for belief in _marked(value))


def _marked(rows: tuple[Any, ...]) -> Iterator[tuple[str, Evidence]]:
    for row in rows:
        if isinstance(row, tuple) and len(row) == 2 and isinstance(row[1], Evidence):
            yield str(row[0]), row[1]


def _objects() -> Iterator[Belief]:
    """The standard objects, each file with its own confidence."""
    for path in sorted((ROOT / "mocksf" / "schema" / "objects").glob("[A-Z]*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.get("confidence") in MARKS:
            yield "schema", f"{content['name']}: its fields and flags", MARKS[content["confidence"]]


def _remarks() -> Iterator[Belief]:
    """Docstrings and comments that call something assumed, where no table holds it."""
    for path in sorted((ROOT / "mocksf").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place in TABLES:
            continue
        for match in PROSE.finditer(path.read_text(encoding="utf-8")):
            text = " ".join((match[1] or match[2] or "").split())
            if ASSUMED.search(text):
                yield place.removeprefix("mocksf/").removesuffix(".py").replace("/", "."), text, Evidence.ASSUMED


def _connector() -> Iterator[Belief]:
    """Figures that the connector predicts and rehearses with; its prose marks them `(assumed)` where they stand."""
    for path in sorted((ROOT / "connector").rglob("*.py")):
        for match in PROSE.finditer(path.read_text(encoding="utf-8")):
            text = " ".join((match[1] or match[2] or "").split())
            if text.rstrip(".").endswith("assumed)"):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), text, Evidence.ASSUMED
    places = json.loads((ROOT / "connector" / "regions.json").read_text(encoding="utf-8"))["places_source"]
    yield (
        "connector.regions",
        f"In which region an instance stands ({places.removeprefix('assumed: ')})",
        Evidence.ASSUMED,
    )


def _figures() -> Iterator[Belief]:
    """Figures of distances and service times that stories and claims rest on."""
    for path in sorted((ROOT / "scenarios" / "data").glob("*.yaml")):
        for name, mark in _marks(yaml.safe_load(path.read_text(encoding="utf-8")), ""):
            yield "figures", f"{path.stem.replace('_', ' ')}{name}", MARKS[mark]


def _marks(node: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every `evidence` of a nested mapping, with the keys that lead to it."""
    if not isinstance(node, dict):
        return
    if node.get("evidence") in MARKS:
        yield name, node["evidence"]
    for key, below in node.items():
        yield from _marks(below, f"{name}, {str(key).replace('_', ' ')}")
