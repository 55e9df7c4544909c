"""The device flow: a code here, a person elsewhere."""

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from tests.client import Answer, Client
from tests.mocksf.test_oauth_web import USER, Browser

CONNECT = "/setup/connect"


def device(sf: Client) -> dict[str, str]:
    return sf.token_for(response_type="device_code", client_id="mocksf", scope="api refresh_token").body


def poll(sf: Client, code: str, **more: str) -> Answer:
    return sf.token_for(**{"grant_type": "device", "client_id": "mocksf", "code": code, **more})


def test_a_device_waits_until_the_person_has_decided(sf: Client, org: Org):
    asked = device(sf)
    assert asked["verification_uri"] == "https://mock.example/setup/connect"
    assert poll(sf, asked["device_code"]).body["error"] == "authorization_pending"

    browser = Browser(org)
    browser.open(CONNECT)
    page = browser.fill(user_code=asked["user_code"].lower(), choice="allow", **USER)
    assert "connected" in page.body

    body = poll(sf, asked["device_code"]).body
    assert body["scope"] == "api refresh_token"
    assert body["refresh_token"].startswith("5Aep861")
    assert Client(org, body["access_token"]).get("/limits").status == 200
    assert poll(sf, asked["device_code"]).body["error"] == "invalid_grant"


def test_a_hasty_device_is_slowed_down(sf: Client, clock: VirtualClock):
    code = device(sf)["device_code"]
    errors = []
    for pause in (0, 4, 9, 10, 10):
        clock.advance(seconds=pause)
        errors.append(poll(sf, code).body["error"])

    assert errors == ["authorization_pending", "slow_down", "slow_down", "slow_down", "slow_down"]
    clock.advance(seconds=25)
    assert poll(sf, code).body["error"] == "authorization_pending"


def test_a_person_may_turn_it_away(sf: Client, org: Org):
    asked = device(sf)
    browser = Browser(org)
    browser.open(CONNECT, user_code=asked["user_code"])
    browser.fill(user_code=asked["user_code"], choice="deny", **USER)

    assert poll(sf, asked["device_code"]).body["error"] == "access_denied"


def test_codes_end_after_ten_minutes(sf: Client, org: Org, clock: VirtualClock):
    asked = device(sf)
    clock.advance(seconds=600)

    assert poll(sf, asked["device_code"]).body["error_description"] == "expired or unknown device code"
    browser = Browser(org)
    browser.open(CONNECT)
    assert "No device waits" in browser.fill(user_code=asked["user_code"], choice="allow", **USER).body


@pytest.mark.parametrize(
    ("more", "error"),
    [({"client_id": "x"}, "invalid_client_id"), ({"client_id": "PlatformCLI"}, "invalid_grant"),
     ({"code": "x"}, "invalid_grant")],
)  # fmt: skip
def test_a_code_is_for_its_app_alone(sf: Client, more: dict[str, str], error: str):
    code = device(sf)["device_code"]

    assert poll(sf, **{"code": code, **more}).body["error"] == error


def test_a_wrong_password_lets_nobody_in(sf: Client, org: Org):
    asked = device(sf)
    browser = Browser(org)
    browser.open(CONNECT)
    page = browser.fill(user_code=asked["user_code"], choice="allow", **USER | {"password": "x"})

    assert "authentication failure" in page.body
    assert poll(sf, asked["device_code"]).body["error"] == "authorization_pending"
