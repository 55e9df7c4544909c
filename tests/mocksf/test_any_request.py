"""Whatever is sent, the org answers; and what it refuses leaves no trace."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.rest.render import render
from mocksf.schema import load_schema
from tests.client import Client, contents

METHODS = st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "get", "X", ""])
SEGMENTS = st.sampled_from(
    [
        "services",
        "data",
        "v66.0",
        "v45.0",
        "sobjects",
        "Account",
        "Contact",
        "Id",
        "Name",
        "Caller_Key__c",
        "describe",
        "query",
        "queryAll",
        "composite",
        "limits",
        "recordCount",
        "chatter",
        "feed-elements",
        "users",
        "me",
        "oauth2",
        "token",
        "revoke",
        "userinfo",
        "Soap",
        "u",
        "59.0",
        "id",
        "001Rt0000000001IAA",
        "003Rt0000000001",
        "%ff",
        "%2F",
        "",
        "@{a.id}",
    ]
) | st.text(max_size=6)
QUERIES = st.sampled_from(
    [
        "",
        "?q=SELECT Id FROM Account",
        "?q=",
        "?fields=Name,x",
        "?_HttpMethod=PATCH",
        "?ids=1",
        "?%",
        "?q=%ff&q",
        "?a=b=c",
    ]
)
PIECES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from(["@{a.id}", "POST", "GET",
                       "/services/data/v66.0/sobjects/Account", "a", "FeedItem"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["Name", "LastName", "AccountId", "Account", "compositeRequest", "allOrNone", "method", "url",
                         "referenceId", "body", "httpHeaders", "feedElementType",
                         "subjectId", "messageSegments"])
        | st.text(max_size=4),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
BODIES = st.binary(max_size=30) | PIECES.map(lambda value: repr(value).replace("'", '"').encode("utf-8", "replace"))
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "content-encoding", "if-match", "if-modified-since", "sforce-query-options",
                     "sforce-auto-assign", "x-prettyprint", "x-sfdc-session"]),
    st.sampled_from(["application/json", "gzip", "1", "x", "", "FALSE", "batchSize=9",
                     "Mon, 05 Jan 2026 09:00:00 GMT"]),
    max_size=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def town(store_kind: str) -> Client:  # noqa: ARG001 - a town anew for each kind of store
    return Client(Org(load_schema(["sample"])))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(METHODS, st.lists(SEGMENTS, max_size=7), st.booleans(), QUERIES, BODIES, HEADERS)
def test_any_request_gets_a_response(
    town: Client, method: str, segments: list[str], rooted: bool, query: str, body: bytes, headers: dict[str, str]
):
    root = "/services/data/v66.0/" if rooted else "/"
    request = Request(
        method, root + "/".join(segments) + query, {"authorization": f"Bearer {town.token}", **headers}, body
    )
    before = contents(town.org)

    response = town.org.handle(request)

    assert isinstance(response, Response)
    status, _, _ = render(request, response)
    assert 200 <= status < 500 or "Soap" in segments
    if status >= 300:
        assert contents(town.org) == before
    town.org.reset()
    town.token = town.org.login()
