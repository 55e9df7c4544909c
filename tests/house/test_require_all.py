"""REQUIRE_ALL=1: what is skipped has not been shown, so it fails; an expected failure stays what it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

SKIPS = "import pytest\n\n\ndef test_that_skips_itself():\n    pytest.skip('no browser here')\n"
WHOLE_FILE = "import pytest\n\npytest.skip('no node here', allow_module_level=True)\n"
EXPECTED = "import pytest\n\n\n@pytest.mark.xfail\ndef test_that_fails_as_expected():\n    assert False\n"


def outcome(text: str, folder: Path, required: str) -> tuple[int, str]:
    """Exit code and output of pytest over one file with this text."""
    (folder / "test_one.py").write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.require_all", "-p", "no:cacheprovider", str(folder)],
        env={**os.environ, "REQUIRE_ALL": required, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


@pytest.mark.parametrize(("text", "reason"), [(SKIPS, "no browser here"), (WHOLE_FILE, "no node here")])
def test_a_skip_fails_and_says_why(text: str, reason: str, tmp_path: Path):
    code, output = outcome(text, tmp_path, "1")

    assert code != 0
    assert f"REQUIRE_ALL is set, so this may not be skipped: Skipped: {reason}" in output


def test_an_expected_failure_is_no_skip(tmp_path: Path):
    assert outcome(EXPECTED, tmp_path, "1")[0] == 0


def test_without_it_a_skip_is_a_skip(tmp_path: Path):
    assert outcome(SKIPS, tmp_path, "0")[0] == 0
