"""Bodies of requests: read, unpacked, parsed; and what the org's parser says about those it cannot read."""

import re
import zlib
from typing import Any

import orjson

from mocksf.errors import Refusal, Refuse
from mocksf.messages import Json, Request
from mocksf.rest.complaints import complaint

UNREAD: Any = object()
"""Stands for a body that nobody has parsed yet."""
BODY_BYTES_MAX = 50 * 1024 * 1024
"""The largest text body (facts on REST §7.3)."""
_WINDOW_BITS = {"gzip": 31, "deflate": 15}


class TooLarge(Exception):
    """The body is larger than the org reads."""


def content(request: Request) -> bytes:
    """The body's bytes, decompressed. Raises `TooLarge`, and a refusal for a broken or unknown compression."""
    body = request.body
    raw = body if isinstance(body, bytes) else body.read(BODY_BYTES_MAX + 1)
    if len(raw) > BODY_BYTES_MAX:
        raise TooLarge
    encoding = (request.headers.get("content-encoding") or "identity").strip().lower()
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
    return unpacked


def check_media_type(media_type: str | None) -> None:
    """Raise unless a body of this Content-Type may be JSON; a missing type may."""
    if not media_type or "json" in media_type.lower():
        return
    media = media_type.partition(";")[0].strip().lower()
    if media == "application/x-www-form-urlencoded":
        raise Refuse.FORM_BODY()
    raise Refuse.WRONG_MEDIA_TYPE(media=media)


def parse(raw: bytes) -> Json:
    """A body as JSON; of a repeated key the last counts. Raises `Refuse.NO_BODY` and `Refuse.BAD_JSON`."""
    if not raw.strip():
        raise Refuse.NO_BODY()
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        reason, line, column = complaint(raw, error)
        raise Refuse.BAD_JSON(reason=reason, line=line, column=column) from None


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


def wrong_shape(value: Json, kind: str = "complexvalue") -> Refusal:
    """The refusal of a value that ought to be an object."""
    token = {list: "START_ARRAY", str: "VALUE_STRING", bool: f"VALUE_{str(value).upper()}", type(None): "VALUE_NULL"}
    shown = "[" if isinstance(value, list) else orjson.dumps(value).decode().strip('"')
    name = token.get(type(value), "VALUE_NUMBER_FLOAT" if isinstance(value, float) else "VALUE_NUMBER_INT")
    return Refuse.BAD_JSON_SHAPE(type=kind, token=name, value=shown, line=1, column=1)
