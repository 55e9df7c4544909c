"""Automation: what the platform does by itself when records change, as the schema declares it.

Formula fields, default values, lookup filters, validation rules, duplicate rules, roll-up summaries. An object that
has none of these costs its writes one look into an empty table.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from mocksf.actor import Actor, Touch
from mocksf.automation.follower import Follower
from mocksf.automation.gate import Gate
from mocksf.automation.growing import NEW
from mocksf.automation.plans import Outside, outside, plans_of
from mocksf.automation.rollups import Rollups
from mocksf.evidence import Evidence
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store

__all__ = ["BELIEFS", "NEW", "Automation", "Outside", "outside"]

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Lookup filters are asked first, then validation rules, then duplicate rules", Evidence.ASSUMED),
    ("A lookup filter is asked when the lookup, or a field of the record that it names, is written", Evidence.ASSUMED),
    ("A validation rule without a value for the record refuses it with FORMULA_EXPRESSION_INVALID", Evidence.ASSUMED),
    ("Undeleting asks no rules", Evidence.ASSUMED),
    ("A roll-up over nothing is 0 for COUNT and SUM, null for MIN and MAX", Evidence.ASSUMED),
    ("A roll-up that changes saves its master: locked, stamped, its validation rules asked", Evidence.DOCUMENTED),
    ("A duplicate rule is asked on update only when one of its fields changed", Evidence.ASSUMED),
    ("Duplicates are exact matches without regard to case; fuzzy methods compare letters and digits", Evidence.ASSUMED),
    ("The matching rule of a duplicate rule has its name", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Row = Mapping[str, Any]
_ALONE: AbstractContextManager[object] = nullcontext()


class Automation:
    """The automation of one org; it follows the org's store from the day it is made."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self._store = store
        self._plans = plans_of(schema)
        self._follower = Follower(schema, store, self._plans)
        self._gate = Gate(schema, store, self._plans, self._follower)
        self._rollups = Rollups(store, self._plans, self._gate)
        self.concerns = frozenset(self._plans.by_object)
        """The names of the objects that anything here is about."""
        self.fetch = self._follower.fetch
        """The row of any record by its id, None where there is none."""
        if self._plans.followed:
            store.follow(self._follower, self._plans.followed)

    def fill(self, actor: Actor, sobject: SObject, row: dict[str, Any], given: Row) -> None:
        """Add to a new record's row the defaults that are formulas; `given` is what the client named."""
        if sobject.name in self.concerns:
            self._gate.fill(actor, sobject, row, given)

    def ask(self, actor: Actor, sobject: SObject, before: Row | None, changes: Row) -> None:
        """Raise what the rules have against a record that is about to be saved; `before` is None for a new one."""
        if sobject.name in self.concerns:
            self._gate.ask(actor, sobject, before, changes)

    def follow(self, actor: Actor, sobject: SObject, before: Row, after: Row, touch: Touch) -> None:
        """Let roll-ups follow a record that was saved (`before` empty: new or back; `after` empty: gone)."""
        if sobject.name in self.concerns:
            self._rollups.follow(actor, sobject, before, after, touch)

    def whole(self, sobject: SObject) -> AbstractContextManager[object]:
        """Around a write and what follows from it: where masters may refuse, all of it is undone together."""
        return self._store.atomic() if sobject.name in self.concerns else _ALONE

    def freshen(self, now: datetime, user_id: str, sobject: SObject | None = None, record_id: str = "") -> None:
        """Before reading: work out anew what depends on the time or on the user, of all records or of one."""
        if self._plans.moving:
            self._follower.freshen(now, user_id, sobject, record_id)

    def take_over(self, before: Schema, after: Schema) -> None:
        """Work out the formula fields and summaries that are new, or others, since the schema was `before`."""
        for sobject in after:
            was = before.get(sobject.name)
            if was is sobject or sobject.name not in self.concerns:
                continue
            names = {each.name for each in sobject.fields if was is None or was.get(each.name) is not each}
            self._rollups.recount(sobject, names)
            self._follower.recalculate(sobject, names)
