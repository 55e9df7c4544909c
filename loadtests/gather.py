"""Reads the evidence of a run where it lies: the org by SOQL, the connector by its audit, callers by their files."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from loadtests.calls import targets
from loadtests.evidence import SCHEDULE, Course, Evidence, Row, Step, read_told
from loadtests.laws import breaches, witness_of
from loadtests.profiles import Profile
from loadtests.recorder import Recorder
from loadtests.stack import Stack
from loadtests.verdict import KEYS

QUERY = "/services/data/v66.0/query"
POLL_S = 0.5
TOLD, LATENCIES = "told-*.jsonl", "latencies-*.json"
"""What each Locust process leaves behind."""


def gather(stack: Stack, profile: Profile, into: Path) -> tuple[Evidence, Recorder]:
    """Wait until nothing is pending (or the profile's patience ends), then read everything."""
    entries = rested(stack, profile.limits.drain_s)
    told = [each for path in sorted(into.glob(TOLD)) for each in read_told(path)]
    recorder = Recorder.load(*sorted(into.glob(LATENCIES)))
    turns = recorder.series.get("intents")
    with _org(stack) as client:
        secrets = (stack.token, str(stack.org.said["client_secret"]), str(stack.org.said["token"]))
        seen = witness_of(told, entries, targets(), KEYS, lambda soql: _plain(_selected(client, soql)), secrets)
        broken = breaches(seen)
    evidence = Evidence(
        told=told,
        courses=courses(entries),
        rows=dict(rows(stack)),
        field_map=targets(),
        schedule=SCHEDULE,
        scale=profile.scale,
        breaches=broken,
        within_budget=turns.within_ms(profile.limits.budget_ms) if turns else 0.0,
    )
    return evidence, recorder


def rested(stack: Stack, patience_s: float) -> list[Mapping[str, Any]]:
    """The connector's ledger, once every delivery has ended, or as it stands when patience ends."""
    deadline = time.monotonic() + patience_s
    while True:
        entries = ledger(stack)
        pending = any(course.end == "pending" for course in courses(entries).values())
        if not pending or time.monotonic() > deadline:
            return entries
        time.sleep(POLL_S)


def ledger(stack: Stack) -> list[Mapping[str, Any]]:
    """Every entry of the connector's ledger, oldest first."""
    headers = {"Authorization": f"Bearer {stack.token}"}
    with httpx.Client(base_url=stack.connector.url, headers=headers, timeout=30.0) as client:
        return [entry for page in _pages(client) for entry in page]


def _pages(client: httpx.Client) -> Iterator[list[Mapping[str, Any]]]:
    after = 0
    while True:
        page = client.get("/audit", params={"after": after, "limit": 1000}).raise_for_status().json()["entries"]
        if not page:
            return
        yield page
        after = page[-1]["seq"]


def courses(entries: Sequence[Mapping[str, Any]]) -> dict[str, Course]:
    """Ledger entries told apart by delivery."""
    steps: dict[str, list[Step]] = {}
    for entry in entries:
        if entry.get("delivery"):
            at_s = datetime.fromisoformat(entry["at"]).timestamp()
            steps.setdefault(entry["delivery"], []).append(Step(entry["kind"], at_s))
    accepted = {key: found for key, found in steps.items() if found[0].kind == "accepted"}
    return {key: Course(key, tuple(found)) for key, found in accepted.items()}


def rows(stack: Stack) -> Iterator[tuple[str, list[Row]]]:
    """The org's records of each kind that calls write, with every mapped field."""
    with _org(stack) as client:
        for sobject, key in KEYS.items():
            mapped = {target.split(".")[1] for target in targets().values() if target.startswith(f"{sobject}.")}
            yield sobject, _selected(client, f"SELECT {', '.join(sorted({key, *mapped}))} FROM {sobject}")


def _org(stack: Stack) -> httpx.Client:
    headers = {"Authorization": f"Bearer {stack.org.said['token']}"}
    return httpx.Client(base_url=stack.org.url, headers=headers, timeout=30.0)


def _plain(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "attributes"} for row in rows]


def _selected(client: httpx.Client, soql: str) -> list[Row]:
    answer = client.get(QUERY, params={"q": soql}).raise_for_status().json()
    found: list[Row] = list(answer["records"])
    while "nextRecordsUrl" in answer:
        answer = client.get(answer["nextRecordsUrl"]).raise_for_status().json()
        found += answer["records"]
    return found
