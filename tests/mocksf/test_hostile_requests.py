"""Whoever means ill is answered, is told so in the dialect of the route, and leaves nothing behind."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.parked import Parked
from mocksf.rest import ROUTER
from mocksf.rest.render import render
from mocksf.schema import load_schema
from tests.client import Client, contents
from tests.mocksf.hostile import BODIES, requests
from tests.routes import address, usual_values

FAULTS = ("/services/soap/",)
"""Where a refusal is a fault, under status 500."""
WRITERS = [route for route in ROUTER.routes if route.method not in {"GET", "DELETE"}]


@pytest.fixture(scope="module")
def town() -> Client:
    org = Org(load_schema(["sample"]))
    sf = Client(org)
    sf.create("Account", Name="A", Caller_Key__c="1")
    org.settle()
    return sf


@pytest.fixture(scope="module")
def home(town: Client) -> object:
    return contents(town.org)


def answered(town: Client, request: Request) -> int:
    """The org answers a request as it should, whatever it is; gives the status, 0 for a long poll."""
    response = town.org.handle(request)
    if isinstance(response, Parked):
        return 0
    assert isinstance(response, Response)
    status, headers, body = render(request, response)
    fault = request.target.lower().startswith(FAULTS)
    assert 200 <= status < 500 or fault, (request, body)
    assert [name for name, value in headers.items() if set("\r\n\x00") & set(name + value)] == []
    assert b"Traceback" not in body
    return status


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_request_breaks_the_org(town: Client, home: object, data: st.DataObject):
    request = data.draw(requests(town.org, town.token))

    status = answered(town, request)

    if status >= 300:
        assert contents(town.org) == home, request
    town.org.reset()


@pytest.mark.parametrize("media", ["application/json", "text/csv", "application/xml"])
def test_no_body_breaks_any_route(town: Client, media: str):
    values = usual_values(town.org)
    headers = {"authorization": f"Bearer {town.token}", "content-type": media}
    for route in WRITERS:
        for body in BODIES:
            status = answered(town, Request(route.method, address(route, values), headers, body, host="mock.example"))
            if status < 300:
                town.org.reset()
