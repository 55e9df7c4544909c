"""The door without a socket: time that costs nothing, late requests, and the errors of each client."""

import asyncio
from typing import Any

import httpx
import pytest
import requests

import mocksf
from mocksf.doors.local import LocalDoor, NeverAnswered
from mocksf.doors.loop import run

API = "/services/data/v66.0"
ACCOUNT = f"{API}/sobjects/Account"
SCHEMA = mocksf.load_schema(["sample"])

BREAKS = [
    ({"kind": "lost_answer"}, httpx.ReadTimeout, requests.ReadTimeout, 15),
    ({"kind": "lost_request"}, httpx.ReadTimeout, requests.ReadTimeout, 15),
    ({"kind": "timeout"}, httpx.ReadTimeout, requests.ReadTimeout, 15),
    ({"kind": "latency", "seconds": 15.5}, httpx.ReadTimeout, requests.ReadTimeout, 15),
    ({"kind": "reset"}, httpx.ReadError, requests.ConnectionError, 0),
    ({"kind": "reset", "phase": "mid_body"}, httpx.ReadError, requests.exceptions.ChunkedEncodingError, 0),
    ({"kind": "lost_answer", "phase": "mid_body"}, httpx.ReadTimeout, requests.ConnectionError, 15),
]


def org_under(*rules: Any) -> mocksf.Org:
    return mocksf.Org(SCHEMA, rules=rules)


def passed_s(org: mocksf.Org) -> float:
    return (org.clock.now() - org.founded).total_seconds()


def accounts(org: mocksf.Org) -> int:
    return int(org.store.rows('SELECT count(*) FROM "Account"')[0][0])


class TestTime:
    def test_waiting_is_exact(self):
        org = org_under({"kind": "latency", "seconds": 0.2}, {"kind": "latency", "seconds": 0.03, "at": "back"})

        org.client().get(f"{API}/limits")

        assert passed_s(org) == 0.23

    @pytest.mark.parametrize(("rule", "error", "_", "seconds"), BREAKS)
    def test_httpx_meets_its_own_errors_at_their_instant(
        self, rule: Any, error: type[Exception], _: Any, seconds: float
    ):
        org = org_under(rule)

        with pytest.raises(error):
            org.client(timeout=15).post(ACCOUNT, json={"Name": "Ada"})

        assert passed_s(org) == seconds

    @pytest.mark.parametrize(("rule", "_", "error", "seconds"), BREAKS)
    def test_requests_meets_its_own_errors_as_well(self, rule: Any, _: Any, error: type[Exception], seconds: float):
        org = org_under(rule)
        headers = {"Authorization": f"Bearer {org.login()}"}

        with pytest.raises(error):
            org.requests_session().post(org.url + ACCOUNT, json={"Name": "Ada"}, headers=headers, timeout=15)

        assert passed_s(org) == seconds

    def test_an_answer_at_the_last_instant_is_in_time(self):
        org = org_under({"kind": "latency", "seconds": 15})

        assert org.client(timeout=15).get(f"{API}/limits").status_code == 200

    def test_after_the_first_bytes_of_a_body_patience_begins_anew(self):
        org = org_under({"kind": "latency", "seconds": 2}, {"kind": "lost_answer", "phase": "mid_body"})

        with pytest.raises(httpx.ReadTimeout):
            org.client(timeout=15).get(f"{API}/limits")

        assert passed_s(org) == 17

    def test_silence_without_a_timeout_is_said_instead_of_lasting_for_ever(self):
        org = org_under("timeout")

        with pytest.raises(NeverAnswered, match="limits is never answered"):
            org.client(timeout=None).get(f"{API}/limits")


class TestALateRequest:
    def test_it_is_written_after_its_client_gave_up(self):
        org = org_under({"kind": "latency", "seconds": 20, "how_often": {"times": 1}})
        with pytest.raises(httpx.ReadTimeout):
            org.client(timeout=15).post(ACCOUNT, json={"Name": "Ada"})
        assert accounts(org) == 0

        org.advance(5)

        assert accounts(org) == 1
        assert (org.journal[0].arrived - org.founded).total_seconds() == 20

    def test_it_overtakes_nobody(self):
        org = org_under({"kind": "latency", "seconds": 20, "how_often": {"times": 1}})
        client = org.client(timeout=15)
        with pytest.raises(httpx.ReadTimeout):
            client.post(ACCOUNT, json={"Name": "late"})
        with org.faults({"kind": "latency", "seconds": 7}):
            client.post(ACCOUNT, json={"Name": "soon"})

        assert [(one.arrived - org.founded).total_seconds() for one in org.journal] == [20, 22]

    def test_a_restored_org_has_forgotten_it(self):
        org = org_under({"kind": "latency", "seconds": 20, "how_often": {"times": 1}})
        before = org.snapshot()
        with pytest.raises(httpx.ReadTimeout):
            org.client(timeout=15).post(ACCOUNT, json={"Name": "Ada"})

        org.restore(before)
        org.advance(60)

        assert accounts(org) == 0


class TestFaces:
    def test_a_local_door_wants_a_clock_that_it_can_move(self):
        org = mocksf.Org(SCHEMA, clock=mocksf.ScaledClock())

        with pytest.raises(TypeError, match="VirtualClock"):
            LocalDoor(org.wire)

    def test_a_client_is_logged_in_unless_told_otherwise(self):
        org = org_under()

        assert org.client().get(f"{API}/limits").status_code == 200
        assert org.client(token=False).get(f"{API}/limits").status_code == 401

    def test_respx_routes_every_client_of_the_process_to_the_org(self):
        org = org_under()

        with org.respx_router(), httpx.Client() as client:
            versions = client.get("https://any.my.salesforce.com/services/data").json()

        assert versions[-1]["url"] == "/services/data/v67.0"

    def test_respx_brings_the_errors_and_the_time_too(self):
        org = org_under("timeout")

        with org.respx_router(), httpx.Client(timeout=3) as client, pytest.raises(httpx.ReadTimeout):
            client.get("https://any.my.salesforce.com/services/data")

        assert passed_s(org) == 3

    def test_faults_last_for_a_block(self):
        org = org_under({"id": "rain", "kind": "latency", "seconds": 1})

        with org.faults("lost_answer", {"kind": "reset"}) as laid:
            assert [rule.id for rule in org.weather.rules] == [*(rule.id for rule in laid), "rain"]

        assert [rule.id for rule in org.weather.rules] == ["rain"]

    def test_a_fork_goes_its_own_way(self):
        org = org_under("timeout")
        twin = org.fork()
        twin.weather.clear()

        twin.client().post(ACCOUNT, json={"Name": "Ada"})

        assert (accounts(org), accounts(twin)) == (0, 1)
        assert [rule.kind for rule in org.weather.rules] == ["timeout"]

    def test_a_reset_brings_back_the_first_day(self):
        org = org_under({"kind": "latency", "seconds": 5})
        org.client().post(ACCOUNT, json={"Name": "Ada"})

        org.reset()

        assert (accounts(org), passed_s(org), len(org.journal)) == (0, 0, 0)
        assert [rule.id for rule in org.weather.rules] == ["r1"]

    def test_a_schema_may_be_named(self):
        assert mocksf.Org("sample").schema["Opportunity"].get("Demo_Requested_At__c")

    def test_public_names_are_there(self):
        assert [name for name in mocksf.__all__ if not hasattr(mocksf, name)] == []


class TestAsync:
    def test_on_an_ordinary_loop_each_request_is_over_before_the_next(self):
        org = org_under({"kind": "latency", "seconds": 1})

        async def both() -> None:
            async with org.async_client() as client:
                await asyncio.gather(client.get(f"{API}/limits"), client.get(f"{API}/limits"))

        asyncio.run(both())
        assert passed_s(org) == 2

    def test_on_a_virtual_loop_they_fly_side_by_side(self):
        org = org_under({"kind": "latency", "seconds": 1})

        async def both() -> None:
            async with org.async_client() as client:
                await asyncio.gather(client.get(f"{API}/limits"), client.get(f"{API}/limits"))

        run(both(), org.door.clock)
        assert passed_s(org) == 1

    @pytest.mark.parametrize(("rule", "error", "_", "seconds"), BREAKS)
    def test_errors_there_are_the_same_at_the_same_instants(self, rule: Any, error: Any, _: Any, seconds: float):
        org = org_under(rule)

        async def post() -> None:
            async with org.async_client(timeout=15) as client:
                await client.post(ACCOUNT, json={"Name": "Ada"})

        with pytest.raises(error):
            run(post(), org.door.clock)
        assert passed_s(org) == seconds

    def test_a_budget_ends_a_wait_and_the_request_lands_all_the_same(self):
        org = org_under({"kind": "latency", "seconds": 1, "at": "service"})

        async def hurry(client: httpx.AsyncClient) -> None:
            async with asyncio.timeout(0.2):
                await client.post(ACCOUNT, json={"Name": "Ada"})

        async def main() -> tuple[float, int]:
            async with org.async_client() as client:
                with pytest.raises(TimeoutError):
                    await hurry(client)
                at = passed_s(org)
                async with asyncio.timeout(2):
                    await client.get(f"{API}/limits")
            return at, accounts(org)

        assert run(main(), org.door.clock) == (0.2, 1)
