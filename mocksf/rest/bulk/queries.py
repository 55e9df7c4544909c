"""Queries of bulk jobs: what they may not ask, their columns, and records as the formats of bulk results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mocksf import soql
from mocksf.errors import Refuse
from mocksf.moments import milliseconds, parse_instant
from mocksf.rest.session import Premises
from mocksf.schema import Schema
from mocksf.soql.nodes import AllFields, Call, Path, Query, Selected
from mocksf.soql.parser import parse


@dataclass(frozen=True)
class Planned:
    """A compiled query and what it selects."""

    plan: soql.Plan
    query: Query

    def columns(self, records: Sequence[dict[str, Any]]) -> tuple[str, ...]:
        """The header of its table, in the order of the SELECT list, spelt as the org spells it."""
        found: list[str] = []
        for item in self.query.items:
            if isinstance(item, AllFields):
                found += [each for each in (records[0] if records else {}) if each != "attributes"]
            elif isinstance(item, Selected):
                found.append(_spelt(self._path(item), records))
        return tuple(found)

    def _path(self, item: Selected) -> tuple[str, ...]:
        if item.alias:
            return (item.alias,)
        named = item.expression
        while isinstance(named, Call) and named.arguments and not isinstance(named.arguments[0], Path):
            named = next(each for each in named.arguments if isinstance(each, Call))
        path = named.arguments[0] if isinstance(named, Call) and named.arguments else named
        names = path.names if isinstance(path, Path) else (str(path),)
        own = {self.query.source.alias.lower(), str(self.query.source.path).lower()} - {""}
        return names[1:] if len(names) > 1 and names[0].lower() in own else names


def plan(org: Premises, text: str, version: str, asked: soql.Asked) -> Planned:
    """Compile a bulk query. Raises what compiling raises, and BULK_QUERY for what bulk jobs do not support."""
    query = parse(text, float(version))
    for item in query.items:
        if not isinstance(item, Selected | AllFields):
            raise Refuse.BULK_QUERY(what=type(item).__name__ if not isinstance(item, Query) else "a nested query")
    compiled = soql.compile_soql(text, org.schema, asked, float(version))
    if compiled.kind != "rows" or query.group:
        raise Refuse.BULK_QUERY(what="an aggregate or GROUP BY")
    if query.offset:
        raise Refuse.BULK_QUERY(what="OFFSET")
    kind = org.schema[compiled.sobject]
    for item in query.items:
        if isinstance(item, Selected) and isinstance(item.expression, Path) and len(item.expression.names) == 1:
            field = kind.get(item.expression.names[0])
            if field is not None and field.type in {"address", "location"}:
                raise Refuse.BULK_QUERY(what=f"the compound field {field.name}")
    return Planned(compiled, query)


def cell(record: dict[str, Any], column: str) -> Any:
    """What a record has in a column; nothing behind a parent that is not there."""
    value: Any = record
    for name in column.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def rows(records: Sequence[dict[str, Any]], columns: Sequence[str], schema: Schema) -> list[list[Any]]:
    """Records as rows of a table, instants in the form with `Z`."""
    return [[cell(dressed, name) for name in columns] for each in records for dressed in [dress(each, schema, zulu)]]


Dress = Callable[[str], Any]


def zulu(text: str) -> str:
    """An instant as CSV and XML write it."""
    return text.replace("+0000", "Z")


def epoch(text: str) -> Any:
    """An instant, or the midnight of a date, as version 1 writes it in JSON: milliseconds."""
    instant = parse_instant(text if "T" in text else f"{text}T00:00:00Z")
    return text if instant is None else milliseconds(instant)


def dress(record: dict[str, Any], schema: Schema, instant: Dress) -> dict[str, Any]:
    """A record with its dates and instants written another way, those of its parents too."""
    kind = schema.get(record.get("attributes", {}).get("type", ""))
    written: dict[str, Any] = {}
    for name, value in record.items():
        field = kind.get(name) if kind is not None else None
        if isinstance(value, dict) and name != "attributes":
            written[name] = dress(value, schema, instant)
        elif isinstance(value, str) and field is not None and field.type in {"date", "datetime"}:
            written[name] = instant(value)
        else:
            written[name] = value
    return written


def _spelt(names: tuple[str, ...], records: Sequence[dict[str, Any]]) -> str:
    found: list[str] = []
    for depth, name in enumerate(names):
        holders = [holder for each in records[:200] if isinstance(holder := _down(each, found[:depth]), dict)]
        known = {key.lower(): key for key in holders[0]} if holders else {}
        found.append(known.get(name.lower(), name))
    return ".".join(found)


def _down(record: Any, names: Sequence[str]) -> Any:
    for name in names:
        record = record.get(name) if isinstance(record, dict) else None
    return record
