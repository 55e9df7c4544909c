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


def content_length(head: bytes) -> int:
    """The body's length as the answer's head states it. Raises UnreadableAnswer where it does not."""
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    if at < 0:
        message = f"an answer without Content-Length: {head[:80]!r}"
        raise UnreadableAnswer(message)
    return int(lowered[at + 15 : lowered.find(b"\r\n", at)])


class _Connection(asyncio.Protocol):
    """One connection that asks the next question as soon as it has its answer."""

    def __init__(self, questions: Iterator[bytes], figures: Figures, until: float) -> None:
        self._questions, self._figures, self._until = questions, figures, until
        self._buffer = b""
        self._wanted = -1
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
        if self._wanted < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._wanted = end + 4 + content_length(self._buffer[: end + 2])
        if len(self._buffer) >= self._wanted:
            self._note()
            self._ask()

    def _note(self) -> None:
        figures = self._figures
        figures.requests += 1
        figures.refused += self._buffer[9:10] not in b"2"
        figures.answer_bytes = self._wanted - self._buffer.find(b"\r\n\r\n") - 4
        figures.latencies_ms.append((time.perf_counter() - self._asked) * 1000)
        self._buffer, self._wanted = self._buffer[self._wanted :], -1

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

    Raises UnreadableAnswer for an answer without Content-Length, OSError where nobody listens, TimeoutError where
    the server stops answering.
    """
    return asyncio.run(_drive(port, questions, connections, seconds))
