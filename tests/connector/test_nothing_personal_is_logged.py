"""A deployed connector through everything that goes wrong: whatever it logs, alerts and counts names nobody."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.connector.deskwork import LARGE
from tests.connector.offices import a_config, begun, ended
from tests.served import control_of

pytestmark = pytest.mark.sockets

PERSON = {"phone": "+14155550188", "name": "Wilhelmina Xylander", "email": "mina@xylander.example",
          "company": "Xylander & Daughters"}  # fmt: skip
TEXTS = ("she mentioned her divorce", "call her at the hospital", "the red folder")
SECRETS = {"ORG_SECRET": "", "HOOK": "", "CONNECTOR_SERVICE_TOKEN": "st-0123456789abcdef"}
FIELDS = {
    "seats": {"target": "Opportunity.Seats__c", "type": "integer"},
    "competitor": {"target": "Opportunity.Competitor__c", "type": "text"},
}
WEATHERS: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"kind": "error", "code": "REQUEST_LIMIT_EXCEEDED", "where": {"operation": "composite"}}],
    [{"kind": "garbled_body", "where": {"path": "*/composite"}}],
    [{"kind": "session_expiry", "where": {"path": "*/composite"}}],
    [{"kind": "timeout"}],
)


class Slack(ThreadingHTTPServer):
    """A webhook that keeps every message."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        super().__init__(("127.0.0.1", 0), Hook)


class Hook(BaseHTTPRequestHandler):
    """Takes a message."""

    server: Slack

    def do_POST(self) -> None:
        """Keep it, and say that it was taken."""
        self.server.messages.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def org(tmp_path: Path) -> Iterator[ServedOrg]:
    (tmp_path / "rules.yaml").write_text(LARGE)
    with ServedOrg(Served(mocksf.load_schema(["sample", str(tmp_path / "rules.yaml")]), seed=7)) as served:
        yield served


def test_whatever_is_logged_alerted_and_counted_names_nobody(tmp_path: Path, org: ServedOrg, slack: Slack):
    config = a_config(org, FIELDS, budget_ms=80, schedule=[0.2], attempt_timeout_s=1.0, slack_webhook={"env": "HOOK"})
    (tmp_path / "c.json").write_text(json.dumps(config))
    held = {**SECRETS, "ORG_SECRET": org.credentials["client_secret"],
            "HOOK": f"http://127.0.0.1:{slack.server_port}/services/T0/B0/hush-hush"}  # fmt: skip
    log = tmp_path / "log"
    with log.open("w") as errors:
        process, said = begun(
            "serve", tmp_path / "c.json", "--port", 0, "--ledger", tmp_path / "ledger.sqlite", log=errors, **held
        )
        head = {"Authorization": f"Bearer {held['CONNECTOR_SERVICE_TOKEN']}"}
        with httpx.Client(base_url=said["url"], headers=head, timeout=30) as client:
            told = _lived(client, org)
        assert ended(process) == 0

    told["a log line"] = log.read_text()
    told["an alert"] = "\n".join(slack.messages)
    words = {
        *PERSON.values(),
        *TEXTS,
        *PERSON["name"].split(),
        PERSON["phone"][1:],
        "415-555",
        *held.values(),
        org.token,
    }
    assert [(where, word) for where, text in told.items() for word in words if word in text] == []
    assert (len(slack.messages) >= 2, "region is not pinned" in told["a log line"]) == (True, True)
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in told["an alert"]


def _lived(client: httpx.Client, org: ServedOrg) -> dict[str, str]:
    """Calls through every weather, bad input, a replay; what the service tells watchers in the end."""
    with control_of(org) as control:
        for number, rules in enumerate(WEATHERS):
            control.put("/rules", json=rules).raise_for_status()
            _call(client, f"c-{number}", 700 if number == 0 else 4)
        control.put("/rules", json=[])
        for body in (
            {"phone": PERSON["phone"]},
            {"turn": 1, "caller": {**PERSON, "phone": "no number"}, "intents": []},
        ):
            client.post("/calls/c-bad/intents", json=body)
        while client.get("/health").json()["pending"] or client.get("/health").json()["untold"]:
            pass
        client.post("/dead-letters/replay", json={"all": True, "actor": "mara", "reason": "mended"})
    shown = {"a metric": "/metrics", "health": "/health", "an entry": "/audit/export", "a list": "/dead-letters"}
    return {where: client.get(path).text for where, path in shown.items()}


def _call(client: httpx.Client, call: str, seats: int) -> None:
    said = [{"name": "seats", "value": seats}, {"name": "competitor", "value": TEXTS[2]}]
    client.post(f"/calls/{call}/intents", json={"turn": 1, "caller": PERSON, "intents": said})
    client.get("/lookup", params={"phone": PERSON["phone"]})
    client.post(f"/calls/{call}/end", json={"summary": TEXTS[0], "disposition": TEXTS[1]})
