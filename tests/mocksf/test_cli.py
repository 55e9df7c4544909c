"""The command line as a user runs it: what it prints, and how it ends."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from typer.testing import CliRunner

from mocksf.__main__ import app
from mocksf.doors.tls import make_tls

pytestmark = pytest.mark.sockets

API = "/services/data/v66.0"
MAIN = (sys.executable, "-m", "mocksf")
KEYS = [
    "url", "token", "org_id", "ca", "username", "password", "client_id", "client_secret", "refresh_token", "jwt_key",
    "proxy",
]  # fmt: skip


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@contextmanager
def serve(*arguments: object) -> Iterator[dict[str, Any]]:
    """A running `mocksf serve`, and what it printed; it must end well and have told people about clients alone."""
    process = subprocess.Popen(
        [*MAIN, "serve", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    assert [line for line in errors.splitlines() if not line.startswith(("# ", "export "))] == []


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, Any]]:
    with serve("--schema", "sample", "--seed", 7, "--clock", "manual") as printed:
        yield printed


@pytest.fixture
def rain(tmp_path: Path) -> Path:
    file = tmp_path / "rain.yaml"
    file.write_text("- {id: rain, kind: error, where: {path: '*/limits'}, how_often: {times: 1}}\n")
    return file


def ask(printed: dict[str, Any], path: str, **options: Any) -> httpx.Response:
    return httpx.get(
        printed["url"] + path, headers={"Authorization": f"Bearer {printed['token']}"}, timeout=10, **options
    )


class TestServe:
    def test_it_prints_one_line_with_all_that_a_client_needs(self, server: dict[str, Any]):
        assert list(server) == KEYS
        assert (server["username"], server["password"]) == ("admin@mock.example", "mock")
        assert server["token"].startswith(server["org_id"][:15] + "!")
        assert server["jwt_key"].startswith("-----BEGIN PRIVATE KEY-----")
        assert (server["ca"], server["proxy"]) == (None, None)

    def test_what_it_prints_opens_the_org(self, server: dict[str, Any]):
        assert ask(server, f"{API}/limits").status_code == 200

    def test_its_schema_is_the_one_asked_for(self, server: dict[str, Any]):
        fields = ask(server, f"{API}/sobjects/Opportunity/describe").json()["fields"]

        assert "Demo_Requested_At__c" in [field["name"] for field in fields]

    def test_its_refresh_token_opens_it_as_well(self, server: dict[str, Any]):
        form = {
            "grant_type": "refresh_token",
            **{key: server[key] for key in ("client_id", "client_secret", "refresh_token")},
        }

        answer = httpx.post(server["url"] + "/services/oauth2/token", data=form)

        assert answer.status_code == 200
        assert ask({**server, "token": answer.json()["access_token"]}, f"{API}/limits").status_code == 200

    def test_its_key_signs_an_assertion(self, server: dict[str, Any]):
        now = httpx.get(server["url"] + "/_mocksf/clock").json()["now"]
        claims = {
            "iss": server["client_id"], "sub": server["username"], "aud": server["url"],
            "exp": int(datetime.fromisoformat(now).timestamp()) + 120,
        }  # fmt: skip
        assertion = jwt.encode(claims, server["jwt_key"], "RS256")
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}

        assert httpx.post(server["url"] + "/services/oauth2/token", data=form).json()["token_type"] == "Bearer"

    def test_under_tls_it_writes_an_authority_that_clients_can_trust(self, tmp_path: Path, rain: Path):
        with serve("--tls", "--tls-folder", tmp_path, "--rules", rain, "--clock", "scaled:60") as printed:
            trust = ssl.create_default_context(cafile=printed["ca"])

            assert Path(printed["ca"]) == tmp_path / "ca.pem"
            assert [ask(printed, f"{API}/limits", verify=trust).status_code for _ in range(2)] == [503, 200]

    def test_its_settings_can_be_set(self):
        with serve("--set", "daily_requests=1", "--no-control") as printed:
            assert [ask(printed, f"{API}/limits").status_code for _ in range(2)] == [200, 403]
            assert ask(printed, "/_mocksf/health").status_code == 404

    def test_its_features_can_be_chosen(self):
        with serve("--feature", "FLS") as printed:
            fields = ask(printed, f"{API}/sobjects/OpportunityLineItem/describe").json()["fields"]
        assert "Discount" in {each["name"] for each in fields}

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--clock", "fast"], "--clock fast: it is real, manual, or scaled:N"),
            (["--clock", "scaled:0"], "--clock scaled:0: it is real, manual, or scaled:N"),
            (["--start", "monday"], "--start monday: not an instant"),
            (["--start", "2026-01-05T09:00"], "say the zone as well"),
            (["--set", "daily_request=1"], "did you mean `daily_requests`?"),
            (["--set", "daily_requests=many"], "a number is wanted"),
            (["--set", "chatter=perhaps"], "it is true or false"),
            (["--set", "scope_profile=standart"], "did you mean `standard`?"),
            (["--edition", "Enterprize"], "--edition Enterprize: no such edition; did you mean 'Enterprise'?"),
            (["--feature", "FLSS"], "--feature FLSS: no such feature; did you mean `FLS`?"),
            (["--schema", "nowhere.yaml"], "nowhere.yaml: no such file"),
            (["--rules", "nowhere.yaml"], "nowhere.yaml: No such file or directory"),
            (["--jwt-cert", "pyproject.toml"], "pyproject.toml: no certificate"),
            (["--host", "203.0.113.1"], "cannot listen on 203.0.113.1"),
            (["--port", "99999"], "65535"),
            (["--prot", "1"], "--prot"),
        ],
    )
    def test_what_it_cannot_use_ends_it_with_a_sentence(self, arguments: list[str], says: str):
        code, printed, errors = run("serve", *arguments)

        assert (code, printed) == (2, "")
        assert says in errors
        assert "Traceback" not in errors

    def test_the_same_holds_for_the_command_itself(self):
        done = subprocess.run([*MAIN, "serve", "--clock", "fast"], capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("mocksf: --clock fast: ")

    def test_a_typo_in_the_rules_names_file_and_line(self, tmp_path: Path):
        file = tmp_path / "rain.yaml"
        file.write_text("- kind: error\n  where:\n    pth: x\n")

        assert run("serve", "--rules", file) == (
            2, "", f"mocksf: {file}:3: rules[0].where.pth: no such key; did you mean `path`?\n",
        )  # fmt: skip

    def test_a_port_that_is_taken_is_said(self, server: dict[str, Any]):
        port = server["url"].rpartition(":")[2]

        code, _, errors = run("serve", "--port", port)

        assert (code, f"cannot listen on 127.0.0.1 port {port}: Address already in use" in errors) == (2, True)
        assert run("serve", "--proxy-port", port) == (code, "", errors)

    def test_a_folder_that_cannot_be_written_is_said(self, tmp_path: Path):
        (tmp_path / "file").touch()

        code, _, errors = run("serve", "--tls", "--tls-folder", tmp_path / "file" / "folder")

        assert (code, f"--tls-folder {tmp_path / 'file' / 'folder'}: Not a directory" in errors) == (2, True)


class TestRules:
    def test_they_are_loaded_listed_and_cleared(self, server: dict[str, Any], rain: Path):
        assert run("rules", "load", rain, "--url", server["url"]) == (0, "1 rules laid down\n", "")
        assert ask(server, f"{API}/limits").status_code == 503

        code, printed, _ = run("rules", "list", "--url", server["url"])
        assert code == 0
        assert printed == (
            "RULE  KIND   SO FAR\n"
            "rain  error  struck 1 of 1 matching exchanges\n"
        )  # fmt: skip
        assert run("rules", "clear", "--url", server["url"]) == (0, "calm\n", "")

    def test_a_good_file_is_good(self, rain: Path):
        assert run("rules", "check", rain) == (0, f"{rain}: 1 rules, all good\n", "")

    def test_every_problem_of_a_bad_one_is_a_line(self, tmp_path: Path):
        file = tmp_path / "rain.yaml"
        file.write_text("- {kind: eror}\n- {kind: reset, phase: now}\n")

        code, _, errors = run("rules", "check", file)

        assert code == 1
        assert [line.split(": ")[1] for line in errors.splitlines()] == [f"{file}:1", f"{file}:2"]

    def test_a_server_that_is_not_there_is_said(self, rain: Path):
        code, _, errors = run("rules", "load", rain, "--url", "http://127.0.0.1:9")

        assert (code, "nobody can be reached there" in errors, "Traceback" in errors) == (1, True, False)


class TestJournal:
    def test_it_tells_the_last_exchanges_and_takes_filters(self, server: dict[str, Any]):
        ask(server, "/nowhere")

        code, printed, _ = run("journal", "--url", server["url"], "--status", 404, "--limit", 1)

        assert code == 0
        assert printed.split()[2:] == ["GET", "/nowhere", "->", "404", "NOT_FOUND"]

    def test_it_speaks_json_too(self, server: dict[str, Any]):
        code, printed, _ = run("journal", "--url", server["url"], "--json")

        assert code == 0
        assert json.loads(printed)[0]["number"] >= 1


class TestLoad:
    def test_made_up_records_go_into_a_server_and_refer_to_each_other(self, server: dict[str, Any]):
        made = ["--sample", "Account=3", "--sample", "Contact=30", "--seed", 1]

        code, printed, errors = run(
            "load", *made, "--schema", "sample", "--url", server["url"], "--token", server["token"]
        )

        assert (code, printed, errors) == (0, "Account: 3 records\nContact: 30 records\n", "")
        query = "SELECT+COUNT()+FROM+Contact+WHERE+Account.Name+!=+NULL"
        assert ask(server, f"{API}/query?q={query}").json()["totalSize"] == 30

    def test_files_go_in_and_refusals_name_their_line(self, server: dict[str, Any], tmp_path: Path):
        people = tmp_path / "Contact.csv"
        people.write_text("LastName,FirstName\nLovelace,Ada\n,Nobody\n")

        code, printed, errors = run("load", people, "--url", server["url"], "--token", server["token"])

        assert (code, printed) == (1, "Contact: 1 records\n")
        assert errors == f"mocksf: {people}:3: REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]\n"

    def test_a_file_of_them_is_the_same_for_a_seed_and_loads_again(self, server: dict[str, Any], tmp_path: Path):
        one, two = tmp_path / "one.json", tmp_path / "two.json"
        for file in (one, two):
            assert run("load", "--sample", "Account=2", "--seed", 5, "--out", file)[0] == 0

        assert one.read_text() == two.read_text()
        assert run("load", one, "--url", server["url"], "--token", server["token"])[:2] == (0, "Account: 2 records\n")

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ([], "say where to"),
            (["--out", "x.json"], "nothing to load"),
            (["--url", "http://127.0.0.1:9", "--sample", "Account=1"], "wants a --token"),
            (["--out", "x.json", "--sample", "Acount=1"], "did you mean `Account`?"),
            (["--out", "x.json", "--sample", "Account"], "such as Account=20"),
            (["--out", "x.json", "nowhere.csv"], "nowhere.csv: No such file or directory"),
            (["--out", "x.json", "README.md"], "records come from .csv and .json files"),
        ],
    )
    def test_what_it_cannot_do_ends_it_with_a_sentence(self, arguments: list[str], says: str):
        code, _, errors = run("load", *arguments)

        assert (code, says in errors, "Traceback" in errors) == (2, True, False)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ('[{"attributes":', "records.json:1: not JSON"),
            ('{"Account": 3}', "records.json: Account: a list of records is wanted"),
            ('[{"Name": "Ada"}]', "records.json: [0]: of which object?"),
            ('{"Account": [3]}', "records.json: Account[0]: a record is an object"),
        ],
    )
    def test_a_file_that_is_no_file_of_records_names_the_place(self, tmp_path: Path, text: str, says: str):
        file = tmp_path / "records.json"
        file.write_text(text)

        code, _, errors = run("load", file, "--out", tmp_path / "out.json")

        assert (code, says in errors, (tmp_path / "out.json").exists()) == (2, True, False)


def test_a_certificate_s_key_is_readable_by_its_owner_alone(tmp_path: Path):
    tls = make_tls(tmp_path)

    assert tls.key.stat().st_mode & 0o077 == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ca.pem", "server.key", "server.pem"]
