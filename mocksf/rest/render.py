"""Responses as bytes: one rendering for all doors, compact or as Jackson prints prettily."""

from collections.abc import Iterator
from typing import Any

import orjson

from mocksf.messages import Json, Raw, Request, Response
from mocksf.rest import xml_answers

JSON_TYPE = "application/json;charset=UTF-8"
HOUSE_HEADERS = {
    "Strict-Transport-Security": "max-age=31536002; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "none",
    "Cache-Control": "no-cache,must-revalidate,max-age=0,no-store,private",
    "Vary": "Accept-Encoding",
}
"""What every answer carries (recorded); the date is left out, so that equal runs give equal bytes."""

Rendered = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""


def render(request: Request, response: Response) -> Rendered:
    """A response as it goes on the wire; the answer to HEAD keeps its headers and loses its body."""
    body = written(request, response)
    headers = {**HOUSE_HEADERS, **own_headers(response, body)}
    return response.status, headers, b"" if request.method.upper() == "HEAD" else bytes(body)


def own_headers(response: Response, body: bytes) -> dict[str, str]:
    """The headers of a response beside those of the house; a body has a type."""
    headers = {**response.headers}
    if body and "Content-Type" not in headers:
        headers["Content-Type"] = JSON_TYPE if body[:5] != b"<?xml" else xml_answers.XML_TYPE
    return headers


def written(request: Request, response: Response) -> bytes:
    """A response's body as its request wishes it printed; one that is ready already is given as it is."""
    headers = request.headers
    if ("xml" in headers.get("accept", "") or ".xml" in request.target) and xml_answers.wanted(request):
        return _in_xml(request, response)
    return body_bytes(response.body, pretty=headers.get("x-prettyprint") in {"1", "true"})


def _in_xml(request: Request, response: Response) -> bytes:
    """A body of JSON as XML; one of another kind as it is."""
    body = body_bytes(response.body)
    named = response.headers.get("Content-Type", JSON_TYPE)
    if not body or not named.startswith("application/json"):
        return body
    response.headers.pop("Content-Type", None)
    return xml_answers.written(request, orjson.loads(bytes(body)))


def body_bytes(body: Any, *, pretty: bool = False) -> bytes:
    """A response's body as bytes. `pretty` prints JSON the way real orgs do under `X-PrettyPrint: 1`."""
    if body is None:
        return b""
    if isinstance(body, Raw):
        if pretty and body[:1] in (b"{", b"["):
            return _pretty(orjson.loads(bytes(body)), "").encode()
        return body
    if type(body) is not dict and isinstance(body, Iterator):  # nearly all are dicts, and it costs to ask for more
        return b"".join(body)
    raw = orjson.dumps(body, default=_spliced)
    return _pretty(orjson.loads(raw), "").encode() if pretty else raw


def _spliced(value: Any) -> Any:
    if isinstance(value, Raw):
        return orjson.Fragment(bytes(value))
    raise TypeError


def _pretty(value: Json, indent: str) -> str:
    """JSON as Jackson's default printer writes it: two spaces, ` : `, arrays opened in line."""
    if isinstance(value, dict):
        if not value:
            return "{ }"
        deeper = indent + "  "
        lines = (f"{deeper}{_scalar(key)} : {_pretty(each, deeper)}" for key, each in value.items())
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list):
        return f"[ {', '.join(_pretty(each, indent) for each in value)} ]" if value else "[ ]"
    return _scalar(value)


def _scalar(value: Json) -> str:
    return orjson.dumps(value).decode()
