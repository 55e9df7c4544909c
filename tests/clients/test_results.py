"""What docs/clients.md tells is what is tried: the versions that are pinned, by tests that exist."""

import ast
import json
from importlib.metadata import version

import pytest

from tests.clients.python_tools import HERE, pinned
from tests.clients.results import OPERATIONS, versions

SEEN = json.loads((HERE.parents[1] / "docs" / "clients.json").read_text(encoding="utf-8"))


def test_the_page_tells_the_versions_that_are_pinned():
    assert SEEN["versions"] == versions()


def test_the_simple_salesforce_of_the_suite_is_the_pinned_one():
    assert version("simple-salesforce") == pinned("simple-salesforce")


def test_the_page_tells_every_operation_that_is_tried():
    told = {(operation, client) for operation, clients in SEEN["operations"].items() for client in clients}

    assert told == {(operation, client) for operation, client, _, _ in OPERATIONS}


@pytest.mark.parametrize("module", sorted({module for _, _, module, _ in OPERATIONS}))
def test_every_operation_is_shown_by_a_test(module: str):
    tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
    tests = [each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name[:5] == "test_"]

    stretches = [name.partition("[")[0] for _, _, where, name in OPERATIONS if where == module]
    assert [name for name in stretches if not any(name in test for test in tests)] == []
