"""CumulusCI as published, with Snowfakery: the flows of a project fill an org, copy it, change it, and deploy to it."""

import csv
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.python_tools import HERE, colleague, run, served

pytestmark = pytest.mark.published

API = "/services/data/v62.0"
OBJECTS = ("Account", "Contact", "Site_Visit__c", "Lead")


@dataclass(frozen=True)
class Project:
    """A developer's copy of the project, in a home of its own, with an org that the keychain takes from outside."""

    ready: Any
    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "visits"

    def cci(self, *words: str) -> str:
        """What a command writes."""
        org = {
            "instance_url": "https://acme.my.salesforce.com",
            "username": self.ready["username"],
            "id": f"https://login.salesforce.com/id/{self.ready['org_id']}/-",
            "access_token": "none yet",
        }
        surroundings = {
            "CUMULUSCI_KEY": "0123456789abcdef",
            "CUMULUSCI_ORG_mock": json.dumps(org),
            "SFDX_CLIENT_ID": self.ready["client_id"],
            "SFDX_HUB_KEY": self.ready["jwt_key"],
        }
        return run("cumulusci", "cci", *words, ready=self.ready, home=self.home, at=self.folder, **surroundings)


@pytest.fixture(scope="module")
def ready() -> Iterator[Any]:
    with served() as said:
        yield said


@pytest.fixture(scope="module")
def org(ready: Any) -> Iterator[httpx.Client]:
    with colleague(ready) as http:
        yield http


@pytest.fixture(scope="module")
def project(ready: Any, tmp_path_factory: pytest.TempPathFactory) -> Project:
    if shutil.which("git") is None:
        pytest.skip("git is not here: CumulusCI knows a project by its repository")
    made = Project(ready, tmp_path_factory.mktemp("home"))
    shutil.copytree(HERE / "cumulusci", made.folder)
    subprocess.run(["git", "init", "--quiet"], cwd=made.folder, check=True)
    return made


@pytest.fixture(scope="module")
def steps(project: Project, org: httpx.Client) -> dict[str, dict[str, int]]:
    """How many records of each object there are when a flow is over, and how many bulk jobs there were."""
    told = {}
    for flow in ("fill", "copy", "change", "shape"):
        project.cci("flow", "run", flow, "--org", "mock")
        told[flow] = {name: len(rows(org, f"SELECT Id FROM {name}")) for name in OBJECTS}
        told[flow]["jobs"] = org.get("/_mocksf/journal", params={"path": "*/async/*/job"}).json()["total"]
    return told


def rows(org: httpx.Client, query: str, resource: str = "query") -> list[dict[str, Any]]:
    """Every record that a query finds."""
    found: list[dict[str, Any]] = []
    target: str | None = str(httpx.URL(f"{API}/{resource}", params={"q": query}))
    while target:
        answer = org.get(target).json()
        found += answer["records"]
        target = answer.get("nextRecordsUrl")
    return found


def test_an_assertion_signed_with_a_key_logs_in(project: Project):
    told = json.loads(project.cci("org", "info", "mock", "--json"))

    assert (told["org_type"], told["is_sandbox"], told["namespace"]) == ("Developer Edition", False, None)
    assert told["userinfo"]["preferred_username"] == project.ready["username"]


def test_a_recipe_is_loaded_in_collections(steps: dict[str, dict[str, int]]):
    loaded = {name: steps["fill"][name] for name in ("Account", "Contact", "Site_Visit__c")}

    assert loaded == {"Account": 6, "Contact": 12, "Site_Visit__c": 6}


@pytest.mark.usefixtures("steps")
def test_records_of_a_recipe_refer_to_each_other(org: httpx.Client):
    visited = [each["Account__c"] for each in rows(org, "SELECT Account__c FROM Site_Visit__c")]

    assert len(set(visited)) == len(visited) == 12


def test_thousands_of_rows_are_loaded_in_bulk(steps: dict[str, dict[str, int]]):
    assert (steps["fill"]["Lead"], steps["fill"]["jobs"]) == (2400, 1)


def test_a_dataset_goes_out_and_in_again(steps: dict[str, dict[str, int]], project: Project, org: httpx.Client):
    out = (project.folder / "out.sql").read_text(encoding="utf-8")
    gone = rows(org, "SELECT Id FROM Lead WHERE IsDeleted = true", "queryAll")

    assert out.count("INSERT INTO") == 6 + 12 + 6 + 2400
    assert [steps["copy"][name] for name in OBJECTS] == [12, 12, 12, 2400]
    assert steps["copy"]["jobs"] - steps["fill"]["jobs"] == 4  # leads: read to be kept, read to be deleted, gone, back
    assert len(gone) == 2400


@pytest.mark.usefixtures("steps")
def test_what_is_loaded_counts_as_viewed_by_its_tab(org: httpx.Client):
    viewed = rows(org, "SELECT Id FROM Site_Visit__c WHERE LastViewedDate != null")

    assert len(viewed) == 12


@pytest.mark.usefixtures("steps")
def test_a_record_is_inserted_and_changed_by_a_recipe(org: httpx.Client):
    (found,) = rows(org, "SELECT Phone, Description FROM Account WHERE Name = 'Inserted'")

    assert (found["Phone"], found["Description"]) == ("+4930123", "Seen")


@pytest.mark.usefixtures("steps")
def test_a_composite_makes_a_family(org: httpx.Client):
    (found,) = rows(org, "SELECT LastName FROM Contact WHERE Account.Name = 'Byron'")

    assert found["LastName"] == "Lovelace"


def test_a_query_in_bulk_is_written_down(steps: dict[str, dict[str, int]], project: Project):
    with (project.folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))

    assert len(found) == steps["change"]["Contact"]
    assert {"LastName": "Lovelace", "Account.Name": "Byron"} in found


@pytest.mark.usefixtures("steps")
def test_a_file_is_uploaded(org: httpx.Client, project: Project):
    (version,) = rows(org, "SELECT VersionData FROM ContentVersion WHERE Title = 'family'")

    assert org.get(version["VersionData"]).content == (project.folder / "composite" / "family.json").read_bytes()


@pytest.mark.usefixtures("steps")
def test_components_are_deployed(org: httpx.Client):
    assert rows(org, "SELECT Seats__c FROM Tour__c") == []
    assert len(rows(org, "SELECT Id FROM RecordType WHERE SobjectType = 'Case' AND DeveloperName = 'Call'")) == 1


@pytest.mark.usefixtures("steps")
def test_components_are_retrieved(project: Project):
    assert "Seats__c" in (project.folder / "retrieved" / "objects" / "Tour__c.object").read_text(encoding="utf-8")


@pytest.mark.usefixtures("steps")
def test_a_permission_set_is_made_and_assigned(org: httpx.Client):
    assert len(rows(org, "SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Guides'")) == 1


def test_anonymous_apex_does_not_compile(project: Project):
    with pytest.raises(AssertionError, match=r"This org runs no\s+Apex"):
        project.cci("task", "run", "execute_anon", "--org", "mock", "--apex", "System.debug(1);")
