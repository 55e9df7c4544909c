"""Whatever a source says: it is a schema, or an error that names the source; never anything else."""

import contextlib
import copy
import re
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.schema import SchemaError, load_schema
from tests.sfdx_project import project, write_folder

PAGE = Path(__file__).resolve().parents[2] / "docs" / "schema.md"
EXAMPLE = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0])
ODD = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**30, "", " ", "x", "__c", "A__c", "Id", "Name", [], [None], {}, {"a": 1}, [[]]]
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a source."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [path, *(place for key in keys for place in places(node[key], (*path, key)))]


PLACES = places(EXAMPLE)[1:]


@st.composite
def slips(draw: st.DrawFn) -> Any:
    """The example of the page with one or two values replaced, dropped or renamed."""
    tree = copy.deepcopy(EXAMPLE)
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from(PLACES))
        node: Any = tree
        try:
            for key in way:
                node = node[key]
            value = node.pop(last)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier slip took it away
        if draw(st.booleans()) and isinstance(node, dict):
            node[draw(st.sampled_from([f"{last}x", str(last).lower(), "X__c", "Id"]))] = value
        elif isinstance(node, dict):
            node[last] = draw(ODD)
        else:
            node.insert(last, draw(ODD))
    return tree


def load(write: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder))
        with contextlib.suppress(SchemaError):
            load_schema([path])


@settings(max_examples=150, deadline=None)
@given(slips())
def test_a_slip_in_yaml_is_a_schema_or_an_error(tree: Any):
    def write(folder: Path) -> Path:
        (folder / "org.yaml").write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
        return folder / "org.yaml"

    load(write)


FILES = project(16)
XML = sorted(path for path in FILES if path.endswith(".xml"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(XML), st.data())
def test_a_slip_in_a_project_is_a_schema_or_an_error(path: str, data: st.DataObject):
    text = FILES[path]
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 40)))
    new = data.draw(st.sampled_from(["", "<", "&", "x", "<a/>", "true", "-1", "\x00", "]]>", "Account", "99999999999"]))

    load(lambda folder: write_folder(folder, {**FILES, path: text[:at] + new + text[until:]}))
