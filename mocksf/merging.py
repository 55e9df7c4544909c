"""Merging records: the master keeps its id, the losers go, and everything that pointed to them points to the master."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mocksf.actor import Actor, Touch
from mocksf.checks import DEPTH_MAX, HIERARCHIES
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.locks import LockKey
from mocksf.removal import Removal, Trail
from mocksf.saving import Saver
from mocksf.schema.model import Field, Schema, SObject
from mocksf.store import Store

LOSERS_MAX = 2

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A merge moves all that points to a loser, and stamps what it moved", Evidence.ASSUMED),
    ("Where master and loser are members of one campaign, the loser's membership is deleted", Evidence.ASSUMED),
    ("A master below its loser in a hierarchy loses the parent that would make a circle", Evidence.ASSUMED),
    ("The values of losers are not taken over: the request says what the master gets", Evidence.DOCUMENTED),
    ("A loser that is undeleted comes back alone, without a master", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Row = Mapping[str, Any]
_ONCE = {
    "CampaignMember": ("CampaignId", ("LeadId", "ContactId")),
    "AccountContactRelation": ("AccountId", ("ContactId",)),
}
"""Objects whose records join two others at most once: the one side, and the fields of the other."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A field through which records of an object point to others."""

    kind: SObject
    field: Field


class Merging:
    """Merges for one org."""

    def __init__(self, schema: Schema, store: Store, saver: Saver, removal: Removal) -> None:
        self._schema = schema
        self._store = store
        self._saver = saver
        self._removal = removal

    def merge(
        self, actor: Actor, sobject: SObject, master: Row, losers: Sequence[dict[str, Any]], touch: Touch
    ) -> list[str]:
        """Let losers go into the master; inside a savepoint. Gives the ids of the records that point elsewhere now."""
        _check(sobject, master, losers)
        moved: dict[str, None] = {}
        for loser in losers:
            touch(LockKey(sobject.name, loser["Id"]))
            self._untie(sobject, master["Id"], loser["Id"])
            for pointer in self._pointers(sobject):
                for found in self._store.find(pointer.kind, pointer.field, loser["Id"]):
                    if self._move(actor, pointer, found, master["Id"], touch):
                        moved[found["Id"]] = None
            self._let_go(actor, sobject, loser, master["Id"], touch)
        return list(moved)

    def _pointers(self, sobject: SObject) -> list[Pointer]:
        """Every field that may hold an id of this object, but for the one that says who was merged into whom."""
        return [
            Pointer(kind, field)
            for kind in self._schema
            for field in kind.columns
            if sobject.name in field.reference_to and field.name != "MasterRecordId"
        ]

    def _untie(self, sobject: SObject, master_id: str, loser_id: str) -> None:
        """Cut the way up from the master where it leads to the loser."""
        for name, _ in HIERARCHIES.get(sobject.name, ()):
            above: str | None = master_id
            steps = 0
            while above is not None and above != loser_id and steps < DEPTH_MAX:
                above, steps = (self._store.fetch(sobject, above) or {}).get(name), steps + 1
            if above == loser_id:
                self._store.update(sobject, master_id, {name: None})

    def _move(self, actor: Actor, pointer: Pointer, found: dict[str, Any], master_id: str, touch: Touch) -> bool:
        kind, name = pointer.kind, pointer.field.name
        if found["Id"] == master_id:
            return False
        if self._is_there_already(pointer, found, master_id):
            self._delete(actor, kind, found, touch)
            return False
        self._saver.point(actor, kind, found, {name: master_id}, touch)
        return True

    def _is_there_already(self, pointer: Pointer, found: Row, master_id: str) -> bool:
        """Whether the master has what a loser's record would give it a second time."""
        if pointer.kind.name not in _ONCE:
            return False
        one, others = _ONCE[pointer.kind.name]
        wanted = {name: found.get(name) for name in (one, *others)} | {pointer.field.name: master_id}
        twins = self._store.find(pointer.kind, pointer.field, master_id)
        return any(all(twin.get(name) == value for name, value in wanted.items()) for twin in twins)

    def _let_go(self, actor: Actor, sobject: SObject, loser: dict[str, Any], master_id: str, touch: Touch) -> None:
        self._delete(actor, sobject, loser, touch)
        if sobject.get("MasterRecordId") is not None:
            self._store.update(sobject, loser["Id"], {"MasterRecordId": master_id})

    def _delete(self, actor: Actor, kind: SObject, row: dict[str, Any], touch: Touch) -> None:
        trail = Trail(row["Id"], actor.second, touch)
        self._removal.delete(kind, row, trail)
        for gone, as_it_was in trail.moved:
            self._saver.play(actor, gone, as_it_was, {}, touch)


def _check(sobject: SObject, master: Row, losers: Sequence[Row]) -> None:
    ids = [master["Id"], *(loser["Id"] for loser in losers)]
    if not sobject.flags.get("mergeable"):
        raise Refuse.NOT_MERGEABLE(reason=f"records of {sobject.name} cannot be merged")
    if not 0 < len(losers) <= LOSERS_MAX:
        raise Refuse.NOT_MERGEABLE(reason=f"one or {LOSERS_MAX} records are merged into a master, not {len(losers)}")
    if len(set(ids)) < len(ids):
        raise Refuse.NOT_MERGEABLE(reason="a record cannot be merged with itself")
    if any(row.get("IsConverted") for row in (master, *losers)):
        raise Refuse.CONVERTED_LEAD()
