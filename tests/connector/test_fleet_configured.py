"""Two service processes on one ledger in PostgreSQL: what one puts in force the other goes by, without a restart."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.connector.ledgers import KEY, DatabaseShelf
from tests.connector.served import begun, ready, started

pytestmark = pytest.mark.sockets

FIELDS = {"seats": {"target": "Opportunity.Seats__c", "type": "integer"}}
WIDER = {**FIELDS, "next_step": {"target": "Opportunity.NextStep", "type": "text"}}
LOOKS = 20_000


def a_config(org: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    login = {"instance_url": org["url"], "client_id": "mocksf", "client_secret": {"env": "ORG_SECRET"}}
    return {"org": {"name": "acme", "login": login}, "delivery": {"budget_ms": 60_000}, "fields": fields}


def test_what_one_process_puts_in_force_the_other_goes_by(database: DatabaseShelf, tmp_path: Path):
    org = started("mocksf", "serve", "--port", 0, "--schema", "sample")
    (tmp_path / "acme.json").write_text(json.dumps(a_config(org.said, FIELDS)))
    environ = {"ORG_SECRET": org.said["client_secret"], "CONNECTOR_LEDGER_KEY": KEY, "CONNECTOR_TOKEN": ""}
    command = ("connector", "serve", tmp_path / "acme.json", "--port", 0, "--ledger", database.place)
    on_their_way = [begun(*command, **environ) for _ in range(2)]
    first, second = (ready(each) for each in on_their_way)
    turn = {
        "turn": 1,
        "caller": {"phone": "+14155550100", "looked_up": True},
        "intents": [{"name": "next_step", "value": "a demo"}],
    }
    try:
        with httpx.Client(timeout=20) as client:
            unknown = client.post(f"{second.url}/calls/a/intents", json=turn).status_code
            order = {
                "config": a_config(org.said, WIDER),
                "actor": "mara",
                "reason": "the next step is heard",
                "base": 0,
            }
            assert client.post(f"{first.url}/config/activate", json=order).status_code == 200
            for _ in range(LOOKS):
                fields = client.get(f"{second.url}/config").json()["config"]["fields"]
                if fields == WIDER:
                    break
            told = client.post(f"{second.url}/calls/b/intents", json=turn).json()
    finally:
        codes = [each.ended() for each in (first, second, org)]

    assert (unknown, told["status"]) == (422, "committed")
    assert codes == [0, 0, 0]
