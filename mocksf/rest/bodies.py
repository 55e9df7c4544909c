"""Bodies of requests: read, unpacked, parsed; and what the org's parser says about those it cannot read."""

import re
import zlib
from collections.abc import Mapping
from typing import Any

import orjson

from mocksf.errors import Refusal, Refuse
from mocksf.messages import Json, Request
from mocksf.rest import xml_bodies
from mocksf.rest.complaints import complaint

UNREAD: Any = object()
"""Stands for a body that nobody has parsed yet."""
BODY_BYTES_MAX = 50 * 1024 * 1024
"""The largest text body (facts on REST §7.3)."""
DEPTH_MAX = 200
"""How deep JSON may be nested; real parsers stop somewhere too, further down (assumed)."""
BRACKETS_MAX = 500_000
"""How many objects and arrays a body may hold: each takes far more memory than its two characters (assumed)."""
VALUES_MAX = 4_000_000
"""How many values a body may hold, counted by their commas (assumed)."""
_WINDOW_BITS = {"gzip": 31, "deflate": 15}
_TOKENS: dict[type, tuple[str, str]] = {
    dict: ("START_OBJECT", "{"),
    list: ("START_ARRAY", "["),
    str: ("VALUE_STRING", ""),
    int: ("VALUE_NUMBER_INT", ""),
    float: ("VALUE_NUMBER_FLOAT", ""),
    type(None): ("VALUE_NULL", "null"),
}
"""What the parser calls each kind of value, and how it shows it where that is not the value itself."""


class TooLarge(Exception):
    """The body is larger than the org reads."""


def content(request: Request) -> bytes:
    """The body's bytes, decompressed. Raises `TooLarge`, and a refusal for a broken or unknown compression."""
    body = request.body
    raw = body if isinstance(body, bytes) else body.read(BODY_BYTES_MAX + 1)
    if len(raw) > BODY_BYTES_MAX:
        raise TooLarge
    named = request.headers.get("content-encoding")
    if not named:
        return raw
    encoding = named.strip().lower()
    if encoding in {"identity", ""} or not raw:
        return raw
    return _unpacked(raw, encoding)


def _unpacked(raw: bytes, encoding: str) -> bytes:
    if encoding not in _WINDOW_BITS:
        raise Refuse.WRONG_ENCODING(encoding=encoding)
    unpacker = zlib.decompressobj(_WINDOW_BITS[encoding])
    try:
        unpacked = unpacker.decompress(raw, BODY_BYTES_MAX + 1)
    except zlib.error as error:
        raise Refuse.BROKEN_ENCODING(encoding=encoding) from error
    if len(unpacked) > BODY_BYTES_MAX:
        raise TooLarge
    if not unpacker.eof:
        raise Refuse.BROKEN_ENCODING(encoding=encoding)
    return unpacked


def check_media_type(media_type: str | None) -> None:
    """Raise unless a body of this Content-Type may be JSON; a missing type may."""
    if not media_type or "json" in media_type.lower():
        return
    media = media_type.partition(";")[0].strip().lower()
    if media == "application/x-www-form-urlencoded":
        raise Refuse.FORM_BODY()
    raise Refuse.WRONG_MEDIA_TYPE(media=media)


def read(media_type: str | None, raw: bytes) -> Json:
    """A body as JSON, which it may also say in XML. Raises what `check_media_type` and `parse` raise, and BAD_XML."""
    if media_type and "json" not in media_type.lower():
        if media_type.partition(";")[0].strip().lower() in {"application/xml", "text/xml"}:
            return xml_bodies.read(raw)
        check_media_type(media_type)
    return parse(raw)


def parse(raw: bytes) -> Json:
    """A body as JSON; of a repeated key the last counts. Raises `Refuse.NO_BODY` and `Refuse.BAD_JSON`."""
    if not raw.strip():
        raise Refuse.NO_BODY()
    brackets = raw.count(b"{") + raw.count(b"[")
    if brackets > BRACKETS_MAX or (len(raw) > VALUES_MAX and raw.count(b",") > VALUES_MAX):
        reason = f"Document holds more than {BRACKETS_MAX} objects and arrays, or more than {VALUES_MAX} values"
        raise Refuse.BAD_JSON(reason=reason, line=1, column=1)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        reason, line, column = complaint(raw, error)
        raise Refuse.BAD_JSON(reason=reason, line=line, column=column) from None
    # Few bodies have so many brackets; only those are walked through.
    if brackets > DEPTH_MAX and _is_too_deep(value):
        raise Refuse.BAD_JSON(
            reason=f"Document nesting depth exceeds the maximum allowed ({DEPTH_MAX})", line=1, column=1
        )
    return value


def _is_too_deep(value: Json) -> bool:
    """Whether a value goes deeper than `DEPTH_MAX`: level by level, because recursion has a limit of its own."""
    level = [value]
    for _ in range(DEPTH_MAX + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            return False
        level = [inner for each in containers for inner in (each.values() if isinstance(each, dict) else each)]
    return True


def place_of(raw: bytes, field: str, value: Json) -> tuple[int, int]:
    """Line and column where a field's value stands in a body, both from one; (1, 1) where it cannot be found."""
    written = re.escape(orjson.dumps(value)) if not isinstance(value, dict | list) else b""
    found = re.search(rb'"' + re.escape(field.encode()) + rb'"\s*:\s*(' + written + rb")", raw, re.IGNORECASE)
    if found is None:
        return 1, 1
    before = raw[: found.start(1)].decode("utf-8", "replace")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def place_of_name(raw: bytes, name: str) -> tuple[int, int]:
    """Line and column behind a property's name, as the parser counts; (1, 1) where it cannot be found."""
    found = re.search(re.escape(orjson.dumps(name)) + rb"\s*:", raw)
    if found is None:
        return 1, 1
    before = raw[: found.end() - 1].decode("utf-8", "replace")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def flag(body: Mapping[str, Json], name: str) -> bool:
    """A property that is true or false, and false where it is missing or null; raises the refusal of anything else."""
    value = body.get(name)
    if not isinstance(value, bool | None):
        raise wrong_shape(value, "boolean")
    return value is True


def wrong_shape(value: Json, kind: str = "complexvalue") -> Refusal:
    """The refusal of a value that ought to be an object, or a value of another kind."""
    if isinstance(value, bool):
        token, shown = f"VALUE_{value}".upper(), str(value).lower()
    else:
        token, shown = _TOKENS[type(value)]
    return Refuse.BAD_JSON_SHAPE(type=kind, token=token, value=shown or value, line=1, column=1)
