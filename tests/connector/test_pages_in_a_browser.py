"""The connector's pages in a real browser: keys, live validation, half edits, light and dark, and no other host."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mocksf.doors.tenancy import ServedOrg
from tests.connector.deskwork import an_office, head, stands, told
from tests.connector.offices import Served, of_call

sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install playwright")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
LETTER = "/dead-letters/b-dead/1/seats"
RECORDING = "script: [{says: How many, hears: [seats]}]\nintents: [{name: seats, value: 12}]"
PATHS = (
    "/", "/calls", "/calls/b-fine", "/calls/b-dead", "/dead-letters", LETTER, f"{LETTER}?reveal=1", "/map?propose=1",
    "/settings", "/settings/text", "/settings/history", "/settings/history/0", "/deploy",
    "/audit?verify=1",
)  # fmt: skip

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]

Office = tuple[Served, ServedOrg, dict[str, str]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("office")) as all_of_it:
        served, _, keys = all_of_it
        told(served, keys["agent"], "b-fine", seats=4, competitor="Globex")
        told(served, keys["agent"], "b-dead", seats=700)
        yield all_of_it


@pytest.fixture(scope="module")
def context(office: Office) -> Iterator[Any]:
    """A browser that has come in with an admin's key."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *root])
        made = running.new_context(base_url=f"{office[0].url}/ui/", viewport={"width": 1240, "height": 900})
        made.set_default_timeout(15_000)
        page = made.new_page()
        page.goto("login")
        page.fill("[name=key]", office[2]["admin"])
        page.keyboard.press("Enter")
        page.wait_for_url("**/ui/")
        page.close()
        yield made
        running.close()


@pytest.fixture
def page(context: Any) -> Iterator[Any]:
    """A page whose every complaint is kept in `complaints`, and every request in `asked`."""
    opened = context.new_page()
    opened.complaints, opened.asked = [], []
    opened.on("console", lambda said: opened.complaints.append(said.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    opened.close()


def at(page: Any, path: str) -> Any:
    return page.goto(path.lstrip("/") or ".")


def test_every_page_is_quiet_asks_this_service_alone_and_fits_a_telephone(page: Any, office: Office):
    page.set_viewport_size({"width": 390, "height": 800})
    wide = []
    for path in PATHS:
        assert at(page, path).status == 200
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path)

    assert (page.complaints, wide) == ([], [])
    assert [url for url in page.asked if not url.startswith(office[0].url)] == []


def test_keys_lead_everywhere(page: Any):
    at(page, "/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/ui/dead-letters")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ui{LETTER}")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/ui/audit")
    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.name") == "delivery"


def test_the_first_tab_leads_past_the_navigation(page: Any):
    at(page, "/calls")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_light_and_dark_are_both_there_and_can_be_read(page: Any):
    contrast = """() => {
      const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3)
        .map((c) => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; });
        return .2126 * r + .7152 * g + .0722 * b; };
      const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
      const ground = (node) => { for (let n = node; n; n = n.parentElement) {
        const c = getComputedStyle(n).backgroundColor;
        if (!c.startsWith('rgba') || c.endsWith(', 1)')) return c; } return 'rgb(255, 255, 255)'; };
      return [...document.querySelectorAll('.chip, .lead, h1, td, th, button, nav a, .figure span, .hint')]
        .filter((n) => n.textContent.trim() && !n.hidden && n.offsetParent)
        .map((n) => [ratio(light(getComputedStyle(n).color), light(ground(n))), n.textContent.trim().slice(0, 30)])
        .filter(([found]) => found < 4.5); }"""
    grounds, faint = set(), []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ("/", f"{LETTER}?reveal=1", "/settings", "/deploy"):
            at(page, path)
            faint += page.evaluate(contrast)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert (len(grounds), faint) == (2, [])


def test_a_half_edited_letter_is_never_replayed_and_a_whole_one_is(page: Any, office: Office):
    with httpx.Client(base_url=office[0].url) as client:
        before = head(client)
        at(page, f"{LETTER}?reveal=1")
        page.fill("[name='value.seats']", "many")
        page.fill("form[action$=replay] [name=reason]", "misheard")
        page.click("text=Replay as it stands here")
        page.wait_for_selector("text=Nothing was replayed")
        assert ("is no number" in page.inner_text(".note.bad"), head(client)) == (True, before)
        assert page.input_value("[name='value.seats']") == "many"
        assert page.input_value("form[action$=replay] [name=reason]") == "misheard"

        page.fill("[name='value.seats']", "500")
        page.click("text=Replay as it stands here")
        page.wait_for_selector("text=on its way")
        stands(office[0], office[2]["agent"], "b-dead", "committed")
        at(page, LETTER)

    assert page.inner_text(".lead .chip") == "committed"
    assert of_call(office[1], "b-dead", "Seats__c") == [500.0]


def test_the_map_is_judged_while_somebody_types(page: Any):
    at(page, "/map")
    row = page.locator("tbody[data-number]").filter(has=page.locator("input[value='seats']"))
    row.locator("[name^='target.']").fill("Opportunity.Seets__c")
    page.wait_for_selector("text=did you mean Seats__c?")
    assert (page.inner_text("#verdict").strip(), row.locator("tr.error").count()) == ("not good yet", 1)

    row.locator("[name^='target.']").fill("Opportunity.Seats__c")
    page.wait_for_selector("#verdict .good")
    row.locator("[name^='type.']").select_option("checkbox")
    page.wait_for_selector("#verdict .bad")
    assert page.complaints == []


def test_a_field_of_the_org_is_found_and_put_where_one_was_typing(page: Any):
    at(page, "/map")
    page.click("text=Add an intent")
    page.locator("[name^='name.']").last.fill("next_step")
    page.locator("[name^='target.']").last.focus()
    page.fill("#find", "nextstep")
    page.click("#fields li:visible")
    page.wait_for_selector("#verdict .good")
    page.fill("[name=reason]", "the next step is heard")
    page.click("text=Put in force")

    page.wait_for_selector("text=is in force")
    assert page.locator("[name^='target.']").last.input_value() == "Opportunity.NextStep"


def test_proposals_are_ticked_and_taken_in(page: Any):
    at(page, "/map")
    page.click("text=Propose a map")
    page.wait_for_selector("text=Confidence")
    before = page.locator("tbody[data-number]").count()
    page.check("[name^='accept.'] >> nth=0")
    page.check("[name^='accept.'] >> nth=1")
    page.click("text=Take the ticked ones in")

    page.wait_for_function(f"document.querySelectorAll('tbody[data-number]').length === {before + 2}")
    assert "good" in page.inner_text("#verdict")


def test_settings_are_tried_with_a_click(page: Any):
    at(page, "/settings")
    page.fill("[name='delivery.budget_ms']", "much")
    page.click("text=Try it")
    assert "must be a whole number" in page.inner_text("[id='says-delivery.budget_ms']")

    page.fill("[name='delivery.budget_ms']", "900")
    page.click("text=Try it")
    page.wait_for_selector("text=It holds.")


def test_a_deploy_is_rehearsed_without_a_mouse_and_drawn_against_the_mark(page: Any):
    at(page, "/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/ui/deploy")
    page.locator("[name=map]").select_option("keep")
    page.fill("[name=recording]", RECORDING)
    page.focus("[value=start]")
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.life")
    mark, drawing = page.locator("line.limit").bounding_box(), page.locator("svg.life").bounding_box()

    assert drawing["x"] < mark["x"] < drawing["x"] + drawing["width"]
    assert (page.inner_text(".lead .chip"), page.locator("svg.life rect").count()) == ("can go live", 9)
    assert page.complaints == []


def test_a_call_is_drawn_against_the_line(page: Any):
    at(page, "/calls/b-fine")
    line, drawing = page.locator("line.limit").bounding_box(), page.locator("svg.life").bounding_box()

    assert drawing["x"] < line["x"] < drawing["x"] + drawing["width"]
    assert page.locator("rect.good").count() == 1
