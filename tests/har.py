"""What an HTTP Archive must be (HAR 1.2, the specification of Jan Odvarko): required keys and their types."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

NUMBER = (int, float)
PAIRS = [{"name": str, "value": str}]
TIMINGS = {"send": NUMBER, "wait": NUMBER, "receive": NUMBER}
REQUEST = {
    "method": str,
    "url": str,
    "httpVersion": str,
    "cookies": list,
    "headers": PAIRS,
    "queryString": PAIRS,
    "headersSize": int,
    "bodySize": int,
}
RESPONSE = {
    "status": int,
    "statusText": str,
    "httpVersion": str,
    "cookies": list,
    "headers": PAIRS,
    "content": {"size": int, "mimeType": str},
    "redirectURL": str,
    "headersSize": int,
    "bodySize": int,
}
ENTRY = {
    "startedDateTime": str,
    "time": NUMBER,
    "request": REQUEST,
    "response": RESPONSE,
    "cache": dict,
    "timings": TIMINGS,
}
ARCHIVE = {"log": {"version": str, "creator": {"name": str, "version": str}, "entries": [ENTRY]}}


def problems_of(archive: Any) -> list[str]:
    """Everything in which an archive is none."""
    found = list(_problems(archive, ARCHIVE, "har"))
    for at, entry in enumerate(() if found else archive["log"]["entries"]):
        timings = sum(each for each in entry["timings"].values() if each >= 0)
        if abs(timings - entry["time"]) > 0.01:
            found.append(f"entries[{at}]: its time is not the sum of its timings")
        if datetime.fromisoformat(entry["startedDateTime"]).tzinfo is None:
            found.append(f"entries[{at}]: its start has no zone")
        if "postData" in entry["request"] and not {"mimeType", "text"} <= set(entry["request"]["postData"]):
            found.append(f"entries[{at}]: its posted data has neither type nor text")
    return found


def _problems(value: Any, shape: Any, path: str) -> Iterator[str]:
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            yield f"{path}: no object"
            return
        for key, below in shape.items():
            if key not in value:
                yield f"{path}.{key}: missing"
            else:
                yield from _problems(value[key], below, f"{path}.{key}")
    elif isinstance(shape, list):
        for at, each in enumerate(value):
            yield from _problems(each, shape[0], f"{path}[{at}]")
    elif not isinstance(value, shape) or isinstance(value, bool):
        yield f"{path}: {value!r}"
