"""Calibration: what an org was measured to take is what a mock with the fitted rules takes."""

import csv
import io
import json
from math import exp
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from mocksf import Org
from mocksf.__main__ import app
from mocksf.calibration import Sample, Unreadable, fits, profile, samples
from mocksf.har import har
from mocksf.weather import load_rules

COLUMNS = ("EVENT_TYPE", "RUN_TIME", "URI", "METHOD", "STATUS_CODE", "ENTITY_NAME")


def event_log(*rows: tuple[object, ...], columns: tuple[str, ...] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows((columns, *rows))
    return out.getvalue()


def drawn(operation: str, sobject: str | None, median_s: float, sigma: float, count: int = 2000) -> list[Sample]:
    dice = Random(f"{operation}{sobject}")
    return [Sample(operation, sobject, median_s * exp(dice.gauss(0, sigma))) for _ in range(count)]


class TestEventLog:
    @pytest.mark.parametrize(
        ("method", "uri", "operation", "sobject"),
        [
            ("POST", "/services/data/v66.0/sobjects/Account", "create", "Account"),
            ("GET", "/v66.0/sobjects/Account/001xx000003DGQWAA4", "retrieve", "Account"),
            ("PATCH", "/services/data/v66.0/sobjects/Contact/Key__c/1", "upsert", "Contact"),
            ("POST", "/services/data/v66.0/composite", "composite", None),
        ],
    )
    def test_a_row_is_the_operation_that_it_was(self, method: str, uri: str, operation: str, sobject: str | None):
        assert samples(event_log(("RestApi", 45, uri, method, 200, ""))) == [Sample(operation, sobject, 0.045)]

    def test_the_entity_that_the_log_names_outweighs_the_path(self):
        found = samples(event_log(("RestApi", 60, "/services/data/v66.0/query", "GET", 200, "Lead")))

        assert found[0].sobject == "Lead"

    def test_requests_that_failed_are_left_out(self):
        rows = [("RestApi", 5, "/services/data/v66.0/limits", "GET", status, "") for status in (500, 404, 200)]

        assert len(samples(event_log(*rows))) == 1

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "lacks RUN_TIME"),
            ("A,B\n1,2\n", "lacks RUN_TIME, METHOD or HTTP_METHOD, URI or API_RESOURCE"),
            (event_log(("RestApi", "soon", "/limits", "GET", 200, "")), "log:2: RUN_TIME is 'soon'"),
            (event_log(("RestApi", 5, "/limits", "GET", 500, "")), "holds no request"),
            ("{}", "no HTTP Archive"),
            ('{"log": {"entries": 7}}', "log.entries is no list"),
            ('{"log": {"entries": [{"request": 1}]}}', r"log.entries\[0\]: lacks"),
        ],
    )
    def test_what_cannot_be_read_says_where_and_why(self, text: str, said: str):
        with pytest.raises(Unreadable, match=said):
            samples(text)


class TestFit:
    @settings(max_examples=25, deadline=None)
    @given(st.floats(0.01, 5), st.floats(0.1, 1.0))
    def test_a_lognormal_is_found_again(self, median_s: float, sigma: float):
        fit = fits(drawn("create", None, median_s, sigma))[0]

        assert fit.median_s == pytest.approx(median_s, rel=0.12)
        assert fit.sigma == pytest.approx(sigma, rel=0.12)

    def test_a_few_hiccups_do_not_widen_the_spread_and_show_in_the_tail(self):
        hiccups = [Sample("create", None, 30.0)] * 40

        fit = fits(drawn("create", None, 0.1, 0.5) + hiccups)[0]

        assert fit.sigma == pytest.approx(0.5, rel=0.1)
        assert fit.seen_p99_s > 10 * fit.p99_s

    def test_an_object_with_enough_requests_has_its_own_rule_before_the_general_one(self):
        measured = drawn("create", "Account", 0.1, 0.3) + drawn("create", "Case", 0.9, 0.3)
        measured += drawn("create", "Lead", 0.2, 0.3, count=5)

        rules = load_rules(profile(fits(measured), "a test"))

        assert [rule.where.sobject for rule in rules] == ["Account", "Case", None]


def test_an_org_under_the_fitted_rules_takes_as_long_as_the_one_that_was_measured():
    """The loop closed: weather → archive → fit, and the fit is the weather that there was."""
    org = Org(seed=7, rules=[{"kind": "latency", "settings": {"at": "service", "median_s": 0.2, "sigma": 0.4}}])
    with org.client() as client:
        for _ in range(600):
            client.get("/services/data/v66.0/limits")

    fit = next(each for each in fits(samples(json.dumps(har(org.journal)))) if each.operation == "limits")
    assert fit.median_s == pytest.approx(0.2, rel=0.1)
    assert fit.sigma == pytest.approx(0.4, rel=0.1)


class TestOnTheCommandLine:
    def test_writes_rules_that_the_server_takes(self, tmp_path: Path):
        rows = [("RestApi", 40 + at, "/services/data/v66.0/limits", "GET", 200, "") for at in range(60)]
        (tmp_path / "log.csv").write_text(event_log(*rows))

        result = CliRunner().invoke(app, ["calibrate", str(tmp_path / "log.csv"), "--out", str(tmp_path / "p.yaml")])

        assert result.exit_code == 0
        rules = load_rules((tmp_path / "p.yaml").read_text())
        assert [(rule.kind, rule.where.operation) for rule in rules] == [("latency", "limits")]

    def test_says_what_a_file_lacks(self, tmp_path: Path):
        (tmp_path / "log.csv").write_text("A,B\n")

        result = CliRunner().invoke(app, ["calibrate", str(tmp_path / "log.csv")])

        assert (result.exit_code, "log.csv:1: lacks RUN_TIME" in result.stderr) == (2, True)

    def test_a_round_trip_that_is_all_there_was_leaves_nothing(self, tmp_path: Path):
        row = ("RestApi", 40, "/services/data/v66.0/limits", "GET", 200, "")
        (tmp_path / "log.csv").write_text(event_log(row))

        result = CliRunner().invoke(app, ["calibrate", str(tmp_path / "log.csv"), "--rtt-ms", "50"])

        assert (result.exit_code, "no request took longer" in result.stderr) == (2, True)
