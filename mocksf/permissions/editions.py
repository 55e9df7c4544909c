"""Editions: which objects an org has, whether it has an API, and how much of it; a row for each."""

from collections.abc import Mapping
from dataclasses import dataclass

from mocksf.evidence import Evidence
from mocksf.permissions.narrowing import available
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Schema
from mocksf.schema.names import nearest

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Essentials and Professional have no API; Professional may buy it", Evidence.DOCUMENTED),
    ("Calls a day: 15,000; or 100,000 and 1,000 (Unlimited: 5,000) for each licence", Evidence.DOCUMENTED),
    ("Long-running calls at once: 25, in a Developer Edition 5", Evidence.DOCUMENTED),
    ("Apex begins with the Enterprise Edition", Evidence.DOCUMENTED),
    ("Orders, contracts, assets and campaigns begin with the Professional Edition", Evidence.ASSUMED),
    ("Custom objects and fields: as many as the edition's allocation", Evidence.DOCUMENTED),
    ("The OrganizationType of Essentials is Team Edition", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

_APEX = frozenset({"ApexClass", "AsyncApexJob"})
_DEALS = frozenset({"Asset", "Campaign", "CampaignMember", "Contract", "Order", "OrderItem"})


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition. `base_calls` a day, and `calls_per_licence` beside; how many long-running calls at once.

    `custom_objects` and `custom_fields` (of one object) are its allocations; `missing` the standard objects it lacks.
    """

    organization_type: str
    api: bool
    base_calls: int
    calls_per_licence: int
    long_calls: int
    custom_objects: int
    custom_fields: int
    missing: frozenset[str] = frozenset()

    def daily_calls(self, licences: int) -> int:
        """How many calls an org with so many licences may make in 24 hours."""
        return self.base_calls + self.calls_per_licence * licences


EDITIONS: Mapping[str, Edition] = {
    "Essentials": Edition("Team Edition", False, 0, 0, 25, 5, 100, _APEX | _DEALS),
    "Professional": Edition("Professional Edition", False, 100_000, 1_000, 25, 50, 100, _APEX),
    "Enterprise": Edition("Enterprise Edition", True, 100_000, 1_000, 25, 200, 500),
    "Unlimited": Edition("Unlimited Edition", True, 100_000, 5_000, 25, 2_000, 800),
    "Developer": Edition("Developer Edition", True, 15_000, 0, 5, 400, 500),
}
DEVELOPER = "Developer"


class EditionError(ValueError):
    """There is no such edition, or a schema is too large for one."""


def edition_named(name: str) -> Edition:
    """An edition by its name. Raises EditionError."""
    if name not in EDITIONS:
        message = f"{name}: no such edition{nearest(name, EDITIONS)}"
        raise EditionError(message)
    return EDITIONS[name]


_SCHEMAS: PerSchema[dict[str, Schema]] = PerSchema("editions")


def edition_schema(schema: Schema, edition: str) -> Schema:
    """The schema as an edition has it, the same at every call; the very same where the edition lacks nothing of it.

    Raises EditionError where it holds more custom objects or fields than the edition allows.
    """
    if not edition:
        return schema
    known = _SCHEMAS.of(schema, dict)
    if edition not in known:
        known[edition] = _cut(schema, edition)
    return known[edition]


def _cut(schema: Schema, edition: str) -> Schema:
    kind = edition_named(edition)
    seen = available(schema, kind.missing)
    objects = [each.name for each in seen if each.name.endswith("__c")]
    _allow(len(objects), kind.custom_objects, "custom objects", edition)
    for each in seen:
        fields = sum(field.custom and field.name.endswith("__c") for field in each.fields)
        _allow(fields, kind.custom_fields, f"custom fields on {each.name}", edition)
    return seen


def _allow(number: int, most: int, what: str, edition: str) -> None:
    if number > most:
        message = f"{edition}: the schema has {number} {what}, of which this edition allows {most}"
        raise EditionError(message)
