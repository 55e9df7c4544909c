"""The benchmark's own load generator, against answers that can be checked and a bare server on loopback."""

import sys
from collections.abc import Iterator
from itertools import repeat

import pytest

from loadtests.bench.client import UnreadableAnswer, answer_length, drive
from loadtests.processes import NotReady, Server, start


@pytest.fixture(scope="module")
def bare() -> Iterator[Server]:
    server = start([sys.executable, "-m", "loadtests.bench.bare"])
    yield server
    server.stop()


def question(path: str, body: bytes = b"") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("buffer", "lengths"),
    [
        (HEAD + b"Content-Length: 3\r\n\r\nabc", (41, 3)),
        (HEAD + b"content-length:3\r\n\r\nabcHTTP", (40, 3)),
        (HEAD + b"Content-Length: 3\r\n\r\nab", None),
        (HEAD + b"Content-Le", None),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", (60, 3)),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n", (75, 13)),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", None),
    ],
)
def test_an_answer_is_framed_by_what_it_says_of_itself(buffer: bytes, lengths: tuple[int, int] | None):
    assert answer_length(buffer) == lengths


def test_an_answer_without_length_is_not_guessed_at():
    with pytest.raises(UnreadableAnswer, match="without a length"):
        answer_length(HEAD + b"Connection: close\r\n\r\n")


@pytest.mark.sockets
class TestAgainstABareServer:
    def test_every_question_is_asked_once_and_answered(self, bare: Server):
        figures = drive(bare.port, iter([question("/200/100", b"{}")] * 50), connections=4, seconds=10)

        assert figures.requests == 50
        assert len(figures.latencies_ms) == 50
        assert figures.refused == 0
        assert figures.answer_bytes == 100

    def test_refusals_are_counted(self, bare: Server):
        figures = drive(bare.port, iter([question("/503/10")] * 5), connections=1, seconds=10)

        assert (figures.requests, figures.refused) == (5, 5)

    def test_it_stops_when_its_time_is_over(self, bare: Server):
        figures = drive(bare.port, repeat(question("/200/10")), connections=2, seconds=0.2)

        assert figures.requests > 0


@pytest.mark.sockets
def test_a_server_that_ends_before_it_is_ready_is_named():
    with pytest.raises(NotReady, match="it said ''"):
        start([sys.executable, "-c", "raise SystemExit(1)"])
