"""What was asked of the org in a trial, read from the journal's archive: what an outsider can know of a connector."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

_SOBJECT = re.compile(r"/sobjects/([A-Za-z]\w*)(?:/|$)")
_LOGIN = re.compile(r"/services/(oauth2/token|Soap/[uc]/)")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the org saw it, and what its client was told: `status` is None where it heard nothing."""

    at: datetime
    method: str
    path: str
    body: str
    status: int | None
    codes: tuple[str, ...]
    struck: tuple[str, ...]

    @property
    def is_login(self) -> bool:
        return bool(_LOGIN.search(self.path))

    @property
    def is_write(self) -> bool:
        if self.method == "GET" or not self.path.startswith("/services/data"):
            return False
        parts = self._parts()
        return not parts or any(part.get("method") != "GET" for part in parts)

    @property
    def same(self) -> str:
        """Equal for requests that ask the same."""
        return sha256(f"{self.method} {self.path} {self.body}".encode()).hexdigest()

    @property
    def heard_success(self) -> bool:
        return self.status is not None and self.status < 300

    @property
    def objects(self) -> Iterator[str]:
        """The objects that it is about, those of a composite's parts included."""
        for path in (self.path, *(str(part.get("url", "")) for part in self._parts())):
            yield from _SOBJECT.findall(urlsplit(path).path)
        for record in self._records():
            kind = (record.get("attributes") or {}).get("type")
            if isinstance(kind, str):
                yield kind

    def _parts(self) -> list[Mapping[str, Any]]:
        parts = self._json().get("compositeRequest")
        return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []

    def _records(self) -> list[Mapping[str, Any]]:
        records = self._json().get("records")
        return [each for each in records if isinstance(each, dict)] if isinstance(records, list) else []

    def _json(self) -> Mapping[str, Any]:
        try:
            value = json.loads(self.body) if self.body else {}
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def traffic(archive: Mapping[str, Any]) -> list[Asked]:
    """The requests of an archive (HAR 1.2, as the mock's journal gives it), the oldest first."""
    return [_asked(entry) for entry in archive["log"]["entries"]]


def _asked(entry: Mapping[str, Any]) -> Asked:
    request, own = entry["request"], entry.get("_mocksf", {})
    url = urlsplit(request["url"])
    status = own.get("status")
    if status is None or (own.get("lost") and "error" not in own.get("kinds", ())):
        status = None
    return Asked(
        datetime.fromisoformat(entry["startedDateTime"]),
        request["method"],
        f"{url.path}?{url.query}" if url.query else url.path,
        (request.get("postData") or {}).get("text", ""),
        status,
        tuple(own.get("codes", ())),
        tuple(own.get("kinds", ())),
    )
