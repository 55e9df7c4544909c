"""Push topics: queries whose records' changes are told on channels of their own."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from mocksf import soql
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.schema.model import Schema
from mocksf.soql.nodes import Call, Chain, Comparison, Condition, Expression, Literal, Not, Path, Query, Selected
from mocksf.soql.parser import parse
from mocksf.store import Store
from mocksf.streaming.changes import zulu

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Which changes a push topic tells follows from NotifyForFields and NotifyForOperation…", Evidence.DOCUMENTED),
    ("Rows of bulk jobs and records that go along with a deleted one are not told to push topics", Evidence.DOCUMENTED),
    ("A push topic's query has Id, fields of one object, and nothing behind WHERE", Evidence.DOCUMENTED),
    ("The sentences that refuse a push topic's query", Evidence.ASSUMED),
    ("A record that is deleted is told with the fields that the query selects", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

OBJECT = "PushTopic"
CHANNELS = "/topic/"
TYPES = {"CREATE": "created", "UPDATE": "updated", "DELETE": "deleted", "UNDELETE": "undeleted"}
"""Kinds of change → how a notification calls them."""
_OPERATIONS = {kind: f"NotifyForOperation{kind.capitalize()}" for kind in TYPES}
_WHERE = re.compile(r"'(?:[^'\\]|\\.)*'|\b(WHERE)\b", re.IGNORECASE | re.DOTALL)
_FIELDS = {"All": None, "Referenced": ("select", "where"), "Select": ("select",), "Where": ("where",)}


class Topic(NamedTuple):
    """A push topic as it is matched against changes."""

    name: str
    query: str
    sobject: str
    fields: frozenset[str] | None
    """Of which fields one must have changed; None: any."""
    kinds: frozenset[str]
    """The kinds of change that it tells."""

    @property
    def channel(self) -> str:
        return CHANNELS + self.name


def read(row: Mapping[str, Any], schema: Schema, now: datetime) -> Topic:
    """A push topic from its row. Raises TOPIC_QUERY and what a query raises."""
    text = str(row["Query"]).strip()
    query = parse(text, 66.0)
    soql.compile_soql(text, schema, now)
    names = {"select": frozenset(_selected(query)), "where": frozenset(_conditions(query.where))}
    if "id" not in names["select"]:
        raise Refuse.TOPIC_QUERY(fields=("Query",), reason="the query has to select Id")
    wanted = _FIELDS[row.get("NotifyForFields") or "Referenced"]
    fields = None if wanted is None else frozenset().union(*(names[each] for each in wanted)) - {"id"}
    if fields is not None and not fields:
        raise Refuse.TOPIC_QUERY(
            fields=("NotifyForFields",), reason="the query names no field but Id that could change"
        )
    kinds = frozenset(kind for kind, name in _OPERATIONS.items() if row.get(name))
    kind = schema.get(query.source.path.names[0])
    assert kind is not None, "a query that was compiled names an object"
    return Topic(str(row["Name"]), text, kind.name, fields, kinds)


def _selected(query: Query) -> Iterator[str]:
    """The fields of a SELECT in lower case. Raises TOPIC_QUERY for what no push topic may ask."""
    behind = (query.group, query.having, query.order, query.offset, query.filter, query.purposes, query.scope)
    if any(behind) or query.limit is not None:
        raise Refuse.TOPIC_QUERY(fields=("Query",), reason="nothing may stand behind the WHERE clause")
    for item in query.items:
        if not isinstance(item, Selected) or not isinstance(item.expression, Path) or item.alias:
            raise Refuse.TOPIC_QUERY(fields=("Query",), reason="the query may select fields of one object alone")
        yield _field(item.expression)


def _conditions(condition: Condition | None) -> Iterator[str]:
    if isinstance(condition, Chain):
        for term in condition.terms:
            yield from _conditions(term)
    elif isinstance(condition, Not):
        yield from _conditions(condition.term)
    elif isinstance(condition, Comparison):
        if isinstance(condition.right, Query):
            raise Refuse.TOPIC_QUERY(fields=("Query",), reason="the WHERE clause may hold no other query")
        yield from _fields(condition.left)


def _fields(expression: Expression | Literal) -> Iterator[str]:
    if isinstance(expression, Path):
        yield _field(expression)
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _fields(argument)


def _field(path: Path) -> str:
    if len(path.names) > 1:
        raise Refuse.TOPIC_QUERY(fields=("Query",), reason=f"{path} is a field of another object")
    return path.names[0].lower()


def match(topic: Topic, store: Store, schema: Schema, record_id: str, now: datetime) -> dict[str, Any] | None:
    """What a topic tells of a record as it stands, deleted or not; None where its query does not find it."""
    before, condition = _halves(topic.query)
    text = f"{before} WHERE {condition}Id = '{record_id}'"
    plan = soql.compile_soql(text, schema, now)
    found = soql.execute(plan, store, include_deleted=True).records
    if not found:
        return None
    return {name: _told(value) for name, value in found[0].items() if name != "attributes"}


def _told(value: Any) -> Any:
    return zulu(value) if isinstance(value, str) else value


def _halves(query: str) -> tuple[str, str]:
    """What stands before WHERE, and the condition behind it, joined to one more."""
    found = next((each for each in _WHERE.finditer(query) if each[1]), None)
    if found is None:
        return query, ""
    return query[: found.start()], f"({query[found.end() :]}) AND "
