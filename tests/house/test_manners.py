"""How tests are written here: no sleeping, no mocks, sentences for names, and each of them runs."""

import ast
from collections import Counter

import pytest

from tests.house.source import Module, modules

MOCKS = {"Mock", "MagicMock", "AsyncMock", "create_autospec"}

SLEEPERS: dict[str, str] = {"tests/mocksf/test_virtual_loop.py": "the loop that makes sleeping free is what it tests"}
"""Path → why sleeping costs nothing there (virtual time)."""


def _calls(module: Module) -> list[tuple[str, ast.Call]]:
    """Every call with the last name of what is called."""
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    named = [
        (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")) for call in calls
    ]
    return list(zip(named, calls, strict=True))


def _waits(call: ast.Call) -> bool:
    """Whether a sleep takes time: ``sleep(0)`` only lets others go on."""
    return not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)


def _imported(module: Module) -> set[str]:
    nodes = list(ast.walk(module.tree))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def _tests(body: list[ast.stmt]) -> list[str]:
    return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("module", modules("tests"), ids=lambda module: module.path)
class TestEveryTestFile:
    def test_never_sleeps(self, module: Module):
        sleeps = [call.lineno for name, call in _calls(module) if name == "sleep" and _waits(call)]

        assert sleeps == [] or module.path in SLEEPERS

    def test_mocks_nothing(self, module: Module):
        assert not {name for name, _ in _calls(module)} & MOCKS
        assert not {"unittest.mock", "mock", "pytest_mock"} & _imported(module)

    def test_defines_no_test_twice(self, module: Module):
        scopes = [module.tree.body, *(node.body for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))]

        assert [name for scope in scopes for name, times in Counter(_tests(scope)).items() if times > 1] == []

    def test_names_its_tests_as_sentences(self, module: Module):
        names = [each.name for each in module.functions if each.name.startswith("test_")]

        assert [name for name in names if len(name.split("_")) < 3] == []
