"""What a record must pass before it is saved: lookup filters, validation rules, duplicate rules (model, §5.7)."""

from collections.abc import Mapping
from typing import Any

from mocksf.actor import Actor
from mocksf.automation.duplicates import check_duplicates
from mocksf.automation.follower import Follower
from mocksf.automation.plans import LookupCheck, Plan, Plans
from mocksf.errors import Refusal, Refuse
from mocksf.formula import Formula, Frame, Trouble, World, writer
from mocksf.moments import EPOCH
from mocksf.schema.definitions import ValidationRule
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store

FILTERED = "Value does not exist or does not match filter criteria."
"""What a lookup filter says when it has no message of its own (facts on REST, §4.3)."""

Row = Mapping[str, Any]


class Gate:
    """The rules of one org."""

    def __init__(self, schema: Schema, store: Store, plans: Plans, follower: Follower) -> None:
        self._schema = schema
        self._store = store
        self._plans = plans
        self._fetch = follower.fetch
        self._common = follower.common
        self.world_of_records = World(EPOCH, "", follower.fetch, follower.common)
        """For what asks neither for the time nor for the user."""

    def fill(self, actor: Actor, sobject: SObject, row: dict[str, Any], given: Row) -> None:
        """Give a new record the defaults of its record type, and those that are formulas, where nothing is given."""
        plan = self._plans.get(sobject.name)
        if plan is None:
            return
        if plan.defaults_by_type:
            typed = plan.defaults_by_type.get(row.get("RecordTypeId") or "", {})
            row |= {name: value for name, value in typed.items() if name not in given}
        if not plan.defaults:
            return
        frame = Frame(World(actor.now, actor.user_id, self._fetch, self._common), row, new=True)
        for field, formula in plan.defaults:
            if field.name not in given:
                row[field.name] = _default(field, formula, frame)

    def ask(self, actor: Actor, sobject: SObject, before: Row | None, changes: Row) -> None:
        """Raise what lookup filters, validation rules and duplicate rules have against a record.

        `before` is None for a new record, whose whole row `changes` then is.
        """
        plan = self._plans.get(sobject.name)
        if plan is None:
            return
        row = changes if before is None else {**before, **changes}
        frame = Frame(World(actor.now, actor.user_id, self._fetch, self._common), row, before, new=before is None)
        for choice in plan.choices:
            choice.check(row, changes)
        for check in plan.lookups:
            self._look_up(check, frame, changes)
        self._validate(plan, frame)
        if sobject.duplicate_rules:
            check_duplicates(self._store, actor, sobject, before, row)

    def _look_up(self, check: LookupCheck, frame: Frame, changes: Row) -> None:
        target_id = frame.row.get(check.field.name)
        if target_id is None:
            return
        kind = self._schema.of_id(target_id)
        matcher = check.targets.get(kind.name) if kind is not None else None
        if matcher is None or not ({check.field.name} | matcher.source_reads) & changes.keys():
            return
        target = self._fetch(target_id)
        if target is None or not matcher.holds(frame.at(target), frame):
            message = check.filter.error_message or FILTERED
            raise Refuse.FILTERED_LOOKUP(fields=(check.field.name,), message=message)

    def _validate(self, plan: Plan, frame: Frame) -> None:
        """Every rule is asked, and all that object speak at once (recorded: several entries)."""
        found = [refusal for rule, formula in plan.rules if (refusal := _verdict(rule, formula, frame)) is not None]
        if found:
            found[0].siblings = tuple(found[1:])
            raise found[0]


def _verdict(rule: ValidationRule, formula: Formula, frame: Frame) -> Refusal | None:
    try:
        refused = formula.value(frame)
    except Trouble as trouble:
        return Refuse.RULE_WITHOUT_VALUE(name=rule.name, reason=str(trouble))
    fields = (rule.error_field,) if rule.error_field else ()
    return Refuse.VALIDATION_RULE(fields=fields, message=rule.message) if refused else None


def _default(field: Any, formula: Formula, frame: Frame) -> Any:
    try:
        return writer(field)(formula.value(frame))
    except Trouble:
        return None
