"""How long one waits for an org: to have another like it, to have it as it was, and to have a customer's schema."""

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from loadtests.bench.filled import filled_with
from mocksf.org import Org
from mocksf.schema import load_schema
from mocksf.schema.export import schema_tree
from mocksf.schema.sfdx import project_files

RECORDS = 10_000
FIELDS, OBJECTS = 220, 3
ROUNDS = 15


def beginnings() -> dict[str, float]:
    """Milliseconds of each."""
    full, empty = filled_with(RECORDS).org, Org(load_schema(["sample"]))
    full.settle()
    return {
        f"fork_ms_with_{RECORDS}_records": milliseconds(full.fork),
        f"reset_ms_to_{RECORDS}_records": milliseconds(full.reset, lambda: _write(full)),
        "reset_ms_and_a_write": milliseconds(lambda: _write_after_reset(empty)),
        "reset_ms_and_a_statement_not_seen_before": milliseconds(_reset_then_ask(empty), lambda: _write(empty)),
        **_schemas(),
    }


def _write(org: Org) -> None:
    """One account more; the first on a connection also makes its statement."""
    with org.store.atomic():
        org.store.insert(org.schema["Account"], {"Id": "001000000000001AAA", "Name": "Acme"})
        org.store.remove(org.schema["Account"], "001000000000001AAA")


def _write_after_reset(org: Org) -> None:
    org.reset()
    _write(org)


def _reset_then_ask(org: Org) -> Callable[[], None]:
    """A statement of which the connection has nothing kept has the tables read anew after a reset."""
    fresh = count()

    def ask() -> None:
        org.reset()
        org.store.rows(f'SELECT "Id", {next(fresh)} FROM "Account"')

    return ask


def _schemas() -> dict[str, float]:
    """A customer's schema of over two hundred custom fields and three objects, from YAML and from a project."""
    with TemporaryDirectory() as folder:
        path, project = Path(folder) / "customer.yaml", Path(folder) / "project"
        path.write_text(yaml.safe_dump(_customer()), encoding="utf-8")
        schema = load_schema([str(path)])
        for name, text in project_files(schema, schema_tree(schema)):
            into = project / name
            into.parent.mkdir(parents=True, exist_ok=True)
            into.write_text(text, encoding="utf-8")
        return {
            f"schema_ms_of_{FIELDS}_fields_in_yaml": milliseconds(lambda: load_schema([str(path)])),
            f"schema_ms_of_{FIELDS}_fields_in_a_project": milliseconds(lambda: load_schema([str(project)])),
        }


def _customer() -> dict[str, Any]:
    known: list[dict[str, Any]] = [
        {"type": "Text", "length": 80},
        {"type": "Number", "precision": 12, "scale": 2},
        {"type": "Date"},
        {"type": "Checkbox", "defaultValue": False},
        {"type": "Picklist", "values": ["A", "B"]},
    ]
    each = FIELDS // OBJECTS + 1
    return {
        "objects": {
            f"Thing_{number}__c": {
                "label": f"Thing {number}",
                "fields": {f"F{at}__c": {**known[at % len(known)], "label": f"F {at}"} for at in range(each)},
            }
            for number in range(OBJECTS)
        }
    }


def milliseconds(what: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """The median of several runs, of processor time, which neighbours do not stretch; `before` is not counted."""
    spent: list[float] = []
    for _ in range(ROUNDS):
        before()
        began = time.process_time()
        what()
        spent.append((time.process_time() - began) * 1000)
    return round(median(spent), 3)
