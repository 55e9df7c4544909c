"""Clients that know one login host, Salesforce's: brought to the mock by HTTPS_PROXY and its authority alone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.environments import CHECKS
from tests.clients.node_tools import told

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def ready() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "mocksf", "serve", "--proxy-port", "0", "--schema", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def steps(ready: dict[str, Any]) -> dict[str, Any]:
    surroundings = {
        "PATH": os.environ["PATH"],
        "HTTPS_PROXY": ready["proxy"],
        "REQUESTS_CA_BUNDLE": ready["ca"],
        **{f"MOCKSF_{name.upper()}": ready[name] for name in ("username", "password", "client_id", "client_secret")},
    }
    script = CHECKS / "use_hard_wired_hosts.py"
    run = subprocess.run(
        [sys.executable, str(script)], env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("login", "host"),
    [
        ("usual", "login.salesforce.com"),
        ("sandbox", "test.salesforce.com"),
        ("domain", "acme.my.salesforce.com"),
        ("app", "acme.my.salesforce.com"),
    ],
)
def test_simple_salesforce_logs_in_where_it_always_does(steps: dict[str, Any], login: str, host: str):
    assert steps[login] == {"host": host, "name": f"From {host}"}


def test_simple_salesforce_is_refused_as_it_always_is(steps: dict[str, Any]):
    assert steps["refused"].startswith("Authentication failed (code: INVALID_LOGIN)")


def test_jsforce_logs_in_where_it_always_does(ready: dict[str, Any]):
    steps = told("hard_wired.mjs", ready)

    assert steps["instance"] == "https://login.salesforce.com"
    assert (steps["user"][:3], steps["made"], "Acme" in steps["found"], steps["bulk"]) == ("005", True, True, 1)
    assert steps["elsewhere"] == "fetch failed"  # what Node says where the way is refused


def test_the_authority_is_written_down_for_clients(ready: dict[str, Any]):
    assert Path(ready["ca"]).read_text(encoding="ascii").startswith("-----BEGIN CERTIFICATE-----")
    assert ready["url"].startswith("http://127.0.0.1:")
