"""Requests of people who mean ill, or whose program is broken: drawn from the route table, then bent."""

import gzip
import zlib
from typing import Any
from xml.sax.saxutils import escape

import orjson
from hypothesis import strategies as st

from mocksf.messages import Request
from mocksf.org import Org
from mocksf.rest import ROUTER
from mocksf.rest.metadata import soap as metadata_soap
from mocksf.rest.routing import Route
from mocksf.rest.soap import partner as soap
from tests.routes import address, usual_values

HUGE = "9" * 400
DEEP = b"[" * 5_000 + b"]" * 5_000
TRICKS = (
    "", ".", "..", "../..", "%2e%2e%2f", "..%2f..%2fetc%2fpasswd", "%00", "a%00b", "%", "%f", "%ff%fe", "%2F", "//",
    "\\", "'", '"', "' OR 1=1 --", "x'; DROP TABLE \"Account\"; --", "{}", "{id}", "@{a.id}",
    "%0d%0aSet-Cookie:%20x=1", "é", "\u202e", "%F0%9F%98%80", HUGE, "a" * 4_000, "-1", "0", "1e309", "NaN", "true",
    "null", "__proto__", "*", ";", "?x", "#", "001", "001Rt0000000001", "001Rt0000000001IAA", "001RT0000000001iaa",
    "zzzRt0000000001IAA", "01gRt0000000001IAA-" + HUGE, "012000000000000AAA", "Account", "account", "Account ",
    "Nothing__c", "Name", "Id", "Caller_Key__c", "Contacts", "Owner", ".json", ".xml", "x.json", "Call_Ended__e",
    "AggregateResult", "%40%7Ba.id%7D",
)  # fmt: skip
"""What stands in a path where something else is expected."""
XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;">' % (b + 1, *[b] * 6) for b in range(97, 121))
    + b"]><a>&y;</a>"
)
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Account><Name>&x;</Name></Account>'
BODIES = (
    b"", b" ", b"\x00", b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"{", b"}", b"[", b"null", b"true", b"0", b'""', b"[]",
    b"{}", b'{"a":', b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b'{"a": -0}',
    b'{"a": ' + b"9" * 400 + b"}", b'{"a": 1, "a": 2}', b'{"": ""}', b'{"\\u0000": "\\ud800"}', b"[[[[[[]]]]]]", DEEP,
    b'{"a":' * 3_000 + b"1" + b"}" * 3_000, XML_BOMB, EXTERNAL, b"<a>" * 3_000, b"<a/>", b"a,b\n1", b'"a\n',
    b"Name\n" + b"x" * 200_000, b"Name,Name\nx,y\n", b"Id\n\n\n", b'Name\n"x""', b"\xef\xbb\xbfName\r\nx\r\n",
    b"Name\r\x00\n=1+1\n", b"PK\x03\x04", b"x" * 70_000, b"grant_type=password&username=%ff&password=%00",
    b"token=%F0%28%8C%28&token=" + b"x" * 5_000, b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n",
    gzip.compress(b"{}")[:-4], gzip.compress(b"{}"), zlib.compress(b"[]"),
)  # fmt: skip
"""Bodies that are none, or worse ones."""
TYPES = (
    "application/json", "application/json; charset=UTF-8", "application/json;charset=nonsense", "application/xml",
    "text/xml", "text/csv", "text/csv; charset=latin-1", "application/x-www-form-urlencoded", "multipart/form-data",
    "zip/csv", "multipart/form-data; boundary=x", "application/zip", "x", "", "/", "application/json\x00",
    "a" * 2_000,
)  # fmt: skip
VALUES = (
    "", "x", "1", "-1", HUGE, "true", "TRUE", "false", "*", '"', '"x"', "W/\"x\"", "gzip", "deflate", "br",
    "gzip, gzip", "batchSize=0", "batchSize=" + HUGE, "batchSize=-5", "client=x; defaultNamespace=y",
    "allowSave=true; x", "Mon, 05 Jan 2026 09:00:00 GMT", "Mon, 99 Foo 9999 99:99:99 GMT", "0", "application/xml",
    "application/xml;q=x", "\r\nX-Injected: 1", "a\nb", "\x00", "é", "01QRt0000000001AAA", "chunkSize=" + HUGE,
)  # fmt: skip
NAMES = (
    "accept", "accept-encoding", "content-encoding", "if-match", "if-none-match", "if-modified-since",
    "if-unmodified-since", "sforce-query-options", "sforce-auto-assign", "sforce-call-options",
    "sforce-duplicate-rule-header", "sforce-mru", "sforce-enable-pkchunking", "sforce-locator", "x-prettyprint",
    "x-sfdc-session", "x-http-method-override", "range", "content-length", "transfer-encoding", "origin", "cookie",
    "idempotency-key", "sforce-line-ending", "soapaction",
)  # fmt: skip
QUERIES = (
    "?", "?q", "?q=", "?q=SELECT%20Id%20FROM%20Account", "?q=SELECT%20" + "(" * 500, "?q=" + "NOT%20" * 400,
    "?q=%ff%fe", "?explain=SELECT%20Id%20FROM%20Account", "?q=FIND%20%7B" + "(" * 300, "?q=FIND%20%7Bx%7D",
    "?fields=", "?fields=Id,Id,Id", "?fields=" + "Name," * 900,
    "?fields=Account.Owner.Owner.Owner.Owner.Owner.Owner.Name", "?ids=", "?ids=" + "001," * 900, "?ids=x&fields=%00",
    "?limit=" + HUGE, "?limit=-1", "?start=x&end=y", "?start=2026-01-01T00:00:00Z&end=9999-99-99T00:00:00Z",
    "?_HttpMethod=PATCH", "?_HttpMethod=DELETE", "?_HttpMethod=nonsense", "?_HttpMethod=", "?page=" + HUGE,
    "?pageSize=x", "?updateOnly=maybe", "?allOrNone=maybe", "?maxRecords=0", "?maxRecords=" + HUGE, "?locator=%00",
    "?sObjects=Account,,x", "?oauth_token=x", "?q=%27", "?sobject=Nothing&q=x",
    "?redirect_uri=javascript:alert(1)&response_type=code&client_id=mocksf", "?layoutTypes=Full", "?anonymousBody=x",
    "?columns=true&q=SELECT%20Id%20FROM%20Account", "?a[]=1&a[]=2", "?&&&==&", "?" + "a=1&" * 900,
)  # fmt: skip
WORDS = (
    "records", "attributes", "type", "referenceId", "Name", "LastName", "AccountId", "Contacts", "Account", "Id",
    "id", "ids", "fields", "compositeRequest", "graphs", "graphId", "batchRequests", "haltOnError", "allOrNone",
    "collateSubrequests", "method", "url", "body", "richInput", "httpHeaders", "inputs", "text", "subjectNameOrId",
    "contextId", "contextIds", "record", "requests", "actionType", "apiName", "feedElementType", "subjectId",
    "messageSegments", "operation", "object", "state", "query", "contentType", "lineEnding", "columnDelimiter",
    "externalIdFieldName", "concurrencyMode", "q", "in", "sobjects", "limit", "defaultLimit", "Body", "VersionData",
    "ParentId", "NumberOfEmployees", "BillingAddress", "IsDeleted",
)  # fmt: skip
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from([*TRICKS, *WORDS, "POST", "GET", "PATCH", "/services/data/v66.0/sobjects/Account", "v66.0/limits",
                       "/services/data/v66.0/composite", "@{a.id}", "ref1", "Submit", "FeedItem", "insert", "Account"])
)  # fmt: skip
JSONS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=16,
)
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "X" * 300, "")


def body_like(route: Route) -> st.SearchStrategy[Any]:
    """Values that come near to what a route takes, so that more of it is walked through."""
    record = st.dictionaries(st.sampled_from(WORDS), JSONS, max_size=4)
    flag = st.booleans() | st.just("x")
    parts, rows = st.lists(_part(), max_size=4), st.lists(_row(record), max_size=3)
    graph = st.fixed_dictionaries({"graphId": st.sampled_from(["1", "2", "."]), "compositeRequest": parts})
    asked = st.fixed_dictionaries({"method": _VERBS, "url": _urls()}, optional={"richInput": JSONS})
    shapes: dict[str, tuple[str, st.SearchStrategy[Any], str]] = {
        "/composite": ("compositeRequest", parts, "allOrNone"),
        "/composite/graph": ("graphs", st.lists(graph, max_size=3), "x"),
        "/composite/batch": ("batchRequests", st.lists(asked, max_size=4), "haltOnError"),
        "/composite/tree/{sobject}": ("records", rows, "x"),
        "/composite/sobjects": ("records", rows, "allOrNone"),
        "/composite/sobjects/{sobject}/{field}": ("records", rows, "allOrNone"),
        "/actions/standard/{name}": ("inputs", st.lists(record, max_size=3), "x"),
    }
    name, wanted, more = shapes.get(route.path, ("records", rows, "x"))
    near = st.fixed_dictionaries({name: wanted}, optional={more: flag}) if route.path in shapes else record
    return near | JSONS


_VERBS = st.sampled_from(METHODS[:6])


def _part() -> st.SearchStrategy[Any]:
    headers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=2)
    references = st.sampled_from(["a", "b", "a b", ""])
    return st.fixed_dictionaries(
        {"method": _VERBS, "url": _urls(), "referenceId": references}, optional={"body": JSONS, "httpHeaders": headers}
    )


def _row(record: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    kinds, references = st.sampled_from(["Account", "Contact", "x"]), st.sampled_from(["a", "b"])
    said = st.fixed_dictionaries({"type": kinds, "referenceId": references})
    return st.tuples(said, record).map(lambda each: {**each[1], "attributes": each[0]})


def _envelopes(token: str) -> st.SearchStrategy[bytes]:
    """SOAP calls by their names, with elements that they know and others."""
    calls = st.sampled_from([*soap.CALLS, *metadata_soap.CALLS, "login", "logout", "nonsense"])
    names = ["sObjects", "type", "Id", "fieldsToNull", "queryString", "ids", "sObjectType", "externalIDFieldName", "x",
             "Name", "ZipFile", "DeployOptions", "queries", "metadata", "fullName", "asyncProcessId", "leadConverts",
             "username", "password", "request", "masterRecord", "recordToMergeIds", "retrieveRequest"]  # fmt: skip
    leaf = st.sampled_from([*TRICKS, *WORDS]).map(escape)
    inner = st.recursive(
        leaf, lambda deeper: st.lists(st.tuples(st.sampled_from(names), deeper), max_size=4).map(_nested)
    )
    session = f"<SessionHeader><sessionId>{token}</sessionId></SessionHeader>"
    form = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>{0}</e:Header>'
        "<e:Body><{1}>{2}</{1}></e:Body></e:Envelope>"
    )
    return st.tuples(calls, inner).map(lambda each: form.format(session, *each).encode("utf-8", "replace"))


def _nested(elements: list[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{inner}</{name}>" for name, inner in elements)


def _urls() -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(ROUTER.routes), st.sampled_from(TRICKS)).map(
        lambda each: address(each[0], dict.fromkeys(each[0].names, each[1]))
    )


@st.composite
def requests(draw: st.DrawFn, org: Org, token: str) -> Request:
    """A request near one of the org's routes: one thing or another of it is bent, and sometimes everything."""
    route = draw(st.sampled_from(ROUTER.routes))
    method = draw(st.sampled_from([route.method] * 60 + list(METHODS)))
    usual = usual_values(org)
    values = {name: draw(st.sampled_from([usual.get(name, "x")] * 3 + list(TRICKS))) for name in route.names}
    target = address(route, values) + draw(st.sampled_from([""] * 20 + list(QUERIES)))
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": draw(st.sampled_from(["application/json"] * 12 + list(TYPES))),
    }
    headers |= draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=2))
    near = _envelopes(token) if "/Soap/" in route.path else body_like(route).map(_dumped)
    spoken = draw(near | st.sampled_from(BODIES))
    return Request(
        method, target, headers, spoken, host=draw(st.sampled_from(["mock.example"] * 4 + ["", "x\r\ny", HUGE]))
    )


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # numbers beyond 64 bits, texts that are none
        return repr(value).replace("'", '"').encode("utf-8", "replace")
