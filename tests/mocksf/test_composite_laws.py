"""Laws of composite, over any parts: all or none, one result a part, and service time that changes nothing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocksf.clock import VirtualClock
from mocksf.messages import Response
from mocksf.org import Org
from mocksf.parked import Parked, Terms
from mocksf.rest.render import render
from mocksf.schema import load_schema
from tests.client import Answer, Client, contents

NAMES = ("a", "b", "c", "d")
TARGETS = st.sampled_from(
    [
        ("POST", "/sobjects/Account"),
        ("PATCH", "/sobjects/Account/Caller_Key__c/one"),
        ("PATCH", "/sobjects/Account/Caller_Key__c/two"),
        ("POST", "/sobjects/Contact"),
        ("PATCH", "/sobjects/Contact/Caller_Key__c/one"),
        ("PATCH", "/sobjects/Account/@{a.id}"),
        ("DELETE", "/sobjects/Account/@{b.id}"),
        ("GET", "/sobjects/Account/@{a.id}"),
        ("GET", "/query?q=SELECT Id FROM Account"),
        ("POST", "/sobjects/Nonsense"),
    ]
)
VALUES = st.sampled_from(
    ["x", "", None, 7, "@{a.id}", "@{b.records[0].Id}", "@{c.Name} and more", {"Caller_Key__c": "one"}]
)
FIELDS = st.dictionaries(
    st.sampled_from(["Name", "LastName", "AccountId", "Account", "Phone", "Nope"]), VALUES, max_size=3
)
PARTS = st.lists(st.tuples(TARGETS, FIELDS), max_size=4)


@pytest.fixture(scope="module")
def town(store_kind: str) -> Client:  # noqa: ARG001 - a town anew for each kind of store
    org = Org(load_schema(["sample"]))
    sf = Client(org)
    sf.create("Account", Name="Known", Caller_Key__c="one")
    org.settle()
    return sf


def body(parts: list[tuple[tuple[str, str], dict[str, Any]]], all_or_none: bool) -> dict[str, Any]:
    requests = [
        {"method": method, "url": f"/services/data/v66.0{path}", "referenceId": name, "body": fields}
        for name, ((method, path), fields) in zip(NAMES, parts, strict=False)
    ]
    return {"allOrNone": all_or_none, "compositeRequest": requests}


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_all_or_none(town: Client, parts: list[Any]):
    town.org.reset()
    before = contents(town.org)

    answered = town.post("/composite", body(parts, all_or_none=True)).parts

    assert list(answered) == list(NAMES[: len(parts)])
    failed = [each for each in answered.values() if each["httpStatusCode"] >= 300]
    if failed:
        assert len(failed) == len(parts)
        assert contents(town.org) == before
        spared = [each for each in failed if "rolled back" not in each["body"][0]["message"]]
        assert len(spared) == 1


@settings(max_examples=100, deadline=None)
@given(PARTS, st.booleans())
def test_service_time_changes_when_but_not_what(town: Client, parts: list[Any], all_or_none: bool):
    town.org.reset()
    now, later = town.org.fork(), town.org.fork()
    request = town.request("POST", "/composite", body(parts, all_or_none))

    at_once = now.handle(request)
    parked = later.handle(request, Terms(service_s=0.000001))
    assert isinstance(at_once, Response)
    assert isinstance(parked, Parked)
    assert isinstance(later.clock, VirtualClock)
    later.clock.move_to(parked.until)
    in_time = later.resume(parked)
    assert isinstance(in_time, Response)

    assert Answer(*render(request, in_time)) == Answer(*render(request, at_once))
    assert contents(later) == contents(now)
    assert later.store.counters == now.store.counters
    assert later.locks.state() == {}
