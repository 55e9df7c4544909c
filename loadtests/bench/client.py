"""A load generator small enough to stay out of the way: ready bytes over a few kept connections, no HTTP library."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

REQUESTS_MAX = 200_000
"""No single measurement sends more, however long it is told to last."""


class UnreadableAnswer(Exception):
    """The server answered something that this client cannot frame."""


@dataclass
class Figures:
    """What one measurement saw."""

    requests: int = 0
    seconds: float = 0.0
    refused: int = 0
    answer_bytes: int = 0
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def p50_ms(self) -> float:
        return median(self.latencies_ms) if self.latencies_ms else 0.0


def answer_length(buffer: bytes) -> tuple[int, int] | None:
    """How many bytes the answer at the head of `buffer` has, and its body alone; None while it is not all there.

    Raises UnreadableAnswer where it states neither its length nor that it comes in chunks.
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = buffer[: end + 2].lower()
    at = head.find(b"content-length:")
    if at >= 0:
        body = int(head[at + 15 : head.find(b"\r\n", at)])
        return (end + 4 + body, body) if len(buffer) >= end + 4 + body else None
    if b"transfer-encoding: chunked" in head:
        return _chunked(buffer, end + 4)
    message = f"an answer without a length: {head[:80]!r}"
    raise UnreadableAnswer(message)


def _chunked(buffer: bytes, at: int) -> tuple[int, int] | None:
    body = 0
    while True:
        line = buffer.find(b"\r\n", at)
        if line < 0:
            return None
        size = int(buffer[at:line], 16)
        at = line + 2 + size + 2
        body += size
        if len(buffer) < at:
            return None
        if size == 0:
            return at, body


class _Connection(asyncio.Protocol):
    """One connection that asks the next question as soon as it has its answer."""

    def __init__(self, questions: Iterator[bytes], figures: Figures, until: float) -> None:
        self._questions, self._figures, self._until = questions, figures, until
        self._buffer = b""
        self._asked = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        if time.perf_counter() >= self._until or self._figures.requests >= REQUESTS_MAX:
            self._transport.close()
            return
        question = next(self._questions, None)
        if question is None:
            self._transport.close()
            return
        self._asked = time.perf_counter()
        self._transport.write(question)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        lengths = answer_length(self._buffer)
        if lengths is not None:
            self._note(*lengths)
            self._ask()

    def _note(self, whole: int, body: int) -> None:
        figures = self._figures
        figures.requests += 1
        figures.refused += self._buffer[9:10] not in b"2"
        figures.answer_bytes = body
        figures.latencies_ms.append((time.perf_counter() - self._asked) * 1000)
        self._buffer = self._buffer[whole:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc) if exc else self.done.set_result(None)


async def _drive(port: int, questions: Iterator[bytes], connections: int, seconds: float) -> Figures:
    figures = Figures()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + seconds
    made = [
        await loop.create_connection(lambda: _Connection(questions, figures, until), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(connection.done for _, connection in made)), seconds + 30)
    figures.seconds = time.perf_counter() - began
    return figures


def drive(port: int, questions: Iterator[bytes], connections: int = 16, seconds: float = 3.0) -> Figures:
    """Ask `questions` of the server on a loopback port until they or the seconds run out.

    Raises UnreadableAnswer for an answer without a length, OSError where nobody listens, TimeoutError where
    the server stops answering.
    """
    return asyncio.run(_drive(port, questions, connections, seconds))
