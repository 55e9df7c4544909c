"""How the UI API shows records: every field with its value and what people read, keys in alphabetical order."""

import re
from collections.abc import Iterable, Mapping
from hashlib import md5
from typing import Any

import orjson

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json
from mocksf.moments import milliseconds, parse_instant
from mocksf.rest.session import Session
from mocksf.schema import Field, SObject
from mocksf.schema.describe import MASTER_RECORD_TYPE

_PARENTS_MAX = 5
_SPANNED = re.compile(r"\w+(?:\.\w+)+", re.ASCII)

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Only picklists, references and instants have something to display beside their value", Evidence.ASSUMED),
    ("An eTag is a digest of what is shown, a weakEtag the milliseconds of the SystemModstamp", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Wanted = dict[str, "Wanted"]
"""Names of fields; behind the name of a relationship those of the parent."""


def etag(body: Json) -> str:
    """A digest of what is shown."""
    return md5(orjson.dumps(body), usedforsecurity=False).hexdigest()


def wanted_of(kind: SObject, names: Iterable[str]) -> Wanted:
    """Qualified names such as `Account.Owner.Name` as a tree. Raises where one is not of this object."""
    tree: Wanted = {}
    for name in names:
        first, _, rest = name.partition(".")
        if first.lower() != kind.name.lower() or not _SPANNED.fullmatch(name):
            raise Refuse.BAD_UI_FIELD(name=name, sobject=kind.name)
        place = tree
        for step in rest.split("."):
            place = place.setdefault(step, {})
    return tree


def known(kind: SObject, name: str, below: bool) -> bool:
    """Whether an object has this field, or (with something `below`) this relationship to a parent."""
    return kind.parent(name) is not None if below else kind.get(name) is not None


def record(session: Session, kind: SObject, record_id: str, wanted: Wanted, optional: Wanted) -> dict[str, Any]:
    """A record with the wanted fields, and those optional ones that it has. Raises for a wanted one that it has not."""
    return _record(session, kind, record_id, (wanted, optional), 0)


def _record(
    session: Session, kind: SObject, record_id: str, asked: tuple[Wanted, Wanted], depth: int
) -> dict[str, Any]:
    row = session.org.records.read(kind, record_id)
    fields: dict[str, Any] = {}
    for tree, strict in ((asked[0], True), (asked[1], False)):
        for name, below in tree.items():
            if depth > _PARENTS_MAX or not known(kind, name, bool(below)):
                if strict:
                    raise Refuse.NO_SUCH_FIELD(field=name, sobject=kind.name)
                continue
            deeper = (below, {}) if strict else ({}, below)
            shown, value = _parent(session, kind, row, name, deeper, depth) if below else _field(kind, row, name)
            fields.setdefault(shown, value)
    body = {
        "apiName": kind.name,
        "childRelationships": {},
        "fields": dict(sorted(fields.items())),
        "id": record_id,
        "lastModifiedById": row.get("LastModifiedById"),
        "lastModifiedDate": instant(row.get("LastModifiedDate")),
        "recordTypeId": row.get("RecordTypeId"),
        "recordTypeInfo": _record_type(session, row.get("RecordTypeId")),
        "systemModstamp": instant(row.get("SystemModstamp")),
        "weakEtag": _weak(row.get("SystemModstamp")),
    }
    return dict(sorted({**body, "eTag": etag(body)}.items(), key=lambda each: each[0].lower()))


def _field(kind: SObject, row: Mapping[str, Json], name: str) -> tuple[str, dict[str, Json]]:
    field = kind.get(name)
    assert field is not None, "whoever asks has looked"
    value = row[field.name]
    return field.name, {"displayValue": _displayed(field, value), "value": _value(field, value)}


def _parent(
    session: Session, kind: SObject, row: Mapping[str, Json], name: str, asked: tuple[Wanted, Wanted], depth: int
) -> tuple[str, dict[str, Json]]:
    field = kind.parent(name)
    assert field is not None, "whoever asks has looked"
    shown, parent_id = field.relationship_name or name, row[field.name]
    parent = session.org.schema.of_id(parent_id) if parent_id else None
    if parent is None:
        return shown, {"displayValue": None, "value": None}
    value = _record(session, parent, parent_id, asked, depth + 1)
    label = parent.name_field
    display = session.org.records.read(parent, parent_id, [label.name])[label.name] if label is not None else None
    return shown, {"displayValue": display, "value": value}


def _value(field: Field, value: Json) -> Json:
    return instant(value) if field.type == "datetime" else value


def _displayed(field: Field, value: Json) -> Json:
    if field.type == "datetime":
        return instant(value)
    if field.type != "picklist" or value is None:
        return None
    return next((each.label for each in field.picklist_values if each.value == value), value)


def instant(text: Json) -> str | None:
    """An instant as the UI API writes it: it ends in Z."""
    return text.replace("+0000", "Z") if isinstance(text, str) else None


def _weak(text: Json) -> int:
    moment = parse_instant(text) if isinstance(text, str) else None
    return milliseconds(moment) if moment is not None else 0


def _record_type(session: Session, record_type_id: Json) -> dict[str, Any] | None:
    if not record_type_id or record_type_id == MASTER_RECORD_TYPE:
        return None
    row = session.org.store.fetch(session.org.store.schema["RecordType"], record_type_id) or {}
    return {
        "available": bool(row.get("IsActive")),
        "defaultRecordTypeMapping": False,
        "master": False,
        "name": row.get("Name"),
        "recordTypeId": record_type_id,
    }
