"""Deleting and undeleting: what goes along, what forbids it, and which lookups are emptied (facts on model, §5.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.locks import LockKey
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import ChildRelationship, Field, Schema, SObject
from mocksf.store import Store
from mocksf.tables import BIN, table

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("What went along with its parent comes back with the parent only", Evidence.ASSUMED),
    ("Who comes back finds lookups to records that are gone meanwhile empty", Evidence.ASSUMED),
    ("A detail whose master is gone stays in the bin", Evidence.DOCUMENTED),
    ("Lookups that a deletion emptied stay empty when their target comes back", Evidence.ASSUMED),
    ("A permission set that somebody has is not deleted", Evidence.DOCUMENTED),
    ("A queue or group that owns records is not deleted", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

TERMS_MAX = 400
"""How many tables one statement looks at; SQLite takes 500 in one."""

Row = dict[str, Any]
Touched = Callable[[LockKey], None]


class Tie(Enum):
    """What happens to a child when its parent is deleted; in this order children are asked."""

    RESTRICT = "forbids it"
    CASCADE = "goes along"
    CLEAR = "loses its lookup"


_ORDER = list(Tie)
_HELD = frozenset({"PermissionSetAssignment"})
"""Children that hold their parent, though no describe says so."""


@dataclass(frozen=True, slots=True)
class _Child:
    sobject: SObject
    field: Field
    tie: Tie


@dataclass(slots=True)
class Trail:
    """What one deletion, or its undoing, did: the records that went or came back, as they were before."""

    root: str
    now: int
    touch: Touched
    moved: list[tuple[SObject, Row]] = field(default_factory=list)


def _tie(child: ChildRelationship) -> Tie:
    if child.restricted_delete:
        return Tie.RESTRICT
    return Tie.CASCADE if child.cascade_delete else Tie.CLEAR


def _ties(schema: Schema, sobject: SObject) -> tuple[_Child, ...]:
    ties = []
    for child in sobject.children:
        owner = schema.get(child.child_sobject)
        reference = owner.get(child.field) if owner else None
        if owner is not None and reference is not None and reference.has_column:
            ties.append(_Child(owner, reference, Tie.RESTRICT if owner.name in _HELD else _tie(child)))
    if sobject.name == "Group":  # no describe lists what a queue owns
        owners = ((each, each.get("OwnerId")) for each in schema)
        ties += [_Child(each, owner, Tie.RESTRICT) for each, owner in owners if owner and _by_group(owner)]
    return tuple(sorted(ties, key=lambda each: _ORDER.index(each.tie)))


_TIES: PerSchema[dict[str, tuple[_Child, ...]]] = PerSchema("ties of removal")


class Removal:
    """Deletes for one org."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self._schema = schema
        self._store = store
        self._children = _TIES.of(schema, lambda: {sobject.name: _ties(schema, sobject) for sobject in schema})
        self._oldest: int | None = None
        self._looked = -1
        self._binned = tuple(sobject for sobject in schema if sobject.get("IsDeleted") is not None)

    # -- going ---------------------------------------------------------------------------------------------------------

    def delete(self, sobject: SObject, row: Row, trail: Trail) -> None:
        """Delete a record and what goes along with it; inside a savepoint."""
        record_id = row["Id"]
        trail.touch(LockKey(sobject.name, record_id))
        self._discard(sobject, row, trail)
        for child in self._children[sobject.name]:
            for found in self._store.find(child.sobject, child.field, record_id):
                self._part(child, found, row, trail)

    def _part(self, child: _Child, found: Row, parent: Row, trail: Trail) -> None:
        if child.tie is Tie.RESTRICT:
            names = self._store.find(child.sobject, child.field, parent["Id"])
            raise Refuse.IN_USE(
                name=_spoken(parent),
                children=child.sobject.label_plural.lower(),
                names=", ".join(_name(child.sobject, each) for each in names),
            )
        if child.tie is Tie.CASCADE:
            self.delete(child.sobject, found, trail)
        else:
            trail.touch(LockKey(child.sobject.name, found["Id"]))
            self._store.update(child.sobject, found["Id"], {child.field.name: None})

    def _discard(self, sobject: SObject, row: Row, trail: Trail) -> None:
        trail.moved.append((sobject, row))
        self._oldest = trail.now if self._oldest is None else min(self._oldest, trail.now)
        if sobject.get("IsDeleted") is None:
            self._store.remove(sobject, row["Id"])
            return
        marks = {"IsDeleted": 1, BIN: trail.root, **_stamps(sobject, trail.now)}
        self._store.update(sobject, row["Id"], marks)

    # -- coming back ---------------------------------------------------------------------------------------------------

    def undelete(self, sobject: SObject, row: Row, trail: Trail) -> None:
        """Bring back the record where a deletion began, and what went along; inside a savepoint.

        Raises NOT_UNDELETABLE for one that went along with another, or whose master is gone.
        """
        if row["Id"] not in self._store.binned(sobject, trail.root):
            raise Refuse.NOT_UNDELETABLE()
        for kind in self._binned:
            for record_id in self._store.binned(kind, trail.root):
                found = self._store.fetch(kind, record_id)
                assert found is not None, "what lies in the bin is there"
                trail.touch(LockKey(kind.name, record_id))
                merged = {"MasterRecordId": None} if found.get("MasterRecordId") else {}
                marks = {"IsDeleted": 0, BIN: None, **merged, **_stamps(kind, trail.now)}
                self._store.update(kind, record_id, marks)
                trail.moved.append((kind, found))
        for kind, back in trail.moved:
            self._mend(kind, back)

    def _mend(self, sobject: SObject, row: Row) -> None:
        """Empty the lookups of a record that came back whose targets are gone."""
        dead = dict.fromkeys(self._dead(sobject, row))
        needed = [name for name in dead if (found := sobject.get(name)) is not None and not found.nillable]
        if needed:
            raise Refuse.NOT_UNDELETABLE()
        self._store.update(sobject, row["Id"], dead)

    def _dead(self, sobject: SObject, row: Row) -> list[str]:
        links = [(each.name, row[each.name]) for each in sobject.columns if each.type == "reference"]
        return [name for name, target in links if target is not None and not self._is_there(target)]

    def _is_there(self, record_id: str) -> bool:
        target = self._schema.of_id(record_id)
        return target is None or self._store.exists(target, record_id)

    # -- for good ------------------------------------------------------------------------------------------------------

    def empty(self, root: str) -> int:
        """Take the record where a deletion began, and what went along, out of the bin for good; gives how many."""
        found = [(kind, each) for kind in self._binned for each in self._store.binned(kind, root)]
        for kind, record_id in found:
            self._store.remove(kind, record_id)
        return len(found)

    def purge(self, until: int) -> None:
        """Take out of the bin for good what was deleted until an instant (epoch ms)."""
        for kind in self._binned:
            statement = f'SELECT "Id" FROM {table(kind)} WHERE "{BIN}" IS NOT NULL AND "SystemModstamp" <= ?'
            for (record_id,) in self._store.rows(statement, (until,)):
                self._store.remove(kind, record_id)
        self._looked = -1

    def oldest(self) -> int | None:
        """When the record that is in the bin for longest was deleted, at the earliest (epoch ms); None: no bin.

        Looked up when the rows have been replaced, followed from there on; what an undone deletion leaves behind is
        an instant too early, which costs a look.
        """
        if self._looked != self._store.generation:
            self._looked, self._oldest = self._store.generation, self._look()
        return self._oldest

    def _look(self) -> int | None:
        each = [f'SELECT MIN("SystemModstamp") FROM {table(kind)} WHERE "{BIN}" IS NOT NULL' for kind in self._binned]
        found: list[int] = []
        for start in range(0, len(each), TERMS_MAX):
            rows = self._store.rows(" UNION ALL ".join(each[start : start + TERMS_MAX]))
            found += [oldest for (oldest,) in rows if oldest is not None]
        return min(found, default=None)


def _by_group(owner: Field) -> bool:
    return "Group" in owner.reference_to and owner.has_column


def _stamps(sobject: SObject, now: int) -> dict[str, int]:
    return {name: now for name in ("LastModifiedDate", "SystemModstamp") if sobject.get(name) is not None}


def _name(sobject: SObject, row: Mapping[str, Any]) -> str:
    named = sobject.name_field
    return str((row.get(named.name) if named is not None else None) or row["Id"])


def _spoken(row: Mapping[str, Any]) -> str:
    """How a refusal names a record: people with their salutation, cases and the like by their number (recorded)."""
    name = row.get("Name") or row.get("CaseNumber") or row.get("Subject") or row["Id"]
    return f"{row['Salutation']} {name}" if row.get("Salutation") else str(name)
