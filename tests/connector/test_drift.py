"""`connector diff`: what a newer describe of the org breaks, mends and adds for a map that was good."""

import json
from pathlib import Path

import pytest

from connector.config import parse_config
from connector.drift import Drift, drift
from tests.connector.describes import Changes, sample_describes, sample_org
from tests.connector.test_cli_validate import FINDINGS, GOOD, SAMPLES, USAGE, run

MAP = {
    "it": {"target": "Opportunity.Competitor__c", "type": "text", "max_length": 100},
    "when": {
        "target": "Opportunity.Decision_Horizon__c",
        "type": "picklist",
        "values": {"soon": "This Month", "later": "This Year"},
    },
}


def drifted(changes: Changes) -> Drift:
    return drift(parse_config({"fields": MAP}), sample_org(), sample_org(changes))


def values(*names: str) -> dict[str, object]:
    return {"picklistValues": [{"value": name, "label": name, "active": True} for name in names]}


def test_the_same_org_drifts_nowhere():
    assert drifted({}) == Drift((), (), (), ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Opportunity.Competitor__c": None}, "FIELD_UNKNOWN"),
        ({"Opportunity.Competitor__c": {"length": 40}}, "LENGTH_OVERSTATED"),
        ({"Opportunity.Competitor__c": {"type": "double"}}, "TYPE_MISMATCH"),
        ({"Opportunity.Competitor__c": {"updateable": False}}, "FIELD_READ_ONLY"),
        ({"Opportunity.Decision_Horizon__c": values("This Year")}, "VALUE_UNKNOWN"),
        ({"Opportunity.Paid_By__c": {"type": "string", "createable": True, "nillable": False}}, "REQUIRED_MISSING"),
    ],
)
def test_what_breaks_is_the_finding_that_validation_would_have(changes: Changes, code: str):
    found = drifted(changes)

    assert found.breaks
    assert code in [each.code.name for each in found.broken]


def test_a_change_that_breaks_nothing_is_told_with_both_values():
    found = drifted({"Opportunity.Competitor__c": {"length": 200}})

    assert not found.breaks
    assert [(each.what, each.before, each.after) for each in found.changes] == [("length", "100", "200")]


def test_values_that_came_and_went_are_named():
    found = drifted({"Opportunity.Decision_Horizon__c": values("This Month", "This Year", "Never")})

    told = {each.what: each.before or each.after for each in found.changes}
    assert told == {"values gone": "This Quarter, Unknown", "values new": "Never"}


def test_a_new_field_that_an_intent_could_fill_is_named():
    new = {"type": "string", "createable": True, "updateable": True}

    assert drifted({"Opportunity.Mood__c": new}).unmapped == ("Opportunity.Mood__c",)


def test_what_the_newer_org_mends_is_told():
    config = parse_config({"fields": {"it": "Opportunity.Mood__c"}})
    new = {"type": "string", "createable": True, "updateable": True, "length": 255}

    found = drift(config, sample_org(), sample_org({"Opportunity.Mood__c": new}))
    assert [each.code.name for each in found.mended] == ["FIELD_UNKNOWN"]


class TestOnTheCommandLine:
    @pytest.fixture
    def orgs(self, tmp_path: Path) -> tuple[Path, Path]:
        for folder in ("old", "new"):
            (tmp_path / folder).mkdir()
            for name, described in sample_describes().items():
                (tmp_path / folder / f"{name}.json").write_text(json.dumps(described))
        return tmp_path / "old", tmp_path / "new"

    def test_nothing_breaks(self, orgs: tuple[Path, Path]):
        old, new = orgs

        result = run("diff", SAMPLES / "sample.yaml", "--before", old, "--after", new)

        assert (result.exit_code, result.output.strip()) == (GOOD, "0 broken, 0 changed, 0 new")

    def test_a_field_that_went_is_named_and_fails(self, orgs: tuple[Path, Path]):
        old, new = orgs
        described = sample_describes()["Opportunity"]
        described["fields"] = [each for each in described["fields"] if each["name"] != "Seats__c"]
        (new / "Opportunity.json").write_text(json.dumps(described))

        result = run("diff", SAMPLES / "sample.yaml", "--before", old, "--after", new)

        assert result.exit_code == FINDINGS
        assert "breaks: $.fields.seats FIELD_UNKNOWN: Opportunity has no field Seats__c" in result.output

    def test_an_org_that_is_not_there_is_usage(self, orgs: tuple[Path, Path]):
        result = run("diff", SAMPLES / "sample.yaml", "--before", orgs[0], "--after", "/nowhere")

        assert result.exit_code == USAGE
        assert "/nowhere is neither an address" in result.stderr
