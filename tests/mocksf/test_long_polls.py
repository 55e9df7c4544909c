"""Long polls: a connect waits on the org's clock, and is answered at the very instant of a commit."""

import asyncio
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.clock import EPOCH, VirtualClock
from mocksf.doors.loop import run
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.weather import parse_rules
from tests.listening import POLL, Listener, listening_at
from tests.served import waits_for

ACCOUNTS = "/data/AccountChangeEvent"
ACCOUNT = "/services/data/v66.0/sobjects/Account"
ACME = {"Name": "Acme"}
WHILE_S = 120.0
"""A client's patience that is longer than a connect waits."""


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def org(clock: VirtualClock) -> mocksf.Org:
    return mocksf.Org("sample", clock=clock)


def names(answer: httpx.Response) -> list[str]:
    """The names of the accounts that a connect tells."""
    return [each["data"]["payload"]["Name"] for each in answer.json() if each["channel"] == ACCOUNTS]


class Ear:
    """A client on a virtual loop that listens to accounts, with a connect at hand."""

    def __init__(self, org: mocksf.Org, timeout_s: float = WHILE_S) -> None:
        self.client = org.async_client(timeout=timeout_s)
        with org.client() as plain:
            self.id = listening_at(plain, ACCOUNTS).id
            self.client.cookies.update(plain.cookies)

    def connect(self) -> Coroutine[Any, Any, httpx.Response]:
        return self.client.post("/cometd/66.0", json=[{**POLL, "clientId": self.id}])


async def passed(seconds: float) -> None:
    """Return when so much virtual time has passed."""
    loop = asyncio.get_running_loop()
    timer = loop.create_future()
    loop.call_later(seconds, timer.set_result, None)
    await timer


async def later(org: mocksf.Org, seconds: float, body: Any, path: str = ACCOUNT) -> None:
    await passed(seconds)
    async with org.async_client(timeout=WHILE_S) as client:
        await client.post(path, json=body)


class TestInVirtualTime:
    def test_a_poll_wakes_exactly_when_a_write_is_committed(self, org: mocksf.Org, clock: VirtualClock):
        org.weather.replace(
            parse_rules([{"kind": "latency", "seconds": 0.25, "at": "service", "where": {"path": "*/Account"}}])
        )
        ear = Ear(org)

        async def main() -> tuple[list[str], float]:
            writing = asyncio.create_task(later(org, 30, ACME))
            heard = names(await ear.connect())
            at = (clock.now() - EPOCH).total_seconds()
            await writing
            return heard, at

        assert run(main(), clock) == (["Acme"], 30.25)

    def test_all_who_wait_wake_at_once(self, org: mocksf.Org, clock: VirtualClock):
        ears = [Ear(org) for _ in range(5)]

        async def main() -> list[tuple[list[str], float]]:
            async def hear(ear: Ear) -> tuple[list[str], float]:
                return names(await ear.connect()), (clock.now() - EPOCH).total_seconds()

            _, *heard = await asyncio.gather(later(org, 7, ACME), *(hear(each) for each in ears))
            return heard

        assert run(main(), clock) == [(["Acme"], 7.0)] * 5

    def test_what_is_rolled_back_wakes_nobody(self, org: mocksf.Org, clock: VirtualClock):
        ear = Ear(org)
        parts = [
            {"method": "POST", "url": ACCOUNT, "referenceId": "a", "body": ACME},
            {"method": "POST", "url": ACCOUNT, "referenceId": "b", "body": {"Nmae": "x"}},
        ]
        spoilt = {"allOrNone": True, "compositeRequest": parts}

        async def main() -> list[dict[str, Any]]:
            writing = asyncio.create_task(later(org, 30, spoilt, "/services/data/v66.0/composite"))
            answer = await ear.connect()
            await writing
            return answer.json()  # type: ignore[no-any-return]

        (answer,) = run(main(), clock)
        assert (answer["channel"], answer["successful"]) == ("/meta/connect", True)
        assert clock.now() - EPOCH == timedelta(seconds=110)

    def test_a_lost_answer_hides_nothing_from_who_listens(self, org: mocksf.Org, clock: VirtualClock):
        org.weather.replace(parse_rules([{"kind": "lost_answer", "ending": "reset", "where": {"path": "*/Account"}}]))
        ear = Ear(org)

        async def main() -> list[str]:
            with pytest.raises(httpx.ReadError):
                await later(org, 1, ACME)
            return names(await ear.connect())

        assert run(main(), clock) == ["Acme"]

    def test_an_impatient_client_hears_what_comes_in_time(self, org: mocksf.Org, clock: VirtualClock):
        ear = Ear(org, timeout_s=10)

        async def main() -> list[str]:
            writing = asyncio.create_task(later(org, 6, ACME))
            heard = names(await ear.connect())
            await writing
            return heard

        assert run(main(), clock) == ["Acme"]
        assert clock.now() - EPOCH == timedelta(seconds=6)

    def test_an_impatient_client_gives_up_and_comes_again(self, org: mocksf.Org, clock: VirtualClock):
        ear = Ear(org, timeout_s=10)

        async def main() -> list[str]:
            with pytest.raises(httpx.ReadTimeout):
                await ear.connect()
            writing = asyncio.create_task(later(org, 3, ACME))
            heard = names(await ear.connect())
            await writing
            return heard

        assert run(main(), clock) == ["Acme"]
        assert clock.now() - EPOCH == timedelta(seconds=13)

    def test_a_poll_of_an_org_that_is_reset_breaks(self, org: mocksf.Org, clock: VirtualClock):
        ear = Ear(org)

        async def main() -> None:
            async def reset() -> None:
                await passed(5)
                org.reset()

            resetting = asyncio.create_task(reset())
            with pytest.raises(httpx.ReadError):
                await ear.connect()
            await resetting

        run(main(), clock)


def test_the_example_of_the_page_runs():
    page = (Path(__file__).parents[2] / "docs" / "streaming.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL)

    assert example
    exec(compile(example[1], "streaming.md", "exec"), {})


class TestWithoutALoop:
    def test_a_poll_waits_on_the_clock(self, org: mocksf.Org, clock: VirtualClock):
        with org.client(timeout=WHILE_S) as client:
            ear = listening_at(client, ACCOUNTS)
            ear.ask({**POLL, "clientId": ear.id})

        assert clock.now() - EPOCH == timedelta(seconds=110)

    def test_a_poll_hears_the_work_that_time_brings(self, org: mocksf.Org, clock: VirtualClock):
        with org.client(timeout=WHILE_S) as client:
            ear = listening_at(client, ACCOUNTS)
            jobs = "/services/data/v66.0/jobs/ingest"
            job = client.post(jobs, json={"object": "Account", "operation": "insert"}).json()["id"]
            client.put(f"{jobs}/{job}/batches", content=b"Name\nAcme\n", headers={"Content-Type": "text/csv"})
            client.patch(f"{jobs}/{job}", json={"state": "UploadComplete"})
            heard = ear.ask({**POLL, "clientId": ear.id})

        assert [each["channel"] for each in heard] == [ACCOUNTS, "/meta/connect"]
        assert clock.now() - EPOCH < timedelta(seconds=5)

    @pytest.mark.parametrize("timeout_s", [5, 100])
    def test_who_gives_up_hears_silence(self, org: mocksf.Org, clock: VirtualClock, timeout_s: float):
        with org.client(timeout=timeout_s) as client:
            ear = listening_at(client, ACCOUNTS)
            with pytest.raises(httpx.ReadTimeout):
                ear.ask({**POLL, "clientId": ear.id})

        assert clock.now() - EPOCH == timedelta(seconds=timeout_s)


@pytest.fixture(scope="module")
def served() -> Iterator[ServedOrg]:
    with ServedOrg(Served()) as served:
        yield served


@pytest.fixture
def hearing(served: ServedOrg) -> Iterator[Listener]:
    with served.client(timeout=30) as client:
        yield listening_at(client, ACCOUNTS)


@pytest.mark.sockets
class TestOverASocket:
    def test_a_poll_wakes_when_another_client_writes(self, served: ServedOrg, hearing: Listener):
        with served.client() as writer, ThreadPoolExecutor(1) as aside:
            polled = aside.submit(hearing.ask, {**POLL, "clientId": hearing.id})
            waits_for(served, 1)
            writer.post(ACCOUNT, json=ACME)
            heard = polled.result(timeout=20)

        assert [each["channel"] for each in heard] == [ACCOUNTS, "/meta/connect"]

    def test_many_polls_wait_side_by_side_and_all_wake(self, served: ServedOrg):
        async def main() -> list[list[str]]:
            headers = {"Authorization": f"Bearer {served.token}"}
            async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=30) as client:
                ears = [await handshaken(client) for _ in range(40)]
                polls = [
                    asyncio.create_task(client.post("/cometd/66.0", json=[{**POLL, "clientId": ear}])) for ear in ears
                ]
                while served.clock.waiting < len(polls):
                    await asyncio.wait(polls, timeout=0.01)
                await client.post(ACCOUNT, json=ACME)
                return [names(await each) for each in polls]

        assert asyncio.run(main()) == [["Acme"]] * 40

    def test_a_subscription_that_replays_wakes_the_poll_that_waits(self, served: ServedOrg, hearing: Listener):
        with served.client() as writer, ThreadPoolExecutor(1) as aside:
            writer.post(ACCOUNT, json=ACME)
            hearing.hear()
            polled = aside.submit(hearing.ask, {**POLL, "clientId": hearing.id})
            waits_for(served, 1)
            hearing.subscribe(ACCOUNTS, -2)
            heard = polled.result(timeout=20)

        assert {each["channel"] for each in heard} == {ACCOUNTS, "/meta/connect"}

    def test_a_standing_clock_keeps_nobody_from_hearing(self):
        with (
            ServedOrg(Served(factor=0)) as still,
            still.client(timeout=30) as client,
            still.client() as writer,
            ThreadPoolExecutor(1) as aside,
        ):
            ear = listening_at(client, ACCOUNTS)
            polled = aside.submit(ear.ask, {**POLL, "clientId": ear.id})
            waits_for(still, 1)
            writer.post(ACCOUNT, json=ACME)
            heard = polled.result(timeout=20)
            waiting = aside.submit(ear.ask, {**POLL, "clientId": ear.id})
            waits_for(still, 1)
            still.call(lambda: still.clock.advance(110))
            silent = waiting.result(timeout=20)

        assert [len(heard), len(silent)] == [2, 1]

    def test_a_lost_answer_of_a_poll_comes_again_to_who_replays(self, served: ServedOrg, hearing: Listener):
        with served.client() as writer:
            writer.post(ACCOUNT, json={"Name": "before"})
            (before,) = hearing.data()
            writer.post(ACCOUNT, json={"Name": "lost"})
            rule = {"kind": "lost_answer", "ending": "reset", "where": {"path": "/cometd*"}, "how_often": {"times": 1}}
            served.call(lambda: served.weather.replace(parse_rules([rule])))
            with pytest.raises(httpx.ReadError):
                hearing.hear()
            served.call(served.weather.clear)

            assert hearing.data() == []
            hearing.subscribe(ACCOUNTS, before["event"]["replayId"])
            assert [each["payload"]["Name"] for each in hearing.data()] == ["lost"]


async def handshaken(client: httpx.AsyncClient) -> str:
    """The id of a new client that listens to accounts; all of them share one cookie."""
    hand = [{"channel": "/meta/handshake", "supportedConnectionTypes": ["long-polling"]}]
    ear = (await client.post("/cometd/66.0", json=hand)).json()[0]["clientId"]
    subscribe = [{"channel": "/meta/subscribe", "clientId": ear, "subscription": ACCOUNTS}]
    assert (await client.post("/cometd/66.0", json=subscribe)).json()[0]["successful"]
    return str(ear)
