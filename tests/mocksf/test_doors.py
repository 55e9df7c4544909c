"""The door with a socket against the door without: the same answers, the same breaks."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.weather import parse_rules

pytestmark = pytest.mark.sockets

API = "/services/data/v66.0"
ACCOUNT = f"{API}/sobjects/Account"
SCHEMA = mocksf.load_schema(["sample"])
HOST = {"Host": "mock.my.salesforce.com"}
ADA = {"Name": "Ada", "Caller_Key__c": "+4930123"}

CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/services/data", {}),
    ("GET", "/services/data/", {"headers": {"Authorization": ""}}),
    ("GET", f"{API}/", {}),
    ("GET", f"{API}/limits", {}),
    ("GET", f"{API}/limits", {"headers": {"X-PrettyPrint": "1"}}),
    ("GET", f"{API}/limits", {"headers": {"Authorization": "Bearer 00D!nobody"}}),
    ("GET", f"{API}/sobjects", {}),
    ("GET", f"{API}/sobjects/Account/describe", {}),
    ("POST", ACCOUNT, {"json": ADA}),
    ("POST", ACCOUNT, {"json": ADA}),
    ("POST", f"{ACCOUNT}/", {"json": {"Naem": "Ada"}}),
    ("POST", ACCOUNT, {"content": b'{"Name": ', "headers": {"Content-Type": "application/json"}}),
    ("POST", ACCOUNT, {"content": b"Name=Ada", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
    ("PATCH", f"{ACCOUNT}/Caller_Key__c/%2B4930123", {"json": {"Name": "Eve"}}),
    ("PATCH", f"{ACCOUNT}/Caller_Key__c/%2B4930124", {"json": {"Name": "Bob"}}),
    ("GET", f"{ACCOUNT}/Caller_Key__c/%2B4930123?fields=Id,Name", {}),
    ("HEAD", f"{ACCOUNT}/Caller_Key__c/%2B4930123?fields=Id,Name", {}),
    ("HEAD", f"{API}/sobjects/Account/describe", {}),
    ("GET", f"{API}/query?q=SELECT+Id,Name+FROM+Account+ORDER+BY+Name", {}),
    ("GET", f"{API}/query?q=SELEC", {}),
    ("POST", f"{API}/composite", {"json": {"compositeRequest": []}}),
    ("OPTIONS", f"{API}/limits", {}),
    ("PUT", ACCOUNT, {"json": {}}),
    ("GET", "//services//data", {}),
    ("GET", "/nowhere", {}),
    ("GET", f"{API}/sobjects/Nothing__c/describe", {}),
    ("DELETE", f"{ACCOUNT}/001000000000000AAA", {}),
    ("GET", f"{API}/limits?x={'y' * 17_000}", {}),
    ("GET", f"{API}/limits", {"headers": {"X-Large": "y" * 17_000}}),
    ("POST", ACCOUNT, {"json": ADA, "headers": {f"X-{number}": "y" * 900 for number in range(20)}}),
    ("GET", f"{API}/limits?x={'y' * 16_000}", {"headers": {"X-Large": "y" * 500}}),
    ("GET", f"{API}/limits", {"headers": {"Accept": "application/xml"}}),
)  # fmt: skip

BREAKS: tuple[dict[str, Any], ...] = (
    {"kind": "lost_request"},
    {"kind": "lost_request", "ending": "reset"},
    {"kind": "lost_answer"},
    {"kind": "lost_answer", "ending": "reset"},
    {"kind": "lost_answer", "phase": "before_commit"},
    {"kind": "lost_answer", "phase": "mid_body", "after_bytes": 5},
    {"kind": "timeout"},
    {"kind": "timeout", "phase": "after_commit"},
    {"kind": "reset"},
    {"kind": "reset", "phase": "before_commit"},
    {"kind": "reset", "phase": "after_commit"},
    {"kind": "reset", "phase": "mid_body", "after_bytes": 5},
    {"kind": "error"},
    {"kind": "error", "html": True, "phase": "after_commit"},
    {"kind": "latency", "seconds": 0.01},
    {"kind": "latency", "median_s": 0.01, "at": "service"},
    {"kind": "latency", "seconds": 0.01, "at": "back"},
    {"kind": "latency", "seconds": 60},
    {"kind": "lock_holder", "sobject": "Account", "hold_s": 0.05},
    {"kind": "latency", "low_s": 0.001, "high_s": 0.01},
    {"kind": "latency", "scale_s": 0.001, "cap_s": 0.02},
    {"kind": "bandwidth", "bytes_per_s": 10_000},
    {"kind": "closed"},
    {"kind": "closed", "phase": "after_commit"},
    {"kind": "closed", "phase": "mid_body", "after_bytes": 5},
    {"kind": "truncated_body", "after_bytes": 9},
    {"kind": "garbled_body"},
    {"kind": "slow_drip", "piece_bytes": 10, "pause_s": 0.01},
    {"kind": "slow_drip", "piece_bytes": 10, "pause_s": 60},
    {"kind": "maintenance_page"},
    {"kind": "maintenance_page", "status": 200},
    {"kind": "instance_migration"},
    {"kind": "instance_migration", "moved_to": "https://new.my.salesforce.com"},
    {"kind": "stale_describe", "without": ["Account.Name"]},
    {"kind": "rate_limit"},
    {"kind": "rate_limit", "retry_after_s": None},
    {"kind": "daily_limit"},
    {"kind": "concurrent_limit"},
    {"kind": "session_expiry"},
    {"kind": "read_only"},
    {"kind": "duplicate_rule"},
    {"kind": "row_lock"},
    {"kind": "token_revoked"},
    {"kind": "record_deleted", "sobject": "Account"},
    {"kind": "deploy", "change": {"objects": {"Account": {"fields": {"Site": {"required": True}}}}}},
)


@pytest.fixture(scope="module")
def served() -> Iterator[ServedOrg]:
    """One org behind a socket, on a clock that stands still unless a test lets it run."""
    with ServedOrg(Served(SCHEMA, factor=0)) as org:
        yield org


@pytest.fixture
def over_socket(served: ServedOrg) -> Iterator[httpx.Client]:
    served.call(lambda: (served.org.reset(), served.weather.clear(), served.clock.run_at(0)))
    with served.client(timeout=5) as client:
        yield client


@pytest.fixture
def in_process() -> httpx.Client:
    return mocksf.Org(SCHEMA).client(base_url="http://mock.my.salesforce.com", timeout=5)


def seen(client: httpx.Client, method: str, target: str, options: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """What a client sees, but for the framing that only a socket has."""
    headers = {**HOST, **options.get("headers", {})}
    answer = client.request(method, target, **{**options, "headers": headers})
    framing = ("transfer-encoding", "content-length", "connection")
    return answer.status_code, {k: v for k, v in answer.headers.items() if k not in framing}, answer.content


def met(client: httpx.Client, timeout_s: float = 20) -> Any:
    """The answer to a create, or the error that the client meets."""
    try:
        answer = client.post(ACCOUNT, json=ADA, headers=HOST, timeout=timeout_s)
    except httpx.TransportError as error:
        return type(error)
    return answer.status_code, answer.content


class TestBothDoors:
    def test_give_the_same_answers_to_a_whole_conversation(self, over_socket: httpx.Client, in_process: httpx.Client):
        for method, target, options in CALLS:
            there, here = (seen(client, method, target, options) for client in (over_socket, in_process))

            assert there == here, (method, target)

    @pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: "-".join(str(value) for value in rule.values()))
    def test_break_in_the_same_way(self, rule: dict[str, Any], served: ServedOrg, over_socket: httpx.Client):
        local = mocksf.Org(SCHEMA, rules=[rule])
        served.call(lambda: (served.weather.replace(parse_rules([rule])), served.clock.run_at(1)))

        expected = met(local.client())
        assert met(over_socket, 0.3 if expected is httpx.ReadTimeout else 20) == expected
        # A client that gave up does not stop its request: what is on its way arrives, here as there.
        assert served.call(lambda: served.journal[-1].lost if len(served.journal) else "") == (
            local.journal[-1].lost if len(local.journal) else ""
        )


class TestTheSocket:
    def test_a_body_that_is_too_large_is_refused_and_not_kept(self, over_socket: httpx.Client):
        answer = over_socket.post(ACCOUNT, content=b" " * (50 * 1024 * 1024 + 1), timeout=30)

        assert (answer.status_code, "Too Large" in answer.text) == (413, True)

    def test_a_chunked_body_is_read_whole(self, over_socket: httpx.Client):
        answer = over_socket.post(
            ACCOUNT, content=iter([b'{"Name"', b': "Ada"}']), headers={"Content-Type": "application/json"}
        )

        assert answer.status_code == 201

    def test_long_answers_are_compressed_for_those_who_ask(self, over_socket: httpx.Client):
        describe = f"{API}/sobjects/Account/describe"

        packed = over_socket.get(describe)
        plain = over_socket.get(describe, headers={"Accept-Encoding": "identity"})

        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert packed.json() == plain.json()

    def test_a_connection_serves_many_requests(self, over_socket: httpx.Client):
        streams = [over_socket.get(f"{API}/limits").extensions["network_stream"] for _ in range(3)]

        addresses = {stream.get_extra_info("client_addr") for stream in streams}
        assert len(addresses) == 1

    def test_nonsense_instead_of_http_is_a_400(self, served: ServedOrg):
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as connection:
            connection.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")

            assert connection.recv(100).startswith(b"HTTP/1.1 400")

    @pytest.mark.parametrize("phase", ["before_org", "after_commit", "mid_body"])
    def test_a_reset_breaks_a_connection_under_tls_too(self, phase: str):
        rules = parse_rules([{"kind": "reset", "phase": phase}])

        # The ssl module of Python's blocking sockets tells a reset as an end of file, so httpx has two names for it.
        with (
            ServedOrg(Served(SCHEMA, rules, tls=True)) as served,
            served.client() as client,
            pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)),
        ):
            client.get(f"{API}/limits")


class TestAStandingClock:
    @pytest.fixture
    def still(self) -> Iterator[ServedOrg]:
        with ServedOrg(Served(SCHEMA, factor=0)) as org:
            yield org

    def leave_waiting(self, still: ServedOrg, seconds: float) -> None:
        """A client asks for something that takes so long, and gives up."""
        rules = parse_rules([{"kind": "latency", "seconds": seconds}])
        still.call(lambda: still.weather.replace(rules))
        before = still.clock.waiting
        with still.client(timeout=0.1) as client, pytest.raises(httpx.ReadTimeout):
            client.get(f"{API}/limits")
        looks = (still.call(lambda: still.clock.waiting) > before for _ in range(10_000))
        assert any(looks), "the request never reached the server"

    def test_a_request_waits_until_the_clock_is_moved(self, still: ServedOrg):
        self.leave_waiting(still, 300)

        still.call(lambda: still.clock.advance(299.999))
        assert len(still.journal) == 0
        still.call(lambda: still.clock.advance(0.001))

        assert len(still.journal) == 1

    def test_those_who_wait_are_served_in_order_at_their_own_instants(self, still: ServedOrg):
        for seconds in (30, 10, 20):
            self.leave_waiting(still, seconds)

        still.call(lambda: still.clock.advance(100))

        start = still.org.founded
        assert [(one.arrived - start).total_seconds() for one in still.journal if one.arrived] == [10, 20, 30]
