"""SOSL: words looked for in many objects at once, phone numbers however they are written among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.moments import milliseconds
from mocksf.schema.model import Field, Schema, SObject
from mocksf.soql import Asked, Plan, compile_among, read_among
from mocksf.soql.caret import refusal_at
from mocksf.soql.nodes import Path, Query, Selected, Source
from mocksf.sosl.candidates import PAGE, Question, question
from mocksf.sosl.match import Text, matches, rank
from mocksf.sosl.nodes import Returning, Search
from mocksf.sosl.parser import as_search, parse_sosl
from mocksf.sosl.places import searchable, searched_fields
from mocksf.sosl.shares import per_object, shared_out
from mocksf.sosl.words import Wanted, dialled_only
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
    ("In phone fields, groups of digits that make a number together are that number", Evidence.ASSUMED),
    (
        "Of more than 2,000 matches the engine looks at the first, and at those with the words in their names",
        Evidence.ASSUMED,
    ),
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
        """The ids of an object's records that hold what is wanted, the best first; no more than the engine looks at.

        Where there are more, those with it in their names are not missed for others that come before them.
        """
        fields = searched_fields(sobject, search.group)
        if not fields:
            return []
        wanted = dialled_only(search.wanted) if search.group == "PHONE" else search.wanted
        ranks = self._ranked(sobject, fields, fields, wanted)
        names = [each for each in fields if each.name_field]
        if len(ranks) == ENGINE_MAX and names:
            ranks |= self._ranked(sobject, fields, names, wanted)
        return sorted(ranks, key=lambda found: (ranks[found], found))[:ENGINE_MAX]

    def _ranked(
        self, sobject: SObject, fields: Sequence[Field], among: Sequence[Field], wanted: Wanted
    ) -> dict[str, int]:
        """The ranks of the first records that match, by their ids; looked for by what stands in some of the fields."""
        until = None if self.indexed_until is None else milliseconds(self.indexed_until)
        kinds = [(each.type == "phone", each.name_field) for each in fields]
        ranks: dict[str, int] = {}
        for record_id, *values in self._candidates(question(sobject, fields, among, wanted, until)):
            texts = [Text(value, *kind) for value, kind in zip(values, kinds, strict=True) if value is not None]
            if matches(wanted, texts):
                ranks[record_id] = rank(wanted, texts)
                if len(ranks) == ENGINE_MAX:
                    break
        return ranks

    def _candidates(self, asked: Question) -> Iterator[tuple[Any, ...]]:
        """The rows that may match in the order of ids, fetched page by page: most searches need one."""
        rows = self.store.rows(asked.sql, (*asked.values, ""))
        yield from rows
        while len(rows) == PAGE:
            rows = self.store.rows(asked.sql, (*asked.values, rows[-1][0]))
            yield from rows


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
