"""Answers in XML, for those who ask for it: the JSON that would be sent, element for property."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mocksf.evidence import Evidence
from mocksf.messages import Json, Request
from mocksf.rest.routing import SUFFIX_UNTIL
from mocksf.targets import unquoted

XML_TYPE = "application/xml;charset=UTF-8"
_DATA = re.compile(r"/+services/+data(?:/+v(\d+)\.\d(?:/+([^?]*))?)?/*(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_BARE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
"""What no XML may hold, not even escaped."""
_QUALITY = re.compile(r"^q\s*=\s*([01](?:\.\d{0,3})?)$")
_ROOTS = {
    "": "urls",
    "sobjects": "DescribeGlobal",
    "limits": "LimitsSnapshot",
    "composite/batch": "batchResults",
    "search": "SearchResult",
    "parameterizedsearch": "SearchResult",
}
"""The names of documents by the path behind the version."""
_JSON_ONLY = frozenset({"composite", "composite/graph"})

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("In XML a record is an element by the name of its object, its attributes are attributes", Evidence.DOCUMENTED),
    ("Items of a list are elements of the same name, null is xsi:nil, an instant ends in Z", Evidence.DOCUMENTED),
    ("A document that has no documented root is called Result, a list of them Results", Evidence.ASSUMED),
    ("Composite and graph answer in JSON whatever is asked for", Evidence.DOCUMENTED),
    ("Who accepts both gets XML where its quality is the higher one", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def wanted(request: Request) -> bool:
    """Whether an answer of the data API is asked for in XML: by its address, or by the Accept header."""
    found = _DATA.fullmatch(request.target)
    if found is None:
        return False
    path = (found[2] or "").rstrip("/").lower()
    if path in _JSON_ONLY:
        return False
    if found[1] and int(found[1]) <= SUFFIX_UNTIL and path.endswith((".xml", ".json")):
        return path.endswith(".xml")
    return _prefers_xml(request.headers.get("accept", ""))


def _prefers_xml(accept: str) -> bool:
    best = {"xml": 0.0, "json": 0.0}
    for each in accept.lower().split(","):
        media, *parameters = (part.strip() for part in each.split(";"))
        quality = next((float(found[1]) for found in map(_QUALITY.match, parameters) if found), 1.0)
        if media in {"application/xml", "text/xml"}:
            best["xml"] = max(best["xml"], quality)
        elif media == "application/json":
            best["json"] = max(best["json"], quality)
    return best["xml"] > best["json"]


def written(request: Request, body: Json) -> bytes:
    """A body as an XML document."""
    found = _DATA.fullmatch(request.target)
    path = unquoted((found[2] or "") if found is not None else "").rstrip("/")
    root, content = _document(path if found is None or found[1] else None, body)
    text = "".join(_element(root, content))
    text = text.replace(f"<{root}", f"<{root}{_XSI}", 1) if "xsi:nil" in text else text
    return (_HEAD + text).encode()


def _document(path: str | None, body: Json) -> tuple[str, Json]:
    """The root's name, and what is in it."""
    if isinstance(body, list):
        if all(isinstance(each, dict) and "errorCode" in each for each in body) and body:
            return "Errors", {"Error": body}
        return ("Versions", {"Version": body}) if path is None else ("Results", {"Result": body})
    if not isinstance(body, dict):
        return "Result", body
    said = body.get("attributes")
    if isinstance(said, dict) and isinstance(said.get("type"), str):
        return said["type"], body
    if "totalSize" in body and "records" in body:
        return "QueryResult", body
    return _root_of(re.sub(r"\.(?:xml|json)$", "", path or "", flags=re.IGNORECASE)), body


def _root_of(path: str) -> str:
    segments = [each for each in path.split("/") if each]
    if [each.lower() for each in segments[:2]] == ["composite", "tree"]:
        return "SObjectTreeResponse"
    if len(segments) == 3 and segments[2].lower() == "describe" and _NAME.fullmatch(segments[1]):
        return segments[1]
    return _ROOTS.get("/".join(segments).lower(), "Result")


def _element(name: str, value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _element(name, each)
        return
    tag = name if _NAME.fullmatch(name) else "entry"
    named = "" if tag == name else f" name={quoteattr(_clean(name))}"
    if value is None:
        yield f'<{tag}{named} xsi:nil="true"/>'
        return
    said = value.get("attributes") if isinstance(value, dict) else None
    attributes = said if isinstance(said, Mapping) else {}
    texts = {each: _clean(str(text)) for each, text in attributes.items() if _NAME.fullmatch(each)}
    more = "".join(f" {each}={quoteattr(text)}" for each, text in texts.items())
    yield f"<{tag}{named}{more}>"
    if isinstance(value, dict):
        for each, inner in value.items():
            if each != "attributes" or not attributes:
                yield from _element(each, inner)
    else:
        yield escape(_clean(_text(value)))
    yield f"</{tag}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return _INSTANT.sub(r"\1Z", value) if isinstance(value, str) else str(value)


def _clean(text: str) -> str:
    """A text without what no XML may hold."""
    return text.translate(_BARE)
