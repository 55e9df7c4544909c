"""Heads that a connection has seen before: read once, and never taken for what they are not."""

import asyncio
import gzip
import socket
from collections.abc import Iterator
from itertools import accumulate, pairwise

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from mocksf.doors.heads import HEAD_BYTES_MAX, KEPT_MAX, Heads, piece_of
from mocksf.doors.protocol import ReachableProtocol
from mocksf.doors.rendered import Rendered, rendered
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.messages import Raw, Request, Response
from mocksf.weather import parse_rules

API = "/services/data/v66.0"
HEAD = b"Host: x\r\nContent-Length: 2\r\n\r\n"
SLOW = [{"kind": "latency", "seconds": 0.05, "at": "back", "where": {"path": "*/limits"}}]


def line(target: str = f"{API}/limits", method: str = "POST") -> bytes:
    return f"{method} {target} HTTP/1.1\r\n".encode()


def known(head: bytes, body_bytes: int, **headers: str) -> Heads:
    heads = Heads()
    heads.learn(head, headers, body_bytes)
    return heads


class TestPieces:
    def test_a_whole_request_is_taken_apart(self):
        piece = piece_of(line() + HEAD + b"{}")

        assert piece == ("POST", f"{API}/limits", HEAD, b"{}")

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            line()[:-1],
            line() + HEAD[:-1],
            line().replace(b"1.1", b"1.0") + HEAD,
            line(method="BREW") + HEAD,
            line("/services/oauth2/token") + HEAD,
            line(f"{API}/limits#x") + HEAD,
            line(f"{API}/li mits") + HEAD,
            line(f"{API}/l\xefmits") + HEAD,
            line() + b"X: " + b"x" * HEAD_BYTES_MAX + b"\r\n\r\n",
        ],
    )
    def test_what_needs_a_parser_is_left_to_it(self, data: bytes):
        assert piece_of(data) is None

    def test_a_request_without_headers_ends_with_its_line(self):
        piece = piece_of(line() + b"\r\nrest")

        assert piece is not None
        assert (piece.head, piece.body) == (b"\r\n", b"rest")


class TestHeads:
    def test_equal_bytes_mean_the_same_again(self):
        piece = piece_of(line() + HEAD + b"{}")

        assert piece is not None
        assert known(HEAD, 2, host="x").headers_of(piece) == {"host": "x"}

    def test_nobody_changes_what_is_remembered(self):
        heads, piece = known(HEAD, 2, host="x"), piece_of(line() + HEAD + b"{}")
        assert piece is not None

        (heads.headers_of(piece) or {})["host"] = "y"

        assert heads.headers_of(piece) == {"host": "x"}

    @pytest.mark.parametrize("body", [b"", b"{", b"{}GET /"])
    def test_a_body_that_is_not_all_there_or_not_alone_is_left_to_the_parser(self, body: bytes):
        piece = piece_of(line() + HEAD + body)

        assert piece is not None
        assert known(HEAD, 2, host="x").headers_of(piece) is None

    def test_a_body_in_chunks_is_never_remembered(self):
        piece = piece_of(line() + HEAD + b"{}")

        assert piece is not None
        assert known(HEAD, 2, **{"transfer-encoding": "chunked"}).headers_of(piece) is None

    def test_a_connection_remembers_only_so_many(self):
        heads = known(HEAD, 2)
        for number in range(KEPT_MAX):
            heads.learn(b"%d" % number, {}, 0)

        assert len(heads._known) <= KEPT_MAX


class Listener:
    """Something behind the protocol that answers at once, and remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []

    def begin(self, request: Request) -> Rendered:
        assert isinstance(request.body, bytes)
        self.heard.append((request.method, request.target, dict(request.headers), request.body))
        return Rendered(200, {}, b"heard")


class Silent(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return False


REQUESTS = st.tuples(
    st.sampled_from(["GET", "POST", "PATCH"]),
    st.sampled_from([f"{API}/limits", f"{API}/query?q=x%27", f"{API}/sobjects/Lead"]),
    st.sampled_from(["ada", "bob"]),
    st.sampled_from([b"", b"{}", b"GET /services/data/ HTTP/1.1\r\n\r\n", b"\r\n\r\n"]),
)


def sent(method: str, target: str, who: str, body: bytes) -> bytes:
    return line(target, method) + f"Host: x\r\nX-Who: {who}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@given(st.lists(REQUESTS, min_size=1, max_size=6), st.data())
def test_however_a_stream_is_cut_the_same_is_heard(requests: list[tuple[str, str, str, bytes]], data: st.DataObject):
    stream = b"".join(sent(*each) for each in requests)
    whole = [0, *accumulate(len(sent(*each)) for each in requests)]
    cuts = sorted(data.draw(st.one_of(st.just(whole), st.lists(st.integers(0, len(stream)), max_size=8))))
    listener, transport, loop = Listener(), Silent(), asyncio.new_event_loop()
    config = uvicorn.Config(listener, http=ReachableProtocol, ws="none", lifespan="off")  # type: ignore[arg-type]
    config.load()
    protocol = ReachableProtocol(config, ServerState(), {}, loop)
    protocol.connection_made(transport)

    for begin, end in pairwise([0, *cuts, len(stream)]):
        if end > begin:
            protocol.data_received(stream[begin:end])

    loop.close()
    lengths = [(method, target, who, str(len(body)), body) for method, target, who, body in requests]
    assert listener.heard == [
        (method, target, {"host": "x", "x-who": who, "content-length": length}, body)
        for method, target, who, length, body in lengths
    ]
    assert transport.written.count(b"heard") == len(requests)


@pytest.fixture(scope="module")
def served() -> Iterator[ServedOrg]:
    with ServedOrg(Served()) as org:
        yield org


@pytest.fixture
def connection(served: ServedOrg) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        yield connection


def ask(connection: socket.socket, served: ServedOrg, path: str, *more: bytes, method: str = "GET") -> bytes:
    """The answer to a request that has the same head each time it is asked with the same `more`."""
    token = f"Authorization: Bearer {served.token}\r\n".encode()
    body = more[-1] if method != "GET" else b""
    connection.sendall(line(API + path, method) + token + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    answer = b""
    while not answer.endswith(b"\r\n0\r\n\r\n"):
        answer += connection.recv(65536)
    return answer


@pytest.mark.sockets
class TestOverASocket:
    def test_the_second_answer_is_the_first(self, served: ServedOrg, connection: socket.socket):
        answers = [ask(connection, served, "/sobjects/Account").partition(b"\r\n\r\n")[2] for _ in range(3)]

        assert answers[0] == answers[1] == answers[2]
        assert b'"name":"Account"' in answers[0]

    def test_the_bodies_behind_equal_heads_are_their_own(self, served: ServedOrg, connection: socket.socket):
        for name in (b"Ada", b"Bob", b"Eve"):
            ask(connection, served, "/sobjects/Lead", b'{"LastName":"%b","Company":"heads"}' % name, method="POST")

        found = ask(connection, served, "/query?q=SELECT+LastName+FROM+Lead+WHERE+Company='heads'+ORDER+BY+LastName")

        assert [found.count(b'"LastName":"%b"' % name) for name in (b"Ada", b"Bob", b"Eve")] == [1, 1, 1]

    def test_who_calls_is_asked_each_time(self, served: ServedOrg, connection: socket.socket):
        assert ask(connection, served, "/limits").startswith(b"HTTP/1.1 200")
        assert ask(connection, served, "/limits").startswith(b"HTTP/1.1 200")

        state = served.org.sessions.state()
        served.call(served.org.sessions.revoke_all)

        assert ask(connection, served, "/limits").startswith(b"HTTP/1.1 401")
        served.call(lambda: served.org.sessions.restore(state))

    def test_what_has_to_wait_is_done_once(self, served: ServedOrg, connection: socket.socket):
        ask(connection, served, "/limits")
        served.call(lambda: served.weather.replace(parse_rules(SLOW)))
        try:
            used = served.org.allowance.used(served.clock.now())
            answers = [ask(connection, served, "/limits") for _ in range(2)]
        finally:
            served.call(served.weather.clear)

        assert all(b"DailyApiRequests" in each for each in answers)
        assert served.org.allowance.used(served.clock.now()) == used + 2

    def test_a_known_head_may_come_in_two_pieces(self, served: ServedOrg, connection: socket.socket):
        first = ask(connection, served, "/sobjects/Task")
        token = f"Authorization: Bearer {served.token}\r\nContent-Length: 0\r\n\r\n".encode()
        request = line(f"{API}/sobjects/Task", "GET") + token
        connection.sendall(request[:40])
        connection.sendall(request[40:])

        assert connection.recv(65536)[:15] == first[:15]


def test_what_the_org_keeps_is_compressed_once():
    body = Raw(b"x" * 5000)
    request = Request("GET", f"{API}/sobjects", {"accept-encoding": "gzip"})

    first, second = (rendered(request, Response(200, body)) for _ in range(2))

    assert gzip.decompress(first.body) == body
    assert first.body is body.packed
    assert second == first
