"""Findings in the forms that machines read: JSON, SARIF and JUnit, each with the line in the file."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from connector.config.places import Place, Places
from connector.validate import Code
from tests.connector.test_cli_validate import FINDINGS, GOOD, SAMPLES, USAGE, folder, run

__all__ = ["folder"]

TEXT = """\
org:
  region: {agents: us, instance: NA130}
fields:
  fine: Opportunity.Seats__c
  wrong:
    target: Opportunity.Demo_Requested_At__c
    type: date
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "bad.yaml").write_text(TEXT)
    return tmp_path / "bad.yaml"


class TestSarif:
    def test_points_at_the_line_of_the_file(self, bad: Path, folder: Path):
        result = run("validate", bad, "--org", folder, "--format", "sarif")

        sarif = json.loads(result.stdout)
        assert (result.exit_code, sarif["version"]) == (FINDINGS, "2.1.0")
        found = next(each for each in sarif["runs"][0]["results"] if each["level"] == "error")
        assert found["ruleId"] == "TYPE_MISMATCH"
        assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 5}

    def test_explains_every_rule_and_its_index_is_right(self, bad: Path, folder: Path):
        run_ = json.loads(run("validate", bad, "--org", folder, "--format", "sarif").stdout)["runs"][0]
        rules = run_["tool"]["driver"]["rules"]

        assert [rule["id"] for rule in rules] == [code.name for code in Code]
        assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run_["results"])


class TestJunit:
    def test_has_a_case_for_each_intent_and_fails_the_wrong_one(self, bad: Path, folder: Path):
        root = ElementTree.fromstring(run("validate", bad, "--org", folder, "--format", "junit").stdout)

        suite = root[0]
        assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
        failed = [case.get("name") for case in suite if case.find("failure") is not None]
        assert failed == ["wrong"]

    def test_a_good_file_has_no_failure(self, folder: Path):
        result = run("validate", SAMPLES / "sample.yaml", "--org", folder, "--format", "junit")

        assert (result.exit_code, ElementTree.fromstring(result.stdout)[0].get("failures")) == (GOOD, "0")

    def test_stays_xml_whatever_stands_in_the_file(self, tmp_path: Path, folder: Path):
        odd = {"target": "Opportunity.Decision_Horizon__c", "type": "picklist", "values": {"a": "\x01<&\ud800"}}
        (tmp_path / "odd.json").write_text(json.dumps({"fields": {"it": odd}}))

        result = run("validate", tmp_path / "odd.json", "--org", folder, "--format", "junit")

        assert ElementTree.fromstring(result.stdout)[0].get("failures") == "1"


class TestPlaces:
    @pytest.mark.parametrize(
        ("path", "place"),
        [
            ("$", Place(1, 1)),
            ("$.fields.wrong.type", Place(7, 5)),
            ("$.fields.fine.type", Place(4, 3)),
            ("$.org.region.instance", Place(2, 24)),
            ("$.delivery.budget_ms", Place(1, 1)),
            ("line 3, column 9", Place(3, 9)),
        ],
    )
    def test_are_those_of_the_key_or_of_its_nearest_parent(self, path: str, place: Place):
        assert Places(TEXT).of(path) == place

    def test_a_text_that_does_not_parse_has_none(self):
        assert Places("{[").of("$.fields") == Place(1, 1)


def test_an_unknown_form_is_usage_and_names_the_nearest(folder: Path):
    result = run("validate", SAMPLES / "sample.yaml", "--org", folder, "--format", "serif")

    assert result.exit_code == USAGE
    assert "did you mean sarif?" in result.stderr
