"""`scenarios judge`: connectors of others, held to the laws that their users rely on."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from loadtests.processes import start
from mocksf import Org
from scenarios.__main__ import app
from scenarios.judging import LAWS, TRIALS, Judgement, LocalBench, judge
from scenarios.judging.command import Command, NoCommand
from scenarios.judging.judge import Driven, NothingWritten
from scenarios.judging.laws import name_of
from tests.clients import node_tools

CONNECTORS = Path(__file__).resolve().parents[2] / "docs" / "examples"
ROWS = "/services/data/v66.0/sobjects"
DEAL = {"Name": "Demo", "StageName": "Prospecting", "CloseDate": "2026-12-31"}


def broken(found: Judgement) -> dict[str, set[str]]:
    """Law → the weather in which it was broken."""
    laws: dict[str, set[str]] = {}
    for each in found.broken():
        laws.setdefault(each.law, set()).add(each.trial)
    return laws


def judged(work: Callable[[Org, httpx.Client], None]) -> Judgement:
    """A connector in this process: what it raises is its word that it failed."""
    org = Org(schema="sample")

    def drive() -> Driven:
        try:
            with org.client() as client:
                work(org, client)
        except (httpx.HTTPError, AssertionError):
            return Driven(failed=True)
        return Driven(failed=False)

    return judge(LocalBench(org), drive)


def sent(client: httpx.Client, method: str, path: str, body: dict[str, Any]) -> None:
    client.request(method, path, json=body).raise_for_status()


class TestEachLawIsBrokenBySomebody:
    def test_who_tries_again_without_a_key_writes_twice(self):
        def again(org: Org, client: httpx.Client) -> None:
            for _ in range(4):
                try:
                    return sent(client, "POST", f"{ROWS}/Account", {"Name": "Acme"})
                except httpx.HTTPError:
                    org.advance(1)
            raise AssertionError

        assert broken(judged(again))["nothing is twice"] == {"lost-answer", "cut-answer"}

    def test_who_swallows_a_failure_loses_what_was_said(self):
        def careless(_: Org, client: httpx.Client) -> None:
            with suppress(httpx.HTTPError):
                sent(client, "PATCH", f"{ROWS}/Account/Caller_Key__c/1", {"Name": "Acme"})

        lost = broken(judged(careless))["nothing is lost"]
        assert {"lost-request", "unavailable", "rejection", "down"} <= lost
        assert "lost-answer" not in lost

    def test_who_gives_up_at_once_does_not_get_through(self):
        def timid(_: Org, client: httpx.Client) -> None:
            sent(client, "PATCH", f"{ROWS}/Account/Caller_Key__c/1", {"Name": "Acme"})

        found = broken(judged(timid))
        assert set(found) == {"what heals is tried again"}
        assert "down" not in found["what heals is tried again"]

    def test_who_writes_one_after_the_other_leaves_half_a_call(self):
        def piecemeal(_: Org, client: httpx.Client) -> None:
            sent(client, "PATCH", f"{ROWS}/Account/Caller_Key__c/1", {"Name": "Acme"})
            sent(client, "PATCH", f"{ROWS}/Opportunity/Call_Key__c/1", DEAL)

        assert "late-rejection" in broken(judged(piecemeal))["no call is half there"]

    def test_who_hammers_does_so_too_often_and_without_a_pause(self):
        def hammering(_: Org, client: httpx.Client) -> None:
            for _ in range(10):
                answer = client.patch(f"{ROWS}/Account/Caller_Key__c/1", json={"Name": "Acme"})
                if answer.is_success:
                    return
            raise AssertionError

        found = broken(judged(hammering))
        assert found["attempts are bounded"] == {"rejection", "down"}
        assert "unavailable" in found["retries wait"]
        assert found["a rejection is not repeated"] == {"rejection"}

    def test_who_logs_in_with_every_breath_is_told_so(self):
        def nervous(org: Org, client: httpx.Client) -> None:
            form = {"grant_type": "password", "username": "admin@mock.example", "password": "mock"}
            form |= {"client_id": "mocksf", "client_secret": "mocksf-secret"}
            for _ in range(4):
                client.post("/services/oauth2/token", data=form)
                answer = client.patch(f"{ROWS}/Account/Caller_Key__c/1", json={"Name": "Acme"})
                if answer.is_success:
                    return
                org.advance(1)

        assert broken(judged(nervous))["a bad session earns one login"]

    def test_every_law_says_what_it_wants(self):
        assert all((law.__doc__ or "").strip().endswith(".") for law in LAWS)


def test_a_connector_that_writes_nothing_cannot_be_judged():
    with pytest.raises(NothingWritten, match="it writes nothing"):
        judged(lambda *_: None)


def test_a_command_that_is_none_says_so():
    with pytest.raises(NoCommand, match="/nowhere/connector cannot be started"):
        Command(["/nowhere/connector"], "http://x", "t", 1)()


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Any]]:
    server = start([sys.executable, "-m", "mocksf", "serve", "--tls", "--port", "0", "--schema", "sample"])
    yield server.said
    server.stop()


@pytest.mark.sockets
class TestServed:
    def judged(self, served: dict[str, Any], *command: object) -> dict[str, Any]:
        org = ["--org", served["url"], "--token", served["token"], "--ca", served["ca"]]
        words = ["judge", *org, "--json", "--", *map(str, command)]
        result = CliRunner().invoke(app, words)
        assert result.exit_code in (0, 1), result.output
        return json.loads(result.stdout)

    def laws(self, said: dict[str, Any]) -> dict[str, set[str]]:
        laws: dict[str, set[str]] = {}
        for each in said["broken"]:
            laws.setdefault(each["law"], set()).add(each["trial"])
        return laws

    def test_a_careful_connector_keeps_every_law(self, served: dict[str, Any]):
        said = self.judged(served, sys.executable, CONNECTORS / "careful_connector.py")

        assert (said["holds"], said["broken"], said["records"]) == (True, [], 3)
        assert len(said["trials"]) == len(TRIALS) - 1

    def test_a_naive_one_duplicates_under_a_lost_answer(self, served: dict[str, Any]):
        laws = self.laws(self.judged(served, sys.executable, CONNECTORS / "naive_connector.py"))

        assert {"lost-answer", "cut-answer"} <= laws["nothing is twice"]
        assert laws["a rejection is not repeated"] == {"rejection", "late-rejection"}
        assert "late-rejection" in laws["no call is half there"]

    def test_jsforce_does_not_try_a_create_again(self, served: dict[str, Any]):
        into = node_tools.installed()
        script = node_tools.placed("jsforce_connector.mjs")

        laws = self.laws(self.judged(served, into / "node_modules" / ".bin" / "node", script))

        assert {"lost-request", "unavailable", "row-lock"} <= laws["what heals is tried again"]
        assert "nothing is twice" not in laws

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--trial", "lost-anser"], "--trial lost-anser: it is one of calm"),
            (["--org", "http://127.0.0.1:9"], "cannot be reached"),
        ],
    )
    def test_a_slip_is_usage(self, served: dict[str, Any], options: list[str], said: str):
        org = ["--org", served["url"], "--token", served["token"], "--ca", served["ca"]]
        words = ["judge", *org, *options, "--", "true"]

        result = CliRunner().invoke(app, words)

        assert (result.exit_code, said in result.stderr) == (2, True), result.output


def test_the_laws_have_names_of_their_own():
    assert len({name_of(law) for law in LAWS}) == len(LAWS)
