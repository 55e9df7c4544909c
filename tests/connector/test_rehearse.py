"""`connector rehearse`: every failure once, on a mock over a real socket, on virtual time."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.__main__ import app
from connector.config import parse_config
from connector.rehearsal.cases import Target, cases
from connector.rehearsal.play import Part, Played
from connector.rehearsal.report import page
from tests.connector.served import Served, rows, started

TARGET = Target(("Account", "Contact", "Opportunity"), "Opportunity.Seats__c", posts=True)
FIELDS = {"demo_requested": "Opportunity.Demo_Requested_At__c"}


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    served = started("mocksf", "serve", "--port", 0, "--schema", "sample", "--clock", "manual")
    yield served
    served.ended()


def rehearsed(mock: Served, folder: Any, *arguments: str, fields: Any = FIELDS) -> Any:
    file = folder / "connector.json"
    login = {"instance_url": mock.url, "client_id": "mocksf", "client_secret": {"env": "ORG_SECRET"}}
    region = {"agents": "us", "instance": "NA130"}
    file.write_text(json.dumps({"org": {"login": login, "region": region}, "fields": fields}))
    environ = {"ORG_SECRET": mock.said["client_secret"], "CONNECTOR_TOKEN": ""}
    return CliRunner().invoke(app, ["rehearse", str(file), *arguments], env=environ)


def test_every_case_has_a_name_of_its_own_and_tells_what_it_is():
    found = cases(TARGET)

    assert len({case.name for case in found}) == len(found)
    assert all(case.tells for case in found)


def test_each_record_of_the_call_is_refused_once_and_blocked_as_a_duplicate_once():
    names = {case.name for case in cases(TARGET)}

    assert {"rejected-account", "rejected-contact", "rejected-opportunity", "duplicate-contact"} <= names


def test_a_map_without_custom_fields_and_posts_has_nothing_of_them_to_strike():
    names = {case.name for case in cases(Target(("Lead",)))}

    assert not names & {"deleted-field", "access-taken-away", "deactivated-value", "known-lead", "lost-answer-post"}


def test_a_page_shows_no_markup_of_what_it_tells():
    part = Part("1/<b>", "dead", 1, (), "rule", "<script>", False)
    told = Played("x", "<i>", "dead", 90.0, True, "answered", (part,), {}, ("<u>",), 1.0)

    html = page([told], parse_config({"fields": FIELDS}))

    assert not any(mark in html for mark in ("<script>", "<u>", "<i>"))
    assert "1/&lt;b&gt;: rule, &lt;script&gt;" in html


@pytest.mark.sockets
def test_a_rehearsal_tells_what_caller_org_dead_letters_and_slack_saw(mock: Served, tmp_path: Any):
    chosen = ("rejected-opportunity", "lost-answer", "outage-long", "deleted-field")
    html = tmp_path / "report.html"

    done = rehearsed(
        mock, tmp_path, "--json", "--html", str(html), *(each for name in chosen for each in ("--case", name))
    )

    assert done.exit_code == 0, done.output
    played = {each["name"]: each for each in json.loads(done.stdout)["cases"]}
    refused, lost, down = (played[name]["deliveries"][0] for name in chosen[:3])
    assert (refused["attempts"], refused["category"]) == (1, "validation rule")
    assert refused["culprit"]
    assert "Opportunity" not in played["rejected-opportunity"]["landed"]
    assert (lost["status"], lost["attempts"], lost["waits_s"]) == ("committed", 2, [0.2])
    assert played["lost-answer"]["landed"]["Opportunity"] == 1
    assert down["waits_s"] == [0.2, 1, 5, 30, 300]
    assert played["outage-long"]["landed"] == {}
    assert len(played["outage-long"]["slack"]) >= 1
    assert played["deleted-field"]["deliveries"][0]["category"] == "unknown field"
    assert timedelta(seconds=played["outage-long"]["took_s"]) > timedelta(minutes=5)
    assert "<h1>Negative rehearsal</h1>" in html.read_text()


@pytest.mark.sockets
def test_what_an_admin_takes_away_is_told_apart_and_who_is_known_is_not_made_again(mock: Served, tmp_path: Any):
    chosen = ("login-gone", "access-taken-away", "deactivated-value", "known-contact", "known-lead")
    fields = {**FIELDS, "decision_horizon": "Opportunity.Decision_Horizon__c", "interest": "Lead.Interest__c"}

    done = rehearsed(mock, tmp_path, "--json", *(each for name in chosen for each in ("--case", name)), fields=fields)

    assert done.exit_code == 0, done.output
    played = {each["name"]: each for each in json.loads(done.stdout)["cases"]}
    assert [played[name]["deliveries"][0]["category"] for name in chosen[:3]] == ["login", "not writable", "value"]
    assert all(played[name]["landed"].get("Opportunity") is None for name in chosen[:3])
    assert (played["known-contact"]["lookup"], played["known-lead"]["lookup"]) == (
        "answered: a contact", "answered: a lead",
    )  # fmt: skip
    assert played["known-contact"]["landed"] == {"Opportunity": 1, "Task": 1}
    assert played["known-lead"]["landed"] == {"Account": 1, "Opportunity": 1, "Task": 1}


@pytest.mark.sockets
def test_the_org_is_left_as_it_was(mock: Served, tmp_path: Any):
    rehearsed(mock, tmp_path, "--case", "calm")

    assert rows(mock.said, "SELECT Id FROM Opportunity") == []


@pytest.mark.sockets
def test_a_case_that_is_none_is_refused_with_those_that_are(mock: Served, tmp_path: Any):
    done = rehearsed(mock, tmp_path, "--case", "earthquake")

    assert done.exit_code == 2
    assert "there are: calm, " in done.output


def test_a_folder_is_no_stage(tmp_path: Any):
    (tmp_path / "org").mkdir()
    file = tmp_path / "connector.json"
    file.write_text(json.dumps({"fields": FIELDS}))

    assert CliRunner().invoke(app, ["rehearse", str(file), "--org", str(tmp_path / "org")]).exit_code == 2
