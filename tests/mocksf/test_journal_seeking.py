"""The journal looked through: filters, near misses, what is kept of an exchange, and the archive of it all."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.har import har, plain
from mocksf.journal import Sent
from tests.har import problems_of
from tests.served import ACCOUNT, API, composite, control_of, errors, leave_waiting

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with control_of(server) as client:
        yield client


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    with server.client(timeout=20) as client:
        yield client


@pytest.fixture
def busy(control: httpx.Client, sf: httpx.Client) -> httpx.Client:
    """Five exchanges: two creates, a query a minute later that is refused, a composite of a call, a lost one."""
    sf.post(ACCOUNT, json={"Name": "Ada"})
    sf.post(f"{API}/sobjects/Contact", json={"LastName": "Lovelace"})
    control.post("/clock/advance", json={"seconds": 60})
    control.post("/rules", json={"id": "rain", "kind": "error", "where": {"operation": "query"}})
    sf.get(f"{API}/query", params={"q": "SELECT Id FROM Account"})
    sf.post(f"{API}/composite", json=composite(("PATCH", "/sobjects/Task/Call_Key__c/call-7", {"Subject": "Call"})))
    control.post("/rules", json={"id": "gap", "kind": "lost_answer", "where": {"path": "*/limits"}})
    with pytest.raises(httpx.ReadTimeout):
        sf.get(f"{API}/limits", timeout=0.1)
    return control


class TestFilters:
    @pytest.mark.parametrize(
        ("wanted", "numbers"),
        [
            ({}, [1, 2, 3, 4, 5]),
            ({"method": "post"}, [1, 2, 4]),
            ({"path": "sobjects"}, [1, 2]),
            ({"path": "*/composite"}, [4]),
            ({"path": "*/comp"}, []),
            ({"status": "201"}, [1, 2]),
            ({"status": "5xx"}, [3]),
            ({"status": "2xx", "method": "GET"}, [5]),
            ({"sobject": "account"}, [1, 3]),
            ({"operation": "create"}, [1, 2]),
            ({"fault": "error"}, [3]),
            ({"fault": "any"}, [3, 5]),
            ({"rule": "gap"}, [5]),
            ({"lost": "answer"}, [5]),
            ({"call": "call-7"}, [4]),
            ({"since": "2026-01-05T09:01:00Z"}, [3, 4, 5]),
            ({"until": "2026-01-05T10:01:00+01:00"}, [1, 2]),
            ({"after": 3}, [4, 5]),
        ],
    )
    def test_each_narrows(self, busy: httpx.Client, wanted: dict[str, Any], numbers: list[int]):
        answer = busy.get("/journal", params=wanted).json()

        assert [one["number"] for one in answer["exchanges"]] == numbers
        assert answer["total"] == len(numbers)

    def test_pages_are_counted_from_the_end(self, busy: httpx.Client):
        pages = [busy.get("/journal", params={"limit": 2, "page": page}).json() for page in (1, 2, 3, 4)]

        assert [[one["number"] for one in page["exchanges"]] for page in pages] == [[4, 5], [2, 3], [1], []]
        assert [page["pages"] for page in pages] == [3, 3, 3, 3]

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("status=many", "query.status"),
            ("status=999", "query.status"),
            ("lost=half", "query.lost"),
            ("operation=creat", "query.operation"),
            ("since=monday", "query.since"),
            ("since=2026-01-05T09:00", "query.since"),
            ("page=0", "query.page"),
            ("after=-1", "query.after"),
        ],
    )
    def test_what_cannot_be_looked_for_is_said(self, control: httpx.Client, query: str, place: str):
        answer = control.get(f"/journal?{query}")

        assert (answer.status_code, errors(answer)[0][0]) == (422, place)


class TestOneExchange:
    def test_it_is_kept_with_request_and_answer(self, busy: httpx.Client):
        one = busy.get("/journal/1").json()

        assert json.loads(one["request"]["body"]) == {"Name": "Ada"}
        assert json.loads(one["answer"]["body"])["success"] is True
        assert (one["answer"]["status"], one["took_s"], one["rules"][0]["rule"]) == (201, 0.0, "rain")

    def test_what_authorizes_is_not_told(self, server: ServedOrg, control: httpx.Client):
        form = {"grant_type": "password", "username": "admin@mock.example", "password": "sesame", "client_id": "mocksf"}
        httpx.post(f"{server.url}/services/oauth2/token", data={**form, "client_secret": "open"})
        with server.client() as client:
            client.get(f"{API}/limits")

        told = control.get("/journal/1").text + control.get("/journal/2").text + control.get("/journal.har").text

        assert not [secret for secret in ("sesame", "=open", server.token) if secret in told]
        assert "password=***" in told

    def test_a_long_body_is_kept_in_part(self, control: httpx.Client, sf: httpx.Client):
        sf.post(ACCOUNT, json={"Name": "Ada", "Description": "x" * 20_000})

        one = control.get("/journal/1").json()

        assert one["request"]["body_bytes"] > 20_000
        assert len(one["request"]["body"]) == 16_384

    def test_a_compressed_answer_is_told_unpacked(self, control: httpx.Client, sf: httpx.Client):
        sf.get(f"{API}/sobjects/Account/describe", headers={"Accept-Encoding": "gzip"})

        one = control.get("/journal/1").json()

        assert one["answer"]["body"].startswith('{"actionOverrides"')
        assert one["answer"]["body_bytes"] < 16_384 * 4

    def test_one_that_is_not_remembered_is_said(self, control: httpx.Client):
        assert errors(control.get("/journal/99")) == [
            ("number", "no exchange 99 is remembered; the last 2000 are")
        ]  # fmt: skip


def said(control: httpx.Client, number: int = 1) -> dict[str, str]:
    """What each rule had to do with an exchange."""
    return {one["rule"]: one["says"] for one in control.get(f"/journal/{number}").json()["rules"]}


class TestNearMisses:
    def test_the_keys_that_failed_are_told_with_what_they_saw(self, control: httpx.Client, sf: httpx.Client):
        where = {"method": "POST", "path": "*/composite"}
        control.put("/rules", json=[{"id": "far", "kind": "reset", "where": where}])
        sf.get(f"{API}/limits")

        (rule,) = control.get("/journal/1").json()["rules"]

        assert rule["failed"]["method"] == {"wanted": "POST", "seen": "GET"}
        assert rule["failed"]["path"] == {"wanted": "*/composite", "seen": f"{API}/limits"}

    def test_the_nearest_stands_first(self, control: httpx.Client, sf: httpx.Client):
        far = {"id": "far", "kind": "reset", "where": {"method": "POST", "path": "*/composite"}}
        near = {"id": "near", "kind": "reset", "where": {"method": "POST", "path": "*/limits"}}
        hit = {"id": "hit", "kind": "latency", "seconds": 0}
        control.put("/rules", json=[far, near, hit])
        sf.get(f"{API}/limits")

        assert list(said(control)) == ["hit", "near", "far"]

    @pytest.mark.parametrize(
        ("rule", "says"),
        [
            ({"where": {"nth": 3}}, "it is about number 3 of the exchanges that fit"),
            ({"how_often": {"chance": 0}}, "its chance of 0 did not fall"),
            ({"how_often": {"window": {"from_s": 60}}}, "its window was closed"),
        ],
    )
    def test_one_that_fits_and_does_not_strike_says_why(
        self, control: httpx.Client, sf: httpx.Client, rule: dict[str, Any], says: str
    ):
        control.put("/rules", json=[{"id": "rain", "kind": "error", **rule}])
        sf.get(f"{API}/limits")

        assert said(control) == {"rain": f"it fits, but {says}"}

    def test_one_behind_another_says_which(self, control: httpx.Client, sf: httpx.Client):
        control.put("/rules", json=[{"id": each, "kind": "error", "phase": "before_org"} for each in ("one", "two")])
        sf.get(f"{API}/limits")

        assert said(control) == {"one": "it struck", "two": "it fits, but rule `one` stands before it and decides"}

    def test_one_that_came_later_says_so(self, control: httpx.Client, sf: httpx.Client):
        sf.get(f"{API}/limits")
        control.post("/clock/advance", json={"seconds": 1})
        control.post("/rules", json={"id": "late", "kind": "error"})

        assert said(control)["late"].startswith("it was laid down later")

    def test_looking_counts_nothing(self, control: httpx.Client, sf: httpx.Client):
        control.put("/rules", json=[{"id": "rain", "kind": "error", "where": {"nth": 2}}])
        sf.get(f"{API}/limits")
        for _ in range(3):
            said(control)

        assert sf.get(f"{API}/limits").status_code == 503


class TestTheArchive:
    def test_it_is_a_har_of_version_1_2(self, busy: httpx.Client):
        archive = busy.get("/journal.har").json()

        assert problems_of(archive) == []
        assert [one["response"]["status"] for one in archive["log"]["entries"]] == [201, 201, 503, 200, 0]

    def test_it_takes_the_filters_of_the_journal(self, busy: httpx.Client):
        assert len(busy.get("/journal.har", params={"fault": "any"}).json()["log"]["entries"]) == 2

    def test_its_times_are_the_org_s(self, control: httpx.Client, sf: httpx.Client):
        control.post("/rules", json={"kind": "latency", "seconds": 2})
        leave_waiting(control, sf)
        control.post("/clock/advance", json={"seconds": 5})

        (entry,) = control.get("/journal.har").json()["log"]["entries"]

        assert (entry["startedDateTime"], entry["time"]) == ("2026-01-05T09:00:00.000+00:00", 2000.0)
        assert entry["timings"]["send"] == 2000.0


@pytest.mark.parametrize("way", ["client", "requests_session"])
def test_an_org_in_this_process_can_be_archived_too(way: str):
    org = mocksf.Org()
    with getattr(org, way)() as client:
        client.get(f"{org.url}{API}/limits", headers={"Authorization": f"Bearer {org.login()}"})

    archive = har(org.journal)

    assert problems_of(archive) == []
    assert "DailyApiRequests" in archive["log"]["entries"][0]["response"]["content"]["text"]


@pytest.mark.parametrize(
    "body", [b"", b"\x1f\x8b", b"no gzip at all", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03garbled"]
)
def test_a_compressed_answer_that_is_none_is_told_as_it_is(body: bytes):
    sent = Sent(200, {"Content-Encoding": "gzip"}, body)

    assert plain(sent) in (body, b"")
