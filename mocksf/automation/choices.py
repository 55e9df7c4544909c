"""Values that go with others only: dependent picklists, and record types that belong to the record's own object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.schema.dependence import pairs
from mocksf.schema.model import Field, SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A dependent picklist is checked against its controlling field only where it is restricted", Evidence.CLIENT),
    ("A value of a dependent picklist without a controlling value is refused", Evidence.ASSUMED),
    ("A controlling value that the picklist does not define goes with no dependent value", Evidence.ASSUMED),
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


Choice = Dependent | OwnRecordType


def choices_of(sobject: SObject) -> Iterator[Choice]:
    """What must be checked whenever a record of an object is saved."""
    for field, controller in sobject.dependent:
        if field.restricted_picklist:
            yield Dependent(field, controller, pairs(field, controller))
    field_of_type = sobject.get(_RECORD_TYPE)
    if field_of_type is not None:
        ids = frozenset(each.record_type_id for each in sobject.record_types if each.active)
        yield OwnRecordType(ids, field_of_type.label)
