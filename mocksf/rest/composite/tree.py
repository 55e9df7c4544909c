"""sObject trees: records with their children in one call, up to five levels deep, all of them or none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mocksf.dialects import per_record
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Response
from mocksf.records import Actor
from mocksf.rest import bodies
from mocksf.rest.composite.collections import RECORDS_MAX
from mocksf.rest.entries import of_record
from mocksf.rest.mixing import Unmixed
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject

LEVELS_MAX = 5
TYPES_MAX = 5
"""How many objects the records of one request may be of (documented)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A tree that is saved answers 201 with all ids, level by level; one that is not answers 400", Evidence.DOCUMENTED),
    ("Of a tree that is not saved, the answer names the records that failed and no others", Evidence.DOCUMENTED),
    ("A referenceId that comes twice is refused once for each record that has it", Evidence.DOCUMENTED),
    ("Every record of a level is tried; those below a level that failed are not", Evidence.ASSUMED),
    ("A field or a relationship that does not exist refuses the whole request as INVALID_FIELD", Evidence.CLIENT),
    (
        "More than 200 records are refused as in a collection, more levels or types as LIMIT_EXCEEDED",
        Evidence.ASSUMED,
    ),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class _Node:
    """One record of a tree."""

    kind: SObject
    reference: str
    fields: dict[str, Json]
    families: tuple[tuple[str, Json], ...]
    """What it holds under the names of child relationships."""
    parent: int | None = None
    """The place of its parent in the level above."""
    link: str = ""
    """The field that points to the parent."""


Level = list[_Node]


def create(session: Session, call: Call, sobject: str) -> Response:
    """New records of one object with their children, and theirs; one that fails takes all of them back."""
    kind = session.sobject(sobject)
    records = call.json_object().get("records")
    levels = list(_levels(session, kind, _records(records)))
    named = Counter(node.reference for level in levels for node in level)
    again = [node.reference for level in levels for node in level if named[node.reference] > 1]
    if again:
        return _refused([(each, Refuse.REFERENCE_TWICE()) for each in again])
    with session.org.store.atomic() as undo:
        ids, failed = _saved(session, call, levels)
        if failed:
            undo()
            return _refused(failed)
    references = [node.reference for level in levels for node in level]
    results = [{"referenceId": reference, "id": each} for reference, each in zip(references, ids, strict=True)]
    return Response(201, {"hasErrors": False, "results": results})


def _refused(failed: Sequence[tuple[str, Refusal]]) -> Response:
    results = [{"referenceId": reference, "errors": per_record(refusal)} for reference, refusal in failed]
    return Response(400, {"hasErrors": True, "results": results})


# -- reading -----------------------------------------------------------------------------------------------------------


def _levels(session: Session, kind: SObject, roots: list[Json]) -> Iterator[Level]:
    """The records from the roots downwards. Raises what is wrong with their form, and where they are too many."""
    kinds = {kind.name}
    level = [_node(kind, each) for each in roots]
    count, depth = 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        kinds |= {node.kind.name for node in level}
        if count > RECORDS_MAX:
            raise Refuse.TOO_MANY_RECORDS(maximum=RECORDS_MAX)
        if depth > LEVELS_MAX:
            raise Refuse.TREE_LIMIT(maximum=LEVELS_MAX, what="levels")
        if len(kinds) > TYPES_MAX:
            raise Refuse.TREE_LIMIT(maximum=TYPES_MAX, what="types of records")
        yield level
        level = [child for at, node in enumerate(level) for child in _children(session, node, at)]


def _records(records: Json) -> list[Json]:
    if not isinstance(records, list):
        raise bodies.wrong_shape(records, "array")
    return records


def _node(kind: SObject, record: Json, parent: int | None = None, link: str = "") -> _Node:
    if not isinstance(record, dict):
        raise bodies.wrong_shape(record)
    said = record.get("attributes")
    said = said if isinstance(said, dict) else {}
    name, reference = said.get("type"), said.get("referenceId")
    if not isinstance(reference, str) or not reference:
        raise Refuse.TREE_NO_REFERENCE()
    if not isinstance(name, str) or name.lower() != kind.name.lower():
        raise Refuse.TREE_OTHER_TYPE(reference=reference, sobject=kind.name)
    families = tuple((name, value["records"]) for name, value in record.items() if _is_family(value))
    fields = {name: value for name, value in record.items() if name != "attributes" and not _is_family(value)}
    return _Node(kind, reference, fields, families, parent, link)


def _is_family(value: Json) -> bool:
    return isinstance(value, dict) and "records" in value


def _children(session: Session, node: _Node, at: int) -> Iterator[_Node]:
    for name, records in node.families:
        relationship = node.kind.child(name)
        kind = session.org.schema.get(relationship.child_sobject) if relationship else None
        if relationship is None or kind is None:
            raise Refuse.NO_SUCH_COLUMN(field=name, sobject=node.kind.name)
        for each in _records(records):
            yield _node(kind, each, at, relationship.field)


# -- saving ------------------------------------------------------------------------------------------------------------


def _saved(session: Session, call: Call, levels: list[Level]) -> tuple[list[str], list[tuple[str, Refusal]]]:
    """The ids of all records, or what failed in the first level in which something did."""
    actor, unmixed = session.actor(call), Unmixed()
    ids: list[str] = []
    above: list[str] = []
    for level in levels:
        failed: list[tuple[str, Refusal]] = []
        saved: list[str] = []
        for node in level:
            try:
                unmixed.admit(node.kind)
                saved.append(_save(session, actor, node, above))
            except Refusal as refusal:
                if refusal.situation is Refuse.NO_SUCH_COLUMN:
                    raise  # that is not about the record but about the request
                failed.append((node.reference, of_record(refusal)))
        if failed:
            return [], failed
        above = saved
        ids += saved
    return ids, []


def _save(session: Session, actor: Actor, node: _Node, above: Sequence[str]) -> str:
    fields = node.fields
    if node.parent is not None:
        others = {name: value for name, value in fields.items() if name.lower() != node.link.lower()}
        fields = {**others, node.link: above[node.parent]}
    with session.org.store.atomic():
        return session.org.records.create(actor, node.kind, fields, session.touch)


ROUTES = (Route("POST", "/composite/tree/{sobject}", create, undoes=True, since=34),)
