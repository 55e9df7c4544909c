"""python -m loadtests.bench: the org beside a bare server in one run, as a table and as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtests.bench.beginnings import beginnings
from loadtests.bench.cases import Case, bare, cases, fill
from loadtests.bench.client import Figures, drive
from loadtests.bench.delays import delays
from loadtests.bench.delays import show as show_delays
from loadtests.bench.inside import inside
from loadtests.bench.journal import journal
from loadtests.bench.peers import NobodyThere, compared
from loadtests.bench.peers import show as show_peer
from loadtests.bench.scale import FULL_SIZES, SIZES, scale
from loadtests.bench.scale import show as show_scale
from loadtests.processes import Server, start

SERVER_CORE, CLIENT_CORE = 0, 1
ROUNDS = 5
"""Each pair is measured this often, in turn; the median ratio stands."""


def main() -> None:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(prog="loadtests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each measurement lasts (default 1)")
    parser.add_argument("--connections", type=int, default=16, help="how many connections ask at once (default 16)")
    parser.add_argument("--million", action="store_true", help="scale up to a million records (takes a minute more)")
    parser.add_argument("--postgres", help="address of a PostgreSQL on which the connector's journal is measured too")
    options = parser.parse_args()
    say("over HTTP, beside a bare server")
    rows, beside = over_http(min(options.seconds, 30.0), min(options.connections, 64))
    cost_us = {row["case"]: row["cpu_us"] or 1e6 / row["per_s"] for row in rows}
    times = {"a composite of 3 costs so many creates": round(cost_us["composite of 3"] / cost_us["create"], 2)}
    say("worlds, resets, forks, schemas")
    figures: dict[str, Any] = {"cores": os.cpu_count(), "http": rows, "wiremock": beside}
    say("the connector's journal")
    written = journal(min(options.seconds, 30.0), options.postgres)
    figures["inside"] = {**times, **inside(), **beginnings(), **written}
    figures["scale"] = scale(FULL_SIZES if options.million else SIZES, say)
    figures["delays"] = delays()
    show(figures)
    show_scale(figures["scale"])
    show_delays(figures["delays"])
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def say(what: str) -> None:
    """What is being measured; not among the figures, which may go into a file."""
    print(f"  … {what}", file=sys.stderr, flush=True)


def over_http(seconds: float, connections: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One row per case: requests per second of the org, of the bare server, their ratio; then beside WireMock."""
    with ExitStack() as stack:
        org = _served(stack, [sys.executable, "-m", "mocksf", "serve", "--port", "0", "--schema", "sample"])
        plain = _served(stack, [sys.executable, "-m", "loadtests.bench.bare"])
        if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > CLIENT_CORE:
            os.sched_setaffinity(0, {CLIENT_CORE})
        token = str(org.said["token"])
        ids = fill(org.url, token)
        asked = cases(token, ids)
        rows = [_compared(case, org, plain, seconds, connections) for case in _told(asked)]
    return rows, _beside_wiremock(asked, rows, seconds)


def _beside_wiremock(asked: list[Case], rows: list[dict[str, Any]], seconds: float) -> list[dict[str, Any]]:
    say("beside WireMock")
    try:
        return compared(asked, rows, seconds)
    except NobodyThere as reason:
        say(f"not compared: {reason}")
        return []


def _told(measured: list[Case]) -> Iterator[Case]:
    for each in measured:
        say(each.name)
        yield each


def _served(stack: ExitStack, command: list[str]) -> Server:
    server = start(command)
    stack.callback(server.stop)
    server.pin(SERVER_CORE)
    return server


@dataclass(frozen=True, slots=True)
class Measured:
    """One server under one case: what the client saw, and what the server spent."""

    figures: Figures
    cpu_us: float | None
    """Processor time per request in microseconds: what stays true on a machine that others use too."""


def _measured(server: Server, questions: Iterator[bytes], seconds: float, connections: int) -> Measured:
    before = server.cpu_seconds()
    figures = drive(server.port, questions, connections, seconds)
    after = server.cpu_seconds()
    spent = None if before is None or after is None else (after - before) / figures.requests * 1e6
    return Measured(figures, spent)


def _compared(case: Case, org: Server, plain: Server, seconds: float, connections: int) -> dict[str, Any]:
    """Org and bare server by turns, so that a noisy neighbour troubles both."""
    token = str(org.said["token"])
    pairs: list[tuple[Measured, Measured]] = []
    for _ in range(ROUNDS):
        ours = _measured(org, case.questions, seconds, connections)
        refused, asked = ours.figures.refused, ours.figures.requests
        assert not refused, f"{refused} of {asked} requests of '{case.name}' were refused"
        asking = bare(case, token, ours.figures.answer_bytes)
        pairs.append((ours, _measured(plain, asking, seconds, connections)))
    ours, base = sorted(pairs, key=_ratio)[ROUNDS // 2]
    return {
        "case": case.name,
        "per_s": round(ours.figures.per_s),
        "bare_per_s": round(base.figures.per_s),
        "ratio": round(_ratio((ours, base)), 3),
        "goal": case.goal,
        "cpu_us": _rounded(ours.cpu_us),
        "bare_cpu_us": _rounded(base.cpu_us),
        "p50_ms": round(ours.figures.p50_ms, 3),
        "bare_p50_ms": round(base.figures.p50_ms, 3),
        "answer_bytes": ours.figures.answer_bytes,
        "requests": sum(pair[0].figures.requests for pair in pairs),
        "resident_mb": org.resident_mb(),
    }


def _ratio(pair: tuple[Measured, Measured]) -> float:
    """The org's rate as a share of the bare server's: by processor time where the platform tells it, else by rates."""
    ours, base = pair
    if ours.cpu_us and base.cpu_us:
        return base.cpu_us / ours.cpu_us
    return ours.figures.per_s / base.figures.per_s


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def show(figures: dict[str, Any]) -> None:
    """The table, as a person reads it."""
    print(f"{'':<18}{'org/s':>9}{'bare/s':>9}{'org µs':>9}{'bare µs':>9}{'of bare':>9}{'goal':>7}{'bytes':>8}")
    for row in figures["http"]:
        rates = f"{row['case']:<18}{row['per_s']:>9,}{row['bare_per_s']:>9,}"
        spent = f"{row['cpu_us'] or '':>9}{row['bare_cpu_us'] or '':>9}"
        print(f"{rates}{spent}{row['ratio']:>9.0%}{row['goal']:>7.0%}{row['answer_bytes']:>8,}")
    if figures["wiremock"]:
        show_peer(figures["wiremock"])
    for name, value in figures["inside"].items():
        print(f"{name.replace('_', ' '):<42}{value:>12,}")


if __name__ == "__main__":
    main()
