"""Whom a write locks beside its own row: the parents, by the kind of the relationship.

Who writes an object of the table locks the parents of its `always` fields with every insert, update and delete, and
those of all its other lookups to business records when it points there: on insert, and when the value changes. Sources:
the platform's record locking cheat sheet and its article on lookup skew; what these leave open is marked.
"""

from collections.abc import Mapping

from mocksf.evidence import Evidence
from mocksf.schema.model import Field, SObject

LOCKS: Mapping[str, tuple[tuple[str, Evidence], ...]] = {
    "Contact": (("AccountId", Evidence.DOCUMENTED),),
    "Opportunity": (("AccountId", Evidence.DOCUMENTED),),
    "Case": (("AccountId", Evidence.DOCUMENTED), ("ContactId", Evidence.DOCUMENTED)),
    "Task": (("WhoId", Evidence.DOCUMENTED), ("WhatId", Evidence.DOCUMENTED), ("AccountId", Evidence.DOCUMENTED)),
    "Event": (("WhoId", Evidence.ASSUMED), ("WhatId", Evidence.ASSUMED), ("AccountId", Evidence.ASSUMED)),
    "Asset": (("AccountId", Evidence.ASSUMED), ("ContactId", Evidence.ASSUMED)),
    "Contract": (("AccountId", Evidence.ASSUMED),),
    "Order": (("AccountId", Evidence.ASSUMED),),
    "OrderItem": (("OrderId", Evidence.ASSUMED),),
    "OpportunityLineItem": (("OpportunityId", Evidence.DOCUMENTED),),
    "OpportunityContactRole": (("OpportunityId", Evidence.ASSUMED), ("ContactId", Evidence.ASSUMED)),
    "AccountContactRelation": (("AccountId", Evidence.ASSUMED), ("ContactId", Evidence.ASSUMED)),
    "CampaignMember": (
        ("CampaignId", Evidence.DOCUMENTED), ("LeadId", Evidence.ASSUMED), ("ContactId", Evidence.ASSUMED),
    ),
    "CaseComment": (("ParentId", Evidence.ASSUMED),),
    "Attachment": (("ParentId", Evidence.ASSUMED),),
    "Note": (("ParentId", Evidence.ASSUMED),),
}  # fmt: skip
"""Per standard object the fields whose parent every write locks, and how we know."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    *((f"Writing {child} locks the parent in {field}", mark) for child, rows in LOCKS.items() for field, mark in rows),
    ("A detail locks its master with every write; so the master of a roll-up is always held", Evidence.ASSUMED),
    ("A lookup to a business record locks its target when it is set or changed, not else", Evidence.DOCUMENTED),
    ("A task locks its parents whatever its status; the cheat sheet spares some inserts", Evidence.ASSUMED),
    ("References to users, groups, profiles and record types lock nothing", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

_UNLOCKED = frozenset(
    {"User", "Group", "Profile", "RecordType", "Organization", "UserRole", "Calendar", "PermissionSet", "ApexClass"}
)
"""Objects of the set-up, whose rows references do not lock."""
_POLYMORPHIC_FREE = frozenset({"FeedItem", "ContentDocumentLink", "ContentVersion", "EmailMessage"})
"""Objects whose parents, of any kind, stay free: posts and files do not hold up their records."""


def always_locked(sobject: SObject) -> tuple[str, ...]:
    """The fields whose parent every write of this object locks: those of the table, and every master."""
    named = {field for field, _ in LOCKS.get(sobject.name, ())}
    return tuple(field.name for field in sobject.columns if field.name in named or is_master(field))


def locked_when_set(sobject: SObject) -> tuple[str, ...]:
    """The fields whose parent is locked when they are set or changed: all other lookups to business records."""
    always = set(always_locked(sobject))
    if sobject.name in _POLYMORPHIC_FREE:
        return ()
    return tuple(field.name for field in sobject.columns if _is_lookup(field) and field.name not in always)


def is_master(field: Field) -> bool:
    """Whether a field is a master-detail relationship."""
    return field.custom and field.type == "reference" and not field.nillable and field.cascade_delete


def _is_lookup(field: Field) -> bool:
    return field.type == "reference" and bool(field.reference_to) and not _UNLOCKED.intersection(field.reference_to)
