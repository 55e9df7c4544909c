"""The commands that drive a running server: orgs, clock, rules, snapshots, reset, seed, journal, HAR, metrics."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

import mocksf
from mocksf.__main__ import app
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.har import problems_of
from tests.served import ACCOUNT, API, control_of

pytestmark = pytest.mark.sockets

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    """A client of a calm, fresh org without neighbours."""
    with control_of(server) as control, server.client() as client:
        for one in control.get("/orgs").json()[1:]:
            control.delete(f"/orgs/{one['name']}")
        for one in control.get("/snapshots").json():
            control.delete(f"/snapshots/{one['name']}")
        yield client


def run(url: str | ServedOrg, *arguments: object, code: int = 0) -> str:
    """What a command prints; its errors where it is to fail."""
    address = url if isinstance(url, str) else url.url
    done = CliRunner().invoke(app, list(map(str, arguments)), env={"MOCKSF_URL": address, "COLUMNS": "200"})
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.stderr if code else done.stdout


class TestDeploy:
    def test_a_yaml_file_changes_the_running_org(self, server: ServedOrg, sf: httpx.Client, tmp_path: Path):
        file = tmp_path / "change.yaml"
        file.write_text("objects: {Account: {fields: {Seats__c: {type: Number, precision: 6, scale: 0}}}}")

        assert run(server, "deploy", file) == "changed: Account\n"
        assert sf.post(ACCOUNT, json={"Name": "A", "Seats__c": 4}).status_code == 201

    def test_a_slip_is_named(self, server: ServedOrg, sf: httpx.Client, tmp_path: Path):  # noqa: ARG002
        file = tmp_path / "change.yaml"
        file.write_text("deleted: [Account.Seat__c]")

        assert "Account has no field 'Seat__c'" in run(server, "deploy", file, code=1)
        assert "No such file" in run(server, "deploy", tmp_path / "none.yaml", code=2)


@pytest.mark.usefixtures("sf")
class TestOrgs:
    def test_they_are_created_listed_forked_and_deleted(self, server: ServedOrg):
        made = run(server, "orgs", "create", "acme", "--schema", "standard", "--seed", 3, "--factor", 0)
        assert ("token " in made, "url " in made, "PRIVATE KEY" in made) == (True, True, False)
        run(server, "orgs", "fork", "acme", "twin")

        lines = run(server, "orgs", "list").splitlines()
        assert [line.split()[0] for line in lines] == ["ORG", "default", "acme", "twin"]
        assert run(server, "orgs", "delete", "acme") == "acme is gone\n"
        assert [one["name"] for one in json.loads(run(server, "orgs", "list", "--json"))] == ["default", "twin"]

    def test_the_one_that_is_meant_is_named(self, server: ServedOrg):
        run(server, "orgs", "create", "acme")

        run(server, "clock", "advance", 60, "--org", "acme")

        assert run(server, "clock", "show").startswith("2026-01-05T09:00:00+00:00  stands still")
        assert run(server, "clock", "show", "--org", "acme").startswith("2026-01-05T09:01:00+00:00")
        assert "did you mean `acme`?" in run(server, "clock", "show", "--org", "acmee", code=1)


@pytest.mark.usefixtures("sf")
class TestClock:
    def test_it_is_advanced_set_run_and_frozen(self, server: ServedOrg):
        assert run(server, "clock", "advance", 1.5).startswith("2026-01-05T09:00:01.500000")
        assert run(server, "clock", "set", "2026-01-06T00:00").startswith("2026-01-06T00:00:00+00:00")
        assert "60 times as fast" in run(server, "clock", "run", 60)
        assert json.loads(run(server, "clock", "freeze", "--json"))["factor"] == 0

    @pytest.mark.parametrize(
        ("arguments", "code", "says"),
        [
            (["set", "monday"], 2, "monday: not an instant such as 2026-01-05T09:00"),
            (["set", "2020-01-01"], 1, "now: time never runs backwards"),
            (["advance", "-1"], 2, "-1"),
            (["run", "1e12"], 1, "less than or equal to 1000000"),
        ],
    )
    def test_what_cannot_be_is_said(self, server: ServedOrg, arguments: list[str], code: int, says: str):
        assert says in run(server, "clock", *arguments, code=code)


@pytest.mark.usefixtures("sf")
class TestRules:
    def test_one_is_added_changed_moved_switched_and_removed(self, server: ServedOrg, sf: httpx.Client):
        assert run(server, "rules", "add", "reset") == "r1\n"
        assert run(server, "rules", "add", '{"id": "a b", "kind": "error"}') == "a b\n"
        assert run(server, "rules", "move", "a b", 0) == "a b r1\n"
        changed = json.loads(run(server, "rules", "change", "r1", '{"how_often": {"times": 2}}'))
        assert changed["how_often"] == {"times": 2}
        assert run(server, "rules", "off", "a b") == "a b is off\n"

        assert run(server, "rules", "list").splitlines() == [
            "RULE  KIND   SO FAR",
            "r1    reset  no exchange yet",
            "a b   error  switched off",
        ]
        assert run(server, "rules", "on", "a b") == "a b is on\n"
        assert run(server, "rules", "remove", "r1") == "r1 is gone\n"
        assert sf.get(f"{API}/limits").status_code == 503

    def test_weather_is_kept_by_name_and_laid_down_again(self, server: ServedOrg):
        run(server, "rules", "add", '{"id": "rain", "kind": "error"}')
        assert run(server, "rules", "keep", "wet") == "wet kept, 1 rules\n"
        run(server, "rules", "clear")

        assert run(server, "rules", "profiles").split()[:4] == ["PROFILE", "KINDS", "wet", "error"]
        assert run(server, "rules", "lay", "wet") == "1 rules laid down\n"
        assert run(server, "rules", "list").splitlines()[1].startswith("rain  error")
        assert "did you mean `wet`?" in run(server, "rules", "lay", "wett", code=1)

    @pytest.mark.parametrize(
        ("arguments", "code", "says"),
        [
            (["add", "eror"], 1, "rules[0].kind: no such kind `eror`; did you mean `error`?"),
            (["add", "{'kind'}"], 2, "not JSON"),
            (["change", "r9", "{}"], 1, "rule_id: no such rule `r9`"),
            (["on", "r9"], 1, "no rule `r9` is switched off"),
        ],
    )
    def test_what_cannot_be_is_said(self, server: ServedOrg, arguments: list[str], code: int, says: str):
        assert says in run(server, "rules", *arguments, code=code)


class TestState:
    def test_snapshots_come_and_go(self, server: ServedOrg, sf: httpx.Client):
        assert run(server, "snapshot", "take", "before") == "before taken at 2026-01-05T09:00:00+00:00\n"
        sf.post(ACCOUNT, json={"Name": "Ada"})
        assert run(server, "snapshot", "list").split() == ["SNAPSHOT", "TAKEN", "before", "2026-01-05T09:00:00+00:00"]
        run(server, "snapshot", "restore", "before")

        count = sf.get(f"{API}/query", params={"q": "SELECT COUNT() FROM Account"}).json()["totalSize"]
        assert (count, run(server, "snapshot", "delete", "before")) == (0, "before is forgotten\n")
        assert "no such snapshot `before`" in run(server, "snapshot", "restore", "before", code=1)

    def test_a_reset_and_a_seed_begin_anew(self, server: ServedOrg, sf: httpx.Client):
        sf.post(ACCOUNT, json={"Name": "Ada"})

        assert run(server, "reset") == "fresh; it is 2026-01-05T09:00:00+00:00\n"
        assert run(server, "seed", 11) == run(server, "seed") == "11\n"
        run(server, "seed", 7)


class TestJournal:
    def test_filters_narrow_and_a_number_tells_all(self, server: ServedOrg, sf: httpx.Client):
        run(server, "rules", "add", '{"id": "far", "kind": "reset", "where": {"path": "*/composite"}}')
        sf.post(ACCOUNT, json={"Name": "Ada"})
        sf.get("/nowhere")

        assert run(server, "journal", "--status", "4xx").split()[2:] == ["GET", "/nowhere", "->", "404", "NOT_FOUND"]
        whole = run(server, "journal", 1)
        assert '  {"Name":"Ada"}' in whole
        assert "authorization: ***" in whole
        assert f"rule far (reset): `path` wanted '*/composite' and saw '{ACCOUNT}'" in whole
        assert "query.status" in run(server, "journal", "--status", "many", code=1)

    def test_it_is_written_as_an_archive(self, server: ServedOrg, sf: httpx.Client, tmp_path: Path):
        sf.get(f"{API}/limits")

        assert run(server, "har", "--to", tmp_path / "x.har") == f"1 exchanges written to {tmp_path / 'x.har'}\n"
        assert problems_of(json.loads((tmp_path / "x.har").read_text())) == []
        assert problems_of(json.loads(run(server, "har"))) == []
        assert "No such file or directory" in run(server, "har", "--to", tmp_path / "no" / "x.har", code=2)


class TestRecords:
    def test_objects_records_and_one_record_are_told(self, server: ServedOrg, sf: httpx.Client):
        made = sf.post(ACCOUNT, json={"Name": "Ada", "Phone": "+49 30 1"}).json()["id"]

        assert [line.split() for line in run(server, "records").splitlines()][:2] == [
            ["OBJECT", "LABEL", "RECORDS"], ["Account", "Account", "1"],
        ]  # fmt: skip
        head, row, pages = run(server, "records", "account", "--search", "ad").splitlines()
        assert (head.split()[:3], row.split()[:2], pages) == (
            ["ID", "NAME", "PHONE"], [made, "Ada"], "page 1 of 1, 1 records",
        )  # fmt: skip
        assert "Phone             +49 30 1" in run(server, "records", "Account", made)

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["Acount"], "name: no such object `Acount`; did you mean `Account`?"),
            (["Account", "x/y"], "records/x/y: Not Found"),
            (["Account", "xy"], "record_id: no Account has the id `xy`"),
        ],
    )
    def test_what_is_not_there_is_said(self, server: ServedOrg, arguments: list[str], says: str):
        assert says in run(server, "records", *arguments, code=1)


def test_metrics_are_printed_as_they_are_scraped(server: ServedOrg, sf: httpx.Client):
    sf.get(f"{API}/limits")

    assert '{org="default",method="GET",route="/limits",status="200"}' in run(server, "metrics")


@pytest.mark.parametrize(
    "arguments",
    [["orgs", "list"], ["clock", "show"], ["rules", "list"], ["snapshot", "list"], ["reset"], ["journal"], ["har"],
     ["metrics"], ["records"]],
    ids=" ".join,
)  # fmt: skip
def test_a_server_that_is_not_there_is_said(arguments: list[str]):
    assert run(NOBODY, *arguments, code=1).startswith(f"mocksf: {NOBODY}: nobody can be reached there")


def test_an_address_that_is_none_is_said():
    assert "mocksf: nonsense: " in run("nonsense", "reset", code=1)


def test_a_server_without_a_control_plane_is_said():
    with ServedOrg(Served(mocksf.load_schema([]), control=False)) as served:
        assert "is the control plane of that server off?" in run(served, "clock", "show", code=1)


def test_a_server_beyond_loopback_wants_its_token():
    with ServedOrg(Served(mocksf.load_schema([]), admin_token="sesame")) as served:
        assert "authorization: the control plane wants" in run(served, "reset", code=1)
        assert run(served, "reset", "--admin-token", "sesame").startswith("fresh")
