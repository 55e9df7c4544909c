"""A small fixed org for the tests of the query language: every record has a short name, every kind of field a value."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from mocksf.ids import make_id
from mocksf.schema import Schema, load_schema
from mocksf.soql import Moment, Result, compile_soql, execute
from mocksf.sosl import Found, Searcher
from mocksf.store import Store
from mocksf.store.engines import ENGINES
from mocksf.values import store_value

CASES = Path(__file__).parent / "mocksf" / "soql_cases"
SEARCHES = CASES.parent / "sosl_cases"
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""A Monday morning."""
PREFIX = {"A": "001", "C": "003", "O": "006", "L": "00Q", "T": "00T", "U": "005", "G": "00G"}


@cache
def schema() -> Schema:
    """The demo company's schema and one object with the rarer kinds of field."""
    return load_schema(["sample", CASES / "thing.yaml"])


def id_of(name: str) -> str:
    """The record id behind a short name such as `A1`."""
    prefix = PREFIX.get(name[0]) or schema()["Thing__c"].key_prefix
    return make_id(str(prefix), int(name[1:]))


MOMENT = Moment(NOW, user_id=id_of("U1"))
"""It is Ann who asks."""


@cache
def rows() -> dict[str, list[dict[str, Any]]]:
    """The records by object, as JSON values; references by short name."""
    return json.loads((CASES / "world.json").read_text())


def store() -> Store:
    """The org's store, of the kind that the test wants; nobody writes to it."""
    return _filled(ENGINES[""])


@cache
def _filled(_: object) -> Store:
    filled = Store(schema())
    for name, records in rows().items():
        sobject = schema()[name]
        for record in records:
            stored = {"IsDeleted": 0} if sobject.get("IsDeleted") else {}
            for key, value in record.items():
                field = sobject.get(key)
                shortened = field.type in {"id", "reference"} and value is not None
                stored[field.name] = store_value(field, id_of(value) if shortened else value)
            filled.insert(sobject, stored)
    return filled


def ask(text: str, version: float = 66.0, include_deleted: bool = False) -> Result:
    """The answer to a query, asked on that Monday morning."""
    plan = compile_soql(text, schema(), lambda: MOMENT, version)
    return execute(plan, store(), f"{version:.1f}", include_deleted)


def search(text: str, version: str = "66.0") -> Found:
    """What a SOSL statement finds on that morning."""
    return Searcher(schema(), store(), lambda: MOMENT, version).find(text)


def shortened(value: Any) -> Any:
    """A JSON answer with short names for ids and without the attributes."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items() if key != "attributes"}
    if isinstance(value, list):
        return [shortened(each) for each in value]
    return _names().get(value, value) if isinstance(value, str) else value


@cache
def _names() -> dict[str, str]:
    return {id_of(record["Id"]): record["Id"] for records in rows().values() for record in records}
