"""Tokens: how long they live, how they are carried, what they open, and whom they stand for."""

from datetime import timedelta

import pytest

from mocksf.clock import VirtualClock
from mocksf.org import Org
from mocksf.settings import OrgSettings
from tests.client import Client

APP = {"client_id": "mocksf", "client_secret": "mocksf-secret"}
USER = {"username": "admin@mock.example", "password": "mock"}
EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
NO_API = [{"message": "This session is not valid for use with the REST API", "errorCode": "INVALID_SESSION_ID"}]


class TestSessions:
    def test_a_session_dies_two_hours_after_its_last_call(self, sf: Client, clock: VirtualClock):
        for _ in range(3):
            clock.advance(7199)
            assert sf.get("/limits").status == 200
        clock.advance(7200)

        answer = sf.get("/limits")

        assert (answer.status, answer.body) == (401, EXPIRED)
        assert "Sforce-Limit-Info" not in answer.headers

    def test_a_revoked_token_is_no_longer_good(self, sf: Client):
        assert sf.post("/services/oauth2/revoke", b"token=" + sf.token.encode()).status == 200
        assert sf.get("/limits").body == EXPIRED

    def test_revoking_what_is_no_token_is_refused(self, sf: Client):
        assert sf.post("/services/oauth2/revoke", b"token=x").body["error"] == "unsupported_token_type"

    @pytest.mark.parametrize(
        "headers",
        [
            {"authorization": "Bearer {}"},
            {"authorization": "OAuth {}"},
            {"authorization": "bearer {}"},
            {"x-sfdc-session": "{}"},
        ],
        ids=str,
    )
    def test_the_token_may_come_in_several_ways(self, sf: Client, org: Org, headers: dict[str, str]):
        sent = {name: value.format(sf.token) for name, value in headers.items()}

        assert Client(org, token="").get("/limits", **sent).status == 200

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("", "INVALID_HEADER_TYPE"),
            ("Token x", "INVALID_HEADER_TYPE"),
            ("Bearer", "INVALID_HEADER_TYPE"),
            ("Bearer eyJhbGciOi.eyJleHAi.c2ln", "INVALID_JWT_FORMAT"),
            ("Bearer 00D!x", "Session expired or invalid"),
        ],
    )
    def test_a_bad_header_is_told_apart(self, org: Org, value: str, message: str):
        answer = Client(org, token="").get("/limits", authorization=value)

        assert (answer.status, answer.body[0]["message"]) == (401, message)


class TestScopes:
    @pytest.mark.parametrize(
        ("scopes", "strict", "data", "chatter"),
        [
            (("api",), False, 200, 200),
            (("chatter_api",), False, 401, 200),
            (("web",), False, 401, 401),
            (("api", "full"), True, 200, 401),
            (("api", "chatter_api"), True, 200, 200),
        ],
    )
    def test_how_far_a_token_reaches(
        self, clock: VirtualClock, scopes: tuple[str, ...], strict: bool, data: int, chatter: int
    ):
        org = Org(clock=clock, settings=OrgSettings(scopes_strict=strict))
        sf = Client(org, org.login(scopes=scopes))

        limits, me = sf.get("/limits"), sf.get("/chatter/users/me")

        assert (limits.status, me.status) == (data, chatter)
        assert all(answer.body == NO_API for answer in (limits, me) if answer.status == 401)

    @pytest.mark.parametrize(
        ("profile", "scope"),
        [
            ("standard", "api refresh_token offline_access"),
            ("extended", "api refresh_token offline_access web full"),
            ("privileged", "api refresh_token offline_access web full chatter_api"),
        ],
    )
    def test_an_app_grants_what_its_profile_says(self, profile: str, scope: str):
        sf = Client(Org(settings=OrgSettings(scope_profile=profile)))

        assert sf.token_for(grant_type="password", **APP, **USER).body["scope"] == scope


class TestIdentity:
    def test_it_describes_the_caller(self, sf: Client, org: Org):
        body = sf.get(f"/id/{org.org_id}/{org.admin_id}?version=latest").body

        assert (body["user_id"], body["organization_id"]) == (org.admin_id, org.org_id)
        assert body["username"] == "admin@mock.example"
        assert body["urls"]["rest"] == "https://mock.example/services/data/v66.0/"

    @pytest.mark.parametrize(
        ("token", "org_id", "user", "status", "word"),
        [
            ("", None, None, 403, "Missing_OAuth_Token"),
            ("x", None, None, 403, "Bad_OAuth_Token"),
            (None, "00D000000000000EAA", None, 403, "Wrong_Org"),
            (None, None, "005000000000000AAA", 404, "Bad_Id"),
        ],
    )
    def test_it_refuses_in_a_word(
        self, sf: Client, org: Org, token: str | None, org_id: str | None, user: str | None, status: int, word: str
    ):
        client = sf if token is None else Client(org, token)

        answer = client.get(f"/id/{org_id or org.org_id}/{user or org.admin_id}")

        assert (answer.status, answer.body) == (status, word)

    def test_userinfo_speaks_openid(self, sf: Client, org: Org):
        body = sf.get("/services/oauth2/userinfo").body

        assert body["sub"] == f"https://mock.example/id/{org.org_id}/{org.admin_id}"
        assert body["urls"]["rest"] == "https://mock.example/services/data/v{version}/"


def test_the_lifetime_is_a_setting(clock: VirtualClock):
    sf = Client(Org(clock=clock, settings=OrgSettings(session_s=60)))
    clock.advance(timedelta(minutes=1).total_seconds())

    assert sf.get("/limits").status == 401
