"""Measured requests, read from what an org or a browser wrote down of them."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mocksf.messages import Request
from mocksf.weather.sight import Sight

csv.field_size_limit(16_000_000)  # a log line may hold a whole query


class Unreadable(Exception):
    """What was given is no log that could be read; the sentence names the place and what is lacking."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request that was measured: what it did, to which object, and how long the org took."""

    operation: str
    sobject: str | None
    seconds: float


def samples(text: str, name: str = "log") -> list[Sample]:
    """What is written in an EventLogFile (CSV) or an HTTP Archive (JSON). Raises Unreadable.

    Requests outside an org's API and requests that failed are left out: they say nothing about its work.
    """
    read = _archive if text.lstrip("\ufeff \r\n\t").startswith("{") else _event_log
    found = [each for each in read(text, name) if each.seconds > 0]
    if not found:
        message = f"{name}: holds no request to an org's API that succeeded"
        raise Unreadable(message)
    return found


# -- EventLogFile (Object Reference, event types RestApi and ApiTotalUsage) ------------------------------------------

_Row = Mapping[str, str]
_METHODS = ("METHOD", "HTTP_METHOD")
_PATHS = ("URI", "API_RESOURCE")


def _event_log(text: str, name: str) -> Iterator[Sample]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    columns = set(reader.fieldnames or ())
    lacking = [" or ".join(wanted) for wanted in (("RUN_TIME",), _METHODS, _PATHS) if not columns.intersection(wanted)]
    if lacking:
        message = (
            f"{name}:1: lacks {', '.join(lacking)}; an EventLogFile of the type RestApi has them,"
            " and an HTTP Archive is JSON"
        )
        raise Unreadable(message)
    try:
        for row in reader:
            sample = _event(row, f"{name}:{reader.line_num}")
            if sample:
                yield sample
    except csv.Error as problem:
        message = f"{name}:{reader.line_num}: is not CSV: {problem}"
        raise Unreadable(message) from None


def _event(row: _Row, place: str) -> Sample | None:
    status = row.get("STATUS_CODE") or "200"
    if not status.startswith(("2", "3")):
        return None
    try:
        seconds = float(row["RUN_TIME"]) / 1000  # RUN_TIME is in milliseconds
    except (TypeError, ValueError):
        message = f"{place}: RUN_TIME is {row['RUN_TIME']!r} and should be milliseconds"
        raise Unreadable(message) from None
    path, method = _first(row, _PATHS), _first(row, _METHODS).upper()
    # Event logs abbreviate the version: `/v66.0/sobjects/Account` for `/services/data/v66.0/sobjects/Account`.
    target = path if path.startswith("/services") else f"/services/data/{path.lstrip('/')}"
    return _sample(method, target, seconds, row.get("ENTITY_NAME"))


def _first(row: _Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


# -- HTTP Archive (HAR 1.2) ------------------------------------------------------------------------------------------


def _archive(text: str, name: str) -> Iterator[Sample]:
    try:
        entries = json.loads(text.lstrip("\ufeff"))["log"]["entries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        message = f"{name}: is JSON, but no HTTP Archive (it has no log.entries)"
        raise Unreadable(message) from None
    if not isinstance(entries, list):
        message = f"{name}: log.entries is no list"
        raise Unreadable(message)
    for number, entry in enumerate(entries):
        sample = _entry(entry, f"{name}: log.entries[{number}]")
        if sample:
            yield sample


def _entry(entry: Any, place: str) -> Sample | None:
    try:
        status = int(entry["response"]["status"])
        url = urlsplit(entry["request"]["url"])
        method, wait_ms = str(entry["request"]["method"]), float(entry["timings"]["wait"])
    except (KeyError, TypeError, ValueError) as problem:
        message = f"{place}: lacks a method, url, status or timings.wait: {problem}"
        raise Unreadable(message) from None
    if not 200 <= status < 400 or not url.path.startswith("/services/"):
        return None
    return _sample(method, f"{url.path}?{url.query}" if url.query else url.path, wait_ms / 1000, None)


# -- either ----------------------------------------------------------------------------------------------------------


def _sample(method: str, target: str, seconds: float, entity: str | None) -> Sample:
    sight = Sight(Request(method, target))
    return Sample(sight.operation, entity or sight.sobject, seconds)
