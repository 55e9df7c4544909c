"""The command lines of the ledger: verified, shown, reviewed; every mistake gets a sentence and an exit code."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from connector.__main__ import app
from connector.live.disk import DiskLedger
from connector.live.opening import anchor_of
from connector.live.sealing import Seal, key_of
from connector.messages import Answer
from tests.connector.talk import KNOWN, Talk, a_connector, fine, halted

CONFIG = {
    "org": {
        "name": "acme",
        "login": {"instance_url": "http://127.0.0.1:9", "client_id": "id", "client_secret": {"env": "S"}},
    },
    "fields": {"seats": {"target": "Opportunity.Seats__c", "type": "integer"}},
}


def run(*arguments: object, **environ: str) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environ)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger with one committed delivery and one dead letter."""
    path = tmp_path / "ledger.sqlite"
    ledger = DiskLedger(path, Seal(key_of(path, {})), "acme")
    talk = Talk(a_connector(ledger))
    talk.deliver(seats=1, caller=KNOWN, replies=[fine("opp")])
    talk.deliver(seats=2, turn=2, caller=KNOWN, replies=[halted("opp", "STRING_TOO_LONG"), Answer(200, "ok")])
    ledger.close()
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "connector.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    return path


def tampered(file: Path, statement: str) -> Path:
    with closing(sqlite3.connect(file)) as disk:
        disk.executescript("DROP TRIGGER entries_are_never_changed; DROP TRIGGER entries_are_never_deleted;")
        disk.execute(statement)
        disk.commit()
    return file


class TestAuditVerify:
    def test_of_a_whole_ledger_is_0(self, file: Path):
        result = run("audit", "verify", file)

        assert (result.exit_code, result.output.startswith("OK: 6 entries hold, head 6:")) == (0, True)

    def test_of_a_changed_entry_is_1_and_names_it(self, file: Path):
        result = run("audit", "verify", tampered(file, "UPDATE entries SET kind = 'dead' WHERE seq = 2"))

        assert (result.exit_code, "BROKEN: entry 2 was changed" in result.output) == (1, True)

    def test_of_a_cut_off_tail_is_1_and_says_so(self, file: Path):
        result = run("audit", "verify", tampered(file, "DELETE FROM entries WHERE seq > 4"), "--json")

        told = json.loads(result.output)
        assert (result.exit_code, told["broken"]["seq"], told["holds"]) == (1, 5, False)

    def test_without_a_noted_head_says_what_it_cannot_see(self, file: Path):
        anchor_of(file).unlink()

        assert "a cut-off tail would not show" in run("audit", "verify", file).output

    def test_compares_with_a_head_given_by_hand(self, file: Path):
        assert run("audit", "verify", file, "--head", f"6:{'0' * 64}").exit_code == 1

    @pytest.mark.parametrize("more", [["--head", "six"], ["--anchor", "/no/such/file"]])
    def test_with_a_head_that_is_none_is_2(self, file: Path, more: list[str]):
        assert run("audit", "verify", file, *more).exit_code == 2

    def test_of_no_file_is_2(self, tmp_path: Path):
        result = run("audit", "verify", tmp_path / "none")

        assert (result.exit_code, "no such file" in result.output) == (2, True)


def test_audit_show_prints_an_entry_a_line(file: Path):
    lines = run("audit", "show", file, "--delivery", "call-1/2/seats").output.splitlines()

    assert [line.split()[2] for line in lines] == ["accepted", "failed", "dead", "alerted"]


class TestDeadLetters:
    def test_are_listed_by_category(self, file: Path):
        assert run("dead-letters", "list", file).output == (
            "value (1)\n  call-1/2/seats: STRING_TOO_LONG on opp after 1 attempts\n"
        )

    def test_are_shown_with_their_history(self, file: Path):
        entries = [json.loads(line) for line in run("dead-letters", "show", file, "call-1/2/seats").output.splitlines()]

        assert [entry["kind"] for entry in entries] == ["accepted", "failed", "dead", "alerted"]

    def test_that_are_none_cannot_be_shown(self, file: Path):
        result = run("dead-letters", "show", file, "call-1/1/seats")

        assert (result.exit_code, "is no dead letter" in result.output) == (2, True)

    def test_are_discarded_without_a_service(self, file: Path, config: Path):
        who = ["--actor", "mara", "--reason", "spam", "--config", config]

        result = run("dead-letters", "discard", file, "call-1/2/seats", *who, S="s")

        assert (result.exit_code, result.output) == (0, "call-1/2/seats: discarded\n")
        assert run("dead-letters", "list", file).output == "no dead letters\n"

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ([], "say which letters"),
            (["--all", "--category", "value"], "say which letters"),
            (["--all", "--edit", "seats=1"], "name it"),
            (["call-1/2/seats", "--edit", "seats"], "write INTENT=VALUE"),
            (["--all"], "say --config FILE"),
            (["--all", "--service", "http://127.0.0.1:9"], "cannot be asked"),
        ],
    )
    def test_that_are_asked_for_wrongly_are_left_alone(self, file: Path, more: list[str], said: str):
        result = run("dead-letters", "replay", file, "--actor", "mara", "--reason", "mended", *more)

        assert (result.exit_code, said in result.output) == (2, True), result.output

    def test_in_a_ledger_with_another_key_are_not_touched(self, file: Path, config: Path):
        who = ["--actor", "mara", "--reason", "mended", "--config", config, "--all"]
        key = Fernet.generate_key().decode()

        result = run("dead-letters", "replay", file, *who, S="s", CONNECTOR_LEDGER_KEY=key)

        assert (result.exit_code, "another key" in result.output) == (2, True)

    def test_in_a_tampered_ledger_point_to_the_verification(self, file: Path):
        result = run("dead-letters", "list", tampered(file, "DELETE FROM entries WHERE seq = 1"))

        assert (result.exit_code, "connector audit verify" in result.output) == (2, True)


class TestServe:
    @pytest.mark.parametrize(
        ("more", "environ", "said"),
        [
            (["--clock", "fast"], {"S": "s"}, "'fast' is no clock"),
            ([], {"S": ""}, "the environment variable S is not set"),
            (["--org", "acme"], {"S": "s"}, "acme is no address"),
            (["--ca", "/no/such/file"], {"S": "s"}, "no certificate authority"),
            (["--host", "0.0.0.0"], {"S": "s"}, "set CONNECTOR_SERVICE_TOKEN"),
            ([], {"S": "s", "CONNECTOR_FAILPOINT": "somewhere"}, "names no failpoint"),
            ([], {"S": "s", "CONNECTOR_LEDGER_KEY": "short"}, "no Fernet key"),
        ],
    )
    def test_says_what_is_missing(self, config: Path, tmp_path: Path, more: list[str], environ, said: str):
        ledger = tmp_path / "other.sqlite"

        result = run("serve", config, "--ledger", ledger, "--port", 0, *more, **environ)

        assert (result.exit_code, said in result.output) == (2, True), result.output

    def test_names_a_config_that_is_not_there(self, tmp_path: Path):
        assert run("serve", tmp_path / "none.json").exit_code == 2
