"""Deleting and undeleting: what goes along, what forbids it, and which lookups are emptied (facts on model, §5.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from mocksf.errors import Refuse
from mocksf.locks import LockKey
from mocksf.schema.model import ChildRelationship, Field, Schema, SObject
from mocksf.store import Store
from mocksf.tables import BIN


class Tie(Enum):
    """What happens to a child when its parent is deleted."""

    CASCADE = "goes along"
    RESTRICT = "forbids it"
    CLEAR = "loses its lookup"


@dataclass(frozen=True, slots=True)
class _Child:
    sobject: SObject
    field: Field
    tie: Tie


def _tie(child: ChildRelationship) -> Tie:
    if child.restricted_delete:
        return Tie.RESTRICT
    return Tie.CASCADE if child.cascade_delete else Tie.CLEAR


class Removal:
    """Deletes for one org."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self._schema = schema
        self._store = store
        self._children = {sobject.name: tuple(self._ties(sobject)) for sobject in schema}

    def _ties(self, sobject: SObject) -> list[_Child]:
        ties = []
        for child in sobject.children:
            owner = self._schema.get(child.child_sobject)
            field = owner.get(child.field) if owner else None
            if owner is not None and field is not None and field.has_column:
                ties.append(_Child(owner, field, _tie(child)))
        return ties

    def delete(
        self, sobject: SObject, row: dict[str, Any], now: int, touch: Callable[[LockKey], None], root: str | None = None
    ) -> None:
        """Delete a record and what goes along with it; inside a savepoint. `root` is where the deletion began."""
        record_id = row["Id"]
        touch(LockKey(sobject.name, record_id))
        self._discard(sobject, record_id, now, root or record_id)
        for child in self._children[sobject.name]:
            for found in self._store.find(child.sobject, child.field, record_id):
                self._part(child, found, row, now, touch, root or record_id)

    def _part(
        self, child: _Child, found: dict[str, Any], parent: dict[str, Any], now: int, touch: Any, root: str
    ) -> None:
        if child.tie is Tie.RESTRICT:
            names = self._store.find(child.sobject, child.field, parent["Id"])
            raise Refuse.IN_USE(
                name=parent.get("Name") or parent["Id"],
                children=child.sobject.label_plural.lower(),
                names=", ".join(_name(child.sobject, each) for each in names),
            )
        if child.tie is Tie.CASCADE:
            self.delete(child.sobject, found, now, touch, root)
        else:
            touch(LockKey(child.sobject.name, found["Id"]))
            self._store.update(child.sobject, found["Id"], {child.field.name: None})

    def _discard(self, sobject: SObject, record_id: str, now: int, root: str) -> None:
        if sobject.get("IsDeleted") is None:
            self._store.remove(sobject, record_id)
            return
        self._store.update(sobject, record_id, {"IsDeleted": 1, BIN: root, **_stamps(sobject, now)})

    def undelete(self, root: str, now: int) -> None:
        """Bring back the record where a deletion began, and what went along."""
        for sobject in self._schema:
            if sobject.get("IsDeleted") is not None:
                for record_id in self._store.binned(sobject, root):
                    self._store.update(sobject, record_id, {"IsDeleted": 0, BIN: None, **_stamps(sobject, now)})


def _stamps(sobject: SObject, now: int) -> dict[str, int]:
    return {name: now for name in ("LastModifiedDate", "SystemModstamp") if sobject.get(name) is not None}


def _name(sobject: SObject, row: dict[str, Any]) -> str:
    field = sobject.name_field
    return str(row[field.name] if field is not None else row["Id"])
