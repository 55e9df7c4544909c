"""What size costs: the same questions at a thousand, a hundred thousand and a million records, in one process.

All figures of a run stand beside each other: a size beside the smallest one, SOQL beside the SQL that means the same.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from typing import Any
from urllib.parse import quote

from loadtests.bench.filled import Filled, filled_with, key_of
from mocksf import soql

SIZES = (1_000, 100_000)
FULL_SIZES = (*SIZES, 1_000_000)
TELLING = 10_000
"""Fewer records do not tell how much memory one takes."""
ASKED = 250
"""Each question is asked so often per round, each time of another record."""
ROUNDS = 7
PAGE = 2000

Say = Callable[[str], None]
Question = Callable[[Filled, int], Any]
"""An org and the number of a record in it → an answer."""


def scale(sizes: Sequence[int] = SIZES, say: Say = lambda _: None) -> dict[str, Any]:
    """The rows by size, and SOQL beside SQL at a hundred thousand records."""
    orgs = []
    for size in sizes:
        say(f"{size:,} records are loaded")
        orgs.append(filled_with(size))
    spent = {}
    for name, question in QUESTIONS.items():
        say(f"{name} among {', '.join(f'{size:,}' for size in sizes)}")
        spent[name] = _microseconds(question, orgs)
    say("SOQL beside SQL")
    rows = [_sized(each, {name: us[place] for name, us in spent.items()}) for place, each in enumerate(orgs)]
    return {"sizes": rows, "soql_over_sql": _overhead(orgs[min(1, len(orgs) - 1)])}


def _sized(filled: Filled, spent: dict[str, float]) -> dict[str, Any]:
    return {
        "records": filled.size,
        "us": spent,
        "rows_per_s": round(filled.size / filled.load_s),
        "mb_per_100k": round(filled.mb / filled.size * 100_000, 1) if filled.size >= TELLING else None,
    }


def _get(filled: Filled, at: int) -> Any:
    return filled.ask("GET", f"/sobjects/Contact/{filled.ids[at]}")


def _upsert(filled: Filled, at: int) -> Any:
    return filled.ask("PATCH", f"/sobjects/Contact/Caller_Key__c/{quote(key_of(at))}", _title(at))


QUESTIONS: dict[str, Question] = {
    "get by id": _get,
    "SOQL by external id": lambda filled, at: filled.ask("GET", _by("Caller_Key__c", at)),
    "SOQL by phone": lambda filled, at: filled.ask("GET", _by("Phone", at)),
    "upsert of a known key": _upsert,
}


def _by(name: str, at: int) -> str:
    text = f"SELECT Id, LastName FROM Contact WHERE {name} = '{key_of(at)}'"
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


def _microseconds(question: Question, orgs: Sequence[Filled]) -> list[float]:
    """For each org the median round's mean; the orgs take turns, and no round finds what an earlier one has read."""
    rounds: list[list[float]] = [[] for _ in orgs]
    for turn in range(ROUNDS):
        for spent, filled in zip(rounds, orgs, strict=True):
            places = Random(turn).sample(range(filled.size), ASKED)
            filled.org.store.ready.clear()
            began = time.process_time()
            for at in places:
                question(filled, at)
            spent.append((time.process_time() - began) / ASKED * 1e6)
    return [round(median(spent), 1) for spent in rounds]


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
