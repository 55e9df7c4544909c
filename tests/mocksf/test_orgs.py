"""Several orgs behind one server: who is meant, and that nothing is shared."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.served import ACCOUNT, API, control_of, errors

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with control_of(server) as client:
        for one in client.get("/orgs").json()[1:]:
            client.delete(f"/orgs/{one['name']}")
        yield client


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    with server.client(timeout=20) as client:
        yield client


def found(control: httpx.Client, name: str, **wishes: Any) -> dict[str, str]:
    """A new org's header of authorization."""
    answer = control.post("/orgs", json={"name": name, **wishes})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['credentials']['token']}"}


def accounts(sf: httpx.Client, headers: dict[str, str] | None = None) -> int:
    query = {"q": "SELECT COUNT() FROM Account"}
    return int(sf.get(f"{API}/query", params=query, headers=headers).json()["totalSize"])


class TestSideBySide:
    def test_the_token_chooses_the_org(self, control: httpx.Client, sf: httpx.Client):
        theirs = found(control, "acme")

        sf.post(ACCOUNT, json={"Name": "Ours"})
        sf.post(ACCOUNT, json={"Name": "Theirs"}, headers=theirs)
        sf.post(ACCOUNT, json={"Name": "Theirs too"}, headers=theirs)

        assert (accounts(sf), accounts(sf, theirs)) == (1, 2)

    def test_the_host_chooses_it_for_who_has_no_token_yet(self, server: ServedOrg, control: httpx.Client):
        org_id = control.post("/orgs", json={"name": "acme"}).json()["org_id"]
        keys = ("username", "password", "client_id", "client_secret")
        form = {"grant_type": "password", **{key: server.credentials[key] for key in keys}}

        answer = httpx.post(f"{server.url}/services/oauth2/token", data=form, headers={"Host": "acme.mock.example"})

        assert answer.json()["access_token"].startswith(org_id[:15])
        assert answer.json()["instance_url"] == "http://acme.mock.example"

    def test_a_token_of_another_org_than_the_host_s_is_refused(self, control: httpx.Client, sf: httpx.Client):
        found(control, "acme")

        answer = sf.get(f"{API}/limits", headers={"Host": "acme.mock.example"})

        assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")

    def test_a_session_id_in_an_envelope_chooses_it(self, control: httpx.Client, sf: httpx.Client):
        found(control, "acme")
        token = control.get("/orgs/acme").json()["credentials"]["token"]
        head = f"<Header><SessionHeader><sessionId>{token}</sessionId></SessionHeader></Header>"
        body = (
            f'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/">{head}<Body><getUserInfo/></Body></Envelope>'
        )

        sf.post("/services/Soap/u/66.0", content=body, headers={"Authorization": "", "Content-Type": "text/xml"})

        assert [control.get("/journal", params={"org": name}).json()["total"] for name in ("acme", "default")] == [1, 0]

    def test_each_has_its_own_weather_clock_limits_and_journal(self, control: httpx.Client, sf: httpx.Client):
        theirs = found(control, "acme", rules=[{"kind": "error"}], seed=3, factor=0)
        control.post("/clock/advance", json={"seconds": 60}, params={"org": "acme"})

        assert (sf.get(f"{API}/limits").status_code, sf.get(f"{API}/limits", headers=theirs).status_code) == (200, 503)
        ours, other = control.get("/orgs").json()
        assert (ours["name"], ours["rules"], ours["exchanges"], ours["now"][:19]) == (
            "default", 0, 1, "2026-01-05T09:00:00",
        )  # fmt: skip
        assert (other["name"], other["rules"], other["seed"], other["now"][:19]) == (
            "acme", 1, 3, "2026-01-05T09:01:00",
        )  # fmt: skip

    def test_the_control_plane_follows_the_host_as_well(self, control: httpx.Client):
        found(control, "acme")

        there = control.get("/health", headers={"Host": "acme.mock.example"}).json()["org_id"]

        assert there == control.get("/health", params={"org": "acme"}).json()["org_id"]
        assert there != control.get("/health").json()["org_id"]

    def test_an_edition_and_a_schema_are_its_own(self, control: httpx.Client, sf: httpx.Client):
        theirs = found(control, "acme", schema="standard", edition="Enterprise")
        fields = sf.get(f"{API}/sobjects/Opportunity/describe", headers=theirs).json()["fields"]

        assert not [field["name"] for field in fields if field["name"].endswith("__c")]
        assert control.get("/orgs/acme").json()["edition"] == "Enterprise Edition"

    def test_one_that_is_gone_answers_nobody(self, control: httpx.Client, sf: httpx.Client):
        theirs = found(control, "acme")
        assert control.delete("/orgs/acme").status_code == 204

        assert sf.get(f"{API}/limits", headers=theirs).status_code == 401
        assert control.get("/health", params={"org": "acme"}).status_code == 404

    def test_whoever_waits_in_one_that_goes_is_cut_off(self, server: ServedOrg, control: httpx.Client):
        theirs = found(control, "acme", rules=[{"kind": "latency", "seconds": 30}])

        with ThreadPoolExecutor() as threads, server.client(token=False, headers=theirs, timeout=20) as client:
            waiting = threads.submit(client.get, f"{API}/limits")
            while not control.get("/clock", params={"org": "acme"}).json()["waiting"]:
                pass
            control.delete("/orgs/acme")

            with pytest.raises(httpx.ReadError):
                waiting.result()


class TestForks:
    def test_a_fork_has_the_same_past_and_a_future_of_its_own(self, control: httpx.Client, sf: httpx.Client):
        sf.post(ACCOUNT, json={"Name": "Before"})
        assert control.post("/orgs/default/fork", json={"name": "twin"}).status_code == 201
        there = {"Host": "twin.mock.example"}

        sf.post(ACCOUNT, json={"Name": "After"}, headers=there)
        control.post("/clock/advance", json={"seconds": 60}, params={"org": "twin"})

        assert (accounts(sf), accounts(sf, there)) == (1, 2)
        assert control.get("/clock").json()["now"] == "2026-01-05T09:00:00+00:00"

    def test_a_fork_s_own_snapshots_and_rules_leave_the_first_alone(self, control: httpx.Client):
        control.post("/rules", json={"id": "rain", "kind": "error"})
        control.post("/orgs/default/fork", json={"name": "twin"})

        control.delete("/rules", params={"org": "twin"})
        control.put("/snapshots/mine", params={"org": "twin"})

        assert [one["rule"]["id"] for one in control.get("/rules").json()] == ["rain"]
        assert control.get("/snapshots").json() == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "place", "says"),
    [
        ("POST", "/orgs", {"name": "default"}, 409, "name", "there is an org `default` already"),
        ("POST", "/orgs", {"name": "No Label"}, 422, "body.name", "pattern"),
        ("POST", "/orgs", {"name": "-x"}, 422, "body.name", "pattern"),
        ("POST", "/orgs", {"name": "x", "schema": "smaple"}, 422, "body.schema", "sample"),
        ("POST", "/orgs", {"name": "x", "edition": "Enterprize"}, 422, "body.edition", "did you mean 'Enterprise'?"),
        ("POST", "/orgs", {"name": "x", "rules": [{"kind": "eror"}]}, 422, "rules[0].kind", "did you mean `error`?"),
        ("POST", "/orgs", {"name": "x", "factor": -1}, 422, "body.factor", "greater than or equal to 0"),
        ("POST", "/orgs", {"name": "x", "sed": 1}, 422, "body.sed", "not permitted"),
        ("POST", "/orgs/defualt/fork", {"name": "x"}, 404, "org", "did you mean `default`?"),
        ("POST", "/orgs/default/fork", {"name": "default"}, 409, "name", "already"),
        ("DELETE", "/orgs/default", None, 409, "name", "it stays"),
        ("GET", "/orgs/nowhere", None, 404, "org", "no such org `nowhere`"),
        ("GET", "/rules?org=nowhere", None, 404, "org", "no such org `nowhere`"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_founded(
    control: httpx.Client, method: str, path: str, body: Any, status: int, place: str, says: str
):
    answer = control.request(method, path, json=body)

    assert (answer.status_code, errors(answer)[0][0]) == (status, place)
    assert says in errors(answer)[0][1]
    assert [one["name"] for one in control.get("/orgs").json()] == ["default"]
