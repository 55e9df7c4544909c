"""Drift: what a newer describe of an org changes for a configuration that was good against the older one."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.config import ConnectorConfig
from connector.describe import FieldDescribe, ObjectDescribe, OrgDescribe
from connector.settle import HINT_OF_TYPE
from connector.validate import Finding, validate
from connector.validate.view import View

WATCHED = ("type", "length", "whole_digits", "scale", "createable", "updateable", "nillable", "unique", "external_id")
"""What is told of a mapped field when it changes; every one of them decides over some value."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact about a mapped field that is not what it was."""

    target: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Drift:
    """`broken` findings are new, `mended` ones are gone; `unmapped` are fields that an intent could fill by now."""

    broken: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    changes: tuple[Change, ...]
    unmapped: tuple[str, ...]

    @property
    def breaks(self) -> bool:
        """Whether what was good would now be refused."""
        return any(each.severity == "error" for each in self.broken)


def drift(config: ConnectorConfig, before: OrgDescribe, after: OrgDescribe) -> Drift:
    """Hold a configuration against both. Raises DescribeError where an org cannot be asked."""
    old, new = validate(config, before), validate(config, after)
    return Drift(
        broken=tuple(each for each in new if each not in old),
        mended=tuple(each for each in old if each not in new),
        changes=tuple(_changes(config, before, after)),
        unmapped=tuple(_unmapped(config, before, after)),
    )


def _changes(config: ConnectorConfig, before: OrgDescribe, after: OrgDescribe) -> Iterator[Change]:
    targets = {each.target: (each.sobject, each.field) for each in View(config, after).mappings}
    for target, (sobject, name) in sorted(targets.items()):
        old, new = _field(before, sobject, name), _field(after, sobject, name)
        if old and new:
            yield from _differences(target, old, new)


def _differences(target: str, old: FieldDescribe, new: FieldDescribe) -> Iterator[Change]:
    for fact in WATCHED:
        was, now = getattr(old, fact), getattr(new, fact)
        if was != now:
            yield Change(target, fact.replace("_", " "), _said(was), _said(now))
    for what, values in (
        ("values gone", [each for each in old.active_values if each not in new.active_values]),
        ("values new", [each for each in new.active_values if each not in old.active_values]),
    ):
        if values:
            gone = what == "values gone"
            yield Change(target, what, ", ".join(values) if gone else "", "" if gone else ", ".join(values))


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _unmapped(config: ConnectorConfig, before: OrgDescribe, after: OrgDescribe) -> Iterator[str]:
    """Fields that are new on an object that calls write, and that an intent could fill."""
    mapped = {each.target.casefold() for each in View(config, after).mappings}
    for name in View(config, after).written:
        old, new = before.get(name), after.get(name)
        for field in _new_fields(old, new):
            target = f"{name}.{field.name}"
            if field.createable and field.updateable and field.type in HINT_OF_TYPE and target.casefold() not in mapped:
                yield target


def _new_fields(old: ObjectDescribe | None, new: ObjectDescribe | None) -> tuple[FieldDescribe, ...]:
    if old is None or new is None:
        return ()
    return tuple(each for each in new.fields if old.get(each.name) is None)


def _field(org: OrgDescribe, sobject: str, name: str) -> FieldDescribe | None:
    described = org.get(sobject)
    return described.get(name) if described else None
