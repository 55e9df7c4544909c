"""Names in a formula → the way from the record to a field: `Amount`, `Account.Owner.Name`, `$User.ProfileId`."""

from collections.abc import Mapping
from dataclasses import dataclass

from mocksf.formula.problems import FormulaError
from mocksf.schema.model import Field, Schema, SObject
from mocksf.schema.names import nearest

LEVELS_MAX = 10
"""How many relationships away a field may be (documented limit of cross-object formulas)."""

USER = "$user"
_OF_USER: Mapping[str, tuple[str, ...]] = {
    USER: (),
    "$profile": ("ProfileId",),
    "$userrole": ("UserRoleId",),
}
"""Global variables that begin at the user, and the way on from there."""
_OF_RECORD: Mapping[str, str] = {"$recordtype": "RecordTypeId"}
PERMISSION = "$permission"
_OUTSIDE = ("$Api", "$Label", "$ObjectType", "$System")
ORGANIZATION, SETUP, METADATA = "$organization", "$setup", "$custommetadata"


_KNOWN = ("$User", "$Profile", "$UserRole", "$RecordType", "$Permission", "$Organization", "$Setup", "$CustomMetadata")


@dataclass(frozen=True, slots=True)
class Path:
    """From the record (or from the user) through references to a field."""

    steps: tuple[tuple[SObject, Field], ...]
    """The references to follow; each with the object that it is read from."""
    sobject: SObject
    field: Field
    start: str = ""
    """Where it begins if not at the record: `$user`, or the name of an object of which everybody has one row."""

    @property
    def from_user(self) -> bool:
        return self.start == USER


class Paths:
    """The names that formulas of one object may use."""

    def __init__(self, schema: Schema, sobject: SObject) -> None:
        self._schema = schema
        self._sobject = sobject

    def find(self, text: str, name: str, at: int) -> Path:
        """The way that a name means. Raises FormulaError with the nearest right name."""
        here, steps, parts, start = self._start(text, name, at)
        for part in parts[:-1]:
            relation, _, wanted = part.partition(":")
            reference = here.parent(relation)
            if reference is None:
                known = [each.relationship_name for each in here.fields if each.relationship_name]
                raise FormulaError(name, at, f"{here.name} has no relationship '{relation}'{nearest(relation, known)}")
            steps.append((here, reference))
            here = self._target(reference, wanted, parts[-1], name, at)
        if len(steps) > LEVELS_MAX:
            raise FormulaError(name, at, f"a field may be {LEVELS_MAX} relationships away, this one is {len(steps)}")
        return Path(tuple(steps), here, self._field(here, parts[-1], name, at), start)

    def _start(self, text: str, name: str, at: int) -> tuple[SObject, list[tuple[SObject, Field]], list[str], str]:
        parts = text.split(".")
        if not text.startswith("$"):
            return self._sobject, [], parts, ""
        origin = parts[0].lower()
        if origin in {ORGANIZATION, SETUP} and len(parts) > 1:
            return self._common(parts, name, at)
        if len(parts) < 2 or (origin not in _OF_USER and origin not in _OF_RECORD):
            outside = next((each for each in _OUTSIDE if each.lower() == origin), None)
            reason = (
                f"the global variable '{parts[0]}' is not evaluated here" if outside else f"no such variable '{text}'"
            )
            raise FormulaError(name, at, f"{reason}{nearest(parts[0], _KNOWN)}")
        user = self._schema.get("User")
        here = user if origin in _OF_USER and user is not None else self._sobject
        steps: list[tuple[SObject, Field]] = []
        for way in _OF_USER.get(origin, (_OF_RECORD.get(origin, ""),)):
            reference = self._field(here, way, name, at)
            steps.append((here, reference))
            here = self._target(reference, "", parts[-1], name, at)
        return here, steps, parts[1:], USER if origin in _OF_USER else ""

    def _common(
        self, parts: list[str], name: str, at: int
    ) -> tuple[SObject, list[tuple[SObject, Field]], list[str], str]:
        """The row of the organization, or of a custom setting: `$Setup.Bypass__c.Rules__c`."""
        setup = parts[0].lower() == SETUP
        here = self._schema.get(parts[1] if setup else "Organization")
        if here is None or (setup and not (here.flags.get("customSetting") and len(parts) > 2)):
            known = [each.name for each in self._schema if each.flags.get("customSetting")]
            raise FormulaError(name, at, f"there is no custom setting '{parts[1]}'{nearest(parts[1], known)}")
        return here, [], parts[2 if setup else 1 :], here.name

    def constant(self, text: str, name: str, at: int) -> tuple[Field, object]:
        """What a record of custom metadata says: `$CustomMetadata.Rate__mdt.Usual.Percent__c`; with its field."""
        parts = text.split(".")
        kind = self._schema.get(parts[1])
        if kind is None or len(parts) != 4 or not kind.name.endswith("__mdt"):
            raise FormulaError(name, at, f"no record of custom metadata is named '{text}'")
        records = {each.developer_name.lower(): each for each in kind.records}
        record = records.get(parts[2].lower())
        if record is None:
            known = [each.developer_name for each in kind.records]
            raise FormulaError(name, at, f"{kind.name} has no record '{parts[2]}'{nearest(parts[2], known)}")
        field = self._field(kind, parts[3], name, at)
        return field, record.values.get(field.name)

    def _target(self, reference: Field, wanted: str, field: str, name: str, at: int) -> SObject:
        """The object on the other side: the one that is named (`Owner:User`), else the first that has the field."""
        known = [each for target in reference.reference_to if (each := self._schema.get(target)) is not None]
        if wanted:
            known = [each for each in known if each.name.lower() == wanted.lower()]
        if not known:
            raise FormulaError(name, at, f"'{reference.name}' points to no object '{wanted or 'that is known'}'")
        return next((each for each in known if each.get(field) is not None), known[0])

    def _field(self, sobject: SObject, part: str, name: str, at: int) -> Field:
        found = sobject.get(part)
        if found is None or not found.has_column:
            known = [each.name for each in sobject.fields if each.has_column]
            reason = f"{sobject.name} has no field '{part}'" if found is None else f"'{part}' is a compound field"
            raise FormulaError(name, at, f"{reason}{nearest(part, known)}")
        return found
