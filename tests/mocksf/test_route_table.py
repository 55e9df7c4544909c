"""Every route of the table: nobody is answered without a session of this very org, and with the scope that it takes."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest

from mocksf.doors.opening import Served, open_org
from mocksf.doors.tenants import Tenant, Tenants
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.rest import ROUTER
from mocksf.rest.metadata import soap as metadata_soap
from mocksf.rest.render import render
from mocksf.rest.routing import Needs, Route
from mocksf.rest.soap import partner as soap
from mocksf.schema import load_schema
from tests.client import Answer, Client
from tests.routes import GUARDED, OPEN, address, named, usual_values

SECRET = "Top Secret Account"
FREE = {
    "GET /services/data",
    "POST /services/oauth2/token",
    "POST /services/oauth2/revoke",
    "GET /services/oauth2/revoke",
    "POST /services/oauth2/introspect",
    "GET /services/oauth2/authorize",
    "POST /services/oauth2/authorize",
    "GET /setup/connect",
    "POST /setup/connect",
    "GET /.well-known/openid-configuration",
    "GET /id/keys",
}
"""What is open to everybody: versions, keys, and the ways to a session. Who opens one more has to say so here."""
BY_BODY = {
    "POST /services/Soap/u/{version}", "POST /services/Soap/u/{version}/{org}", "POST /services/Soap/c/{version}",
    "POST /services/Soap/c/{version}/{org}", "POST /services/Soap/m/{version}",
    "POST /services/Soap/s/{version}", "POST /services/Soap/s/{version}/{org}",
    "POST /services/Soap/m/{version}/{place}", "POST /services/Soap/m/{version}/{place}/{id}", "POST /cometd",
    "POST /cometd/{version}", "POST /cometd/{version}/{kind}",
}  # fmt: skip
"""What looks for a session itself, because it may be in the body or is asked for by message: held below."""
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader><sessionId>{token}'
    "</sessionId></SessionHeader></e:Header><e:Body><{name}/></e:Body></e:Envelope>"
)


@pytest.fixture(scope="module")
def org() -> Org:
    town = Org(load_schema(["sample"]))
    Client(town).create("Account", Name=SECRET)
    return town


def stale(org: Org) -> str:
    token = org.login()
    org.sessions.run_due(org.clock.now() + timedelta(days=1))
    return token


def ended(org: Org) -> str:
    token = org.login()
    org.sessions.revoke(token)
    return token


STRANGERS: dict[str, Callable[[Org], dict[str, str]]] = {
    "nobody": lambda _: {},
    "an empty header": lambda _: {"authorization": ""},
    "no token": lambda _: {"authorization": "Bearer "},
    "nonsense": lambda _: {"authorization": "Bearer nonsense"},
    "another scheme": lambda org: {"authorization": f"Basic {org.login()}"},
    "half a token": lambda org: {"authorization": f"Bearer {org.login()[:-1]}"},
    "a token of long ago": lambda org: {"authorization": f"Bearer {stale(org)}"},
    "a token that was revoked": lambda org: {"authorization": f"OAuth {ended(org)}"},
    "a session header of nobody": lambda org: {"x-sfdc-session": org.org_id},
    "a token of another org": lambda _: {"authorization": f"Bearer {Org(name='another').login()}"},
}


def asked(org: Org, route: Route, headers: dict[str, str]) -> Answer:
    request = Request(route.method, address(route, usual_values(org)), headers, b"{}", host="mock.example")
    response = org.handle(request)
    assert isinstance(response, Response)
    return Answer(*render(request, response))


def turned_away(answer: Answer) -> None:
    """The answer says that there is no session, in the dialect of its route, and nothing else."""
    text = answer.raw.decode()
    assert answer.status in {400, 401, 403, 500}, text
    words = ("INVALID_SESSION_ID", "INVALID_AUTH_HEADER", "InvalidSessionId", "Missing_OAuth_Token", "Bad_OAuth_Token")
    assert any(word in text for word in words), text
    assert SECRET not in text


def test_what_is_open_is_meant_to_be(org: Org):
    assert {named(route) for route in OPEN} == FREE | BY_BODY
    for route in OPEN:
        assert SECRET not in asked(org, route, {}).raw.decode()


@pytest.fixture(scope="module")
def strangers(org: Org) -> dict[str, dict[str, str]]:
    return {name: headers(org) for name, headers in STRANGERS.items()}


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_no_stranger_is_answered(org: Org, strangers: dict[str, dict[str, str]], route: Route):
    for name, headers in strangers.items():
        answer = asked(org, route, headers)
        assert "Sforce-Limit-Info" not in answer.headers, name
        turned_away(answer)


@pytest.mark.parametrize("route", [each for each in GUARDED if each.needs is not Needs.SESSION], ids=named)
def test_a_session_without_the_scope_is_not_enough(org: Org, route: Route):
    headers = {"authorization": f"Bearer {org.login(scopes=('openid', 'id', 'web'))}"}

    answer = asked(org, route, headers)

    turned_away(answer)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("u", name) for name in (*soap.CALLS, "logout")),
        *(("m", name) for name in metadata_soap.CALLS),
        ("s", "executeAnonymous"),
    ],
    ids="-".join,
)
def test_no_soap_call_is_answered_without_a_session(org: Org, kind: str, name: str):
    for token in ("", "nonsense", Org(name="another").login()):
        body = ENVELOPE.format(token=token, name=name).encode()
        answer = Client(org, "").post(f"/services/Soap/{kind}/59.0", body, **{"content-type": "text/xml"})

        assert answer.status == 500
        assert b"sf:INVALID_SESSION_ID" in answer.raw


@pytest.mark.parametrize("channel", ["handshake", "connect", "subscribe", "unsubscribe", "disconnect"])
def test_no_message_is_heard_without_a_session(org: Org, channel: str):
    body = {"channel": f"/meta/{channel}", "version": "1.0", "clientId": "x", "subscription": "/data/ChangeEvents",
            "supportedConnectionTypes": ["long-polling"], "connectionType": "long-polling", "id": "1"}  # fmt: skip
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "OAuth "}):
        response = org.handle(Request("POST", "/cometd/59.0", headers, orjson.dumps([body]), host="mock.example"))

        assert isinstance(response, Response)
        assert response.status == 401 or response.body[0]["successful"] is False


@pytest.fixture(scope="module")
def tenants() -> Tenants:
    served = Served(load_schema(["sample"]), factor=0)
    both = Tenants(open_org(served))
    both.add(open_org(served, "other"))
    for tenant in both:
        Client(tenant.wire.org).create("Account", Name=f"{SECRET} of {tenant.name}")
    return both


class TestTenants:
    def test_their_ids_and_tokens_differ(self, tenants: Tenants):
        orgs = [tenant.wire.org for tenant in tenants]

        assert len({org.org_id for org in orgs}) == 2

    @pytest.mark.parametrize("route", ROUTER.routes, ids=named)
    def test_no_token_opens_another_org(self, tenants: Tenants, route: Route):
        ours, theirs = tenants
        token = ours.credentials["token"]

        request = Request(
            route.method,
            address(route, usual_values(theirs.wire.org)),
            {"authorization": f"Bearer {token}", "content-type": "application/json"},
            b"{}",
            host="other.my.salesforce.example",
        )
        answer = self.answered(tenants, request, theirs)

        assert f"{SECRET} of other" not in answer.raw.decode("utf-8", "replace")
        if route in GUARDED:
            turned_away(answer)

    def test_a_token_leads_to_its_own_org(self, tenants: Tenants):
        for tenant in tenants:
            headers = {"authorization": f"Bearer {tenant.credentials['token']}"}
            target = "/services/data/v66.0/query?q=SELECT+Name+FROM+Account"
            answer = self.answered(tenants, Request("GET", target, headers, host="mock.example"), tenant)

            assert [each["Name"] for each in answer.body["records"]] == [f"{SECRET} of {tenant.name}"]

    @staticmethod
    def answered(tenants: Tenants, request: Request, expected: Tenant) -> Answer:
        tenant = tenants.of(request)
        assert tenant is expected
        response = tenant.wire.org.handle(request)
        assert isinstance(response, Response)
        return Answer(*render(request, response))
