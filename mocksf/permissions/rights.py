"""Rights: what a profile and permission sets come to, object by object and field by field."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from mocksf.evidence import Evidence
from mocksf.schema.grants import ALL, EDIT, EVERY, NONE, READ, Grants, with_implied
from mocksf.schema.seeds import Seeds

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A permission set only adds to the profile; of several grants the widest holds", Evidence.DOCUMENTED),
    ("A right brings along those that it cannot do without: delete edits, and every right reads", Evidence.DOCUMENTED),
    ("View All Data reads and Modify All Data writes every object; neither shows a hidden field", Evidence.DOCUMENTED),
    ("A field is visible only to those who see its object, and writable as the object is", Evidence.DOCUMENTED),
    (
        "Rights on a line, a member or a comment follow its parent: reading it reads, editing it writes",
        Evidence.ASSUMED,
    ),
    ("Activities, files, feeds and mail have no object permissions", Evidence.ASSUMED),
    ("Everybody reads users, profiles and what is set up; writing there takes a user permission", Evidence.ASSUMED),
    ("Standard User: everything but campaigns, products and prices, which it only reads", Evidence.ASSUMED),
    ("Minimum Access - Salesforce: no object, no field, and no API", Evidence.DOCUMENTED),
    ("A profile that was made in the org, and that no source describes, grants everything", Evidence.ASSUMED),
    ("A profile of a source grants what it says, and nothing else where it is based on no other", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

ADMINISTRATORS_OWN = frozenset(
    {
        "ApiEnabled",
        "AssignPermissionSets",
        "AuthorApex",
        "BulkApiHardDelete",
        "ConvertLeads",
        "CustomizeApplication",
        "DataExport",
        "EditTask",
        "EditEvent",
        "ImportLeads",
        "ManageCases",
        "ManageInternalUsers",
        "ManageProfilesPermissionsets",
        "ManageRoles",
        "ManageUsers",
        "ModifyAllData",
        "ModifyMetadata",
        "ResetPasswords",
        "RunReports",
        "TransferAnyEntity",
        "TransferAnyLead",
        "ViewAllData",
        "ViewAllUsers",
        "ViewRoles",
        "ViewSetup",
    }
)
"""The user permissions of an administrator that tools ask for."""

_NOTHING: frozenset[str] = frozenset()
_READ_ONLY = frozenset({"read"})
T = TypeVar("T")
BUILT_IN: Mapping[str, Grants] = {
    "System Administrator": Grants(
        "System Administrator", objects={EVERY: ALL}, fields={EVERY: EDIT}, permissions=ADMINISTRATORS_OWN
    ),
    "Standard User": Grants(
        "Standard User",
        objects={
            EVERY: ALL,
            "Campaign": _READ_ONLY,
            "Product2": _READ_ONLY,
            "Pricebook2": _READ_ONLY,
        },
        fields={EVERY: EDIT},
        permissions=frozenset({"ApiEnabled", "ConvertLeads", "EditTask", "EditEvent", "RunReports", "ViewSetup"}),
    ),
    "Minimum Access - Salesforce": Grants("Minimum Access - Salesforce"),
}
"""What the profiles of every org grant where a source says nothing of them."""

EVERYTHING = Grants("", objects={EVERY: ALL}, fields={EVERY: EDIT}, permissions=ADMINISTRATORS_OWN)

FOLLOWS: Mapping[str, str] = {
    "AccountContactRelation": "Account",
    "CampaignMember": "Campaign",
    "CampaignMemberStatus": "Campaign",
    "CaseComment": "Case",
    "OpportunityContactRole": "Opportunity",
    "OpportunityLineItem": "Opportunity",
    "OrderItem": "Order",
    "PricebookEntry": "Pricebook2",
}
"""Objects without permissions of their own, and the parents whose rights decide about them."""

FREE = frozenset(
    {
        "Attachment",
        "ContentDocument",
        "ContentDocumentLink",
        "ContentVersion",
        "EmailMessage",
        "Event",
        "FeedItem",
        "Note",
        "Task",
    }
)
"""Objects that nobody needs a permission for."""

SETUP: Mapping[str, str] = {
    "ApexClass": "AuthorApex",
    "AsyncApexJob": "AuthorApex",
    "EntityDefinition": "CustomizeApplication",
    "FieldPermissions": "ManageProfilesPermissionsets",
    "Group": "ManageUsers",
    "LeadStatus": "CustomizeApplication",
    "OpportunityStage": "CustomizeApplication",
    "ObjectPermissions": "ManageProfilesPermissionsets",
    "Organization": "CustomizeApplication",
    "PermissionSet": "ManageProfilesPermissionsets",
    "PermissionSetAssignment": "AssignPermissionSets",
    "Profile": "ManageProfilesPermissionsets",
    "RecordType": "CustomizeApplication",
    "TabDefinition": "CustomizeApplication",
    "TaskStatus": "CustomizeApplication",
    "CaseStatus": "CustomizeApplication",
    "User": "ManageUsers",
    "UserLicense": "ManageUsers",
    "UserRole": "ManageRoles",
}
"""Objects that everybody reads, and the user permission that it takes to write them."""

_LEVELS = (NONE, READ, EDIT)


class Rights:
    """What one profile and any permission sets grant together. Raises nothing: what is not named is not granted."""

    def __init__(self, seeds: Seeds, profile: str, permission_sets: Iterable[Grants | str] = ()) -> None:
        """`permission_sets` are grants, or the names of some that the seeds know."""
        self._profiles = {each.name: each for each in seeds.profiles}
        sets = {each.name: each for each in seeds.permission_sets}
        known = (each if isinstance(each, Grants) else sets.get(each) for each in permission_sets)
        self._added = [each for each in known if each is not None]
        self._chain = tuple(self._line(profile))

    def _line(self, name: str) -> Iterable[Grants]:
        """The profile, those that it is based on, and what the org itself says of the last one."""
        found: Grants | None = self._profiles.get(name)
        seen = {name}
        while found is not None:
            yield found
            if found.based_on is None or found.based_on in seen:
                break
            name = found.based_on
            seen.add(name)
            found = self._profiles.get(name)
        if name in BUILT_IN:
            yield BUILT_IN[name]
        elif name not in self._profiles:
            yield EVERYTHING

    @cached_property
    def permissions(self) -> frozenset[str]:
        """The user permissions, by their API names without the word `Permissions`."""
        held: frozenset[str] = frozenset()
        for each in reversed(self._chain):
            held = (held - each.withheld) | each.permissions
        return held.union(*(each.permissions for each in self._added))

    def on(self, sobject: str) -> frozenset[str]:
        """What may be done with an object, named as in the schema."""
        if sobject in FREE:
            return ALL
        if sobject in SETUP:
            return ALL if SETUP[sobject] in self.permissions else _READ_ONLY
        parent = FOLLOWS.get(sobject)
        if parent is not None:
            rights = self.on(parent)
            return ALL if "edit" in rights else rights & _READ_ONLY
        return self.granted(sobject)

    def granted(self, sobject: str) -> frozenset[str]:
        """What is granted on an object that has permissions of its own."""
        if "ModifyAllData" in self.permissions:
            return ALL
        names = (sobject, EVERY)
        granted = _said([each.objects for each in self._chain], names, _NOTHING)
        granted = granted.union(*(_said([each.objects], names, _NOTHING) for each in self._added))
        return with_implied(granted | {"viewAll"}) if "ViewAllData" in self.permissions else granted

    def level(self, sobject: str, field: str) -> str:
        """How far a field that has permissions may be used: `none`, `read` or `edit`."""
        names = (f"{sobject}.{field}", f"{sobject}.{EVERY}", EVERY)
        levels = [_said([each.fields for each in self._chain], names, NONE)]
        levels += [_said([each.fields], names, NONE) for each in self._added]
        return max(levels, key=_LEVELS.index)


def _said(chain: Iterable[Mapping[str, T]], names: Iterable[str], otherwise: T) -> T:
    """What the first of these grants that speaks of a thing says: by its own name before any wildcard."""
    for each in chain:
        for name in names:
            if name in each:
                return each[name]
    return otherwise
