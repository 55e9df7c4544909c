"""What size costs: the same questions at a thousand, a hundred thousand and a million records, in one process.

All figures of a run stand beside each other: a size beside the smallest one, SOQL beside the SQL that means the same.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import yaml

from mocksf import soql
from mocksf.messages import Request, Response
from mocksf.org import Org
from mocksf.records import Actor
from mocksf.schema import load_schema

SIZES = (1_000, 100_000)
FULL_SIZES = (*SIZES, 1_000_000)
ROOT = "/services/data/v66.0"
ASKED = 300
"""Each question is asked so often per round."""
ROUNDS = 7
TELLING = 50_000
"""Of fewer records the memory is lost among that of the process."""
PAGE = 2000
FORKED = 10_000
FIELDS, OBJECTS = 220, 3

Say = Callable[[str], None]


@dataclass
class Filled:
    """An org with so many contacts, and a client of it without a socket."""

    org: Org
    size: int
    ids: list[str] = field(default_factory=list)
    load_s: float = 0.0
    mb: float = 0.0

    def __post_init__(self) -> None:
        self._headers = {"authorization": f"Bearer {self.org.login()}", "content-type": "application/json"}

    def ask(self, method: str, path: str, body: bytes = b"") -> Response:
        """An answer that is no refusal."""
        answer = self.org.handle(Request(method, f"{ROOT}{path}", self._headers, body))
        assert isinstance(answer, Response), "nothing parks here"
        assert answer.ok, answer.body
        return answer


def scale(sizes: Sequence[int] = SIZES, say: Say = lambda _: None) -> dict[str, Any]:
    """The rows by size, SOQL beside SQL, forks and resets, and the reading of a schema."""
    sized: list[dict[str, Any]] = []
    overhead: dict[str, Any] = {}
    for size in sizes:
        say(f"{size:,} records")
        filled = filled_with(size)
        sized.append(_sized(filled))
        if size == sizes[min(1, len(sizes) - 1)]:
            say(f"SOQL beside SQL at {size:,}")
            overhead = _overhead(filled)
        del filled
        gc.collect()
    say("forks, and a schema")
    return {"sizes": sized, "soql_over_sql": overhead, **_forks(), **_schema()}


def filled_with(size: int) -> Filled:
    """An org with so many contacts, loaded as records are: checked, defaulted, numbered."""
    gc.collect()
    before, filled = _resident_mb(), Filled(Org(load_schema(["sample"])), size)
    org = filled.org
    actor, contact = Actor(org.admin_id, org.clock.now()), org.schema["Contact"]
    began = time.perf_counter()
    with org.store.atomic():
        for number in range(size):
            filled.ids.append(org.records.create(actor, contact, _contact(number), lambda _: None))
    filled.load_s, filled.mb = time.perf_counter() - began, _resident_mb() - before
    return filled


def _contact(number: int) -> dict[str, Any]:
    return {
        "FirstName": "Ada",
        "LastName": f"Berg {number % 997}",
        "Phone": f"+1415{number:07d}",
        "Email": f"ada.{number}@berg.example",
        "Caller_Key__c": f"+1415{number:07d}",
    }


def _sized(filled: Filled) -> dict[str, Any]:
    """Microseconds per question, and what loading took."""
    dice = Random(filled.size)
    questions: dict[str, Callable[[int], Any]] = {
        "get by id": lambda at: filled.ask("GET", f"/sobjects/Contact/{filled.ids[at]}"),
        "SOQL by external id": lambda at: filled.ask("GET", _by("Caller_Key__c", at)),
        "SOQL by phone": lambda at: filled.ask("GET", _by("Phone", at)),
        "upsert": lambda at: filled.ask("PATCH", f"/sobjects/Contact/Caller_Key__c/%2B1415{at:07d}", _title(at)),
    }
    spent = {
        name: _microseconds(ask, [dice.randrange(filled.size) for _ in range(ASKED)]) for name, ask in questions.items()
    }
    return {
        "records": filled.size,
        "us": spent,
        "rows_per_s": round(filled.size / filled.load_s),
        "mb_per_100k": round(filled.mb / filled.size * 100_000, 1) if filled.size >= TELLING else None,
    }


def _by(name: str, at: int) -> str:
    text = f"SELECT Id, LastName FROM Contact WHERE {name} = '+1415{at:07d}'"
    return f"/query?q={quote(text)}"


def _title(at: int) -> bytes:
    return json.dumps({"Title": f"No. {at % 7}"}).encode()


def _overhead(filled: Filled) -> dict[str, Any]:
    """SOQL from its text to its records, over SQL of the same meaning from its rows to dictionaries."""
    store, schema, now = filled.org.store, filled.org.schema, filled.org.clock.now()
    point_sql = 'SELECT "Id", "LastName", "Phone" FROM "Contact" WHERE "Phone$f" = ? AND "IsDeleted" = 0'
    page_sql = f'SELECT "Id", "LastName", "Phone" FROM "Contact" WHERE "IsDeleted" = 0 ORDER BY "Id" LIMIT {PAGE}'

    def by_soql(text: str) -> Any:
        return soql.execute(soql.compile_soql(text, schema, now), store).records

    def by_sql(sql: str, parameters: Sequence[Any]) -> Any:
        names = ("Id", "LastName", "Phone")
        return [dict(zip(names, row, strict=True)) for row in store.rows(sql, parameters)]

    point = "SELECT Id, LastName, Phone FROM Contact WHERE Phone = '+14150000500'"
    page = f"SELECT Id, LastName, Phone FROM Contact ORDER BY Id LIMIT {PAGE}"
    pairs = {
        "a point query": (lambda: by_soql(point), lambda: by_sql(point_sql, ("+14150000500",)), 200),
        f"{PAGE:,} rows": (lambda: by_soql(page), lambda: by_sql(page_sql, ()), 5),
    }
    return {name: _beside(ours, theirs, times) for name, (ours, theirs, times) in pairs.items()}


def _beside(ours: Callable[[], Any], theirs: Callable[[], Any], times: int) -> dict[str, float]:
    assert len(ours()) == len(theirs()) > 0, "both give the same rows"
    rounds = [(_mean_us(ours, times), _mean_us(theirs, times)) for _ in range(ROUNDS)]
    us, bare = (median(each) for each in zip(*rounds, strict=True))
    return {"soql_us": round(us, 1), "sql_us": round(bare, 1), "ratio": round(median(a / b for a, b in rounds), 2)}


def _mean_us(what: Callable[[], Any], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        what()
    return (time.process_time() - began) / times * 1e6


def _microseconds(ask: Callable[[int], Any], places: Sequence[int]) -> float:
    """The best round's mean: what is left when nobody disturbs."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for at in places:
            ask(at)
        rounds.append((time.process_time() - began) / len(places) * 1e6)
    return round(min(rounds), 1)


def _forks() -> dict[str, float]:
    """Milliseconds to fork an org with ten thousand records, and to reset it to them."""
    org = filled_with(FORKED).org
    org.settle()
    return {
        f"fork_ms_with_{FORKED}_records": _milliseconds(org.fork),
        f"reset_ms_to_{FORKED}_records": _milliseconds(org.reset),
    }


def _milliseconds(what: Callable[[], Any]) -> float:
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        what()
        spent.append((time.perf_counter() - began) * 1000)
    return round(median(spent), 2)


def _schema() -> dict[str, float]:
    """Milliseconds to read a customer's schema: over two hundred custom fields on three objects of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "customer.yaml"
        path.write_text(yaml.safe_dump(_customer()), encoding="utf-8")
        return {f"schema_ms_with_{FIELDS}_fields": _milliseconds(lambda: load_schema([str(path)]))}


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


def _resident_mb() -> float:
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[1]) * 4096 / 1e6
    except OSError:
        return float("nan")  # this platform does not tell


def show(figures: dict[str, Any]) -> None:
    """The tables, as a person reads them."""
    first = figures["sizes"][0]
    head = "".join(f"{row['records']:>20,}" for row in figures["sizes"])
    sys.stdout.write(f"\n{'µs, and times the smallest':<28}{head}\n")
    for name, base in first["us"].items():
        cells = "".join(f"{row['us'][name]:>13.1f}{row['us'][name] / base:>6.2f}x" for row in figures["sizes"])
        sys.stdout.write(f"{name:<28}{cells}\n")
    for name in ("rows_per_s", "mb_per_100k"):
        cells = "".join(f"{'–' if row[name] is None else format(row[name], ','):>20}" for row in figures["sizes"])
        sys.stdout.write(f"{name.replace('_', ' '):<28}{cells}\n")
    for name, row in figures["soql_over_sql"].items():
        line = f"{row['soql_us']:,.1f} µs over {row['sql_us']:,.1f} µs of SQL"
        sys.stdout.write(f"{'SOQL for ' + name:<28}{row['ratio']:>6.2f}x  {line}\n")
    for name, value in figures.items():
        if isinstance(value, float):
            sys.stdout.write(f"{name.replace('_', ' '):<42}{value:>12,}\n")
