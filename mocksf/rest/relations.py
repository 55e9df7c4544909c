"""Relationships as parts of an address: from a record to what it points to, or to what points to it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.messages import Response
from mocksf.rest.query import query
from mocksf.rest.session import Call, Session
from mocksf.schema import ChildRelationship, SObject

HOPS_MAX = 5
"""How many steps from child to parent an address may take (documented)."""
Act = Callable[[Session, Call, str, str], Response]
"""What is done with a record, by the name of its object and its id."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("An empty relationship to a parent answers NOT_FOUND, one to children an empty result", Evidence.DOCUMENTED),
    ("Children come with all fields but the contents of files, in pages like those of a query", Evidence.ASSUMED),
    ("Children can only be read; nothing follows them in an address", Evidence.ASSUMED),
    ("A name that is no relationship is taken for an external ID's value, and refused so", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class Found(NamedTuple):
    """Where an address leads: to a record, or to the children of one."""

    kind: SObject
    record_id: str
    children: ChildRelationship | None = None


def instead(
    session: Session, call: Call, kind: SObject, address: tuple[str, str], refusal: Refusal
) -> Callable[[Act], Response]:
    """What answers an address that is no external ID and its value but a record's id and a relationship.

    Raises `refusal`, which is what the address earned as an external ID, where it is neither.
    """
    record_id, name = normalise_id(address[0]), address[1]
    known = kind.parent(name) is not None or kind.child(name) is not None
    if refusal.situation is not Refuse.NO_SUCH_KEY_FIELD or record_id is None or not known:
        raise refusal
    return lambda act: answer(session, call, follow(session, kind, record_id, [name]), act)


def follow(session: Session, kind: SObject, record_id: str, names: Sequence[str]) -> Found:
    """Where relationships lead from a record, one after the other. Raises where one of them leads nowhere."""
    if len(names) > HOPS_MAX:
        raise Refuse.PATH_TOO_LONG(levels=HOPS_MAX, path=".".join(names))
    found = Found(kind, record_id)
    for name in names:
        if found.children is not None:
            raise Refuse.NO_SUCH_RESOURCE()
        found = _step(session, found.kind, found.record_id, name)
    return found


def _step(session: Session, kind: SObject, record_id: str, name: str) -> Found:
    link = kind.parent(name)
    if link is not None:
        parent_id = session.org.records.read(kind, record_id, [link.name])[link.name]
        parent = session.org.schema.of_id(parent_id) if parent_id else None
        if parent is None:
            raise Refuse.NO_SUCH_RESOURCE()
        return Found(parent, parent_id)
    children = kind.child(name)
    if children is None:
        raise Refuse.NO_SUCH_RESOURCE()
    session.org.records.read(kind, record_id, ["Id"])
    return Found(kind, record_id, children)


def answer(session: Session, call: Call, found: Found, act: Act) -> Response:
    """Do with a record what is asked, or read children."""
    if found.children is None:
        return act(session, call, found.kind.name, found.record_id)
    if call.method not in {"GET", "HEAD"}:
        raise Refuse.WRONG_METHOD(method=call.method, allowed="GET,HEAD")
    return _children(session, call, found.children, found.record_id)


def _children(session: Session, call: Call, children: ChildRelationship, parent_id: str) -> Response:
    kind = session.sobject(children.child_sobject)
    wanted = [each.strip() for each in call.query.get("fields", "").split(",") if each.strip()]
    for name in wanted:
        if kind.get(name) is None:
            raise Refuse.NO_SUCH_COLUMN(field=name, sobject=kind.name)
    names = list(dict.fromkeys(wanted)) or [each.name for each in kind.fields if each.type != "base64"]
    asked = Call("GET", "", call.headers)
    asked.version = call.version
    asked.query = {"q": f"SELECT {', '.join(names)} FROM {kind.name} WHERE {children.field} = '{parent_id}'"}
    return query(session, asked)
