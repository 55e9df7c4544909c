"""The rows that an org has before anybody writes: itself, its profiles, its users, its stages and statuses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from mocksf.errors import Refusal
from mocksf.ids import make_id, number_of
from mocksf.permissions import Rights
from mocksf.permissions.rows import field_rows, object_rows, rights_of
from mocksf.schema.catalogue import entity_rows, tab_rows
from mocksf.schema.definitions import MetadataRecord
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Schema, SObject
from mocksf.schema.names import SchemaError
from mocksf.schema.seeds import ADMINISTRATOR as ADMINISTRATOR
from mocksf.schema.seeds import Status, UserSeed
from mocksf.shapes import SHARED_PREFIX
from mocksf.store import Store
from mocksf.values import milliseconds, store_value

Row = dict[str, Any]
KEPT_MAX = 4
"""So many foundings of a schema are kept for the next org that begins alike, half a megabyte each."""


@dataclass(frozen=True, slots=True)
class Founding:
    """Who is who in a new org; all ids have 18 characters."""

    org_id: str
    admin_id: str
    users: dict[str, str]
    """User ids by username."""


_FOUNDED: PerSchema[dict[tuple[object, ...], tuple[Founding, bytes]]] = PerSchema("founded orgs")


def found_org(
    schema: Schema,
    store: Store,
    now: datetime,
    name: str = "Mock Company",
    company: Mapping[str, Any] = MappingProxyType({}),
) -> Founding:
    """Write an org's first rows into an empty store; `company` says what is special of its Organization.

    In memory an org that begins as another did takes over its image, which is quicker than row by row.
    """
    about = {"Name": name, **_ORGANIZATION, **company}
    moment = _whole_seconds(now)
    if not store.settled:
        return _write(_Founder(schema, moment), about, store)
    founded = _FOUNDED.of(schema, dict)
    alike = (moment, store.followed, repr(sorted(store.counters.items())), repr(sorted(about.items())))
    if alike in founded:
        founding, image = founded[alike]
        store.restore(image)
        return founding
    founding = _write(_Founder(schema, moment), about, store)
    if len(founded) >= KEPT_MAX:
        del founded[next(iter(founded))]
    founded[alike] = founding, store.snapshot()
    return founding


def first_rows(schema: Schema, now: datetime) -> dict[str, list[Row]]:
    """The rows that a fresh org of a schema begins with, by object, as a store would give them back."""
    founder = _Founder(schema, _whole_seconds(now))
    founder.found({})
    rows: dict[str, list[Row]] = {}
    for sobject, row in founder.rows:
        empty = {field.name: 0 if field.type == "boolean" else None for field in sobject.columns}
        rows.setdefault(sobject.name, []).append(empty | row)
    return rows


def _whole_seconds(now: datetime) -> int:
    return milliseconds(now.replace(microsecond=0))


def _write(founder: "_Founder", about: Mapping[str, Any], store: Store) -> Founding:
    with store.turn(), store.atomic():
        founder.counters = store.counters
        founding = founder.found(about)
        store.insert_all(founder.rows)
    return founding


class _Founder:
    """Draws up the first rows, and writes nothing."""

    def __init__(self, schema: Schema, now: int) -> None:
        self._schema = schema
        self._now = now
        self._admin_id = make_id("005", 1)
        self._licence_id: str | None = None
        self.rows: list[tuple[SObject, Row]] = []
        self.counters: dict[str, int] = {}
        """How far the numbers of each key prefix are given out."""
        self._sets: dict[str, str] = {}
        """The ids of permission sets by their name; of those behind profiles by the profile's id."""

    def found(self, organization: Mapping[str, Any]) -> Founding:
        org_id = self._add("Organization", dict(organization))
        self._licence()
        profiles = {each: self._profile(each) for each in self._schema.seeds.profile_names}
        self._permission_sets(profiles)
        seeds = (ADMINISTRATOR, *self._schema.seeds.users)
        users = {each.username: self._user(each, profiles) for each in seeds}
        self._record_types()
        self._metadata()
        self._price_book()
        for row in entity_rows(self._schema) if self._schema.get("EntityDefinition") else ():
            self._add("EntityDefinition", row)
        for row in tab_rows(self._schema) if self._schema.get("TabDefinition") else ():
            self._add("TabDefinition", row)
        self._stages()
        self._statuses("LeadStatus", self._schema.seeds.lead_statuses, "IsConverted")
        self._statuses("TaskStatus", self._schema.seeds.task_statuses, "IsClosed")
        return Founding(org_id, users[ADMINISTRATOR.username], users)

    def _licence(self) -> None:
        """The licence that all users of a new org have (how many there are is assumed)."""
        if self._schema.get("UserLicense") is not None:
            row = {"Name": "Salesforce", "MasterLabel": "Salesforce", "LicenseDefinitionKey": "SFDC"}
            used = 1 + len(self._schema.seeds.users)
            self._licence_id = self._add(
                "UserLicense", {**row, "Status": "Active", "TotalLicenses": 100, "UsedLicenses": used}
            )

    def _profile(self, name: str) -> str:
        held = Rights(self._schema.seeds, name).permissions
        row = {"Name": name, "UserType": "Standard", "UserLicenseId": self._licence_id}
        return self._add("Profile", row | _switched_on(held))

    def _permission_sets(self, profiles: dict[str, str]) -> None:
        """The permission sets of the schema, and the one behind each profile (documented: PermissionSet)."""
        if self._schema.get("PermissionSet") is None:
            return
        seeds = self._schema.seeds
        for name, profile_id in profiles.items():
            rights = Rights(seeds, name)
            held: dict[str, Any] = dict(_switched_on(rights.permissions))
            row = {"Name": f"X{profile_id[:15]}", "Label": profile_id[:15], "ProfileId": profile_id, "Type": "Profile"}
            own = self._add("PermissionSet", {**row, "IsOwnedByProfile": 1, "IsCustom": 0, **held})
            self._sets[profile_id] = own
            self._granted("ObjectPermissions", own, object_rows(self._schema, rights))
        for each in seeds.permission_sets:
            held = {**_switched_on(each.permissions), "Description": each.description}
            row = {"Name": each.name, "Label": each.label, "Type": "Regular"}
            made = self._sets[each.name] = self._add("PermissionSet", {**row, "IsCustom": 1, **held})
            rights = rights_of(each)
            self._granted("ObjectPermissions", made, object_rows(self._schema, rights))
            self._granted("FieldPermissions", made, field_rows(self._schema, rights))

    def _granted(self, name: str, set_id: str, rows: Iterable[dict[str, Any]]) -> None:
        if self._schema.get(name) is not None:
            for each in rows:
                self._add(name, {"ParentId": set_id, **each})

    def _assign(self, user_id: str, sets: Iterable[str]) -> None:
        """Give a user the permission set of their profile, and those of the schema."""
        if self._schema.get("PermissionSetAssignment") is not None:
            for each in sets:
                if each in self._sets:
                    row = {"AssigneeId": user_id, "PermissionSetId": self._sets[each], "IsActive": 1}
                    self._add("PermissionSetAssignment", row)

    def _user(self, user: UserSeed, profiles: dict[str, str]) -> str:
        alias = user.username.partition("@")[0]
        profile_id = profiles[user.profile]
        user_id = self._add(
            "User",
            {
                "Username": user.username,
                "FirstName": user.first_name,
                "LastName": user.last_name,
                "Name": " ".join(part for part in (user.first_name, user.last_name) if part),
                "Email": user.username,
                "Alias": alias[:8],
                "CommunityNickname": alias[:40],
                "IsActive": int(user.active),
                "ProfileId": profile_id,
                **_USER,
            },
        )
        self._assign(user_id, (profile_id, *user.permission_sets))
        return user_id

    def _record_types(self) -> None:
        """The rows of all record types, under the ids that the schema gives them."""
        kind = self._schema["RecordType"]
        for sobject in self._schema:
            for each in sobject.record_types:
                row: dict[str, Any] = {
                    "Name": each.label,
                    "DeveloperName": each.developer_name,
                    "SobjectType": sobject.name,
                }
                row |= {"Id": each.record_type_id, "Description": each.description, "IsActive": int(each.active)}
                self.rows.append((kind, self._system(kind) | row))
                number = number_of(each.record_type_id)
                self.counters["012"] = max(self.counters.get("012", 0), number)

    def _metadata(self) -> None:
        """The records of custom metadata types. Raises SchemaError for a value that its field cannot hold."""
        for sobject in self._schema:
            for each in sobject.records:
                names = {"DeveloperName": each.developer_name, "MasterLabel": each.label, "Label": each.label}
                names |= {"QualifiedApiName": each.developer_name, "Language": "en_US"}
                self._add(sobject.name, {**names, **_stored(sobject, each)})

    def _price_book(self) -> None:
        """The standard price book, which every org with products has (documented: Pricebook2)."""
        if self._schema.get("Pricebook2") is not None:
            self._add("Pricebook2", {"Name": "Standard Price Book", "IsActive": 1, "IsStandard": 1})

    def _stages(self) -> None:
        for order, stage in enumerate(self._schema.seeds.stages, 1):
            self._add(
                "OpportunityStage",
                {
                    "MasterLabel": stage.label,
                    "ApiName": stage.value,
                    "IsActive": 1,
                    "SortOrder": order,
                    "IsClosed": int(stage.is_closed),
                    "IsWon": int(stage.is_won),
                    "ForecastCategory": stage.forecast_category,
                    "ForecastCategoryName": stage.forecast_category_name,
                    "DefaultProbability": stage.probability,
                },
            )

    def _statuses(self, name: str, statuses: tuple[Status, ...], end: str) -> None:
        for order, status in enumerate(statuses, 1):
            row = {"MasterLabel": status.label, "ApiName": status.value, "SortOrder": order}
            self._add(name, {**row, "IsDefault": int(status.is_default), end: int(status.ends)})

    def _add(self, name: str, values: dict[str, Any]) -> str:
        sobject = self._schema[name]
        prefix = sobject.key_prefix or SHARED_PREFIX
        number = self.counters[prefix] = self.counters.get(prefix, 0) + 1
        record_id = make_id(prefix, number)
        row = {"Id": record_id, **self._system(sobject), **values}
        self.rows.append((sobject, {key: value for key, value in row.items() if sobject.get(key) is not None}))
        return record_id

    def _system(self, sobject: SObject) -> dict[str, Any]:
        stamps = dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), self._now)
        people = dict.fromkeys(("CreatedById", "LastModifiedById"), self._admin_id)
        return {key: value for key, value in (stamps | people).items() if sobject.get(key) is not None}


def _switched_on(permissions: Iterable[str]) -> dict[str, int]:
    """The columns of user permissions."""
    return {f"Permissions{each}": 1 for each in permissions}


def _stored(sobject: SObject, record: MetadataRecord) -> dict[str, Any]:
    """The values of a record of custom metadata in their stored forms; project files write all of them as text."""
    stored = {}
    for name, value in record.values.items():
        field = sobject.get(name)
        assert field is not None, "a schema checks the fields of its records"
        if field.type == "reference":  # of a metadata relationship, which names what it means
            stored[name] = value
            continue
        try:
            stored[name] = store_value(field, value)
        except Refusal as refusal:
            message = f"{sobject.name} {record.developer_name}: {name}: {refusal.message}"
            raise SchemaError(message) from refusal
    return stored


_ORGANIZATION = {
    "OrganizationType": "Developer Edition",
    "Country": "US",
    "PrimaryContact": "Admin User",
    "DefaultLocaleSidKey": "en_US",
    "TimeZoneSidKey": "America/Los_Angeles",
    "LanguageLocaleKey": "en_US",
    "FiscalYearStartMonth": 1,
    "UsesStartDateAsFiscalYearName": 0,
    "InstanceName": "NA130",
    "IsSandbox": 0,
}
_USER = {
    "TimeZoneSidKey": "America/Los_Angeles",
    "LocaleSidKey": "en_US",
    "EmailEncodingKey": "UTF-8",
    "LanguageLocaleKey": "en_US",
    "UserType": "Standard",
}
