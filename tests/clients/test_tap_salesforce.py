"""tap-salesforce (Singer) as published, at its hard-wired login host: discovery, and syncs that go on from a state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest

from tests.clients.python_tools import colleague, run, served

pytestmark = pytest.mark.published

STREAMS = ("Account", "Contact", "Site_Visit__c")
API = "/services/data/v61.0"
MANY = 2100
"""More than a page of rows."""
TOO_SLOW_ONCE = {
    "kind": "error",
    "code": "QUERY_TIMEOUT",
    "where": {"path": "*/queryAll"},
    "how_often": {"times": 1},
}


@dataclass(frozen=True)
class Tap:
    """One set-up of the tap: its folder, with the config that it reads and, when its token changes, writes."""

    ready: Any
    home: Path

    def configure(self, **more: str) -> None:
        """Its config file as its documentation shows it, or other words in the one that is there."""
        file = self.home / "config.json"
        names = ("refresh_token", "client_id", "client_secret")
        fresh = {name: self.ready[name] for name in names} | {"start_date": "2026-01-01T00:00:00Z"}
        config = self.config() if file.exists() else fresh
        file.write_text(json.dumps({**config, "select_fields_by_default": "true", **more}), encoding="utf-8")

    def config(self) -> Any:
        return json.loads((self.home / "config.json").read_text(encoding="utf-8"))

    def discover(self) -> dict[str, Any]:
        """Its catalog, by stream."""
        return {each["stream"]: each for each in json.loads(self._run("--discover"))["streams"]}

    def sync(self, catalog: dict[str, Any], state: Any = None) -> Sync:
        """A sync of the streams, each by the replication key that its entry offers, from where another ended."""
        streams = [{**catalog[name], "metadata": chosen(catalog[name]["metadata"])} for name in STREAMS]
        words = []
        for option, content in (("properties", {"streams": streams}), ("state", state or {})):
            (self.home / f"{option}.json").write_text(json.dumps(content), encoding="utf-8")
            words += [f"--{option}", f"{option}.json"]
        return Sync([json.loads(line) for line in self._run(*words).splitlines()])

    def _run(self, *words: str) -> str:
        command = ("tap-salesforce", "--config", "config.json", *words)
        return run("tap-salesforce", *command, ready=self.ready, home=self.home)


@dataclass(frozen=True)
class Sync:
    """The messages of one sync."""

    messages: list[dict[str, Any]]

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [each["record"] for each in self.messages if each["type"] == "RECORD" and each["stream"] == stream]

    @property
    def state(self) -> Any:
        """Where it ended."""
        return [each["value"] for each in self.messages if each["type"] == "STATE"][-1]


def chosen(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An entry's metadata with the stream selected."""
    (whole,) = [each for each in parts if each["breadcrumb"] == []]
    key = whole["metadata"]["valid-replication-keys"][0]
    wanted = {"selected": True, "replication-method": "INCREMENTAL", "replication-key": key}
    return [{**each, "metadata": {**each["metadata"], **wanted}} if each is whole else each for each in parts]


@pytest.fixture(scope="module")
def ready() -> Iterator[Any]:
    """Time goes a hundred times faster, from some day of the past: a bulk job is done when the tap looks first."""
    options = ("--set", "refresh_rotation=true", "--start", "2026-01-05T09:00Z", "--clock", "scaled:100")
    with served(*options) as said:
        yield said


@pytest.fixture(scope="module")
def steps(ready: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A tap's life in an org that a colleague works in."""
    tap, told = Tap(ready, tmp_path_factory.mktemp("tap")), {}
    with colleague(ready) as http:
        told["accounts"] = accounts = fill(http)
        tap.configure(api_type="REST")
        told["catalog"] = catalog = tap.discover()
        told["tokens"] = [ready["refresh_token"], tap.config()["refresh_token"]]
        told["first"] = tap.sync(catalog)
        made(http.patch(f"{API}/sobjects/Account/{accounts[0]}", json={"Phone": "+4930123"}))
        made(http.delete(f"{API}/sobjects/Account/{accounts[1]}"))
        told["second"] = tap.sync(catalog, told["first"].state)
        made(http.post("/_mocksf/rules", json=TOO_SLOW_ONCE))
        told["halved"] = tap.sync(catalog, told["second"].state)
        told["calls"] = http.get("/_mocksf/journal", params={"path": "*/queryAll"}).json()
        tap.configure(api_type="BULK")
        told["bulk_catalog"] = catalog = tap.discover()
        told["bulk"] = tap.sync(catalog)
        made(http.patch(f"{API}/sobjects/Account/{accounts[2]}", json={"Phone": "+4930456"}))
        told["bulk_later"] = tap.sync(catalog, told["bulk"].state)
        yield told


def fill(http: httpx.Client) -> list[str]:
    """Accounts, a contact and a visit; the accounts' ids."""
    rows = [{"attributes": {"type": "Account"}, "Name": f"Account {each:04}"} for each in range(MANY)]
    ids: list[str] = []
    for first in range(0, MANY, 200):
        body = {"allOrNone": True, "records": rows[first : first + 200]}
        ids += [each["id"] for each in http.post(f"{API}/composite/sobjects", json=body).json()]
    made(http.post(f"{API}/sobjects/Contact", json={"LastName": "Lovelace", "AccountId": ids[0]}))
    visit = {
        "Account__c": ids[0],
        "Place__Latitude__s": 52.5,
        "Place__Longitude__s": 13.4,
        "Wanted_On__c": "2026-02-01",
    }
    made(http.post(f"{API}/sobjects/Site_Visit__c", json=visit))
    return ids


def made(answer: httpx.Response) -> None:
    """That the org did it."""
    assert answer.is_success, answer.text


def test_its_catalog_is_read_off_the_describes(steps: dict[str, Any]):
    visit = steps["catalog"]["Site_Visit__c"]

    assert {"Opportunity", "Lead", "User", *STREAMS} < set(steps["catalog"])
    assert visit["schema"]["properties"]["Place__Latitude__s"] == {"type": ["null", "number"]}
    assert visit["metadata"][-1]["metadata"]["valid-replication-keys"] == ["SystemModstamp"]


def test_another_refresh_token_is_written_into_its_config(steps: dict[str, Any]):
    given, kept = steps["tokens"]

    assert kept not in {None, given}


def test_a_first_sync_brings_every_record_page_after_page(steps: dict[str, Any]):
    accounts = steps["first"].records("Account")
    (visit,) = steps["first"].records("Site_Visit__c")

    assert sorted(each["Id"] for each in accounts) == sorted(steps["accounts"])
    assert (visit["Wanted_On__c"][:10], visit["Place__Latitude__s"]) == ("2026-02-01", 52.5)
    assert visit["Place__c"] == {"latitude": 52.5, "longitude": 13.4}


def test_a_sync_goes_on_where_the_last_one_ended(steps: dict[str, Any]):
    began = steps["first"].state["bookmarks"]["Account"]["SystemModstamp"]
    came = {each["Id"]: each for each in steps["second"].records("Account")}
    changed, deleted, untouched = steps["accounts"][:3]

    assert all(each["SystemModstamp"] >= began for each in came.values())
    assert (came[changed]["Phone"], came[deleted]["IsDeleted"], untouched in came) == ("+4930123", True, False)
    assert steps["second"].state["bookmarks"]["Account"]["SystemModstamp"] > began


def test_a_query_that_took_too_long_is_asked_again_in_halves(steps: dict[str, Any]):
    targets = [unquote_plus(each["target"]) for each in steps["calls"]["exchanges"]]

    assert len([each for each in targets if "AND SystemModstamp <" in each]) == 1
    assert steps["accounts"][1] in {each["Id"] for each in steps["halved"].records("Account")}


def test_bulk_does_not_offer_what_bulk_cannot_read(steps: dict[str, Any]):
    (place,) = [each for each in steps["bulk_catalog"]["Site_Visit__c"]["metadata"] if "Place__c" in each["breadcrumb"]]

    assert place["metadata"]["inclusion"] == "unsupported"


def test_bulk_one_brings_the_same_records(steps: dict[str, Any]):
    names = ("Id", "Name", "CreatedDate", "OwnerId", "IsDeleted")
    rest = {each["Id"]: each for each in steps["first"].records("Account") + steps["second"].records("Account")}
    bulk = {each["Id"]: each for each in steps["bulk"].records("Account")}

    assert [bulk[each][name] for each in rest for name in names] == [
        rest[each][name] for each in rest for name in names
    ]
    assert steps["bulk"].records("Site_Visit__c")[0]["Place__Longitude__s"] == 13.4


def test_bulk_one_goes_on_where_it_ended(steps: dict[str, Any]):
    came = {each["Id"]: each["Phone"] for each in steps["bulk_later"].records("Account")}

    assert came[steps["accounts"][2]] == "+4930456"
    assert len(came) < MANY


def test_a_token_that_is_none_is_refused_in_the_orgs_words(ready: Any, tmp_path: Path):
    tap = Tap(ready, tmp_path)
    tap.configure(api_type="REST", refresh_token="none")

    with pytest.raises(AssertionError, match="invalid_grant"):
        tap.discover()
