"""The journal as an HTTP Archive (HAR 1.2), for browsers' developer tools and everything else that reads it.

Credentials are left out: what authorizes is told as `***`. What no answer came to has status 0, as browsers write it.
"""

import base64
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from mocksf.journal import Answer, Exchange
from mocksf.targets import parameters

HIDDEN = "***"
UNPACKED_MAX = 256 * 1024
"""How much of a compressed body is unpacked to be shown."""
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "x-sfdc-session"})
_SECRETS = re.compile(
    r"""(?xi)
    ( (?: ^ | [&] ) (?: password | client_secret | refresh_token | assertion | token | access_token ) = ) [^&]*
    | ( "(?: password | client_secret | refresh_token | access_token | id_token | signature )" \s* : \s* " ) [^"]*
    | ( < (?: \w+: )? (?: password | sessionId ) (?: \s[^>]*)? > ) [^<]*
    """
)


def har(exchanges: Iterable[Exchange]) -> dict[str, Any]:
    """An archive of these exchanges, JSON-ready."""
    creator = {"name": "mocksf", "version": version("mocksf")}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": [entry(one) for one in exchanges]}}


def entry(exchange: Exchange) -> dict[str, Any]:
    """One exchange; what HAR has no name for stands under `_mocksf`."""
    inside_s = max((exchange.took_s or 0.0) - exchange.fate.there_s - exchange.fate.back_s, 0.0)
    timings = {
        "blocked": -1,
        "dns": -1,
        "connect": -1,
        "ssl": -1,
        "send": _ms(exchange.fate.there_s),
        "wait": _ms(inside_s),
        "receive": _ms(exchange.fate.back_s),
    }
    began = exchange.began or datetime.fromtimestamp(0, UTC)
    return {
        "startedDateTime": began.isoformat(timespec="milliseconds"),
        "time": round(sum(each for each in timings.values() if each >= 0), 3),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": timings,
        "comment": " ".join(exchange.fate.struck),
        "_mocksf": exchange.as_json(),
    }


def headers_told(headers: Mapping[str, str]) -> list[dict[str, str]]:
    """Headers as HAR lists them, without what authorizes."""
    return [
        {"name": name, "value": HIDDEN if name.lower() in _SECRET_HEADERS else value} for name, value in headers.items()
    ]


def body_told(body: bytes) -> str | None:
    """A body as text, its passwords and tokens hidden; None where it is no text."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        if error.end < len(body) or error.start == 0:
            return None
        text = body[: error.start].decode()  # cut in the middle of a character
    return _SECRETS.sub(lambda found: f"{found[1] or found[2] or found[3]}{HIDDEN}", text)


def plain(sent: Answer) -> bytes:
    """The body that was sent, unpacked as far as it was kept."""
    if not any(name.lower() == "content-encoding" for name in sent.headers):
        return sent.body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(sent.body, UNPACKED_MAX)
    except zlib.error:  # the weather garbled it
        return sent.body


def target_told(target: str) -> str:
    """A target whose query tells no secret."""
    path, mark, query = target.partition("?")
    return path + mark + _SECRETS.sub(lambda found: f"{found[1]}{HIDDEN}" if found[1] else found[0], query)


def _request(exchange: Exchange) -> dict[str, Any]:
    target = target_told(exchange.target)
    told: dict[str, Any] = {
        "method": exchange.method,
        "url": f"{exchange.scheme}://{exchange.host or 'localhost'}{target}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers_told(exchange.headers),
        "queryString": [{"name": name, "value": value} for name, value in parameters(target.partition("?")[2]).items()],
        "headersSize": -1,
        "bodySize": exchange.body_bytes,
    }
    if exchange.body:
        kind = exchange.headers.get("content-type", "application/octet-stream")
        text = body_told(exchange.body) or ""
        told["postData"] = {"mimeType": kind, "text": text, "params": []}
        if kind.startswith("application/x-www-form-urlencoded"):
            told["postData"]["params"] = [{"name": each, "value": value} for each, value in parse_qsl(text)]
    return told


def _response(exchange: Exchange) -> dict[str, Any]:
    sent = exchange.sent
    heard = 0 if exchange.lost or exchange.status is None else exchange.status
    status = sent.status if sent else heard  # in process no door writes bytes that could be kept
    headers = {name.lower(): value for name, value in sent.headers.items()} if sent else {}
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers_told(headers),
        "content": _content(exchange, headers),
        "redirectURL": headers.get("location", "") if 300 <= status < 400 else "",
        "headersSize": -1,
        "bodySize": exchange.sent_bytes if sent else -1,
    }


def _content(exchange: Exchange, headers: Mapping[str, str]) -> dict[str, Any]:
    sent = exchange.sent
    told: dict[str, Any] = {
        "size": exchange.sent_bytes,
        "mimeType": headers.get("content-type", "x-unknown"),
    }
    if sent is None or not sent.body:
        return told
    body = plain(sent)
    text = body_told(body)
    if text is None:
        return told | {"text": base64.b64encode(body).decode(), "encoding": "base64"}
    return told | {"text": text}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
