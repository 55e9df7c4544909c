"""A whole run, over sockets: org, connector and callers as processes, and a verdict per claim."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests.verdict import CLAIMS

RUN = [sys.executable, "-m", "loadtests", "run", "--profile", "smoke"]


@pytest.mark.sockets
def test_a_smoke_run_ends_with_six_claims_that_hold(tmp_path: Path):
    run = subprocess.run(
        [*RUN, "--into", str(tmp_path), "--json", str(tmp_path / "load.json"), "--html", str(tmp_path / "load.html")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    figures = json.loads((tmp_path / "load.json").read_text(encoding="utf-8"))
    assert [claim["name"] for claim in figures["claims"]] == [claim.__name__ for claim in CLAIMS]
    assert all(claim["holds"] for claim in figures["claims"])
    assert figures["latencies"]["intents"]["requests"] > 10
    assert "Every claim holds." in (tmp_path / "load.html").read_text(encoding="utf-8")
