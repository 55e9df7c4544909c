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
_OUTSIDE = ("$Api", "$CustomMetadata", "$Label", "$ObjectType", "$Organization", "$Setup", "$System")


@dataclass(frozen=True, slots=True)
class Path:
    """From the record (or from the user) through references to a field."""

    steps: tuple[tuple[SObject, Field], ...]
    """The references to follow; each with the object that it is read from."""
    sobject: SObject
    field: Field
    from_user: bool = False


class Paths:
    """The names that formulas of one object may use."""

    def __init__(self, schema: Schema, sobject: SObject) -> None:
        self._schema = schema
        self._sobject = sobject

    def find(self, text: str, name: str, at: int) -> Path:
        """The way that a name means. Raises FormulaError with the nearest right name."""
        here, steps, parts, from_user = self._start(text, name, at)
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
        return Path(tuple(steps), here, self._field(here, parts[-1], name, at), from_user)

    def _start(self, text: str, name: str, at: int) -> tuple[SObject, list[tuple[SObject, Field]], list[str], bool]:
        parts = text.split(".")
        if not text.startswith("$"):
            return self._sobject, [], parts, False
        origin = parts[0].lower()
        if len(parts) < 2 or (origin not in _OF_USER and origin not in _OF_RECORD):
            known = ["$User", "$Profile", "$UserRole", "$RecordType", "$Permission"]
            outside = next((each for each in _OUTSIDE if each.lower() == origin), None)
            reason = (
                f"the global variable '{parts[0]}' is not evaluated here" if outside else f"no such variable '{text}'"
            )
            raise FormulaError(name, at, f"{reason}{nearest(parts[0], known)}")
        user = self._schema.get("User")
        here = user if origin in _OF_USER and user is not None else self._sobject
        steps: list[tuple[SObject, Field]] = []
        for way in _OF_USER.get(origin, (_OF_RECORD.get(origin, ""),)):
            reference = self._field(here, way, name, at)
            steps.append((here, reference))
            here = self._target(reference, "", parts[-1], name, at)
        return here, steps, parts[1:], origin in _OF_USER

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
