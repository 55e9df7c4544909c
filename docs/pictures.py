"""Take the pictures of the pages anew: a served org, some calls through bad weather, and the system's Chromium."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import httpx
from playwright.sync_api import sync_playwright

from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.schema import load_schema
from mocksf.weather import parse_rules
from scenarios.library import stories
from scenarios.page.run import render_run
from scenarios.play import play
from scenarios.weather import storm

HERE = Path(__file__).resolve().parent / "pictures"
API = "/services/data/v66.0"
NAMES = ("Lovelace Analytics", "Hopper Compilers", "Turing & Sons", "Noether Symmetries", "Curie Instruments")
RULES = [
    {"id": "composite", "kind": "latency", "where": {"operation": "composite"}, "median_s": 0.14, "sigma": 0.35},
    {"id": "anywhere", "kind": "latency", "median_s": 0.06, "sigma": 0.4},
    {"id": "lost", "kind": "lost_answer", "where": {"path": "*/composite", "nth": 17}},
    {"id": "overload", "kind": "error", "code": "REQUEST_LIMIT_EXCEEDED", "where": {"operation": "query", "nth": 9}},
    {"id": "deal", "kind": "error", "where": {"part": "opp"}, "how_often": {"chance": 0.06}},
]
PAGES = (
    ("journal", "/journal", "light", 780),
    ("exchange", "/journal/{lost}", "light", 860),
    ("weather", "/weather", "light", 560),
    ("latency", "/latency", "light", 860),
    ("records", "/objects/Account", "dark", 620),
    ("clock", "/clock", "dark", 560),
)


def main() -> None:
    """Write one picture per page."""
    HERE.mkdir(exist_ok=True)
    with ServedOrg(Served(load_schema(["sample"]), rules=parse_rules(RULES), seed=7)) as served:
        with served.client(timeout=1.5) as client, ThreadPoolExecutor(4) as callers:
            list(callers.map(lambda number: _call(client, number), range(48)))
            exchanges = client.get("/_mocksf/journal").json()["exchanges"]
        lost = next(
            each["number"] for each in exchanges if each.get("lost") == "answer" and "lost" in each["fate"]["rules"]
        )
        _photograph(f"{served.url}/_mocksf/ui", lost)


def _call(client: httpx.Client, number: int) -> None:
    """What one call does: look the caller up, write account and deal, read the limits now and then."""
    name, key = NAMES[number % len(NAMES)], f"%2B4930{123400 + number % 12}"
    deal = {"Name": f"{name}: demo", "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": "@{acc.id}"}
    parts = [
        _part("acc", f"Account/Caller_Key__c/{key}", {"Name": name, "Phone": f"+49 30 {123400 + number % 12}"}),
        _part("opp", f"Opportunity/Call_Key__c/call-{number}", deal),
    ]
    with suppress(httpx.TimeoutException):
        client.get(f"{API}/query", params={"q": f"SELECT Id, Name FROM Account WHERE Name = '{name}'"})
        client.post(f"{API}/composite", json={"allOrNone": True, "compositeRequest": parts})
        if number % 6 == 0:
            client.get(f"{API}/limits")


def _part(reference: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "PATCH", "referenceId": reference, "url": f"{API}/sobjects/{path}", "body": body}


def _photograph(url: str, lost: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path, scheme, height in PAGES:
            page = browser.new_page(viewport={"width": 1180, "height": height}, color_scheme=scheme)
            page.goto(url + path.format(lost=lost))
            page.screenshot(path=HERE / f"{name}.png")
        for name, html, scheme, height in _reports():
            page = browser.new_page(viewport={"width": 1280, "height": height}, color_scheme=scheme)
            page.set_content(html)
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


def _reports() -> Iterator[tuple[str, str, Literal["light", "dark"], int]]:
    """The pages of two runs: a story in light, a storm in dark."""
    yield "report", render_run(play(stories()["outage-long"]), 0, "outage-long"), "light", 1380
    yield "report-storm", render_run(play(storm(7).story()), 0, "storm 7"), "dark", 1300


if __name__ == "__main__":
    main()
