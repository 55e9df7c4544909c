"""Several orgs behind one server whose tokens are signed: a token says itself whose it is."""

from collections.abc import Iterator

import httpx
import pytest

import mocksf
from mocksf.doors.serving import Served
from mocksf.doors.tenancy import ServedOrg
from mocksf.settings import OrgSettings
from tests.mocksf.test_orgs import accounts, found
from tests.served import ACCOUNT, API, control_of

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def server() -> Iterator[ServedOrg]:
    settings = OrgSettings(token_format="jwt")
    with ServedOrg(Served(mocksf.load_schema(["sample"]), factor=0, seed=7, settings=settings)) as served:
        yield served


def test_they_choose_their_org_and_open_no_other(server: ServedOrg):
    keys = ("username", "password", "client_id", "client_secret")
    form = {"grant_type": "password", **{key: server.credentials[key] for key in keys}}
    with control_of(server) as control, server.client() as sf:
        found(control, "acme")
        found(control, "other")
        answer = httpx.post(f"{server.url}/services/oauth2/token", data=form, headers={"Host": "acme.mock.example"})
        theirs = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert answer.json()["access_token"].startswith("eyJ")

        sf.post(ACCOUNT, json={"Name": "Theirs"}, headers=theirs)
        assert (accounts(sf), accounts(sf, theirs)) == (0, 1)
        refused = sf.get(f"{API}/limits", headers={**theirs, "Host": "other.mock.example"})
        assert (refused.status_code, refused.json()[0]["errorCode"]) == (401, "INVALID_AUTH_HEADER")
