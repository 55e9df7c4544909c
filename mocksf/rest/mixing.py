"""Set-up objects and business records do not mix in one call."""

import re

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.schema import Schema, SObject

SETUP_OBJECTS = frozenset({"User", "Group", "GroupMember", "PermissionSet", "PermissionSetAssignment", "Profile"}) | {
    "UserRole", "QueueSobject", "Territory", "RecordType", "ApexClass", "ObjectPermissions", "FieldPermissions",
}  # fmt: skip

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Within one sObject Collections call, set-up objects and others are not written together", Evidence.DOCUMENTED),
    ("The record that comes second is refused with MIXED_DML_OPERATION", Evidence.ASSUMED),
    ("The rows that a composite with allOrNone writes are one transaction, without it each its own", Evidence.ASSUMED),
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

    def admit_row(self, schema: Schema, method: str, url: str) -> None:
        """The same for a request that writes the row of an object, by its address."""
        found = _ROW.search(url)
        sobject = schema.get(found[1]) if found and method != "GET" else None
        if sobject is not None:
            self.admit(sobject)


_ROW = re.compile(r"/sobjects/(\w+)", re.ASCII)
MENTION = re.compile(rb"/sobjects/(?:%s)\b" % "|".join(sorted(SETUP_OBJECTS)).encode(), re.IGNORECASE)
"""How a body looks that may write set-up objects: whatever else need not be watched."""
