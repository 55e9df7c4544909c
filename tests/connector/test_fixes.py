"""`connector validate --fix` mends what needs no judgement, keeps comments, and leaves the rest to a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from connector.config import parse_config
from connector.validate import is_good, validate
from connector.validate.fixes import fixes, located
from tests.connector.describes import sample_org
from tests.connector.test_cli_validate import FINDINGS, GOOD, folder, run

__all__ = ["folder"]

PINNED = {"region": {"agents": "us", "instance": "NA130"}}


def mended(data: dict[str, Any]) -> dict[str, Any]:
    for fix in fixes(validate(parse_config(data), sample_org())):
        fix.apply(data)
    return data


@pytest.mark.parametrize(
    ("intent", "wrong", "right"),
    [
        ("it", "Opportunity.Demo_Requestd_At__c", "Opportunity.Demo_Requested_At__c"),
        ("it", "Oportunity.Seats__c", "Opportunity.Seats__c"),
        ("it", {"target": "Opportunity.Seat__c"}, {"target": "Opportunity.Seats__c"}),
        (
            "it",
            {"target": "Opportunity.Demo_Requested_At__c", "type": "date"},
            {"target": "Opportunity.Demo_Requested_At__c", "type": "datetime"},
        ),
        (
            "it",
            {"target": "Opportunity.Decision_Horizon__c", "type": "picklist", "values": {"soon": "This Mnth"}},
            {"target": "Opportunity.Decision_Horizon__c", "type": "picklist", "values": {"soon": "This Month"}},
        ),
        (
            "it",
            {"target": "Opportunity.Seats__c", "type": "number", "max_digits": 17},
            {"target": "Opportunity.Seats__c", "type": "number", "max_digits": 6},
        ),
        ("post", {"target": "FeedItem.Title", "lane": "critical"}, {"target": "FeedItem.Body", "lane": "async"}),
        ("a.b", {"target": "Task.Description", "lane": "critical"}, {"target": "Task.Description", "lane": "async"}),
    ],
)
def test_the_nearest_right_name_is_put_in_its_place(intent: str, wrong: Any, right: Any):
    assert mended({"org": PINNED, "fields": {intent: wrong}})["fields"] == {intent: right}


def test_a_value_map_that_only_harms_is_taken_out():
    seats = {"target": "Opportunity.Seats__c", "type": "number", "values": {"two": "2"}}

    assert "values" not in mended({"org": PINNED, "fields": {"it": seats}})["fields"]["it"]


def test_a_mended_map_has_no_finding_left_that_could_be_mended():
    data = mended({"org": PINNED, "fields": {"it": {"target": "Opportunity.Seat__c", "type": "number"}}})

    found = validate(parse_config(data), sample_org())
    assert is_good(found)
    assert fixes(found) == ()


def test_a_key_that_is_missing_in_the_org_is_left_to_a_person():
    data = {"org": PINNED, "fields": {"it": "Opportunity.Seats__c"}, "records": {"Account": {"key": "Caler_Key__c"}}}

    assert mended(data)["records"] == {"Account": {"key": "Caler_Key__c"}}


def test_a_path_is_found_through_names_with_dots():
    data = {"fields": {"a": {"b": 1}, "a.b": {"lane": "x"}}}

    assert located(data, "$.fields.a.b.lane") == ({"lane": "x"}, "lane")
    assert located(data, "$.fields.nowhere") is None


class TestOnTheCommandLine:
    def test_the_file_is_mended_its_comments_stay_and_the_change_is_shown(self, tmp_path: Path, folder: Path):
        file = tmp_path / "map.yaml"
        file.write_text("# our map\nfields:\n  it: Opportunity.Seat__c  # how many\n")

        result = run("validate", file, "--org", folder, "--fix")

        assert result.exit_code == GOOD
        assert "-  it: Opportunity.Seat__c  # how many" in result.stderr
        lines = file.read_text().splitlines()
        assert lines[:2] == ["# our map", "fields:"]
        assert "target: Opportunity.Seats__c" in file.read_text()

    def test_a_json_file_keeps_its_indentation(self, tmp_path: Path, folder: Path):
        file = tmp_path / "map.json"
        file.write_text('{\n    "it": "Opportunity.Demo_Requestd_At__c"\n}\n')

        assert run("validate", file, "--org", folder, "--fix").exit_code == GOOD
        assert file.read_text() == '{\n    "it": "Opportunity.Demo_Requested_At__c"\n}\n'

    def test_what_cannot_be_mended_is_left_as_it_was(self, tmp_path: Path, folder: Path):
        file = tmp_path / "map.json"
        wrong = {"it": {"target": "Opportunity.IsWon", "type": "checkbox"}}
        file.write_text(json.dumps(wrong))

        assert run("validate", file, "--org", folder, "--fix").exit_code == FINDINGS
        assert json.loads(file.read_text()) == wrong
