"""A real process, killed without warning at a named point, and the one that takes up its ledger."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.live.rows import stored, verify
from connector.live.verifying import anchored

pytestmark = pytest.mark.sockets

FIELDS = {"seats": {"target": "Opportunity.Seats__c", "type": "integer"}}
TURN = {"turn": 1, "caller": {"phone": "+14155550100"}, "intents": [{"name": "seats", "value": 7}]}
PATIENCE_S = 20.0


def started(*arguments: object, **environ: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """A server of ours and the line with which it said that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", *(str(each) for each in arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def ended(process: subprocess.Popen[str]) -> int:
    """Ask it to end, and see that it does."""
    process.send_signal(signal.SIGTERM)
    code = process.wait(PATIENCE_S)
    assert process.stdout is not None
    process.stdout.close()
    return code


@pytest.fixture(scope="module")
def org() -> Iterator[dict[str, Any]]:
    process, said = started("mocksf", "serve", "--port", 0, "--schema", "sample", "--clock", "scaled:60")
    yield said
    ended(process)


@pytest.fixture
def folder(tmp_path: Path, org: dict[str, Any]) -> Path:
    login = {"instance_url": org["url"], "client_id": org["client_id"], "client_secret": {"env": "S"}}
    config = {"org": {"login": login}, "fields": FIELDS, "delivery": {"attempt_timeout_s": 15.0, "budget_ms": 60_000}}
    (tmp_path / "connector.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def connector(folder: Path, org: dict[str, Any], failpoint: str = "") -> tuple[subprocess.Popen[str], dict[str, Any]]:
    ledger, config = folder / "ledger.sqlite", folder / "connector.json"
    return started(
        "connector", "serve", config, "--ledger", ledger, "--port", 0, "--clock", "scaled:60",
        S=org["client_secret"], CONNECTOR_FAILPOINT=failpoint,
    )  # fmt: skip


def tell(url: str, call: str) -> int | None:
    """Tell a turn; the status, or None where the process died over it."""
    try:
        return httpx.post(f"{url}/calls/{call}/intents", json=TURN, timeout=PATIENCE_S).status_code
    except httpx.HTTPError:
        return None


def opportunities(org: dict[str, Any], call: str) -> list[float]:
    soql = f"SELECT Seats__c FROM Opportunity WHERE Call_Key__c = '{call}'"
    headers = {"Authorization": f"Bearer {org['token']}"}
    answer = httpx.get(f"{org['url']}/services/data/v66.0/query", params={"q": soql}, headers=headers)
    return [row["Seats__c"] for row in answer.json()["records"]]


@pytest.mark.parametrize(
    ("failpoint", "promised"),
    [("before_group", False), ("after_group", True), ("before_send:6", True), ("after_answer:6", True)],
)
def test_killed_at_any_point_it_writes_once_what_it_promised(folder, org, failpoint: str, promised: bool):
    call = f"killed-{failpoint.replace(':', '-')}"
    process, ready = connector(folder, org, failpoint)
    assert tell(ready["url"], call) is None
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    process.stdout.close()

    process, ready = connector(folder, org)
    again = tell(ready["url"], call)
    kinds = settled(ready["url"])
    assert ended(process) == 0

    assert (again in {200, 202}, ready["recovered"]) == (True, int(promised))
    assert opportunities(org, call) == [7.0]
    assert (kinds.count("accepted"), kinds[-1]) == (1, "committed")
    assert verify(folder / "ledger.sqlite", anchored(folder / "ledger.sqlite.anchor")).broken is None
    assert [entry.seq for entry in stored(folder / "ledger.sqlite")] == list(range(1, len(kinds) + 1))


def settled(url: str) -> list[str]:
    """The kinds of all entries, once nothing is under way any more."""
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
        while client.get("/health").json()["pending"]:
            pass
        return [entry["kind"] for entry in client.get("/audit").json()["entries"]]
