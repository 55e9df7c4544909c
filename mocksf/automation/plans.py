"""What a schema's formulas, roll-ups, filters and rules come to, compiled once per schema into a table by object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mocksf.automation.choices import Choice, choices_of, defaults_by_type
from mocksf.automation.matching import Matcher, Source
from mocksf.formula import Compiler, Formula, FormulaError, Frame, Kind, Trouble, Use, kind_of, writer
from mocksf.schema.definitions import LookupFilter, Summary, ValidationRule
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Field, Schema, SObject


@dataclass(frozen=True)
class Calculated:
    """A formula field and how its value is stored."""

    field: Field
    formula: Formula

    @cached_property
    def triggers(self) -> frozenset[str]:
        """The record's own fields that its value depends on."""
        return frozenset(name for way, _, name in self.formula.findings.reads if not way)

    def stored(self, frame: Frame) -> Any:
        """The value for a record in its stored form; empty where there is none."""
        try:
            value = self.formula.value(frame)
        except Trouble:
            value = None
        return writer(self.field)(value)


@dataclass(frozen=True)
class Rollup:
    """A roll-up summary: which field of the master follows from which details."""

    master: SObject
    field: Field
    child: SObject
    link: Field
    summary: Summary
    source: Field | None
    source_reads: frozenset[str]
    """The detail's own fields that the summarized one follows from; itself, where it is no formula."""
    matcher: Matcher | None

    @cached_property
    def triggers(self) -> frozenset[str]:
        """The fields of a detail whose change may change the summary."""
        filtered = self.matcher.reads if self.matcher else set()
        return frozenset({self.link.name} | self.source_reads | filtered)

    @cached_property
    def grows(self) -> bool:
        """Whether a new detail's own values say how it grows: stored alike, and none of them worked out later."""
        names = {*self.source_reads, *(self.matcher.reads if self.matcher else ())}
        fields = [self.child.get(name) for name in names]
        if any(each is None or each.formula is not None or each.summary is not None for each in fields):
            return False
        if self.source is None or kind_of(self.source) is not Kind.NUMBER:
            return True
        return self.source.formula is None and _digits(self.source) == _digits(self.field)


def _digits(field: Field) -> tuple[int, int, bool]:
    return field.precision, field.scale, field.type == "percent"


@dataclass(frozen=True)
class LookupCheck:
    """A lookup that may point to some records only."""

    field: Field
    filter: LookupFilter
    targets: Mapping[str, Matcher]
    """By the object that the lookup points to."""


@dataclass(frozen=True)
class Watcher:
    """Who must be worked out anew when a field of a record changes: `way` leads from there to the record."""

    sobject: SObject
    way: tuple[tuple[SObject, Field], ...]
    calculated: Calculated


@dataclass
class Plan:
    """What is automatic about the records of one object."""

    calculated: list[Calculated] = field(default_factory=list)
    moving: list[Calculated] = field(default_factory=list)
    """Those that depend on the time or on the user."""
    watchers: dict[str, list[Watcher]] = field(default_factory=dict)
    """By the field of this object that they depend on."""
    rollups: list[Rollup] = field(default_factory=list)
    """Summaries of this object's records over their details."""
    feeds: list[Rollup] = field(default_factory=list)
    """Summaries of others that records of this object count in."""
    rules: list[tuple[ValidationRule, Formula]] = field(default_factory=list)
    lookups: list[LookupCheck] = field(default_factory=list)
    defaults: list[tuple[Field, Formula]] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    defaults_by_type: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    """The default values of picklists, by the id of a record type that has its own."""


@dataclass(frozen=True)
class Outside:
    """Something that is not worked out, and why: a formula field reads as null, a rule never fires."""

    what: str
    why: str


class Plans:
    """The plans of all objects that have one."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._compiler = Compiler(schema)
        self.by_object: dict[str, Plan] = {}
        self.outside: list[Outside] = []
        for sobject in schema:
            self._fields(sobject)
            self._rules(sobject)
            if choices := tuple(choices_of(sobject)):
                self._plan(sobject).choices = choices
            if typed := defaults_by_type(sobject):
                self._plan(sobject).defaults_by_type = typed

    def get(self, name: str) -> Plan | None:
        """The plan of an object, None where nothing about it is automatic."""
        return self.by_object.get(name)

    @cached_property
    def moving(self) -> tuple[SObject, ...]:
        """The objects with formulas that depend on the time or on the user."""
        return tuple(self._schema[name] for name, plan in self.by_object.items() if plan.moving)

    @cached_property
    def followed(self) -> frozenset[str]:
        """The objects a write of whose records changes formulas, of its own or of others."""
        return frozenset(name for name, plan in self.by_object.items() if plan.calculated or plan.watchers)

    def _plan(self, sobject: SObject) -> Plan:
        return self.by_object.setdefault(sobject.name, Plan())

    # -- fields --------------------------------------------------------------------------------------------------------

    def _fields(self, sobject: SObject) -> None:
        for each in sobject.columns:
            try:
                if each.formula is not None:
                    self._calculated(sobject, each)
                if each.summary is not None:
                    self._rollup(sobject, each, each.summary)
                if each.lookup_filter is not None and each.lookup_filter.active:
                    self._lookup(sobject, each, each.lookup_filter)
                self._default(sobject, each)
            except FormulaError as error:
                self.outside.append(Outside(f"{sobject.name}.{each.name}", str(error)))

    def _calculated(self, sobject: SObject, each: Field) -> None:
        found = Calculated(each, self._compiler.field(sobject, each))
        self._plan(sobject).calculated.append(found)
        if found.formula.moving:
            self._plan(sobject).moving.append(found)
        for way, owner, name in found.formula.findings.reads:
            if way:
                self._watch(sobject, way, owner, name, found)

    def _watch(
        self, sobject: SObject, way: tuple[tuple[str, str], ...], owner: str, name: str, found: Calculated
    ) -> None:
        steps = tuple((self._schema[step], self._field(self._schema[step], link)) for step, link in way)
        last = steps[-1][1]
        # A reference that may point to several objects is watched at each of them.
        for target in {owner, *last.reference_to}:
            watched = self._schema.get(target)
            if watched is not None and watched.get(name) is not None:
                self._plan(watched).watchers.setdefault(name, []).append(Watcher(sobject, steps, found))

    def _field(self, sobject: SObject, name: str) -> Field:
        found = sobject.get(name)
        if found is None or not found.has_column:
            raise FormulaError(sobject.name, 0, f"there is no field '{name}'")
        return found

    def _rollup(self, master: SObject, each: Field, summary: Summary) -> None:
        name = f"{master.name}.{each.name}"
        child = self._schema.get(summary.child_sobject)
        if child is None:
            raise FormulaError(name, 0, f"there is no object '{summary.child_sobject}'")
        source = self._field(child, summary.summarized_field) if summary.summarized_field else None
        if summary.operation != "count" and source is None:
            raise FormulaError(name, 0, f"'{summary.operation}' needs a field to summarize")
        reads = self._source_reads(name, child, source) if source is not None else frozenset()
        matcher = None
        if summary.filters:
            matcher = Matcher(self._compiler, Source(child, None, name), summary.filters)
            if matcher.looks_beyond:
                raise FormulaError(name, 0, "the filter of a roll-up looks at the detail alone")
        rollup = Rollup(master, each, child, self._field(child, summary.child_field), summary, source, reads, matcher)
        self._plan(master).rollups.append(rollup)
        self._plan(child).feeds.append(rollup)

    def _source_reads(self, name: str, child: SObject, source: Field) -> frozenset[str]:
        """A summary adds up formulas that follow from the detail alone (documented)."""
        if source.formula is None:
            return frozenset({source.name})
        formula = self._compiler.field(child, source)
        if formula.moving or any(way for way, _, _ in formula.findings.reads):
            raise FormulaError(name, 0, f"a roll-up cannot summarize {source.name}, which looks beyond its own record")
        return frozenset(read for _, _, read in formula.findings.reads)

    def _lookup(self, sobject: SObject, each: Field, lookup: LookupFilter) -> None:
        if lookup.optional:
            return
        name = f"{sobject.name}.{each.name}"
        targets = (self._schema.get(target) for target in each.reference_to)
        matchers = {
            target.name: Matcher(self._compiler, Source(target, sobject, name), lookup.items, lookup.boolean_filter)
            for target in targets
            if target is not None
        }
        self._plan(sobject).lookups.append(LookupCheck(each, lookup, matchers))

    def _default(self, sobject: SObject, each: Field) -> None:
        text = each.extra.get("defaultValueFormula")
        if not text or not each.createable or "literalDefault" in each.extra or each.type == "boolean":
            return
        name = f"{sobject.name}.{each.name} (default)"
        kind = None if each.type in {"picklist", "multipicklist"} else kind_of(each)
        formula = self._compiler.compile(str(text), sobject, name, Use.DEFAULT, kind=kind)
        self._plan(sobject).defaults.append((each, formula))

    # -- rules ---------------------------------------------------------------------------------------------------------

    def _rules(self, sobject: SObject) -> None:
        for rule in sobject.validation_rules:
            if not rule.active:
                continue
            name = f"{sobject.name}.{rule.name}"
            try:
                formula = self._compiler.compile(rule.condition, sobject, name, Use.RULE, kind=kind_of(_CHECKBOX))
            except FormulaError as error:
                self.outside.append(Outside(name, str(error)))
            else:
                self._plan(sobject).rules.append((rule, formula))
        if any(rule.active for rule in sobject.duplicate_rules):
            self._plan(sobject)


_CHECKBOX = Field("condition", "Condition", "boolean")
_PLANS: PerSchema[Plans] = PerSchema("automation")


def plans_of(schema: Schema) -> Plans:
    """The plans of a schema, made once."""
    return _PLANS.of(schema, lambda: Plans(schema))


def outside(schema: Schema) -> Iterator[Outside]:
    """What in a schema is accepted and not worked out: formulas beyond the subset, rules that cannot be read."""
    yield from plans_of(schema).outside
