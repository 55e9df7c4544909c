"""Exchanges that were recorded: requests that can be asked again, with the answers that were given."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

HIDDEN = "***"
_OF_THE_CONNECTION = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "authorization", "cookie", "transfer-encoding"}
)
"""Headers that belong to whoever asks, not to what is asked."""


class Unreadable(Exception):
    """The archive is none, or lacks what is needed to ask again; the sentence names the place."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: its body is a JSON value, a text, or None."""

    status: int
    kind: str
    body: Any
    cut: bool = False
    """Only the beginning of the body was kept, so that it cannot be compared."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of an archive."""

    number: int
    method: str
    target: str
    headers: Mapping[str, str]
    body: str
    answer: Heard

    @property
    def reads(self) -> bool:
        """Whether asking it again changes nothing."""
        return self.method in ("GET", "HEAD", "OPTIONS")

    @property
    def about_login(self) -> bool:
        """Whether it holds secrets that an archive hides."""
        return self.target.startswith(("/services/oauth2", "/services/Soap")) or HIDDEN in self.body


def recorded(text: str, name: str = "archive") -> list[Recorded]:
    """The exchanges of an HTTP Archive that an org answered. Raises Unreadable."""
    try:
        entries = json.loads(text.lstrip("\ufeff"))["log"]["entries"]
        return list(_read(entries))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        message = f"{name}: is no HTTP Archive (HAR 1.2): {type(problem).__name__}: {problem}"
        raise Unreadable(message) from None


def _read(entries: list[Any]) -> Iterator[Recorded]:
    for number, entry in enumerate(entries, 1):
        asked, given = entry["request"], entry["response"]
        url = urlsplit(asked["url"])
        if not url.path.startswith("/services/") or not given["status"]:
            continue
        yield Recorded(
            number,
            str(asked["method"]).upper(),
            f"{url.path}?{url.query}" if url.query else url.path,
            {each["name"].lower(): each["value"] for each in asked["headers"] if _kept(each["name"])},
            (asked.get("postData") or {}).get("text") or "",
            heard(int(given["status"]), given["content"].get("mimeType", ""), _text(given["content"])),
        )


def _kept(name: str) -> bool:
    return name.lower() not in _OF_THE_CONNECTION and not name.startswith(":")


def _text(content: Mapping[str, Any]) -> str:
    text = content.get("text") or ""
    return base64.b64decode(text).decode(errors="replace") if content.get("encoding") == "base64" else text


def heard(status: int, kind: str, text: str) -> Heard:
    """An answer from its parts; JSON where it is JSON."""
    kind = kind.partition(";")[0].strip().lower()
    if not text:
        return Heard(status, kind, None)
    try:
        return Heard(status, kind, json.loads(text))
    except ValueError:
        return Heard(status, kind, text, cut="json" in kind)
