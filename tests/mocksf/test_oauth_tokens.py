"""Tokens that are there: rotated, signed, introspected, and those of people who are no longer."""

import json
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from mocksf.clock import VirtualClock
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.sessions import Caller
from mocksf.settings import OrgSettings
from tests.client import Answer, Client
from tests.mocksf.test_oauth_web import SECRET, USER, WISH, Browser, exchange

SIGNING = OrgSettings(token_format="jwt")


def refreshed(sf: Client, token: str) -> Answer:
    return sf.token_for(grant_type="refresh_token", refresh_token=token, **SECRET)


def introspected(sf: Client, token: str, **more: str) -> dict[str, Any]:
    return sf.send("POST", "/services/oauth2/introspect", form(token=token, **{**SECRET, **more})).body


def form(**fields: str) -> bytes:
    return "&".join(f"{name}={value}" for name, value in fields.items()).encode()


def public_key(sf: Client) -> Any:
    (key,) = sf.get("/id/keys").body["keys"]
    return RSAAlgorithm.from_jwk(json.dumps(key))


class TestRotation:
    @pytest.fixture
    def org(self, clock: VirtualClock) -> Org:
        return Org(clock=clock, settings=OrgSettings(refresh_rotation=True))

    @pytest.fixture
    def first(self, org: Org) -> str:
        return org.sessions.give_refresh(Caller(org.admin_id, ("api", "refresh_token"), "mocksf"))

    def test_each_refresh_gives_another(self, org: Org, first: str):
        sf = Client(org)
        second = refreshed(sf, first).body["refresh_token"]

        assert second != first
        assert refreshed(sf, second).status == 200

    def test_an_old_one_ends_its_heirs_and_their_sessions(self, org: Org, first: str):
        sf = Client(org)
        second = refreshed(sf, first).body
        third = refreshed(sf, second["refresh_token"]).body

        assert refreshed(sf, first).body["error_description"] == "expired access/refresh token"
        assert refreshed(sf, third["refresh_token"]).body["error_description"] == "expired access/refresh token"
        for body in (second, third):
            assert Client(org, body["access_token"]).get("/limits").code == "INVALID_SESSION_ID"


class TestSigned:
    def test_it_says_for_whom_and_until_when(self, clock: VirtualClock):
        sf = Client(Org(clock=clock, settings=SIGNING))
        token = sf.token_for(grant_type="password", **SECRET, **USER).body["access_token"]

        claims = jwt.decode(
            token, public_key(sf), algorithms=["RS256"], audience="https://mock.example",
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )  # fmt: skip
        assert claims["iss"] == "https://mock.example"
        assert claims["sub"] == f"uid:{sf.org.admin_id}"
        assert claims["exp"] - claims["iat"] == 7200
        assert claims["client_id"] == "mocksf"
        assert jwt.get_unverified_header(token)["tnk"] == f"core/prod/{sf.org.org_id}"

    def test_it_ends_although_it_is_used(self, clock: VirtualClock):
        org = Org(clock=clock, settings=SIGNING)
        token = Client(org).token_for(grant_type="password", **SECRET, **USER).body["access_token"]
        held = Client(org, token)
        clock.advance(seconds=7199)
        assert held.get("/limits").status == 200
        clock.advance(seconds=1)

        assert held.get("/limits").body == [{"message": "INVALID_JWT_FORMAT", "errorCode": "INVALID_AUTH_HEADER"}]

    def test_a_forged_one_is_refused(self, clock: VirtualClock):
        org = Org(clock=clock, settings=SIGNING)
        other = Org(clock=clock, settings=SIGNING, seed=1)
        token = Client(other).token_for(grant_type="password", **SECRET, **USER).body["access_token"]

        assert Client(org, token).get("/limits").status == 401

    def test_one_seed_signs_alike(self):
        keys = [Org(seed=seed).sessions.signing.public()["n"] for seed in (0, 0, 1)]

        assert keys[0] == keys[1] != keys[2]


class TestOpenId:
    def test_an_id_token_proves_the_login(self, sf: Client, org: Org):
        code = Browser(org).allow(**WISH, scope="openid api", nonce="n-1")["code"]
        body = exchange(sf, code).body

        claims = jwt.decode(
            body["id_token"], public_key(sf), algorithms=["RS256"], audience="mocksf",
            options={"verify_exp": False, "verify_iat": False},
        )  # fmt: skip
        assert claims["iss"] == "https://mock.example"
        assert claims["sub"] == body["id"]
        assert claims["nonce"] == "n-1"
        assert claims["exp"] - claims["iat"] == 120

    def test_discovery_leads_to_resources_that_are_there(self, sf: Client):
        found = raw(sf.org, "GET", "/.well-known/openid-configuration").body

        assert found["issuer"] == "https://mock.example"
        paths = [
            found[name].removeprefix("https://mock.example") for name in found if name.endswith(("_endpoint", "_uri"))
        ]
        assert [path for path in paths if raw(sf.org, "GET", path).status == 404] == []


def raw(org: Org, method: str, target: str) -> Response:
    answer = org.handle(Request(method, target, host="mock.example"))
    assert isinstance(answer, Response)
    return answer


class TestIntrospection:
    def test_a_session_tells_whose_it_is(self, sf: Client, org: Org):
        token = sf.token_for(grant_type="password", scope="api", **SECRET, **USER).body["access_token"]

        said = introspected(sf, token)
        assert said == {
            "active": True,
            "scope": "api",
            "client_id": "mocksf",
            "username": "admin@mock.example",
            "sub": f"https://mock.example/id/{org.org_id}/{org.admin_id}",
            "token_type": "access_token",
            "exp": 1767603600 + 7200,
            "iat": 1767603600,
            "nbf": 1767603600,
        }

    def test_to_ask_does_not_prolong(self, sf: Client, clock: VirtualClock):
        token = sf.token_for(grant_type="password", **SECRET, **USER).body["access_token"]
        clock.advance(seconds=7000)
        assert introspected(sf, token)["active"]
        clock.advance(seconds=200)

        assert introspected(sf, token) == {"active": False}

    def test_a_refresh_token_has_no_end(self, sf: Client, org: Org):
        refresh = org.sessions.give_refresh(Caller(org.admin_id, ("api",), "mocksf"))

        said = introspected(sf, refresh)
        assert said["token_type"] == "refresh_token"
        assert "exp" not in said

    def test_other_apps_learn_nothing(self, sf: Client):
        token = sf.token_for(grant_type="password", **SECRET, **USER).body["access_token"]

        assert introspected(sf, token, client_id="PlatformCLI", client_secret="") == {"active": False}
        assert introspected(sf, token, client_secret="x")["error"] == "invalid_client"


class TestGoneUsers:
    @pytest.fixture
    def gone(self, sf: Client, org: Org) -> str:
        """The token of a user who is no longer active."""
        profile = org.store.rows("""SELECT "Id" FROM "Profile" WHERE "Name" = 'System Administrator'""")[0][0]
        user = sf.create(
            "User", Username="grace@mock.example", LastName="Hopper", Email="g@mock.example", Alias="grace",
            ProfileId=profile, TimeZoneSidKey="GMT", LocaleSidKey="en_US", EmailEncodingKey="UTF-8",
            LanguageLocaleKey="en_US", IsActive=True,
        )  # fmt: skip
        token = org.login("grace@mock.example")
        assert Client(org, token).get("/limits").status == 200
        sf.patch(f"/sobjects/User/{user}", {"IsActive": False})
        return token

    def test_their_sessions_are_over(self, gone: str, org: Org):
        answer = Client(org, gone).get("/limits")

        assert answer.body == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
        assert Client(org, gone).get("/services/oauth2/userinfo").status == 403

    def test_they_are_not_introspected(self, gone: str, sf: Client):
        assert introspected(sf, gone) == {"active": False}
