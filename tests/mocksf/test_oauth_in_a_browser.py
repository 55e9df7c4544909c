"""The login and consent pages in a real browser, over a socket: where an app sends people, and whence they return."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from tests.mocksf.test_oauth_web import CHALLENGE, SECRET, USER, VERIFIER
from tests.mocksf.test_pages_in_a_browser import CHROMIUM, browser  # noqa: F401  # a fixture

pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install playwright")

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


class App:
    """An app that waits on loopback for what a browser brings back."""

    def __init__(self) -> None:
        told: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>Done</title><p>Back in the app</p>")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._told = told
        self.address = f"http://127.0.0.1:{self._server.server_port}/back"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def told(self) -> dict[str, str]:
        back = [each for each in self._told if each.startswith("/back")]
        return dict(parse_qsl(urlsplit(back[-1]).query))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    with ServedOrg(Served(seed=7)) as served:
        yield served


@pytest.fixture
def app() -> Iterator[App]:
    made = App()
    yield made
    made.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:  # noqa: F811
    opened = browser.new_page(viewport={"width": 390, "height": 800})
    opened.set_default_timeout(10_000)
    opened.complaints = []
    opened.on("console", lambda said: opened.complaints.append(said.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    opened.close()


def begin(page: Any, server: ServedOrg, app: App) -> None:
    wish = {"response_type": "code", "client_id": "mocksf", "redirect_uri": app.address, "state": "s"}
    page.goto(f"{server.url}/services/oauth2/authorize?{urlencode({**wish, 'code_challenge': CHALLENGE})}")
    page.get_by_label("Username").fill(USER["username"])
    page.get_by_label("Password").fill(USER["password"])
    page.get_by_role("button", name="Log In").click()


def test_a_person_logs_in_and_the_app_gets_its_token(page: Any, server: ServedOrg, app: App):
    begin(page, server, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Allow").click()
    page.get_by_text("Back in the app").wait_for()

    assert app.told["state"] == "s"
    form = {"grant_type": "authorization_code", "code": app.told["code"], "redirect_uri": app.address, **SECRET}
    answer = httpx.post(f"{server.url}/services/oauth2/token", data={**form, "code_verifier": VERIFIER})
    assert answer.json()["instance_url"] == server.url
    assert page.complaints == []


def test_a_person_may_say_no(page: Any, server: ServedOrg, app: App):
    begin(page, server, app)
    page.get_by_role("button", name="Deny").click()
    page.get_by_text("Back in the app").wait_for()

    assert app.told["error"] == "access_denied"


def test_a_device_is_let_in(page: Any, server: ServedOrg):
    token = f"{server.url}/services/oauth2/token"
    asked = httpx.post(token, data={"response_type": "device_code", "client_id": "mocksf"}).json()
    page.goto(asked["verification_uri"])
    page.get_by_label("Code").fill(asked["user_code"])
    page.get_by_label("Username").fill(USER["username"])
    page.get_by_label("Password").fill(USER["password"])
    page.get_by_role("button", name="Allow").click()
    page.get_by_text("The device is connected").wait_for()

    form = {"grant_type": "device", "client_id": "mocksf", "code": asked["device_code"]}
    assert httpx.post(token, data=form).json()["token_type"] == "Bearer"
    assert page.complaints == []
