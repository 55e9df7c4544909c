"""jsforce as published changes the schema of an org that runs: metadata, deploys, retrieves, tooling, OAuth."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.node_tools import told
from tests.clients.stops import archive

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    zipped: Path = tmp_path_factory.mktemp("deploy") / "stops.zip"
    zipped.write_bytes(archive())
    command = [sys.executable, "-m", "mocksf", "serve", "--tls", "--schema", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield told("jsforce_metadata.mjs", json.loads(process.stdout.readline()), {"MOCKSF_ZIP": str(zipped)})
        finally:
            process.terminate()


class TestComponents:
    def test_are_described_listed_and_read(self, steps: dict[str, Any]):
        assert "CustomObject" in steps["describe"]
        assert "Account.Caller_Key__c" in steps["list"]
        assert steps["read"] == {"name": "Account", "fields": ["Caller_Key__c", "Region__c"]}

    def test_that_are_created_take_records_at_once(self, steps: dict[str, Any]):
        assert steps["create"] == [{"fullName": "Tour__c", "success": True, "errors": []}]
        assert steps["createField"]["success"] is True
        assert steps["used"] == 40

    def test_change_and_go(self, steps: dict[str, Any]):
        assert steps["update"]["success"] is True
        assert steps["label"] == "Places"
        assert (steps["upsert"]["success"], steps["upsert"]["created"]) == (True, True)
        assert steps["delete"][0]["success"] is True

    def test_that_are_wrong_are_refused_by_name(self, steps: dict[str, Any]):
        assert steps["wrong"]["success"] is False
        assert "no such value 'Nonsense'" in json.dumps(steps["wrong"])


class TestDeploys:
    def test_bring_objects_that_take_records(self, steps: dict[str, Any]):
        assert steps["deploy"]["status"] == "Succeeded"
        assert sorted(steps["deploy"]["names"]) == ["Stop__c", "Stop__c.Minutes__c"]
        assert steps["deployed"] == 15

    def test_go_by_rest_as_well(self, steps: dict[str, Any]):
        assert steps["deployRest"] == {"status": "Succeeded", "checkOnly": True}

    def test_are_retrieved(self, steps: dict[str, Any]):
        assert steps["retrieve"] == {"success": True, "files": ["unpackaged/objects/Stop__c.object"]}


class TestTooling:
    def test_knows_the_new_fields(self, steps: dict[str, Any]):
        assert {"Name", "Seats__c"} < set(steps["tooling"])
        assert steps["toolingDescribe"] == "CustomField"

    def test_runs_no_apex_and_says_so(self, steps: dict[str, Any]):
        assert steps["anonymous"]["compiled"] is False
        assert "runs no Apex" in steps["anonymous"]["compileProblem"]


class TestSessions:
    def test_that_ended_are_refreshed(self, steps: dict[str, Any]):
        assert steps["refresh"] == 1

    def test_begin_in_a_browser(self, steps: dict[str, Any]):
        assert steps["authorizeUrl"] == {"status": 200, "page": True}

    def test_bring_deleted_records_back(self, steps: dict[str, Any]):
        assert steps["undelete"] is True
