"""`connector plan` and `feasibility`: a turn on paper is the turn that is sent, and the outlook is that of its size."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

import mocksf
from connector.__main__ import app
from connector.composite import Composer
from connector.config import load_config, parse_config
from connector.intents import Call, Caller, Intent, Unfit
from connector.outlook import outlooks, sizes
from connector.plan import Plan, Written, plan
from connector.settle import settle
from mocksf import Org
from mocksf.doors.serving import Served as OrgServed
from mocksf.doors.tenancy import ServedOrg
from tests.connector.describes import sample_org
from tests.connector.offices import a_config, environ
from tests.connector.test_cli_validate import GOOD, SAMPLES, USAGE, folder, run

__all__ = ["folder"]

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PHONE = "+12025550143"
CALL = Call("c-1", Caller(PHONE, "Ada Byron"))


@pytest.fixture
def composer() -> Composer:
    org = sample_org()
    return Composer(settle(load_config(SAMPLES / "sample.yaml"), org), org)


@pytest.fixture
def org() -> Iterator[httpx.Client]:
    with Org(schema="sample").client() as client:
        yield client


def planned(composer: Composer, *intents: Intent) -> Plan:
    return plan(composer, CALL, intents, AT)


class TestPlan:
    def test_an_org_takes_the_body_exactly_as_it_was_planned(self, composer: Composer, org: httpx.Client):
        step = planned(composer, Intent("seats", 12), Intent("region", "asia")).steps[0]

        answer = org.request(step.request.method, step.request.path, json=step.request.body)

        assert [part["httpStatusCode"] for part in answer.json()["compositeResponse"]] == [201, 201, 201]

    def test_the_records_after_are_those_that_the_org_then_has(self, composer: Composer, org: httpx.Client):
        found = planned(composer, Intent("seats", 12))
        org.post(found.steps[0].request.path, json=found.steps[0].request.body)

        opportunity = next(each for each in found.records if each.record.startswith("Opportunity"))
        there = org.get(opportunity.url).json()
        assert there["Seats__c"] == opportunity.after["Seats__c"] == 12

    def test_a_composite_costs_one_call_and_a_field_that_is_spared_one_more(self, composer: Composer):
        assert planned(composer, Intent("seats", 12)).api_calls == 1
        assert planned(composer, Intent("seats", 12), Intent("competitor_named", "Acme")).api_calls == 2

    def test_each_lane_is_a_step_of_its_own(self, composer: Composer):
        found = planned(
            composer, Intent("seats", 12), Intent("call_summary", "Fine."), Intent("alert_account_team", "!")
        )

        assert [(step.lane, step.parts) for step in found.steps] == [("critical", 3), ("async", 1), ("async", 1)]

    def test_a_value_that_does_not_fit_is_refused(self, composer: Composer):
        with pytest.raises(Unfit, match="seats"):
            planned(composer, Intent("seats", "many"))

    def test_a_field_that_is_spared_keeps_what_the_org_has(self):
        record = Written("Opportunity/1", "/1", {"A__c": "new", "B__c": "new"}, spared=frozenset({"A__c"}))

        assert record.beside({"A__c": "old", "B__c": "old"}).after == {"A__c": "old", "B__c": "new"}
        assert record.beside(None).before is None


class TestOutlook:
    def test_the_pinned_instance_is_the_best_that_agents_can_have(self):
        rows = outlooks(load_config(SAMPLES / "sample.yaml"), "eu")

        best = {row.parts: row for row in reversed(rows)}
        assert all(best[parts].region == "eu-central-1" for parts in best)
        assert {row.instance for row in rows if row.pinned} == {"EU2"}

    def test_more_parts_or_a_longer_way_never_help(self):
        rows = outlooks(parse_config({"fields": {"a": "Opportunity.Name", "b": "X__c.Y__c", "c": "Lead.Status"}}), "us")

        by_place: dict[str, list[Any]] = {}
        for row in sorted(rows, key=lambda row: row.parts):
            by_place.setdefault(row.instance, []).append(row.share)
        assert all(shares == sorted(shares, reverse=True) for shares in by_place.values())
        shares = [row.share for row in sorted(rows, key=lambda row: row.rtt_ms) if row.parts == 3]
        assert shares == sorted(shares, reverse=True)

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"a": "Opportunity.Name"}, (3,)),
            ({"a": "Lead.Status"}, (1,)),
            ({"a": "Task.Description"}, (1,)),
            ({"a": "X__c.Y__c", "b": "Z__c.Y__c", "c": "Lead.Status"}, (1, 3, 4, 5)),
        ],
    )
    def test_sizes_are_those_of_the_map(self, fields: dict[str, str], expected: tuple[int, ...]):
        assert sizes(parse_config({"fields": fields})) == expected


class TestOnTheCommandLine:
    def test_a_plan_tells_body_calls_and_records(self, folder: Path):
        result = run("plan", SAMPLES / "sample.yaml", "--org", folder, "--say", "seats=7", "--json")

        said = json.loads(result.stdout)
        assert (result.exit_code, said["api_calls"], said["predicted"]["parts"]) == (GOOD, 1, 3)
        assert said["steps"][0]["request"]["body"]["compositeRequest"][2]["body"]["Seats__c"] == 7

    def test_without_a_word_the_critical_intents_are_planned_with_examples(self, folder: Path):
        result = run("plan", SAMPLES / "sample.yaml", "--org", folder)

        assert result.exit_code == GOOD
        assert '"Decision_Horizon__c": "This Month"' in result.output
        assert "2 API calls; 196 ms in the median, 52% within 200 ms" in result.output

    @pytest.mark.sockets
    def test_a_plan_logs_in_to_an_org_and_tells_its_records_as_they_are(self, tmp_path: Path):
        with ServedOrg(OrgServed(mocksf.load_schema(["sample"]), seed=7)) as org:
            with org.client() as client:
                path = f"/services/data/v66.0/sobjects/Account/Caller_Key__c/{PHONE}"
                assert client.patch(path, json={"Name": "Berg AG"}).status_code == 201
            (tmp_path / "acme.json").write_text(json.dumps(a_config(org)))
            asked = (
                "plan",
                str(tmp_path / "acme.json"),
                "--org",
                org.url,
                "--say",
                "seats=7",
                "--phone",
                PHONE,
                "--json",
            )
            result = CliRunner().invoke(app, asked, env={**environ(org), "CONNECTOR_TOKEN": ""})

        assert result.exit_code == GOOD, result.output
        before = {each["record"]: each["before"] for each in json.loads(result.stdout)["records"]}
        assert [told and told.get("Name") for told in before.values()] == ["Berg AG", None, None]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--say", "seets=7"), "did you mean 'seats'?"),
            (("--say", "seats=many"), "seats"),
            (("--phone", "12"), "--phone 12 is no phone number"),
        ],
    )
    def test_what_cannot_be_written_is_usage(self, folder: Path, arguments: tuple[str, ...], said: str):
        result = run("plan", SAMPLES / "sample.yaml", "--org", folder, *arguments)

        assert result.exit_code == USAGE
        assert said in result.stderr

    def test_feasibility_tells_every_instance_as_json(self):
        rows = json.loads(run("feasibility", SAMPLES / "sample.yaml", "--json").stdout)

        assert {row["agents"] for row in rows} == {"us"}
        assert len({row["instance"] for row in rows}) == 17

    def test_feasibility_refuses_agents_that_are_nowhere(self):
        result = run("feasibility", SAMPLES / "sample.yaml", "--agents", "mars")

        assert (result.exit_code, "it is us or eu" in result.stderr) == (USAGE, True)
