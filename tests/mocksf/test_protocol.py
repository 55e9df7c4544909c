"""The short way from socket to org: the same bytes as the long one, in the order of the requests."""

import socket
from collections.abc import Iterator

import pytest

from mocksf.doors.protocol import SHORT_BODY_MAX, _line
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.weather import parse_rules

pytestmark = pytest.mark.sockets

API = "/services/data/v66.0"
LONG = b"X-Forwarded-For: 127.0.0.1\r\n"
"""A header that sends a request the long way, and changes nothing else."""
SLOW = [{"kind": "latency", "seconds": 0.05, "at": "back", "where": {"path": "*/limits"}}]


@pytest.fixture(scope="module")
def served() -> Iterator[ServedOrg]:
    with ServedOrg(Served()) as org:
        yield org


def message(served: ServedOrg, method: str, path: str, body: bytes = b"", more: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: mock.example\r\nAuthorization: Bearer {served.token}\r\n"
    return head.encode() + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


def told(served: ServedOrg, *messages: bytes) -> bytes:
    """All that comes back until the server hangs up, which the last message asks for."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        for each in messages:
            connection.sendall(each)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def without_usage(answer: bytes) -> bytes:
    return b"\r\n".join(line for line in answer.split(b"\r\n") if not line.startswith(b"sforce-limit-info"))


CLOSE = b"Connection: close\r\n"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/sobjects", b""),
        ("HEAD", "/sobjects", b""),
        ("GET", "/sobjects/Nothing", b""),
        ("POST", "/sobjects/Account", b'{"Name": '),
        ("POST", "/sobjects/Account", b'{"Naem": "x"}'),
        ("DELETE", "/sobjects/Account/001000000000000AAA", b""),
        ("PATCH", "/sobjects/Account/x#y", b"{}"),
        ("GET", "/query?q=SELECT+Id+FROM+Account+WHERE+Name='%C3%BC'", b""),
    ],
)
def test_both_ways_say_the_same(served: ServedOrg, method: str, path: str, body: bytes):
    short = told(served, message(served, method, API + path, body, CLOSE))
    long = told(served, message(served, method, API + path, body, CLOSE + LONG))

    assert without_usage(short) == without_usage(long)
    assert short.startswith(b"HTTP/1.1 ")


def test_requests_in_one_piece_are_answered_in_their_order(served: ServedOrg):
    paths = ("/sobjects/Lead", "/limits", "/sobjects/Task")
    sent = [message(served, "GET", API + path) for path in paths]
    sent.append(message(served, "GET", f"{API}/sobjects/Case", more=CLOSE))

    answers = told(served, b"".join(sent))

    places = [answers.index(mark) for mark in (b'"name":"Lead"', b"DailyApiRequests", b'"name":"Task"')]
    assert places == sorted(places)
    assert answers.count(b"HTTP/1.1 ") == 4


def test_nothing_overtakes_an_answer_that_takes_its_time(served: ServedOrg):
    served.call(lambda: served.weather.replace(parse_rules(SLOW)))
    try:
        first = message(served, "GET", f"{API}/limits")
        answers = told(served, first + message(served, "GET", f"{API}/sobjects/Lead", more=CLOSE))
    finally:
        served.call(served.weather.clear)

    assert answers.index(b"DailyApiRequests") < answers.index(b'"name":"Lead"')


def test_a_request_may_come_byte_by_byte(served: ServedOrg):
    whole = message(served, "POST", f"{API}/sobjects/Lead", b'{"LastName": "Ada", "Company": "x"}', CLOSE)

    answer = told(served, *(whole[at : at + 1] for at in range(len(whole))))

    assert answer.startswith(b"HTTP/1.1 201 ")


def test_a_body_too_long_for_the_short_way_arrives_whole(served: ServedOrg):
    body = b'{"Naem": "' + b"x" * SHORT_BODY_MAX + b'"}'

    answer = told(served, message(served, "POST", f"{API}/sobjects/Lead", body, CLOSE))

    assert b"INVALID_FIELD" in answer


def test_a_client_of_http_1_0_gets_its_answer_and_the_end(served: ServedOrg):
    answer = told(served, message(served, "GET", f"{API}/limits").replace(b"HTTP/1.1", b"HTTP/1.0"))

    assert b"DailyApiRequests" in answer


@pytest.mark.parametrize("more", [CLOSE, CLOSE + LONG], ids=["short", "long"])
def test_an_org_that_is_broken_apologises_in_json(
    served: ServedOrg, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, more: bytes
):
    monkeypatch.setattr(served.org, "handle", None)

    answer = told(served, message(served, "GET", f"{API}/limits", more=more))

    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b'"errorCode":"UNKNOWN_EXCEPTION"' in answer
    assert "'NoneType' object is not callable" in caplog.text


def test_a_connection_that_stays_quiet_is_let_go(served: ServedOrg):
    async def shorten() -> None:
        for connection in served._serving.server._server.server_state.connections:
            connection.timeout_keep_alive = 0.02
            connection._look()

    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(message(served, "GET", f"{API}/sobjects/Lead"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        served.call(shorten)

        connection.settimeout(5)
        while connection.recv(65536):
            pass


def test_a_header_that_would_break_its_line_is_not_written():
    with pytest.raises(ValueError, match="the value of Location would break its line"):
        _line(("Location", "x\r\nSet-Cookie: y"))
