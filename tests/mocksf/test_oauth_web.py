"""The web server flow as a browser and an app go through it, and what is refused on the way."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from mocksf.clock import VirtualClock
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.rest.render import render
from mocksf.settings import OrgSettings
from tests.client import Answer, Client

AUTHORIZE = "/services/oauth2/authorize"
HERE = "http://localhost:1717/OauthRedirect"
SECRET = {"client_id": "mocksf", "client_secret": "mocksf-secret"}
USER = {"username": "admin@mock.example", "password": "mock"}
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
WISH = {"response_type": "code", "client_id": "mocksf", "redirect_uri": HERE, "state": "a b"}


class Browser:
    """A person at a browser: fills in the form of the page that is open."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.page: Answer | None = None

    def open(self, path: str = AUTHORIZE, **wish: str) -> Answer:
        return self._send("GET", f"{path}?{urlencode(wish)}", b"")

    def fill(self, **fields: str) -> Answer:
        """The answer to the form of the page, its hidden fields included."""
        assert self.page is not None
        text = self.page.body
        action = unescape(re.search(r'action="([^"]*)"', text)[1])  # type: ignore[index]
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
        form = {name: unescape(value) for name, value in hidden} | fields
        return self._send("POST", action, urlencode(form).encode())

    def allow(self, **wish: str) -> dict[str, str]:
        """Log in and consent; gives what the app is told at its redirect address."""
        self.open(**wish)
        self.fill(**USER)
        return told(self.fill(choice="allow"))

    def _send(self, method: str, target: str, body: bytes) -> Answer:
        request = Request(method, target, {}, body, host="mock.example")
        response = self.org.handle(request)
        assert isinstance(response, Response)
        self.page = Answer(*render(request, response))
        return self.page


def told(answer: Answer, part: str = "query") -> dict[str, str]:
    """What a redirect tells the app."""
    assert answer.status == 302, answer.body
    address = urlsplit(answer.headers["Location"])
    assert answer.headers["Location"].startswith(HERE)
    return dict(parse_qsl(getattr(address, part)))


@pytest.fixture
def browser(org: Org) -> Browser:
    return Browser(org)


def exchange(sf: Client, code: str, **more: str) -> Answer:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": HERE, **SECRET, **more}
    return sf.token_for(**{name: value for name, value in form.items() if value})


class TestTheWay:
    def test_login_consent_code_and_token(self, browser: Browser, sf: Client, org: Org):
        said = browser.allow(**WISH)

        assert re.fullmatch(r"aPrx\w{60}==", said["code"])
        assert said["state"] == "a b"
        body = exchange(sf, said["code"]).body
        assert body["id"].endswith(org.admin_id)
        assert body["scope"].split() == ["api", "refresh_token", "offline_access", "web", "full", "chatter_api"]
        assert Client(org, body["access_token"]).get("/limits").status == 200
        again = sf.token_for(grant_type="refresh_token", refresh_token=body["refresh_token"], **SECRET)
        assert again.status == 200

    def test_without_the_scope_there_is_no_refresh_token(self, browser: Browser, sf: Client):
        code = browser.allow(**WISH, scope="api")["code"]

        assert "refresh_token" not in exchange(sf, code).body

    def test_a_verifier_stands_for_the_secret(self, browser: Browser, sf: Client):
        code = browser.allow(**WISH, code_challenge=CHALLENGE)["code"]

        assert exchange(sf, code, client_secret="", code_verifier=VERIFIER).status == 200

    def test_a_token_may_come_at_once_in_the_fragment(self, browser: Browser, org: Org):
        browser.open(**WISH | {"response_type": "token"})
        browser.fill(**USER)

        said = told(browser.fill(choice="allow"), "fragment")
        assert Client(org, said["access_token"]).get("/limits").status == 200
        assert said["state"] == "a b"

    def test_the_command_line_is_known_in_every_org(self, browser: Browser, sf: Client):
        wish = WISH | {"client_id": "PlatformCLI", "code_challenge": CHALLENGE}

        code = browser.allow(**wish)["code"]
        answer = exchange(sf, code, client_id="PlatformCLI", client_secret="", code_verifier=VERIFIER)
        assert answer.body["scope"] == "refresh_token api web"

    def test_pages_are_shown_here_alone(self, browser: Browser):
        headers = browser.open(**WISH).headers

        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "form-action 'self' http://localhost:1717;" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"

    def test_what_the_app_sends_is_escaped(self, browser: Browser):
        page = browser.open(**WISH | {"state": '"><script>x</script>'}, login_hint='"><img src=x>')

        assert "<script" not in page.body
        assert "<img" not in page.body


class TestRefusals:
    @pytest.mark.parametrize(
        ("wish", "error"),
        [
            ({"client_id": "x"}, "invalid_client_id"),
            ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
            ({"redirect_uri": ""}, "redirect_uri_mismatch"),
            ({"redirect_uri": "http://localhost:1/a#b"}, "redirect_uri_mismatch"),
            ({"redirect_uri": "http://localhost/\r\nSet-Cookie: a=b"}, "redirect_uri_mismatch"),
            ({"redirect_uri": "http://localhost@evil.example/"}, "redirect_uri_mismatch"),
        ],
    )
    def test_nobody_is_sent_to_an_unknown_address(self, browser: Browser, wish: dict[str, str], error: str):
        page = browser.open(**WISH | wish)

        assert page.status == 400
        assert f"error={error}" in page.body
        assert "Location" not in page.headers

    @pytest.mark.parametrize(
        ("wish", "error"),
        [
            ({"response_type": "magic"}, "unsupported_response_type"),
            ({"scope": "pardot_api"}, "invalid_scope"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
            ({"prompt": "none"}, "immediate_unsuccessful"),
            ({"immediate": "true"}, "immediate_unsuccessful"),
        ],
    )
    def test_the_app_is_told_of_its_mistakes(self, browser: Browser, wish: dict[str, str], error: str):
        said = told(browser.open(**WISH | wish))

        assert said["error"] == error
        assert said["state"] == "a b"

    def test_who_denies_is_believed(self, browser: Browser):
        browser.open(**WISH)
        browser.fill(**USER)

        said = told(browser.fill(choice="deny"))
        assert said == {"error": "access_denied", "error_description": "end-user denied authorization", "state": "a b"}

    def test_a_wrong_password_gets_the_page_again(self, browser: Browser):
        browser.open(**WISH)

        page = browser.fill(**USER | {"password": "x"})
        assert page.status == 401
        assert "authentication failure" in page.body
        assert told_after(browser)["state"] == "a b"

    def test_a_consent_is_given_once_and_soon(self, browser: Browser, clock: VirtualClock):
        browser.open(**WISH)
        browser.fill(**USER)
        clock.advance(seconds=601)

        page = browser.fill(choice="allow")
        assert page.status == 400
        assert "begin again" in page.body

    def test_a_challenge_may_be_demanded(self, clock: VirtualClock):
        browser = Browser(Org(clock=clock, settings=OrgSettings(pkce_required=True)))

        assert told(browser.open(**WISH))["error_description"] == "missing required code challenge"
        assert browser.open(**WISH, code_challenge=CHALLENGE).status == 200


def told_after(browser: Browser) -> dict[str, str]:
    browser.fill(**USER)
    return told(browser.fill(choice="allow"))


class TestCodes:
    def test_a_code_is_good_once(self, browser: Browser, sf: Client):
        code = browser.allow(**WISH)["code"]
        exchange(sf, code)

        assert exchange(sf, code).body == {
            "error": "invalid_grant",
            "error_description": "expired authorization code",
        }

    def test_a_code_is_good_for_fifteen_minutes(self, browser: Browser, sf: Client, clock: VirtualClock):
        code = browser.allow(**WISH)["code"]
        clock.advance(seconds=timedelta(minutes=15).total_seconds())

        assert exchange(sf, code).body["error_description"] == "expired authorization code"

    @pytest.mark.parametrize(
        ("wish", "more", "description"),
        [
            ({}, {"code": "x"}, "invalid authorization code"),
            ({}, {"redirect_uri": "http://localhost:1/"}, "redirect_uri must match configuration"),
            ({}, {"code_verifier": VERIFIER}, "invalid code verifier"),
            ({"code_challenge": CHALLENGE}, {}, "invalid code verifier"),
            ({"code_challenge": CHALLENGE}, {"code_verifier": "w" * 43}, "invalid code verifier"),
            ({}, {"client_secret": "x"}, "invalid client credentials"),
            ({}, {"client_secret": ""}, "invalid client credentials"),
            ({}, {"client_id": "PlatformCLI", "client_secret": ""}, "invalid authorization code"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, browser: Browser, sf: Client, wish: dict[str, str], more: dict[str, Any], description: str
    ):
        code = browser.allow(**WISH, **wish)["code"]

        answer = exchange(sf, **{"code": code, **more})
        assert answer.status == 400
        assert answer.body["error_description"] == description

    def test_a_snapshot_holds_codes(self, browser: Browser, sf: Client, org: Org):
        code = browser.allow(**WISH)["code"]
        before = org.snapshot()
        assert exchange(sf, code).status == 200

        org.restore(before)
        assert exchange(sf, code).status == 200
