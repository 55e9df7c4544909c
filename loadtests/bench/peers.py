"""The org beside WireMock, which answers the same requests with canned bytes and knows nothing: per core, in one run.

WireMock comes from npm (its package carries the JAR) and runs on the machine's Java; where either is missing nothing
is compared. It is tuned: no request journal, no logging, no templates, no compression. It uses every core that it is
given, so what is compared is processor time per request.
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from loadtests.bench.cases import API, Case
from loadtests.bench.client import drive
from loadtests.processes import Server

PACKAGE = "wiremock@3.13.2"
INTO = Path("build/peers")
GOALS = {"get by id": 2.0, "create": 1.5, "SOQL by phone": 2.0, "composite of 3": 0.9}
"""How many times WireMock's rate per core the org must reach."""
WARM_S, WARM_MOST, GROWS = 3.0, 8, 1.05
START_S, INSTALL_S = 30.0, 180
CONNECTIONS = 16
_PATHS = {
    "get by id": rf"{API}/sobjects/Account/.+",
    "create": f"{API}/sobjects/Account",
    "SOQL by phone": f"{API}/query",
    "composite of 3": f"{API}/composite",
}


class NobodyThere(Exception):
    """There is no WireMock to compare with; the message says why."""


def compared(cases: Iterable[Case], ours: Iterable[Mapping[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """A row per case: processor time per request of the org, measured before, and of WireMock. Raises NobodyThere."""
    measured = {row["case"]: row for row in ours}
    known = list(cases)
    with ExitStack() as stack:
        peer = _started(stack, _jar(), [stub(case, measured[case.name]["answer_bytes"]) for case in known])
        for case in known:
            _warm(peer, case)
        return list(_rows(peer, known, measured, seconds))


def _rows(
    peer: Server, cases: Iterable[Case], ours: Mapping[str, Mapping[str, Any]], seconds: float
) -> Iterator[dict[str, Any]]:
    for case in cases:
        before = peer.cpu_seconds() or 0.0
        figures = drive(peer.port, case.questions, CONNECTIONS, seconds)
        spent_us = ((peer.cpu_seconds() or 0.0) - before) / figures.requests * 1e6
        assert not figures.refused, f"WireMock has no stub for '{case.name}'"
        cost_us = ours[case.name]["cpu_us"]
        times = round(spent_us / cost_us, 2) if cost_us else None
        row = {"case": case.name, "cpu_us": cost_us, "peer_cpu_us": round(spent_us, 1), "times": times}
        yield {**row, "goal": GOALS[case.name], "peer_resident_mb": peer.resident_mb()}


def _warm(peer: Server, case: Case) -> None:
    """Drive a case until its rate no longer grows: a JVM compiles what it does often."""
    best = 0.0
    for _ in range(WARM_MOST):
        rate = drive(peer.port, case.questions, CONNECTIONS, WARM_S).per_s
        if rate < best * GROWS:
            return
        best = max(best, rate)


def _jar() -> Path:
    """WireMock's JAR, fetched by npm where it is not there yet."""
    for tool in ("java", "npm"):
        if shutil.which(tool) is None:
            message = f"{tool} is not installed"
            raise NobodyThere(message)
    if not list(INTO.glob("node_modules/wiremock/build/*.jar")):
        INTO.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(INTO), "--no-audit", "--no-fund", "--no-save", PACKAGE]
        subprocess.run(install, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    found = sorted(INTO.glob("node_modules/wiremock/build/*.jar"))
    if not found:
        message = f"npm could not install {PACKAGE}"
        raise NobodyThere(message)
    return found[-1]


def stub(case: Case, answer_bytes: int) -> dict[str, Any]:
    """The same method, path and status, and a body of as many bytes as the org's."""
    head = {"Content-Type": "application/json;charset=UTF-8"}
    return {
        "request": {"method": case.method, "urlPathPattern": _PATHS[case.name]},
        "response": {"status": case.status, "body": "x" * answer_bytes, "headers": head},
    }


def _started(stack: ExitStack, jar: Path, stubs: list[dict[str, Any]]) -> Server:
    root = INTO / "root"
    shutil.rmtree(root, ignore_errors=True)
    (root / "mappings").mkdir(parents=True)
    for number, each in enumerate(stubs):
        (root / "mappings" / f"{number}.json").write_text(json.dumps(each), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["java", "-jar", str(jar), "--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(root)]
    command += ["--no-request-journal", "--disable-request-logging", "--disable-gzip", "--disable-banner"]
    quiet = subprocess.DEVNULL
    server = Server(
        subprocess.Popen(command, stdout=quiet, stderr=quiet, text=True), {"url": f"http://127.0.0.1:{port}"}
    )
    stack.callback(server.stop)
    until = time.monotonic() + START_S
    while not _answers(port):
        if time.monotonic() > until or server.process.poll() is not None:
            message = f"WireMock did not answer within {START_S:g} s"
            raise NobodyThere(message)
        time.sleep(0.2)
    return server


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def show(rows: list[dict[str, Any]]) -> None:
    """The comparison as a person reads it."""
    print(f"\n{'beside WireMock, per core':<28}{'org µs':>9}{'WireMock µs':>13}{'times':>8}{'goal':>7}")
    for row in rows:
        print(f"{row['case']:<28}{row['cpu_us']:>9}{row['peer_cpu_us']:>13}{row['times']:>8}{row['goal']:>7}")
