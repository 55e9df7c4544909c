"""Several customers' orgs in one process: each by itself, however slow or flooded its neighbour is."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

import mocksf
from connector.service.access import add
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.connector.offices import CALLER, a_config, a_turn, begun, ended, of_call
from tests.connector.test_cli_validate import USAGE, run
from tests.served import control_of

pytestmark = pytest.mark.sockets

SILENCE = [{"kind": "timeout"}]


@pytest.fixture(scope="module")
def slow() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), seed=7)) as served:
        yield served


@pytest.fixture(scope="module")
def quick() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), seed=8)) as served:
        yield served


def named(org: ServedOrg, name: str, **delivery: Any) -> dict[str, Any]:
    config = a_config(org, **delivery)
    config["org"] |= {"name": name}
    config["org"]["login"]["client_secret"] = {"env": "ORG_SECRET"}
    return config


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, slow: ServedOrg, quick: ServedOrg) -> Path:
    made = tmp_path_factory.mktemp("orgs")
    tight = {"budget_ms": 60, "requests_at_once": 6, "pending_max": 12, "lookup_timeout_s": 1.5}
    (made / "slow.json").write_text(json.dumps(named(slow, "slow", **tight)))
    (made / "quick.json").write_text(json.dumps(named(quick, "quick")))
    return made


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    file = tmp_path_factory.mktemp("keys") / "keys.yaml"
    return file, {
        "all": add(file, "all", "admin"),
        "quick": add(file, "desk", "admin", ["quick"]),
    }


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, quick: ServedOrg, keys: tuple[Path, dict[str, str]]
) -> Iterator[dict[str, Any]]:
    """The service over both of them, with its ledgers in a folder."""
    process, said = begun(
        "serve", folder, "--ledger", tmp_path_factory.mktemp("l") / "ledgers", "--port", 0,
        "--keys", keys[0], ORG_SECRET=quick.credentials["client_secret"],
    )  # fmt: skip
    yield said
    assert ended(process) == 0


@pytest.fixture
def client(service: dict[str, Any], keys: tuple[Path, dict[str, str]]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service["url"], headers={"X-API-Key": keys[1]["all"]}, timeout=20) as one:
        yield one


@pytest.fixture
def silent(slow: ServedOrg) -> Iterator[None]:
    """The slow org says nothing at all for a while."""
    with control_of(slow) as control:
        control.put("/rules", json=SILENCE)
        yield
        control.put("/rules", json=[])


def test_each_has_a_ledger_a_chain_and_paths_of_its_own(
    client: httpx.Client, service: dict[str, Any], quick: ServedOrg
):
    told = client.post("/orgs/quick/calls/own/intents", json=a_turn()).json()
    trails = {name: client.get(f"/orgs/{name}/audit").json()["entries"] for name in ("quick", "slow")}

    assert [(each["name"], Path(each["ledger"]).name) for each in service["orgs"]] == [
        ("quick", "quick.sqlite"),
        ("slow", "slow.sqlite"),
    ]
    assert told["status"] == "committed"
    assert of_call(quick, "own", "Seats__c") == [4.0]
    assert {each["org"] for each in trails["quick"]} == {"quick"}
    assert [each for each in trails["slow"] if each["delivery"].startswith("own/")] == []


@pytest.mark.usefixtures("silent")
def test_a_silent_org_that_is_flooded_keeps_nobody_elses_turn_waiting(client: httpx.Client):
    flood = [client.post(f"/orgs/slow/calls/f-{number}/intents", json=a_turn()) for number in range(15)]
    beside = [client.post(f"/orgs/quick/calls/b-{number}/intents", json=a_turn()) for number in range(5)]

    assert Counter(each.status_code for each in flood) == {202: 12, 503: 3}
    assert [each.json()["status"] for each in beside] == ["committed"] * 5
    assert (flood[-1].headers["retry-after"], flood[-1].json()["error"]) == ("5", "flooded")
    assert "12 deliveries are under way, and 12 may be" in flood[-1].json()["message"]
    assert client.get("/orgs/slow/health").json()["pending"] == 12


@pytest.mark.usefixtures("silent")
def test_more_requests_of_one_org_than_are_answered_at_a_time_are_turned_away(
    service: dict[str, Any], keys: tuple[Path, dict[str, str]]
):
    async def play() -> tuple[list[httpx.Response], httpx.Response]:
        options = {"base_url": service["url"], "headers": {"X-API-Key": keys[1]["all"]}, "timeout": 20}
        async with httpx.AsyncClient(**options) as one:
            asked = [one.get("/orgs/slow/lookup", params={"phone": f"+1415555{number:04}"}) for number in range(30)]
            flood = asyncio.ensure_future(asyncio.gather(*asked))
            beside = await one.get("/orgs/quick/lookup", params={"phone": CALLER["phone"]})
            return await flood, beside

    flood, beside = asyncio.run(play())

    turned = [each for each in flood if each.status_code == 429]
    assert Counter(each.status_code for each in flood) == {200: 6, 429: 24}
    assert {each.json()["answered"] for each in flood if each.status_code == 200} == {False}
    assert {each.headers["retry-after"] for each in turned} == {"1"}
    assert "6 requests of slow are being answered; come again in a second" in turned[0].json()["message"]
    assert beside.json()["answered"] is True


def test_a_key_that_is_bound_to_an_org_opens_no_other(service: dict[str, Any], keys: tuple[Path, dict[str, str]]):
    with httpx.Client(base_url=service["url"], headers={"X-API-Key": keys[1]["quick"]}) as desk:
        own, other = desk.get("/orgs/quick/audit"), desk.get("/orgs/slow/audit")
        listed = [each["name"] for each in desk.get("/orgs").json()["orgs"]]
        everything = desk.get("/metrics")

    assert (own.status_code, other.status_code, everything.status_code) == (200, 403, 403)
    assert other.json()["message"] == "the key desk is for quick, not for slow"
    assert listed == ["quick"]


def test_watchers_see_all_orgs_together_and_metrics_by_org(client: httpx.Client):
    client.post("/orgs/quick/calls/seen/intents", json=a_turn())
    families = {each.name: each for each in text_string_to_metric_families(client.get("/metrics").text)}
    health = client.get("/health", headers={"X-API-Key": ""}).json()

    assert (health["status"], health["orgs"], "quick" in json.dumps(health)) == ("ok", 2, False)
    assert client.get("/ready").json()["ready"] is True
    assert {each.labels["org"] for each in families["connector_deliveries_pending"].samples} == {"quick", "slow"}
    assert next(each.value for each in families["connector_turns"].samples if each.labels["org"] == "quick") >= 1


@pytest.mark.parametrize("path", ["/calls/c/intents", "/audit", "/orgs/nobody/audit"])
def test_a_path_that_names_no_org_is_told_how_one_is_named(client: httpx.Client, path: str):
    answer = client.get(path)

    assert (answer.status_code, "GET /orgs names those that your key may see" in answer.json()["message"]) == (
        404,
        True,
    )


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"name": None}, (), "$.org.name: where several orgs are served each needs a name"),
        ({"name": "QUICK"}, (), "and so does another file"),
        ({"name": "a/b"}, (), "of letters, digits"),
        ({"login": None}, (), "$.org.login: is missing"),
        ({}, ("--org", "http://127.0.0.1:9"), "--org names one address"),
    ],
)
def test_what_cannot_be_served_side_by_side_is_usage(
    tmp_path: Path, folder: Path, change: dict[str, Any], options: tuple[str, ...], said: str
):
    other = json.loads((folder / "slow.json").read_text())
    other["org"] = {name: value for name, value in {**other["org"], **change}.items() if value is not None}
    (tmp_path / "zz.json").write_text(json.dumps(other))

    result = run("serve", folder / "quick.json", tmp_path / "zz.json", "--ledger", tmp_path / "l", *options)

    assert (result.exit_code, said in result.stderr) == (USAGE, True), result.stderr


def test_an_empty_folder_is_usage(tmp_path: Path):
    result = run("serve", tmp_path)

    assert (result.exit_code, "holds no configuration" in result.stderr) == (USAGE, True)


def test_the_pages_of_all_orgs_lie_side_by_side(service: dict[str, Any], keys: tuple[Path, dict[str, str]]):
    with httpx.Client(base_url=service["url"], follow_redirects=True, timeout=20) as person:
        stranger = person.get("/ui/")
        all_of_them = person.post("/ui/login", data={"key": keys[1]["all"], "next": "/orgs/slow/ui/calls"})
        quick, both = person.get("/orgs/quick/ui/"), person.get("/ui/")
        person.post("/ui/login", data={"key": keys[1]["quick"]})
        own, refused = person.get("/ui/"), person.get("/orgs/slow/ui/")

    assert (stranger.url.path, all_of_them.url.path) == ("/ui/login", "/orgs/slow/ui/calls")
    assert 'href="/orgs/quick/ui/calls" data-key="c"' in quick.text
    assert ['/orgs/quick/ui/"' in both.text, '/orgs/slow/ui/"' in both.text] == [True, True]
    assert ['/orgs/quick/ui/"' in own.text, '/orgs/slow/ui/"' in own.text] == [True, False]
    assert (refused.status_code, "the key desk is for quick, not for slow" in refused.text) == (403, True)


def test_each_org_describes_its_own_paths(client: httpx.Client):
    described = client.get("/orgs/quick/openapi.json").json()

    assert described["servers"] == [{"url": "/orgs/quick"}]
    assert {"/calls/{call_id}/intents", "/config/activate"} <= set(described["paths"])
    assert [path for path in described["paths"] if path.startswith("/ui")] == []
