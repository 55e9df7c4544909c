"""How exactly a delay is kept on a real socket: how late answers come, with so many requests in flight.

Each request is sent at its own instant, evenly spread, so that with a delay of a second as many are in flight as are
sent in a second. What an answer takes without any rule, at the same rate, stands beside it.
"""

import asyncio
import json
import sys
from typing import Any

import httpx

from loadtests.processes import Server, start

DELAY_S = 1.0
IN_FLIGHT = (1, 200, 500, 1000)
SECONDS = 3.0
PATH = "/services/data/v66.0/limits"


def delays() -> list[dict[str, Any]]:
    """One row per load, in ms: lateness with a rule, and the answer's time without one."""
    server = start([sys.executable, "-m", "mocksf", "serve", "--port", "0"])
    try:
        return [_row(server, load) for load in IN_FLIGHT]
    finally:
        server.stop()


def _row(server: Server, load: int) -> dict[str, Any]:
    rule = {"kind": "latency", "seconds": DELAY_S, "where": {"path": "*/limits"}}
    httpx.put(f"{server.url}/_mocksf/rules", json=[]).raise_for_status()
    plain = asyncio.run(_spread(server, load))
    httpx.put(f"{server.url}/_mocksf/rules", json=[rule]).raise_for_status()
    late = [each - DELAY_S for each in asyncio.run(_spread(server, load))]
    return {
        "in_flight": load,
        "late_p50_ms": _quantile(late, 0.5),
        "late_p99_ms": _quantile(late, 0.99),
        "earliest_ms": _quantile(late, 0.0),
        "without_p50_ms": _quantile(plain, 0.5),
        "without_p99_ms": _quantile(plain, 0.99),
    }


async def _spread(server: Server, load: int) -> list[float]:
    """Seconds that each answer took, from the instant at which its bytes were handed to the kernel."""
    loop = asyncio.get_running_loop()
    head = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.said['token']}\r\n\r\n".encode()
    lanes = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(load * 2)]
    begun, took = loop.time() + 0.05, list[float]()

    async def ask(number: int) -> None:
        reader, writer = lanes[number % len(lanes)]
        await asyncio.sleep(begun + number / load - loop.time())
        sent = loop.time()
        writer.write(head)
        await reader.readuntil(b"0\r\n\r\n")
        took.append(loop.time() - sent)

    await asyncio.gather(*(ask(number) for number in range(int(load * SECONDS))))
    for _, writer in lanes:
        writer.close()
    return took


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000, 3)


def show(rows: list[dict[str, Any]]) -> None:
    """The table, as a person reads it."""
    head = (
        f"\n{'a delay of a second, kept':<28}{'late p50':>10}{'p99':>9}{'earliest':>10}{'no rule p50':>13}{'p99':>9}\n"
    )
    sys.stdout.write(head)
    for row in rows:
        cells = [
            row[name] for name in ("late_p50_ms", "late_p99_ms", "earliest_ms", "without_p50_ms", "without_p99_ms")
        ]
        widths = (10, 9, 10, 13, 9)
        told = "".join(f"{cell:>{width}.2f}" for cell, width in zip(cells, widths, strict=True))
        sys.stdout.write(f"{str(row['in_flight']) + ' in flight':<28}{told} ms\n")


if __name__ == "__main__":
    found = delays()
    show(found)
    sys.stdout.write(json.dumps(found) + "\n")
