"""`connector coverage`: what a run wrote of a map, read off the wire."""

import json
from pathlib import Path
from typing import Any

import pytest

from connector.config import parse_config
from connector.coverage import NoArchive, Write, coverage, writes_in
from mocksf import Org
from mocksf.har import har
from tests.connector.test_cli_validate import FINDINGS, GOOD, USAGE, run
from tests.connector.test_plan import AT, CALL, Intent, composer, plan

__all__ = ["composer"]

MAP = {
    "fields": {
        "seats": {"target": "Opportunity.Seats__c", "type": "number"},
        "when": {
            "target": "Opportunity.Decision_Horizon__c",
            "type": "picklist",
            "values": {"soon": "This Month", "later": "This Year"},
        },
        "read": {"target": "Account.Name", "direction": "from_salesforce"},
        "post": "FeedItem.Body",
    }
}


def archive(*requests: tuple[str, Any]) -> str:
    entries = [
        {"request": {"method": "POST", "url": f"https://x{path}", "postData": {"text": json.dumps(body)}}}
        for path, body in requests
    ]
    return json.dumps({"log": {"entries": entries}})


def part(sobject: str, **fields: Any) -> dict[str, Any]:
    return {"url": f"/services/data/v66.0/sobjects/{sobject}/Key__c/1", "body": fields}


def test_parts_of_a_composite_rows_and_posts_are_writes():
    composite = {"compositeRequest": [part("Account", Name="A"), part("opportunity", seats__C=7)]}
    text = archive(
        ("/services/data/v66.0/composite", composite),
        ("/services/data/v66.0/sobjects/Task/Call_Key__c/1", {"Subject": "Call"}),
        ("/services/data/v66.0/chatter/feed-elements", {"subjectId": "001"}),
        ("/services/oauth2/token", "grant_type=password"),
    )

    assert list(writes_in(text, "a.har")) == [
        Write("Account", "Name", "A"),
        Write("opportunity", "seats__C", 7),
        Write("Task", "Subject", "Call"),
        Write("FeedItem", "Body", None),
    ]


def test_values_that_were_never_written_are_named():
    writes = [Write("Opportunity", "Decision_Horizon__c", "This Year"), Write("Opportunity", "Seats__c", 7)]

    found = {each.mapping.intent: each for each in coverage(parse_config(MAP), writes).touched}

    assert (found["when"].writes, found["when"].missed) == (1, ("This Month",))
    assert "read" not in found


def test_the_share_counts_fields_and_values():
    writes = [Write("Opportunity", "Decision_Horizon__c", "This Year")]

    assert coverage(parse_config(MAP), writes).share == pytest.approx(2 / 5)
    assert coverage(parse_config(MAP), []).share == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"log": {"entries": [1]}}'])
def test_what_is_no_archive_is_refused(text: str):
    with pytest.raises(NoArchive, match=r"a\.har is no HTTP Archive"):
        list(writes_in(text, "a.har"))


def test_a_run_against_a_mock_is_covered_as_its_journal_tells(composer, tmp_path: Path):
    org = Org(schema="sample")
    with org.client() as client:
        step = plan(composer, CALL, [Intent("seats", 7), Intent("region", "asia")], AT).steps[0]
        client.post(step.request.path, json=step.request.body)
    (tmp_path / "run.har").write_text(json.dumps(har(org.journal)))
    (tmp_path / "map.json").write_text(json.dumps(MAP))

    result = run("coverage", tmp_path / "map.json", tmp_path / "run.har", "--json")

    said = json.loads(result.stdout)
    assert (result.exit_code, said["intents"]["seats"]["writes"]) == (GOOD, 1)


class TestOnTheCommandLine:
    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[Path, Path]:
        (tmp_path / "map.json").write_text(json.dumps(MAP))
        (tmp_path / "run.har").write_text(archive(("/services/data/v66.0/sobjects/Opportunity", {"Seats__c": 7})))
        return tmp_path / "map.json", tmp_path / "run.har"

    def test_too_little_fails(self, files: tuple[Path, Path]):
        result = run("coverage", *files, "--at-least", 50)

        assert result.exit_code == FINDINGS
        assert "20% of fields and values touched; 2 of 3 intents never" in result.output

    def test_an_archive_that_is_not_there_is_usage(self, files: tuple[Path, Path]):
        result = run("coverage", files[0], "/nowhere.har")

        assert (result.exit_code, "/nowhere.har cannot be read" in result.stderr) == (USAGE, True)
