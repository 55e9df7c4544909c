"""simple-salesforce as published, over TLS: its metadata (zeep over the real WSDL), archives and tooling."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.stops import archive

pytestmark = pytest.mark.clients

SCRIPT = Path(__file__).resolve().parent / "checks" / "change_schema_with_simple_salesforce.py"


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    zipped = tmp_path_factory.mktemp("deploy") / "stops.zip"
    zipped.write_bytes(archive())
    command = [sys.executable, "-m", "mocksf", "serve", "--tls", "--schema", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = json.loads(process.stdout.readline())
            known = {"MOCKSF_URL": printed["url"], "MOCKSF_TOKEN": printed["token"], "MOCKSF_ZIP": str(zipped)}
            surroundings = {**os.environ, **known, "REQUESTS_CA_BUNDLE": printed["ca"]}
            run = subprocess.run(
                [sys.executable, str(SCRIPT)],
                env=surroundings,
                timeout=120,
                check=False,
                capture_output=True,
                text=True,
            )
            assert run.returncode == 0, run.stderr
            yield json.loads(run.stdout.splitlines()[-1])
        finally:
            process.terminate()


def test_kinds_are_described_and_listed(steps: dict[str, Any]):
    assert {"CustomObject", "PermissionSet"} < set(steps["describe"])
    assert "Account.Caller_Key__c" in steps["list"]


def test_an_object_is_created_read_changed_and_deleted(steps: dict[str, Any]):
    assert (steps["create"], steps["field"]) == (None, None)
    assert steps["used"] == 40
    assert steps["change"] == ["Tour", ["Seats__c"], "Journey"]
    assert steps["delete"] is None


def test_what_is_wrong_is_raised_with_the_orgs_words(steps: dict[str, Any]):
    assert "no such object 'Nope__c'" in steps["wrong"]["message"]


def test_an_archive_is_deployed_and_retrieved(steps: dict[str, Any]):
    assert steps["deploy"] == ["Succeeded", "2", True]
    assert steps["retrieve"] == ["Succeeded", "PK"]


def test_tooling_is_asked(steps: dict[str, Any]):
    assert [each["DeveloperName"] for each in steps["tooling"]["records"]] == ["Caller_Key", "Region"]
    assert steps["apex"]["compiled"] is False
