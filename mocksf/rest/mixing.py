"""Set-up objects and business records do not mix in one call."""

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.schema import SObject

SETUP_OBJECTS = frozenset({"User", "Group", "GroupMember", "PermissionSet", "PermissionSetAssignment", "Profile"}) | {
    "UserRole", "QueueSobject", "Territory", "RecordType", "ApexClass", "ObjectPermissions", "FieldPermissions",
}  # fmt: skip

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Within one sObject Collections call, set-up objects and others are not written together", Evidence.DOCUMENTED),
    ("The record that comes second is refused with MIXED_DML_OPERATION", Evidence.ASSUMED),
    ("The parts of a composite are transactions of their own as to mixing", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


class Unmixed:
    """Watches over the objects of one call."""

    def __init__(self) -> None:
        self._first: SObject | None = None

    def admit(self, sobject: SObject) -> None:
        """Raise MIXED_DML where an object does not go with the first one."""
        first = self._first = self._first or sobject
        if (first.name in SETUP_OBJECTS) is not (sobject.name in SETUP_OBJECTS):
            raise Refuse.MIXED_DML(second=sobject.name, first=first.name)
