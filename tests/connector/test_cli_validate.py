"""`connector validate` says good, findings or usage, in its output and by its exit code."""

import json
from pathlib import Path

import httpx
import pytest
import respx
import yaml
from click.testing import Result
from typer.testing import CliRunner

from connector.__main__ import app
from tests.connector.describes import sample_describes

SAMPLES = Path(__file__).resolve().parents[2] / "connector"
ORG = "https://acme.my.salesforce.com"
ROOT = f"{ORG}/services/data/v66.0/sobjects"
GOOD, FINDINGS, USAGE = 0, 1, 2


def run(*arguments: object, **environ: str) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], env={"CONNECTOR_TOKEN": None, **environ})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "org").mkdir()
    for name, described in sample_describes().items():
        (tmp_path / "org" / f"{name}.json").write_text(json.dumps(described))
    return tmp_path / "org"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "bad.json").write_text('{"it": "Opportunity.Demo_Requestd_At__c"}')
    return tmp_path / "bad.json"


@pytest.fixture
def live(respx_mock: respx.MockRouter) -> respx.MockRouter:
    described = sample_describes()
    respx_mock.get(ROOT).respond(json={"sobjects": [{"name": name} for name in described]})
    for name, each in described.items():
        respx_mock.get(f"{ROOT}/{name}/describe").respond(json=each)
    respx_mock.assert_all_called = False  # type: ignore[attr-defined]
    return respx_mock


class TestValidate:
    @pytest.mark.parametrize("name", ["sample.yaml", "seed.json"])
    def test_finds_the_samples_good(self, name: str, folder: Path):
        result = run("validate", SAMPLES / name, "--org", folder)

        assert result.exit_code == GOOD
        assert f"{name}: good" in result.output

    def test_tells_place_reason_nearest_name_and_what_is_prevented(self, bad: Path, folder: Path):
        result = run("validate", bad, "--org", folder)

        assert result.exit_code == FINDINGS
        for part in ("$.it", "has no field Demo_Requestd_At__c", "did you mean Demo_Requested_At__c?", "INVALID_FIELD"):
            assert part in result.output

    def test_prints_the_same_as_json(self, bad: Path, folder: Path):
        said = json.loads(run("validate", bad, "--org", folder, "--json").stdout)

        assert (said["good"], said["counts"]["error"], said["org"]) == (False, 1, str(folder))
        assert said["findings"][0] == {
            "code": "FIELD_UNKNOWN",
            "severity": "error",
            "path": "$.it",
            "sentence": "Opportunity has no field Demo_Requestd_At__c",
            "nearest": "Demo_Requested_At__c",
            "prevents": "INVALID_FIELD",
            "line": 1,
        }

    def test_lets_warnings_pass_unless_it_is_strict(self, folder: Path):
        assert run("validate", SAMPLES / "seed.json", "--org", folder).exit_code == GOOD
        assert run("validate", SAMPLES / "seed.json", "--org", folder, "--strict").exit_code == FINDINGS

    def test_takes_a_malformed_file_for_a_finding(self, tmp_path: Path):
        (tmp_path / "odd.yaml").write_text("feilds: {}")

        result = run("validate", tmp_path / "odd.yaml", "--json")

        assert result.exit_code == FINDINGS
        assert json.loads(result.stdout)["findings"][0]["nearest"] == "fields"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["validate", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
            (["validate", SAMPLES / "seed.json"], "names no org"),
            (["validate", SAMPLES / "seed.json", "--org", "nowhere"], "neither an address"),
            (["validate", SAMPLES / "seed.json", "--org", "https://acme:port"], "cannot be used"),
            (["validate", SAMPLES / "seed.json", "--org", ORG], "CONNECTOR_TOKEN"),
            (["validate", SAMPLES / "sample.yaml"], "SALESFORCE_CLIENT_SECRET is not set"),
            (["validate", SAMPLES / "seed.json", "--org", ORG, "--ca", "nowhere.pem"], "nowhere.pem cannot be used"),
            (["validate"], "Missing argument"),
        ],
    )
    def test_refuses_usage_that_cannot_work(self, arguments: list[object], sentence: str):
        result = run(*arguments)

        assert result.exit_code == USAGE
        assert sentence in result.output
        assert "Traceback" not in result.output


class TestALiveOrg:
    def test_is_asked_with_the_token_of_the_environment(self, live: respx.MockRouter):
        result = run("validate", SAMPLES / "seed.json", "--org", ORG, CONNECTOR_TOKEN="00D!given")

        assert result.exit_code == GOOD
        assert {call.request.headers["Authorization"] for call in live.calls} == {"Bearer 00D!given"}

    def test_is_logged_into_by_the_login_section(self, live: respx.MockRouter):
        token = live.post(f"{ORG}/services/oauth2/token").respond(json={"access_token": "00D!fresh"})

        result = run("validate", SAMPLES / "sample.yaml", SALESFORCE_CLIENT_SECRET="mocksf-secret")

        assert result.exit_code == GOOD
        assert b"grant_type=client_credentials" in token.calls.last.request.content
        assert live.calls.last.request.headers["Authorization"] == "Bearer 00D!fresh"

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            (
                httpx.Response(400, json={"error": "invalid_client", "error_description": "bad secret"}),
                "invalid_client",
            ),
            (httpx.ConnectError("no route"), "cannot be reached: no route"),
            (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "trusted by --ca FILE"),
            (httpx.ReadTimeout(""), "cannot be reached: ReadTimeout"),
        ],
    )
    def test_that_refuses_the_login_is_a_sentence(
        self, answer: httpx.Response | Exception, sentence: str, respx_mock: respx.MockRouter
    ):
        respx_mock.post(f"{ORG}/services/oauth2/token").mock(side_effect=[answer])

        result = run("validate", SAMPLES / "sample.yaml", SALESFORCE_CLIENT_SECRET="wrong")

        assert result.exit_code == USAGE
        assert sentence in result.output


class TestSettle:
    def test_prints_the_full_form_which_needs_no_org_to_be_understood(self, folder: Path, tmp_path: Path):
        (tmp_path / "short.json").write_text('{"sure": "Opportunity.Budget_Confirmed__c", "who": "Contact.LastName"}')

        printed = run("settle", tmp_path / "short.json", "--org", folder)

        assert printed.exit_code == GOOD
        assert yaml.safe_load(printed.stdout) == {
            "fields": {
                "sure": {"target": "Opportunity.Budget_Confirmed__c", "type": "checkbox"},
                "who": {"target": "Contact.LastName", "type": "text", "max_length": 80},
            }
        }

    @pytest.mark.parametrize(("text", "sentence"), [("{", "is not JSON"), ('{"a": "Lead.Status"}', "names no org")])
    def test_refuses_what_it_cannot_read(self, text: str, sentence: str, tmp_path: Path):
        (tmp_path / "odd.json").write_text(text)

        result = run("settle", tmp_path / "odd.json")

        assert result.exit_code == USAGE
        assert sentence in result.output


class TestSchemaAndInit:
    def test_the_schema_is_json(self):
        assert json.loads(run("schema").stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    @pytest.mark.parametrize("options", [[], ["--seed"]])
    def test_init_writes_a_file_that_validates(self, options: list[str], tmp_path: Path, folder: Path):
        written = run("init", tmp_path / "new.yaml", *options)

        assert written.exit_code == GOOD
        assert run("validate", tmp_path / "new.yaml", "--org", folder).exit_code == GOOD

    def test_init_leaves_an_existing_file_alone(self, bad: Path):
        assert run("init", bad).exit_code == USAGE
        assert "Demo_Requestd_At__c" in bad.read_text()
