"""Values that go with others only: dependent picklists, and record types that belong to the record's own object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.schema.definitions import RecordType
from mocksf.schema.dependence import pairs
from mocksf.schema.model import Field, SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A dependent picklist is checked against its controlling field only where it is restricted", Evidence.CLIENT),
    ("A value of a dependent picklist without a controlling value is refused", Evidence.ASSUMED),
    ("A controlling value that the picklist does not define goes with no dependent value", Evidence.ASSUMED),
    ("A restricted picklist takes only the values that the record's type offers; others take any", Evidence.DOCUMENTED),
    ("A new record type alone does not ask what stands in its picklists already", Evidence.ASSUMED),
    ("A default that a record type does not offer is not given; one of its own comes first", Evidence.ASSUMED),
    ("The id of the master record type stores nothing", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

Row = Mapping[str, Any]
_RECORD_TYPE = "RecordTypeId"


@dataclass(frozen=True)
class Dependent:
    """A restricted picklist that depends on another field."""

    field: Field
    controller: Field
    allowed: Mapping[str, frozenset[str]]
    """By casefolded controlling value, the casefolded values that go with it."""

    def check(self, row: Row, changes: Row) -> None:
        """Raise BAD_PICKLIST_VALUE for the first value that does not go with the controlling one."""
        chosen = row.get(self.field.name)
        if chosen is None or not {self.field.name, self.controller.name} & changes.keys():
            return
        allowed = self.allowed.get(self._controlling(row), frozenset())
        for value in str(chosen).split(";"):
            if value.casefold() not in allowed:
                raise Refuse.BAD_PICKLIST_VALUE(fields=(self.field.name,), label=self.field.label, value=value)

    def _controlling(self, row: Row) -> str:
        value = row.get(self.controller.name)
        if self.controller.type == "boolean":
            return "true" if value else "false"
        return "" if value is None else str(value).casefold()


@dataclass(frozen=True)
class OwnRecordType:
    """The record types of an object: no other may be chosen for its records."""

    ids: frozenset[str]
    label: str

    def check(self, row: Row, changes: Row) -> None:
        """Raise BAD_RECORD_TYPE for the record type of another object, or one that is not active."""
        chosen = row.get(_RECORD_TYPE)
        if chosen is not None and _RECORD_TYPE in changes and chosen not in self.ids:
            raise Refuse.BAD_RECORD_TYPE(fields=(_RECORD_TYPE,), label=self.label, value=chosen)


@dataclass(frozen=True)
class Offered:
    """A restricted picklist of which some record types offer a part."""

    field: Field
    by_type: Mapping[str, frozenset[str]]
    """By the id of a record type, the casefolded values that it offers; of others, all are."""

    def check(self, row: Row, changes: Row) -> None:
        """Raise BAD_PICKLIST_VALUE for the first value that the record's type does not offer."""
        chosen = changes.get(self.field.name)
        offered = self.by_type.get(row.get(_RECORD_TYPE) or "")
        if chosen is None or offered is None:
            return
        for value in str(chosen).split(";"):
            if value.casefold() not in offered:
                raise Refuse.BAD_PICKLIST_VALUE(fields=(self.field.name,), label=self.field.label, value=value)


Choice = Dependent | OwnRecordType | Offered


def choices_of(sobject: SObject) -> Iterator[Choice]:
    """What must be checked whenever a record of an object is saved."""
    for field, controller in sobject.dependent:
        if field.restricted_picklist:
            yield Dependent(field, controller, pairs(field, controller))
    field_of_type = sobject.get(_RECORD_TYPE)
    if field_of_type is not None:
        ids = frozenset(each.record_type_id for each in sobject.record_types if each.active)
        yield OwnRecordType(ids, field_of_type.label)
        yield from _offered(sobject)


def _offered(sobject: SObject) -> Iterator[Offered]:
    for field in sobject.fields:
        types = {
            each.record_type_id: _folded(each, field) for each in sobject.record_types if field.name in each.picklists
        }
        if field.restricted_picklist and types:
            yield Offered(field, types)


def _folded(kind: RecordType, field: Field) -> frozenset[str]:
    return frozenset(value.casefold() for value in kind.picklists[field.name])


def defaults_by_type(sobject: SObject) -> dict[str, dict[str, str | None]]:
    """What new records get that name nothing, by record type: null where it does not offer the usual."""
    found: dict[str, dict[str, str | None]] = {}
    for kind in sobject.record_types:
        usual = ((sobject.get(name), name) for name in kind.picklists if name not in kind.defaults)
        gone = {name: None for field, name in usual if field and not _offers_usual(kind, field)}
        if gone or kind.defaults:
            found[kind.record_type_id] = {**gone, **kind.defaults}
    return found


def _offers_usual(kind: RecordType, field: Field) -> bool:
    usual = next((each.value for each in field.picklist_values if each.default), None)
    return not field.restricted_picklist or usual is None or usual.casefold() in _folded(kind, field)
