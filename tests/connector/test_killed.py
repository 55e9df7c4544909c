"""A real process, killed without warning at a named point, and the one that takes up its ledger."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.live.rows import stored, verify
from connector.live.verifying import anchored
from tests.connector.served import Served, at_rest, posted, rows, started

pytestmark = pytest.mark.sockets

FIELDS = {"seats": {"target": "Opportunity.Seats__c", "type": "integer"}}
TURN = {"turn": 1, "caller": {"phone": "+14155550100"}, "intents": [{"name": "seats", "value": 7}]}


@pytest.fixture(scope="module")
def org() -> Iterator[dict[str, Any]]:
    served = started("mocksf", "serve", "--port", 0, "--schema", "sample", "--clock", "scaled:60")
    yield served.said
    served.ended()


@pytest.fixture
def folder(tmp_path: Path, org: dict[str, Any]) -> Path:
    login = {"instance_url": org["url"], "client_id": org["client_id"], "client_secret": {"env": "S"}}
    config = {"org": {"login": login}, "fields": FIELDS, "delivery": {"attempt_timeout_s": 15.0, "budget_ms": 60_000}}
    (tmp_path / "connector.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def connector(folder: Path, org: dict[str, Any], failpoint: str = "") -> Served:
    ledger, config = folder / "ledger.sqlite", folder / "connector.json"
    return started(
        "connector", "serve", config, "--ledger", ledger, "--port", 0, "--clock", "scaled:60",
        S=org["client_secret"], CONNECTOR_FAILPOINT=failpoint,
    )  # fmt: skip


def tell(served: Served, call: str) -> int | None:
    """Tell a turn; the status, or None where the process died over it."""
    return posted(f"{served.url}/calls/{call}/intents", TURN)


@pytest.mark.parametrize(
    ("failpoint", "promised"),
    [("before_group", False), ("after_group", True), ("before_send:6", True), ("after_answer:6", True)],
)
def test_killed_at_any_point_it_writes_once_what_it_promised(folder, org, failpoint: str, promised: bool):
    call = f"killed-{failpoint.replace(':', '-')}"
    served = connector(folder, org, failpoint)
    assert tell(served, call) is None
    assert served.gone() == -signal.SIGKILL

    served = connector(folder, org)
    again = tell(served, call)
    at_rest(served.url)
    assert served.ended() == 0

    kinds = [entry.kind for entry in stored(folder / "ledger.sqlite")]
    opportunities = rows(org, f"SELECT Seats__c FROM Opportunity WHERE Call_Key__c = '{call}'")
    assert (again in {200, 202}, served.said["recovered"]) == (True, int(promised))
    assert [row["Seats__c"] for row in opportunities] == [7.0]
    assert (kinds.count("accepted"), kinds[-1]) == (1, "committed")
    assert verify(folder / "ledger.sqlite", anchored(folder / "ledger.sqlite.anchor")).broken is None
