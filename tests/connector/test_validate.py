"""A configuration is judged as a whole: the samples are good, scopes, region and budget are weighed."""

from pathlib import Path
from typing import Any

import pytest

from connector.config import load_config
from connector.validate import Code, is_good, validate
from tests.connector.describes import sample_org
from tests.connector.validating import US, findings, one

SAMPLES = Path(__file__).resolve().parents[2] / "connector"


class TestTheSampleOrg:
    def test_takes_the_sample_file_without_an_error_or_a_warning(self):
        said = validate(load_config(SAMPLES / "sample.yaml"), sample_org())

        assert [each.code for each in said] == [Code.BUDGET_OUTLOOK]

    def test_takes_the_seed_file_and_misses_only_the_region(self):
        said = validate(load_config(SAMPLES / "seed.json"), sample_org())

        assert is_good(said)
        assert [each.code for each in said] == [Code.REGION_UNPINNED]


OF_THE_WHOLE = [
    (Code.SCOPE_TOO_NARROW, {"a": "FeedItem.Body"}, {"org": {**US, "scope_profile": "standard"}}, "privileged"),
    (Code.SCOPE_TOO_NARROW, {"a": "FeedItem.Body"}, {"org": {**US, "scope_profile": "extended"}}, "privileged"),
    (Code.CHATTER_NOWHERE, {"a": "FeedItem.Body", "b": "Task.Description"}, {}, None),
    (Code.SCOPE_TOO_WIDE, {"a": "Lead.Status"}, {"org": {**US, "scope_profile": "privileged"}}, "standard"),
    (Code.REGION_UNPINNED, {"a": "Lead.Status"}, {"org": {"region": {"agents": "eu"}}}, None),
    (Code.REGION_UNPINNED, {"a": "Lead.Status"}, {"org": {}}, None),
    (Code.REGION_CROSSED, {"a": "Lead.Status"}, {"org": {"region": {"agents": "eu", "instance": "NA130"}}}, "EU2"),
    (Code.REGION_CROSSED, {"a": "Lead.Status"}, {"org": {"region": {"agents": "us", "instance": "EU2"}}}, "NA130"),
    (Code.REGION_UNKNOWN, {"a": "Lead.Status"}, {"org": {"region": {"agents": "us", "instance": "NA-130"}}}, "NA130"),
    (Code.BUDGET_TIGHT, {"a": "Contact.Title"}, {"delivery": {"budget_ms": 100}}, None),
    (Code.BUDGET_OUTLOOK, {"a": "Contact.Title"}, {}, None),
    (Code.PATIENCE_SHORT, {"a": "Lead.Status"}, {"delivery": {"attempt_timeout_s": 5}}, "15"),
]


class TestTheWhole:
    @pytest.mark.parametrize(("code", "fields", "sections", "nearest"), OF_THE_WHOLE)
    def test_is_judged_for_scopes_region_and_budget(
        self, code: Code, fields: dict[str, Any], sections: dict[str, Any], nearest: str | None
    ):
        assert one(code, fields, **sections).nearest == nearest

    def test_says_what_a_crossing_costs(self):
        found = one(Code.REGION_CROSSED, {"a": "Lead.Status"}, org={"region": {"agents": "eu", "instance": "NA130"}})

        assert "93 ms per round trip instead of 4 ms to EU2" in found.sentence

    def test_has_no_more_parts_than_a_composite_takes(self):
        fields = {f"i{n}": f"Thing_{n}__c.Name" for n in range(23)}

        assert "26 parts" in one(Code.TOO_MANY_PARTS, fields).sentence

    def test_puts_errors_first(self):
        said = findings({"a": "Lead.Stats", "b": "FeedItem.Body"}, org={"scope_profile": "standard"})
        gravity = [("error", "warning", "info").index(each.severity) for each in said]

        assert gravity == sorted(gravity)
        assert len(said) > 2


def test_every_kind_of_finding_has_a_test_that_provokes_it():
    text = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_validate*.py"))
    unprovoked = [code for code in Code if f"Code.{code.name}," not in text]

    assert unprovoked == [Code.CONFIG_UNREADABLE]  # of files that are no configuration: see test_cli_validate.py
