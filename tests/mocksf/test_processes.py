"""Several server processes on one PostgreSQL: one org, whoever is asked."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import cycle
from typing import Any

import httpx
import pytest

from loadtests.processes import Server
from tests import postgres
from tests.crowd import ROOT, ROWS, Promises, at_once, client, family, kept, serve, soql

pytestmark = [pytest.mark.sockets, pytest.mark.in_memory]

Pair = tuple[Server, Server]


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Server]:
    server = postgres.server()
    yield server
    server.close()


@contextmanager
def two(*options: str) -> Iterator[Pair]:
    """Two servers that begin at once: one of them lays out the org, the other finds it."""
    with ThreadPoolExecutor(2) as crowd, ExitStack() as ends:
        beginning = [crowd.submit(serve, *options) for _ in range(2)]
        for each in beginning:
            ends.callback(each.result().stop)
        one, other = (each.result() for each in beginning)
        yield one, other


@pytest.fixture(scope="module")
def pair(database: postgres.Server) -> Iterator[Pair]:
    with two("--database", database.address) as servers:
        yield servers


@pytest.fixture(scope="module")
def still(database: postgres.Server) -> Iterator[Pair]:
    """Two servers of another org in the same database, whose clocks stand still."""
    with two("--database", f"{database.address}#still", "--clock", "manual") as servers:
        yield servers


@pytest.fixture(autouse=True)
def _empty(pair: Pair) -> None:
    httpx.post(f"{pair[0].url}/_mocksf/reset").raise_for_status()


@pytest.fixture
def here(pair: Pair) -> Iterator[httpx.Client]:
    with client(pair[0]) as asked:
        yield asked


@pytest.fixture
def there(pair: Pair) -> Iterator[httpx.Client]:
    with client(pair[1], pair[0].said["token"]) as asked:
        yield asked


def writer(server: Server, name: str, promises: Promises) -> Any:
    """Creates and composites, every other of which fails."""

    def write() -> None:
        with client(server) as asked:
            for number in range(12):
                made = asked.post(f"{ROWS}/Account", json={"Name": f"{name}{number}"}).raise_for_status().json()
                promises.told(record=(made["id"], f"{name}{number}"))
                key, fails = f"{name}-{number}", number % 2 == 1
                asked.post(f"{ROOT}/composite", json=family(key, fails)).raise_for_status()
                promises.told(key=None if fails else key)

    return write


class TestUnderLoad:
    def test_ids_are_unique_and_every_composite_is_whole(self, pair: Pair):
        promises = Promises()

        at_once([writer(server, name, promises) for server, name in zip(cycle(pair), "abcd", strict=False)])

        assert len(promises.records) == 48
        assert len(promises.families) == 24
        for server in pair:
            kept(server, promises)

    def test_nobody_ever_sees_half_a_composite(self, pair: Pair):
        halves: list[Any] = []
        done: list[bool] = []

        def look() -> None:
            with client(pair[1]) as asked:
                while not done:
                    parts = "(SELECT Id FROM Contacts), (SELECT Id FROM Opportunities)"
                    rows = soql(asked, f"SELECT Caller_Key__c, {parts} FROM Account WHERE Caller_Key__c LIKE 'w-%'")
                    halves.extend(row for row in rows if not (row["Contacts"] and row["Opportunities"]))

        def write() -> None:
            try:
                writer(pair[0], "w", Promises())()
            finally:
                done.append(True)

        at_once([write, look])

        assert halves == []

    def test_a_key_that_all_upsert_is_there_once(self, pair: Pair):
        created: list[str] = []

        def upsert(server: Server) -> None:
            with client(server) as asked:
                for key in "pqrstuvw":
                    answer = asked.patch(f"{ROWS}/Account/Caller_Key__c/{key}", json={"Name": key}).raise_for_status()
                    created.extend(key for made in [answer.json()["created"]] if made)

        at_once([lambda server=server: upsert(server) for server in (*pair, *pair)])

        assert sorted(created) == list("pqrstuvw")
        with client(pair[0]) as asked:
            assert len(soql(asked, "SELECT Id FROM Account")) == 8


class TestEachOther:
    def test_a_write_by_one_is_read_by_the_next(self, here: httpx.Client, there: httpx.Client):
        for number in range(20):
            writes, reads = (here, there) if number % 2 else (there, here)
            made = writes.post(f"{ROWS}/Account", json={"Name": f"v{number}"}).json()["id"]
            writes.patch(f"{ROWS}/Account/{made}", json={"Name": f"w{number}"}).raise_for_status()
            assert reads.get(f"{ROWS}/Account/{made}").json()["Name"] == f"w{number}"
            reads.delete(f"{ROWS}/Account/{made}").raise_for_status()
            assert writes.get(f"{ROWS}/Account/{made}").status_code == 404

    def test_a_cursor_is_opened_here_and_read_on_there(self, here: httpx.Client, there: httpx.Client):
        for _ in range(2):
            records = [{"attributes": {"type": "Account"}, "Name": f"a{number:03d}"} for number in range(150)]
            here.post(f"{ROOT}/composite/sobjects", json={"records": records}).raise_for_status()
        first = here.get(
            f"{ROOT}/query", params={"q": "SELECT Name FROM Account"}, headers={"Sforce-Query-Options": "batchSize=200"}
        ).json()

        rest = there.get(first["nextRecordsUrl"]).json()

        assert (len(first["records"]), len(rest["records"]), rest["done"]) == (200, 100, True)

    def test_a_token_that_is_revoked_here_is_refused_there(self, pair: Pair, here: httpx.Client):
        form = {"grant_type": "client_credentials", "client_id": "mocksf", "client_secret": "mocksf-secret"}
        token = here.post("/services/oauth2/token", data=form).json()["access_token"]
        with client(pair[1], token) as stranger:
            before = stranger.get(f"{ROOT}/limits").status_code
            here.post("/services/oauth2/revoke", data={"token": token}).raise_for_status()
            after = stranger.get(f"{ROOT}/limits").status_code

        assert (before, after) == (200, 401)

    def test_calls_are_counted_together(self, here: httpx.Client, there: httpx.Client):
        def used(asked: httpx.Client) -> int:
            header = asked.get(f"{ROOT}/sobjects").headers["Sforce-Limit-Info"]
            return int(header.partition("=")[2].partition("/")[0])

        begun = used(here)
        counted = [used(asked) for asked in (there, here, there, here)]

        assert counted == [begun + 1, begun + 2, begun + 3, begun + 4]

    def test_a_duplicate_is_refused_whoever_has_the_first(self, here: httpx.Client, there: httpx.Client):
        here.post(f"{ROWS}/Account", json={"Name": "a", "Caller_Key__c": "k"}).raise_for_status()

        answer = there.post(f"{ROWS}/Account", json={"Name": "b", "Caller_Key__c": "K"})

        assert answer.json()[0]["errorCode"] == "DUPLICATE_VALUE"


def test_a_server_with_other_objects_is_told_so_and_ends(pair: Pair, database: postgres.Server):
    command = [sys.executable, "-m", "mocksf", "serve", "--port", "0", "--database", database.address]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert ended.returncode != 0
    assert "was made for other objects or fields" in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    with client(pair[0]) as asked:
        assert asked.get(f"{ROOT}/limits").status_code == 200


class TestAHeldRow:
    """A write at one server takes its time by the clock that both share; the other meets its row meanwhile."""

    @contextmanager
    def met(self, still: Pair, seconds: float) -> Iterator[tuple[httpx.Client, httpx.Client, str]]:
        """Clients of both, and the path of an account that the first is writing and the second waits for."""
        with client(still[0]) as first, client(still[1]) as second:
            made = first.post(f"{ROWS}/Account", json={"Name": "a"}).raise_for_status().json()["id"]
            slow = {"kind": "latency", "at": "service", "seconds": seconds, "where": {"method": "PATCH"}}
            first.put("/_mocksf/rules", json=[slow]).raise_for_status()
            for each, name in ((first, "first"), (second, "second")):
                leave_waiting(each, f"{ROWS}/Account/{made}", {"Name": name})
            yield first, second, f"{ROWS}/Account/{made}"
            advance(first, 60)

    def test_is_waited_for_ten_seconds(self, still: Pair):
        with self.met(still, seconds=30) as (first, second, path):
            advance(second, 10)
            assert last_answer(second) == (500, ["UNABLE_TO_LOCK_ROW"])
            advance(first, 20)
            assert second.get(path).json()["Name"] == "first"

    def test_is_written_by_the_second_when_the_first_is_done(self, still: Pair):
        with self.met(still, seconds=6) as (first, second, path):
            advance(first, 6)
            assert last_answer(second) == (204, [])
            assert first.get(path, params={"fields": "Name"}).json()["Name"] == "second"


class TestOneClock:
    def test_what_moves_it_at_one_server_moves_it_at_the_other(self, still: Pair):
        with client(still[0]) as first, client(still[1]) as second:
            before = now(second)
            advance(first, 90)
            second.post("/_mocksf/clock/run", json={"factor": 0}).raise_for_status()

            assert (now(second) - before).total_seconds() == 90
            assert now(first) == now(second)

    def test_a_record_is_stamped_alike_wherever_it_is_written(self, still: Pair):
        with client(still[0]) as first, client(still[1]) as second:
            advance(first, 3600)
            made = second.post(f"{ROWS}/Account", json={"Name": "a"}).raise_for_status().json()["id"]
            stamp = first.get(f"{ROWS}/Account/{made}?fields=CreatedDate").json()["CreatedDate"]

            assert datetime.fromisoformat(stamp) == now(first).replace(microsecond=0)


def now(asked: httpx.Client) -> datetime:
    return datetime.fromisoformat(asked.get("/_mocksf/clock").json()["now"])


def leave_waiting(asked: httpx.Client, path: str, body: dict[str, str]) -> None:
    """A client writes and gives up; its request waits on the server for the clock to move."""
    with pytest.raises(httpx.ReadTimeout):
        asked.patch(path, json=body, timeout=0.2)
    looks = (asked.get("/_mocksf/clock").json()["waiting"] for _ in range(1000))
    assert any(looks), "the request never reached the server"


def advance(asked: httpx.Client, seconds: float) -> None:
    asked.post("/_mocksf/clock/advance", json={"seconds": seconds}).raise_for_status()


def last_answer(asked: httpx.Client) -> tuple[int, list[str]]:
    """Status and error codes of the last write, once the server has answered it."""
    for _ in range(1000):
        exchanges = asked.get("/_mocksf/journal").json()["exchanges"]
        last = next(each for each in reversed(exchanges) if each["method"] == "PATCH")
        if "status" in last:
            return last["status"], last.get("codes", [])
    message = "the server never answered"
    raise AssertionError(message)


class TestLogins:
    def test_a_login_begun_at_one_server_is_finished_at_the_other(self, still: Pair):
        form = {"client_id": "mocksf", "client_secret": "mocksf-secret"}
        one, other = (f"{server.url}/services/oauth2/token" for server in still)
        asked = httpx.post(one, data={**form, "response_type": "device_code"}).json()
        person = {"user_code": asked["user_code"], "username": "admin@mock.example", "password": "mock"}
        httpx.post(f"{still[1].url}/setup/connect", data={**person, "choice": "allow"}).raise_for_status()

        wish = {**form, "grant_type": "device", "code": asked["device_code"]}
        answers = [httpx.post(address, data=wish) for address in (one, other)]
        assert [answer.status_code for answer in answers] == [200, 400]

    def test_a_token_is_introspected_wherever_it_is_brought(self, still: Pair):
        form = {"client_id": "mocksf", "client_secret": "mocksf-secret"}
        login = {**form, "grant_type": "password", "username": "admin@mock.example", "password": "mock"}
        token = httpx.post(f"{still[0].url}/services/oauth2/token", data=login).json()["access_token"]

        said = httpx.post(f"{still[1].url}/services/oauth2/introspect", data={**form, "token": token}).json()
        assert said["active"]
        assert said["exp"] - said["iat"] == 7200
