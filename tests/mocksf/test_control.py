"""The control plane: rules, clock, journal, snapshots, seed and reset over HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.served import ACCOUNT, API, control_of, errors, leave_waiting

pytestmark = pytest.mark.sockets

SCHEMA = mocksf.load_schema(["sample"])


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(SCHEMA, factor=0, seed=7)) as served:
        yield served


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    with control_of(server) as client:
        yield client


@pytest.fixture
def sf(server: ServedOrg) -> Iterator[httpx.Client]:
    with server.client(timeout=20) as client:
        yield client


class TestSchema:
    SEATS = "objects.Account.fields.Seats__c"

    def test_a_change_is_there_from_the_next_request_on_and_a_reset_takes_it_back(
        self, control: httpx.Client, sf: httpx.Client
    ):
        field = {"type": "Number", "precision": 6, "scale": 0}
        answer = control.patch("/schema", json={"objects": {"Account": {"fields": {"Seats__c": field}}}})
        told = control.get("/schema").json()["objects"]["Account"]["fields"]["Seats__c"]
        made = sf.post(ACCOUNT, json={"Name": "A", "Seats__c": 4})
        control.post("/reset")
        refused = sf.post(ACCOUNT, json={"Name": "A", "Seats__c": 4})

        assert answer.json() == {"changed": ["Account"]}
        assert told["type"] == "Number"
        assert (made.status_code, refused.status_code) == (201, 400)

    def test_a_slip_is_named_and_changes_nothing(self, control: httpx.Client, sf: httpx.Client):
        answer = control.patch("/schema", json={"objects": {"Account": {"fields": {"Seats__c": {"type": "Numbr"}}}}})

        assert answer.status_code == 422
        assert f"{self.SEATS}.type: no such value 'Numbr'; did you mean 'Number'?" in errors(answer)[0][1]
        assert sf.get(f"{API}/sobjects/Account/describe").status_code == 200


class TestRules:
    def test_they_are_added_read_changed_and_removed(self, control: httpx.Client):
        (made,) = control.post("/rules", json={"kind": "latency", "seconds": 1}).json()
        assert (made["id"], made["settings"]) == ("r1", {"seconds": 1})

        control.patch("/rules/r1", json={"how_often": {"times": 3}})
        assert control.get("/rules/r1").json()["rule"]["how_often"] == {"times": 3}
        assert control.delete("/rules/r1").status_code == 204
        assert control.get("/rules").json() == []

    def test_they_rain_on_the_org(self, control: httpx.Client, sf: httpx.Client):
        control.post("/rules", json={"kind": "error", "code": "REQUEST_LIMIT_EXCEEDED"})

        assert sf.get(f"{API}/limits").status_code == 403
        assert control.get("/rules/r1").json()["says"] == "struck 1 of 1 matching exchanges"

    def test_a_list_is_laid_down_whole_or_not_at_all(self, control: httpx.Client):
        control.post("/rules", json={"id": "a", "kind": "reset"})

        answer = control.post("/rules", json=[{"id": "b", "kind": "reset"}, {"id": "a", "kind": "reset"}])

        assert (answer.status_code, errors(answer)) == (422, [("rules[1].id", "the id `a` is taken")])
        assert [one["rule"]["id"] for one in control.get("/rules").json()] == ["a"]

    @pytest.mark.parametrize(
        ("method", "path", "body", "status", "place", "says"),
        [
            ("POST", "/rules", {"kind": "lost_anser"}, 422, "rules[0].kind", "did you mean `lost_answer`?"),
            ("PUT", "/rules", {"kind": "reset"}, 422, "rules", "a list of rules is wanted"),
            ("PATCH", "/rules/a", {"wher": {}}, 422, "rule.wher", "did you mean `where`?"),
            ("PATCH", "/rules/b", {}, 404, "rule_id", "no such rule `b`"),
            ("DELETE", "/rules/b", None, 404, "rule_id", "no such rule `b`"),
            ("GET", "/rules/b", None, 404, "rule_id", "no such rule `b`"),
            ("POST", "/clock/advance", {"seconds": -1}, 422, "body.seconds", "greater than or equal to 0"),
            ("POST", "/clock/advance", {"second": 1}, 422, "body.seconds", "Field required"),
            ("POST", "/clock/set", {"now": "2020-01-01T00:00:00Z"}, 409, "now", "time never runs backwards"),
            ("POST", "/clock/set", {"now": "monday"}, 422, "body.now", "datetime"),
            ("POST", "/snapshots/x/restore", None, 404, "name", "no such snapshot `x`"),
            ("PUT", "/seed", {"seed": "red"}, 422, "body.seed", "integer"),
            ("GET", "/journal?limit=0", None, 422, "query.limit", "greater than or equal to 1"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_place(
        self, control: httpx.Client, method: str, path: str, body: Any, status: int, place: str, says: str
    ):
        control.put("/rules", json=[{"id": "a", "kind": "reset"}])

        answer = control.request(method, path, json=body)

        assert answer.status_code == status
        assert errors(answer)[0][0] == place
        assert says in " ".join(message for _, message in errors(answer))

    def test_a_profile_is_weather_by_name(self, control: httpx.Client):
        assert control.put("/profiles/wet", json=[{"id": "rain", "kind": "error"}]).json()["name"] == "wet"
        assert control.get("/rules").json() == []

        assert [rule["id"] for rule in control.post("/profiles/wet/lay").json()] == ["rain"]
        assert control.put("/profiles/same").json()["rules"] == control.get("/profiles/wet").json()["rules"]
        assert [control.delete(f"/profiles/{name}").status_code for name in ("wet", "same", "same")] == [204, 204, 404]
        assert errors(control.put("/profiles/wet", json=[{"kind": "eror"}]))[0][0] == "rules[0].kind"

    def test_a_body_that_is_no_json_is_refused(self, control: httpx.Client):
        answer = control.post("/rules", content=b"{", headers={"Content-Type": "application/json"})

        assert answer.status_code == 422
        assert "JSON" in errors(answer)[0][1]


class TestClock:
    def test_it_is_read_moved_stopped_and_started(self, control: httpx.Client):
        start = control.get("/clock").json()
        due = "2026-01-05T11:00:00+00:00"  # the token's end, unless it is used
        still = {"now": "2026-01-05T09:00:00+00:00", "factor": 0.0, "waiting": 0}
        assert start == {**still, "next_wake": due, "next_due": due}

        assert control.post("/clock/advance", json={"seconds": 1.5}).json()["now"] == "2026-01-05T09:00:01.500000+00:00"
        assert control.post("/clock/set", json={"now": "2026-01-06T00:00:00Z"}).json()["now"][:10] == "2026-01-06"
        assert control.post("/clock/run", json={"factor": 60}).json()["factor"] == 60
        assert control.post("/clock/freeze").json()["factor"] == 0

    def test_moving_it_lets_waiting_requests_arrive(self, control: httpx.Client, sf: httpx.Client):
        control.post("/rules", json={"kind": "latency", "seconds": 30})
        leave_waiting(control, sf)

        control.post("/clock/advance", json={"seconds": 30})

        (exchange,) = control.get("/journal").json()["exchanges"]
        assert (exchange["arrived"], exchange["status"]) == ("2026-01-05T09:00:30+00:00", 201)


class TestJournal:
    def test_it_is_filtered_and_emptied(self, control: httpx.Client, sf: httpx.Client):
        sf.get(f"{API}/limits")
        sf.get("/nowhere")

        assert control.get("/journal").json()["total"] == 2
        (missing,) = control.get("/journal", params={"status": 404}).json()["exchanges"]
        assert (missing["target"], missing["codes"]) == ("/nowhere", ["NOT_FOUND"])
        assert control.delete("/journal").status_code == 204
        assert control.get("/journal").json()["total"] == 0


class TestState:
    def test_a_snapshot_brings_everything_back(self, control: httpx.Client, sf: httpx.Client):
        control.post("/rules", json={"kind": "latency", "seconds": 0})
        control.put("/snapshots/before")
        sf.post(ACCOUNT, json={"Name": "Ada"})
        control.post("/clock/advance", json={"seconds": 100})
        control.delete("/rules")

        health = control.post("/snapshots/before/restore").json()

        assert (health["rules"], health["now"]) == (1, "2026-01-05T09:00:00+00:00")
        assert sf.get(f"{API}/query?q=SELECT+COUNT()+FROM+Account").json()["totalSize"] == 0
        assert [one["name"] for one in control.get("/snapshots").json()] == ["before"]
        assert control.delete("/snapshots/before").status_code == 204

    def test_a_reset_is_a_fresh_org_for_the_same_token(self, control: httpx.Client, sf: httpx.Client):
        first = sf.post(ACCOUNT, json={"Name": "Ada"}).json()["id"]

        control.post("/reset")

        assert sf.post(ACCOUNT, json={"Name": "Eve"}).json()["id"] == first

    def test_what_was_on_its_way_never_arrives_in_a_fresh_org(self, control: httpx.Client, sf: httpx.Client):
        control.post("/rules", json={"kind": "latency", "seconds": 30})
        leave_waiting(control, sf)

        control.post("/reset")
        control.post("/clock/advance", json={"seconds": 60})

        assert control.get("/journal").json()["total"] == 0

    def test_a_seed_plays_the_same_dice_again(self, control: httpx.Client, sf: httpx.Client):
        assert control.get("/seed").json() == {"seed": 7}
        control.post("/rules", json={"id": "rain", "kind": "error", "how_often": {"chance": 0.5}})

        def play() -> list[int]:
            control.put("/seed", json={"seed": 3})
            return [sf.get(f"{API}/limits").status_code for _ in range(12)]

        once = play()
        assert once == play()
        assert {200, 503} == set(once)


class TestTheDoorToIt:
    def test_it_describes_itself(self, control: httpx.Client):
        paths = control.get("/openapi.json").json()["paths"]

        assert {"/rules", "/rules/{rule_id}", "/clock", "/journal", "/reset", "/seed", "/health"} <= set(paths)

    def test_an_admin_token_guards_it_where_there_is_one(self):
        with ServedOrg(Served(SCHEMA, admin_token="secret")) as served, served.client() as client:
            assert client.get("/_mocksf/health").status_code == 401
            admitted = client.get("/_mocksf/health", headers={"Authorization": "Bearer secret"})

        assert admitted.json()["status"] == "ok"

    def test_it_can_be_left_out(self):
        with ServedOrg(Served(SCHEMA, control=False)) as served, served.client() as client:
            assert client.get("/_mocksf/health").status_code == 404
