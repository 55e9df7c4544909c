"""Where is searched: the objects and fields behind IN … FIELDS, and the objects of a search that names none."""

from collections.abc import Iterable

from mocksf.evidence import Evidence
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Field, Schema, SObject

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("IN ALL FIELDS searches every text that is stored, long ones too, but no encrypted ones", Evidence.ASSUMED),
    ("IN SIDEBAR FIELDS searches names, email addresses and phones", Evidence.ASSUMED),
    ("IN NAME FIELDS searches some further fields of standard objects", Evidence.DOCUMENTED),
)
"""What this room believes, for the fidelity ledger."""

NAMES = {
    "Account": ("Website", "Site", "NameLocal"),
    "Asset": ("SerialNumber",),
    "Case": ("SuppliedName", "SuppliedCompany", "Subject"),
    "Contact": ("AssistantName", "FirstName", "LastName", "FirstNameLocal", "LastNameLocal", "AccountName"),
    "Event": ("Subject",),
    "Lead": ("Company", "FirstName", "LastName", "CompanyLocal", "FirstNameLocal", "LastNameLocal"),
    "Note": ("Title",),
    "Task": ("Subject",),
    "User": ("CommunityNickname", "FirstName", "LastName"),
}
"""The fields that IN NAME FIELDS searches beside the name itself (SOSL reference)."""
NAMED_ONLY = frozenset({"ContentDocument", "ContentVersion", "FeedItem", "FeedComment", "Product2", "Solution"})
"""Objects that are searched only where RETURNING names them (SOSL reference)."""
_NEVER = frozenset({"encryptedstring"})
_SIDEBAR = frozenset({"email", "phone"})
_SEARCHED: PerSchema[dict[str, tuple[Field, ...]]] = PerSchema("searched fields")


def searched_fields(sobject: SObject, group: str) -> tuple[Field, ...]:
    """The fields of an object that a group stands for."""
    groups = _SEARCHED.of(sobject, dict)
    if group not in groups:
        groups[group] = tuple(field for field in sobject.columns if _searched(sobject, field, group))
    return groups[group]


def _searched(sobject: SObject, field: Field, group: str) -> bool:
    if not field.is_text or field.type in _NEVER:
        return False
    if group in {"EMAIL", "PHONE"}:
        return field.type == group.lower()
    if group == "ALL":
        return True
    name = field.name_field or field.name in NAMES.get(sobject.name, ())
    return name or (group == "SIDEBAR" and field.type in _SIDEBAR)


def searchable(schema: Schema) -> Iterable[SObject]:
    """The objects of a search that names none."""
    return (each for each in schema if each.flags.get("searchable") and each.name not in NAMED_ONLY)
