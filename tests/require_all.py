"""Under REQUIRE_ALL=1 a skipped test fails: what CI does not run, nobody has shown."""

import os
from collections.abc import Generator
from typing import Any

import pytest


def _required() -> bool:
    return os.environ.get("REQUIRE_ALL", "") not in {"", "0"}


def _fail(report: Any) -> None:
    """Turn a skip into a failure that says why it was skipped; an expected failure stays what it is."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL is set, so this may not be skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """A test that skips itself."""
    report = yield
    if _required():
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """A whole file that skips itself."""
    report = yield
    if _required():
        _fail(report)
    return report
