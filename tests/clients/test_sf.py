"""The `sf` CLI as published, on the Node that it asks for, against `mocksf serve`: from logging in to a deploy."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.node_tools import installed

pytestmark = pytest.mark.published

COMMAND_S = 120


@dataclass(frozen=True)
class Sf:
    """One person's `sf`: a home of its own, in which it keeps who it is logged in as."""

    binaries: Path
    home: Path
    ready: dict[str, Any]

    def say(self, *words: str, at: Path | None = None) -> dict[str, Any]:
        """What a command answers with `--json`, whether it went well or not."""
        told: dict[str, Any] = json.loads(self.run(*words, "--json", at=at))
        return told

    def run(self, *words: str, at: Path | None = None) -> str:
        """What a command writes."""
        quiet = ("SF_DISABLE_TELEMETRY", "SF_DISABLE_AUTOUPDATE", "SF_SKIP_NEW_VERSION_CHECK")
        surroundings = {
            "PATH": f"{self.binaries}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "SF_ACCESS_TOKEN": self.ready["token"],
            "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
            **dict.fromkeys(quiet, "true"),
        }
        command = [str(self.binaries / "sf"), *words]
        run = subprocess.run(
            command,
            cwd=at or self.home,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            check=False,
        )
        assert run.stdout, run.stderr
        return run.stdout


@pytest.fixture(scope="module")
def ready() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "mocksf", "serve", "--schema", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def sf(ready: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Sf:
    """Logged in with an access token."""
    made = Sf(installed("sf") / "node_modules" / ".bin", tmp_path_factory.mktemp("home"), ready)
    login = ("org", "login", "access-token", "--instance-url", ready["url"], "--no-prompt", "--alias", "mock")
    told = made.say(*login, "--set-default")
    assert (told["status"], told["result"]["orgId"]) == (0, ready["org_id"]), told
    return made


@pytest.fixture(scope="module")
def project(sf: Sf) -> Path:
    """The sample company's project."""
    folder = sf.home / "project"
    command = [sys.executable, "-m", "mocksf", "export", "sample", "--to", str(folder), "--as", "sfdx"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_an_assertion_signed_with_a_key_logs_in(sf: Sf, tmp_path: Path):
    key = tmp_path / "key.pem"
    key.write_text(sf.ready["jwt_key"], encoding="ascii")
    other = Sf(sf.binaries, tmp_path, sf.ready)
    login = ("org", "login", "jwt", "--username", sf.ready["username"], "--jwt-key-file", str(key))
    told = other.say(*login, "--client-id", sf.ready["client_id"], "--instance-url", sf.ready["url"])

    assert (told["status"], told["result"]["orgId"]) == (0, sf.ready["org_id"])


def test_a_record_is_created_changed_read_and_deleted(sf: Sf):
    where = ("--sobject", "Account", "--where", "Caller_Key__c=k1")

    made = sf.say("data", "create", "record", "--sobject", "Account", "--values", "Name=Acme Caller_Key__c=k1")
    assert sf.say("data", "update", "record", *where, "--values", "Phone=415")["status"] == 0
    assert sf.say("data", "get", "record", *where)["result"]["Phone"] == "415"
    gone = sf.say("data", "delete", "record", "--sobject", "Account", "--record-id", made["result"]["id"])
    assert gone["result"]["success"] is True


def test_a_query_shows_its_columns(sf: Sf):
    told = sf.say("data", "query", "--query", "SELECT Username FROM User WHERE Username = 'admin@mock.example'")

    assert [each["Username"] for each in told["result"]["records"]] == ["admin@mock.example"]


def test_a_query_that_is_wrong_is_told_in_the_orgs_words(sf: Sf):
    told = sf.say("data", "query", "--query", "SELECT Nope FROM Account")

    assert (told["status"], "No such column 'Nope'" in told["message"]) == (1, True)


def test_a_tree_is_imported_and_exported(sf: Sf, tmp_path: Path):
    leaf = {"attributes": {"type": "Contact", "referenceId": "C1"}, "LastName": "Leaf"}
    root = {"attributes": {"type": "Account", "referenceId": "A1"}, "Name": "Tree", "Contacts": {"records": [leaf]}}
    file = tmp_path / "tree.json"
    file.write_text(json.dumps({"records": [root]}), encoding="utf-8")

    made = sf.say("data", "import", "tree", "--files", str(file))
    query = "SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Tree'"
    told = sf.say("data", "export", "tree", "--query", query, "--output-dir", str(tmp_path))

    assert [each["refId"] for each in made["result"]] == ["A1", "C1"]
    assert told["result"]["records"][0]["Contacts"]["records"][0]["LastName"] == "Leaf"


def test_records_are_loaded_and_upserted_in_bulk(sf: Sf, tmp_path: Path):
    file = tmp_path / "bulk.csv"
    file.write_text("Name,Caller_Key__c\n" + "".join(f"Bulk {each},b{each}\n" for each in range(300)), encoding="utf-8")
    common = ("--sobject", "Account", "--file", str(file), "--wait", "2")

    made = sf.say("data", "import", "bulk", *common)["result"]
    again = sf.say("data", "upsert", "bulk", "--external-id", "Caller_Key__c", *common)["result"]["jobInfo"]

    assert (made["successfulRecords"], made["failedRecords"]) == (300, 0)
    assert (again["numberRecordsProcessed"], again["numberRecordsFailed"]) == (300, 0)


def test_objects_are_listed_and_described(sf: Sf):
    assert "Site_Visit__c" in sf.say("sobject", "list", "--sobject", "custom")["result"]
    described = sf.say("sobject", "describe", "--sobject", "Opportunity")["result"]
    assert "Demo_Requested_At__c" in {each["name"] for each in described["fields"]}


def test_limits_are_told(sf: Sf):
    limits = {each["name"]: each for each in sf.say("org", "list", "limits")["result"]}

    assert limits["DailyApiRequests"]["remaining"] < limits["DailyApiRequests"]["max"]


def test_any_resource_is_asked_for(sf: Sf):
    assert "DailyApiRequests" in json.loads(sf.run("api", "request", "rest", "/services/data/v66.0/limits"))


def test_the_sample_project_is_deployed(sf: Sf, project: Path):
    told = sf.say("project", "deploy", "start", "--wait", "5", at=project)

    assert (told["status"], told["result"]["status"]) == (0, "Succeeded"), told["result"]["details"]


def test_components_are_retrieved(sf: Sf, project: Path):
    told = sf.say("project", "retrieve", "start", "--metadata", "CustomObject:Site_Visit__c", "--wait", "5", at=project)

    assert (told["status"], told["result"]["success"]) == (0, True)
    assert any("Place__c" in each["filePath"] for each in told["result"]["files"])
