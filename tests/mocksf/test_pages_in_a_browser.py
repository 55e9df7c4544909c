"""The pages in a real browser: keys, forms, dark and light, and nothing that comes from elsewhere."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.served import ACCOUNT, API, control_of

sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install playwright")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATHS = ("/", "/objects", "/objects/Account", "/objects/Account/describe", "/journal", "/journal/1", "/weather",
         "/weather/new", "/latency", "/clock", "/orgs", "/api")  # fmt: skip

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7)) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *root])
        yield running
        running.close()


@pytest.fixture
def control(server: ServedOrg) -> Iterator[httpx.Client]:
    """A calm org with one account, which was asked for once."""
    with control_of(server) as client, server.client() as sf:
        sf.post(ACCOUNT, json={"Name": "<img src=x onerror=alert(1)>"})
        sf.get(f"{API}/limits")
        yield client


@pytest.fixture
def page(browser: Any, control: httpx.Client) -> Iterator[Any]:
    """A page whose every complaint is kept in `complaints`, and every request in `asked`."""
    opened = browser.new_page(base_url=f"{control.base_url}ui/", viewport={"width": 1200, "height": 800})
    opened.set_default_timeout(10_000)
    opened.complaints, opened.asked = [], []
    opened.on("console", lambda said: opened.complaints.append(said.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    opened.close()


def test_every_page_is_quiet_and_asks_this_server_alone(page: Any, server: ServedOrg):
    for path in PATHS:
        assert page.goto(path.lstrip("/")).status == 200

    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(server.url)] == []


def test_no_page_is_wider_than_a_telephone(page: Any):
    page.set_viewport_size({"width": 390, "height": 800})
    wide = []
    for path in PATHS:
        page.goto(path.lstrip("/"))
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path)

    assert wide == []


def test_keys_lead_everywhere(page: Any):
    page.goto("")
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.wait_for_url("**/ui/journal")

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "path"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_url("**/ui/journal/1")
    assert page.inner_text("h1") == f"POST {ACCOUNT}"


def test_the_first_tab_leads_past_the_navigation(page: Any):
    page.goto("journal")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_a_rule_is_mended_laid_down_and_switched_off(page: Any, control: httpx.Client):
    page.goto("weather/new")
    page.select_option("#kind", "error")
    page.fill("#settings", "kode: SERVER_UNAVAILABLE")
    page.click("text=Lay it down")
    assert "no such key" in page.inner_text("#problem-settings")
    assert page.get_attribute("#settings", "aria-invalid") == "true"

    page.fill("#settings", "code: SERVER_UNAVAILABLE")
    page.click("text=Lay it down")
    page.wait_for_url("**/ui/weather")
    page.click("[aria-label='Switch r1 off']")

    page.wait_for_selector("text=Switched off")
    assert (control.get("/rules").json(), len(control.get("/rules/off").json())) == ([], 1)


def test_the_clock_is_moved_with_a_click(page: Any, control: httpx.Client):
    page.goto("clock")
    page.click("text=1 hour")

    page.wait_for_selector("text=2026-01-05 10:00:00")
    assert control.get("/clock").json()["now"] == "2026-01-05T10:00:00+00:00"


def test_light_and_dark_are_both_there(page: Any):
    def ground(scheme: str) -> str:
        page.emulate_media(color_scheme=scheme)
        page.goto("")
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert (ground("light"), ground("dark")) == ("rgb(246, 247, 249)", "rgb(18, 22, 28)")


def test_the_curves_are_drawn_against_the_line(page: Any):
    page.goto("latency")
    line, chart = page.locator("line.limit").bounding_box(), page.locator("svg.chart").bounding_box()

    assert chart["x"] < line["x"] < chart["x"] + chart["width"]
    assert page.locator("polyline").count() == 2
