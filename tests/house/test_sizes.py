"""A file has 300 lines at most, a function 40: not a goal, a fence. What is longer wants a seam, or a reason here."""

from tests.house.source import modules

FILE_LINES = 300
FUNCTION_LINES = 40

LONGER_FILES: dict[str, str] = {
    "mocksf/errors.py": "a table with a row per situation, which is looked up and not read through",
}
"""Path → why it may be longer."""

LONGER_FUNCTIONS: dict[str, str] = {}
"""path::function → why it may be longer."""


def test_no_file_is_longer_than_a_reader_can_hold():
    lines = {module.path: module.text.count("\n") for module in modules()}

    assert {path: count for path, count in lines.items() if count > FILE_LINES and path not in LONGER_FILES} == {}


def test_no_function_is_longer_than_a_page():
    lines = {
        f"{module.path}::{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in modules()
        for function in module.functions
    }

    too_long = {name: count for name, count in lines.items() if count > FUNCTION_LINES}
    assert {name: count for name, count in too_long.items() if name not in LONGER_FUNCTIONS} == {}


def test_every_exception_is_still_needed():
    lines = {module.path: module.text.count("\n") for module in modules()}

    assert [path for path in LONGER_FILES if lines.get(path, 0) <= FILE_LINES] == []
