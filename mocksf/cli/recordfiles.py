"""Records from CSV and JSON files, each remembered with its place, for messages."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocksf.cli.saying import read_text, stop


@dataclass(frozen=True)
class Loose:
    """One record that is not in an org yet."""

    sobject: str
    body: dict[str, Any]
    place: str
    """Where it stands, such as ``contacts.csv:3``."""


def read_records(path: Path, sobject: str | None = None) -> list[Loose]:
    """The records of a file. Of a CSV file the object is `sobject` or the file's name.

    JSON is a list of records, each with ``attributes.type`` or all of `sobject`, or an object of lists by object name.
    Ends with a sentence where the file is neither.
    """
    text = read_text(path)
    if path.suffix.lower() == ".csv":
        return list(_from_csv(text, path, sobject or path.stem))
    if path.suffix.lower() != ".json":
        stop(f"{path}: records come from .csv and .json files")
    return list(_from_json(text, path, sobject))


def _from_csv(text: str, path: Path, sobject: str) -> Iterator[Loose]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    for row in reader:
        if None in row:
            stop(f"{path}:{reader.line_num}: more cells than columns")
        # An empty cell says nothing, as in the data loaders of the trade.
        body = {name: value for name, value in row.items() if value not in (None, "")}
        yield Loose(sobject, body, f"{path}:{reader.line_num}")


def _from_json(text: str, path: Path, sobject: str | None) -> Iterator[Loose]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        stop(f"{path}:{error.lineno}: not JSON: {error.msg}")
    lists = data.items() if isinstance(data, dict) and "records" not in data else [("", data)]
    for name, listed in lists:
        records = listed["records"] if isinstance(listed, dict) and "records" in listed else listed
        if not isinstance(records, list):
            stop(f"{path}: {name or 'the whole'}: a list of records is wanted")
        for number, record in enumerate(records):
            yield _loose(record, f"{path}: {name}[{number}]", name or sobject)


def _loose(record: Any, place: str, sobject: str | None) -> Loose:
    if not isinstance(record, Mapping):
        stop(f"{place}: a record is an object of field values")
    attributes = record.get("attributes")
    kind = attributes.get("type") if isinstance(attributes, Mapping) else sobject
    if not isinstance(kind, str):
        stop(f"{place}: of which object? say it in attributes.type, or with --sobject")
    return Loose(kind, {name: value for name, value in record.items() if name not in ("attributes", "Id")}, place)
