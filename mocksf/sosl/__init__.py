"""SOSL: words looked for in many objects at once, phone numbers however they are written among them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.moments import milliseconds
from mocksf.schema.model import Schema, SObject
from mocksf.soql import Asked, Plan, compile_among, read_among
from mocksf.soql.caret import refusal_at
from mocksf.soql.nodes import Path, Query, Selected, Source
from mocksf.sosl.candidates import question
from mocksf.sosl.match import Text, matches, rank
from mocksf.sosl.nodes import Returning, Search
from mocksf.sosl.parser import as_search, parse_sosl
from mocksf.sosl.places import searchable, searched_fields
from mocksf.sosl.shares import per_object, shared_out
from mocksf.store import Store

__all__ = ["Found", "Searcher", "parse_sosl"]


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Best matches first: the whole name, a part of it, any other field; then in the order of ids", Evidence.ASSUMED),
    (
        "A phone is found by all its digits, by those without a leading 1 of eleven, or by a beginning and *",
        Evidence.CLIENT,
    ),
    ("An extension behind a letter (x12) is no part of a phone number that is searched for", Evidence.ASSUMED),
    ("WITH SNIPPET, HIGHLIGHT, SPELL_CORRECTION, NETWORK and PricebookId change nothing", Evidence.ASSUMED),
    ("Records are found from the instant of their creation plus the search lag that is set", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search answers: JSON-ready records, and the labels of their fields where they are asked for."""

    records: list[dict[str, Any]]
    labels: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Searcher:
    """A place to search in: what is there, who asks, and how far the index has come (None: all the way)."""

    schema: Schema
    store: Store
    asked: Asked
    version: str = "66.0"
    indexed_until: datetime | None = None

    def find(self, text: str) -> Found:
        """The answer to a statement. Raises Refusal: MALFORMED_SEARCH, or what is wrong with a name."""
        search = parse_sosl(text, float(self.version))
        places = [(self._object(each, text), each) for each in search.returning or self._everywhere()]
        try:
            plans = [
                compile_among(each.query, text, self.schema, self.asked, float(self.version)) for _, each in places
            ]
        except Refusal as refusal:
            raise as_search(refusal) from None
        lists = [self._in(search, plan, *place, len(places)) for plan, place in zip(plans, places, strict=True)]
        records = [record for each in shared_out(lists, search.limit) for record in each]
        return Found(records, [_labels(*place) for place in places] if search.labels else [])

    def _plan(self, returning: Returning, text: str) -> Plan:
        return compile_among(returning.query, text, self.schema, self.asked, float(self.version))

    def _everywhere(self) -> list[Returning]:
        names = (sobject.name for sobject in searchable(self.schema))
        return [Returning(Query((Selected(Path(("Id",))),), Source(Path((name,))))) for name in names]

    def _object(self, returning: Returning, text: str) -> SObject:
        path = returning.query.source.path
        sobject = self.schema.get(str(path))
        if sobject is None:
            raise refusal_at(text, path.at, Refuse.NO_SUCH_ENTITY, name=path)
        if not sobject.flags.get("searchable"):
            raise Refuse.NOT_SEARCHABLE(name=sobject.name)
        return sobject

    def _in(
        self, search: Search, plan: Plan, sobject: SObject, returning: Returning, objects: int
    ) -> list[dict[str, Any]]:
        """The records of one object: those that match, filtered and sorted as its part of RETURNING says."""
        query = returning.query
        most = per_object(objects, query.limit, returning.narrowed)
        ids = self._matching(search, sobject) if most else []
        if not ids:
            return []
        found = read_among(plan, self.store, self.version, ids)
        if not query.order:
            place = {record_id: at for at, record_id in enumerate(ids)}
            found.sort(key=lambda each: place[each[0]])
        return [record for _, record in found[query.offset : query.offset + most]]

    def _matching(self, search: Search, sobject: SObject) -> list[str]:
        """The ids of an object's records that hold what is wanted, the best first; no more than the engine looks at."""
        fields = searched_fields(sobject, search.group)
        if not fields:
            return []
        until = None if self.indexed_until is None else milliseconds(self.indexed_until)
        asked = question(sobject, fields, search.wanted, until)
        kinds = [(each.type == "phone", each.name_field) for each in fields]
        ranked = []
        for record_id, *values in self.store.rows(asked.sql, asked.values):
            texts = [Text(value, *kind) for value, kind in zip(values, kinds, strict=True) if value is not None]
            if matches(search.wanted, texts):
                ranked.append((rank(search.wanted, texts), record_id))
        ranked.sort()
        return [record_id for _, record_id in ranked[:ENGINE_MAX]]


ENGINE_MAX = 2_000
"""How many records the engine looks at (SOSL reference, limits)."""


def _labels(sobject: SObject, returning: Returning) -> dict[str, Any]:
    """The labels of the fields that are returned of an object (the shape is assumed)."""
    expressions = [item.expression for item in returning.query.items if isinstance(item, Selected)]
    names = [str(each) for each in expressions if isinstance(each, Path)]
    fields = [each for name in names if (each := sobject.get(name)) is not None]
    return {
        "entityName": sobject.name,
        "fieldMetadata": [{"name": each.name, "label": each.label} for each in fields],
    }
