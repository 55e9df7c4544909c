"""Take the pictures of the connector's pages anew: a served org, calls, dead letters, and the system's Chromium."""

import asyncio
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import uvicorn
import yaml
from playwright.sync_api import Page, sync_playwright

from connector.live.clock import ScaledClock
from connector.live.start import Setting, Stack, put_together
from connector.service import Keys, OrgHere, services
from connector.service.access import add
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.schema import load_schema

HERE = Path(__file__).resolve().parent / "pictures"
CONFIG = Path(__file__).resolve().parent.parent / "connector" / "sample.yaml"
WEATHER = [
    {"id": "speed", "kind": "latency", "where": {"operation": "composite"}, "median_s": 0.11, "sigma": 0.3},
    {"id": "lock", "kind": "row_lock", "where": {"path": "*/composite", "nth": 13}},
]
OUTAGES: list[list[dict[str, Any]]] = [
    [{"id": "limit", "kind": "error", "code": "REQUEST_LIMIT_EXCEEDED", "where": {"operation": "composite"}}],
    [{"id": "twin", "kind": "error", "code": "DUPLICATES_DETECTED", "where": {"part": "con"}}],
]
RULES = """
objects:
  Opportunity:
    validationRules:
      Large: {errorConditionFormula: Seats__c > 500, errorMessage: Beyond 500 seats a deal needs an approver}
"""
RECORDING = """name: demo-request
script:
- step: seats
  says: For how many people?
  hears: [seats]
- step: horizon
  says: When will you decide?
  hears: [decision_horizon]
intents:
- {turn: 1, name: seats, value: 40}
- {turn: 2, name: decision_horizon, value: this_quarter}
"""
NAMES = ("Ada Berg", "Grace Holm", "Alan Stone", "Emmy Lind", "Marie Vale")
Scheme = Literal["light", "dark"]
PAGES: tuple[tuple[str, str, Scheme, int], ...] = (
    ("connector-overview", "/", "light", 820),
    ("connector-overview-dark", "/", "dark", 820),
    ("connector-call", "/calls/call-12", "light", 860),
    ("connector-call-dark", "/calls/call-12", "dark", 860),
    ("connector-letters", "/dead-letters", "light", 700),
    ("connector-letters-dark", "/dead-letters", "dark", 700),
    ("connector-letter", "/dead-letters/{letter}?reveal=1", "light", 1060),
    ("connector-letter-dark", "/dead-letters/{letter}?reveal=1", "dark", 1060),
    ("connector-map", "/map?propose=1", "light", 1240),
    ("connector-map-dark", "/map?propose=1", "dark", 1240),
    ("connector-settings", "/settings", "light", 1060),
    ("connector-settings-dark", "/settings", "dark", 1060),
    ("connector-deploy", "/deploy", "light", 1180),
    ("connector-deploy-dark", "/deploy", "dark", 1180),
    ("connector-audit", "/audit?verify=1", "light", 820),
    ("connector-audit-dark", "/audit?verify=1", "dark", 820),
)


def main() -> None:
    """Write one picture per page."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rules.yaml").write_text(RULES)
        schema = load_schema(["sample", str(Path(folder) / "rules.yaml")])
        with ServedOrg(Served(schema, seed=7)) as org, served(Path(folder) / "connector", org) as (url, key):
            _photograph(url, key, _lived(org, url, key))


@contextmanager
def served(folder: Path, org: ServedOrg) -> Iterator[tuple[str, str]]:
    """The connector's service over an org, on a port of its own; its address and the key of somebody who may do all."""
    folder.mkdir()
    config = yaml.safe_load(CONFIG.read_text())
    config["org"] |= {"name": "acme"}
    config["org"]["login"] |= {"instance_url": org.url}
    config["delivery"] = {"schedule": [0.2, 1]}
    (folder / "acme.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    key = add(folder / "keys.yaml", "mara", "admin")
    environ = {**os.environ, "SALESFORCE_CLIENT_SECRET": org.credentials["client_secret"]}
    stack = put_together(Setting(folder / "acme.yaml", folder / "ledger.sqlite", seed=1), ScaledClock(), environ)
    app = services([OrgHere("acme", stack.hub, stack.book)], None, None, Keys(folder / "keys.yaml"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=asyncio.run, args=(_serving(server, stack),))
    thread.start()
    while not server.started:
        threading.Event().wait(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", key
    finally:
        server.should_exit = True
        thread.join()


async def _serving(server: uvicorn.Server, stack: Stack) -> None:
    await stack.settle()
    await server.serve()
    await stack.close()


def _lived(org: ServedOrg, url: str, key: str) -> str:
    """Some calls through bad weather; the key of a dead letter."""
    with httpx.Client(base_url=url, headers={"X-API-Key": key}, timeout=30) as client:
        _under(org, WEATHER)
        for number in range(12):
            _call(client, number, 12 * (number + 1))
        for number, rules in enumerate(OUTAGES, 12):
            _under(org, rules)
            _call(client, number, 40)
            _rest(client)
        _under(org, WEATHER[:1])
        _call(client, 17, 300)
        for number in (18, 17):
            _call(client, number, 600, turn=3)
        _rest(client)
        _rehearsed(url, key)
        letters = client.get("/dead-letters", params={"category": "validation rule"}).json()["letters"]
    return str(letters[-1]["key"])


def _rehearsed(url: str, key: str) -> None:
    """A deploy rehearsed from its page, to its end."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=30) as visitor:
        visitor.post("/ui/login", data={"key": key}).raise_for_status()
        form = dict(
            re.findall(r'<input[^>]* name="(proof|place)"[^>]* value="([^"]*)"', visitor.get("/ui/deploy").text)
        )
        asked = {**form, "map": "keep", "recording": RECORDING, "deed": "start"}
        visitor.post("/ui/deploy", data=asked).raise_for_status()
        while "Under way" in visitor.get("/ui/deploy").text:
            threading.Event().wait(0.2)


def _under(org: ServedOrg, rules: list[dict[str, Any]]) -> None:
    with httpx.Client(base_url=f"{org.url}/_mocksf") as control:
        control.put("/rules", json=rules).raise_for_status()


def _rest(client: httpx.Client) -> None:
    while client.get("/health").json()["pending"]:
        threading.Event().wait(0.2)


def _call(client: httpx.Client, number: int, seats: int, turn: int = 1) -> None:
    caller = {"phone": f"+1415555{100 + number:04}", "name": NAMES[number % len(NAMES)], "looked_up": True}
    said = [
        {"name": "demo_requested"},
        {"name": "seats", "value": seats},
        {"name": "decision_horizon", "value": "this_quarter" if turn == 1 else "this_month"},
    ]
    client.post(f"/calls/call-{number}/intents", json={"turn": turn, "caller": caller, "intents": said})
    if number % 2 == 0 and turn == 1:
        more = [{"name": "competitor_named", "value": "Globex"}, {"name": "preferred_channel", "value": "email"}]
        client.post(f"/calls/call-{number}/intents", json={"turn": 2, "caller": caller, "intents": more})
    if turn == 1:
        client.post(f"/calls/call-{number}/end", json={"summary": "Wants a demo", "duration_s": 240})


def _photograph(url: str, key: str, letter: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path, scheme, height in PAGES:
            page = browser.new_page(viewport={"width": 1240, "height": height}, color_scheme=scheme)
            _in(page, url, key)
            page.goto(f"{url}/ui{path.format(letter=letter.replace('+', '%2B'))}")
            page.screenshot(path=HERE / f"{name}.png")
            page.close()
        browser.close()


def _in(page: Page, url: str, key: str) -> Any:
    page.goto(f"{url}/ui/login")
    page.fill("[name=key]", key)
    page.click("text=Come in >> nth=-1")


if __name__ == "__main__":
    main()
