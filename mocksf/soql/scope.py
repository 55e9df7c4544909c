"""Names inside one query: which object, parent or polymorphic parent a path means, joined on demand."""

from typing import NoReturn

from mocksf.errors import Refusal, Refuse
from mocksf.schema.model import Field, Schema, SObject
from mocksf.soql.bound import Column, Named, Place, Table
from mocksf.soql.caret import refusal_at
from mocksf.soql.nodes import Path
from mocksf.soql.tokens import digit_refusal

PARENT_LEVELS_MAX = 5
_TYPED = "#"
"""Before the type that a polymorphic parent is seen as; no name begins so."""
PARENTS_MAX = 55
"""Distinct child-to-parent relationships of one query (SOQL reference)."""


def _name_field(name: str, kind: str = "string", **more: object) -> Field:
    return Field(name=name, label=name, type=kind, **more)  # type: ignore[arg-type]  # a table row of literals


NAME = SObject(
    name="Name",
    label="Name",
    label_plural="Names",
    key_prefix=None,
    fields=(
        _name_field("Id", "id"),
        _name_field("Name", name_field=True),
        _name_field("FirstName"),
        _name_field("LastName"),
        _name_field("Alias"),
        _name_field("Type"),
        _name_field("Email", "email"),
        _name_field("Phone", "phone"),
        _name_field("Title"),
        _name_field("Username"),
        _name_field("IsActive", "boolean"),
        _name_field("ProfileId", "reference", reference_to=("Profile",), relationship_name="Profile"),
        _name_field("UserRoleId", "reference", reference_to=("UserRole",), relationship_name="UserRole"),
        _name_field("RecordTypeId", "reference", reference_to=("RecordType",), relationship_name="RecordType"),
    ),
)
"""The pseudo-object that polymorphic parents are seen through (facts on SOQL §1.5; the list of fields is assumed)."""


class Scope:
    """The tables of one query. `aliases` map what stands before a dot to a parent path, the root's to an empty one."""

    def __init__(self, text: str, schema: Schema, sobject: SObject, alias: str = "") -> None:
        self._text = text
        self._schema = schema
        self.sobject = sobject
        self.root = Table(0, sobject)
        self.places: list[Place] = [self.root]
        self._parents: dict[tuple[str, ...], Place] = {(): self.root}
        self._aliases: dict[str, tuple[str, ...]] = {sobject.name.lower(): ()}
        if alias:
            self._aliases[alias.lower()] = ()

    def refusal(self, at: int, situation: Refuse, **facts: object) -> Refusal:
        """The refusal of `situation` at an offset of the query's text."""
        return refusal_at(self._text, at, situation, **facts)

    def digit_refusal(self, at: int, last: str) -> Refusal:
        """What the lexer before Summer ’24 said to a digit of a date that cannot be; see `tokens`."""
        return digit_refusal(self._text, at, last)

    def name_parent(self, alias: str, path: Path) -> None:
        """Let an alias stand for a parent: `FROM Contact c, c.Account a`."""
        names = self._without_alias(path.names)
        self._place_of(names, path)
        self._aliases[alias.lower()] = tuple(name.lower() for name in names)

    def owns(self, path: Path) -> bool:
        """Whether a subquery's FROM speaks of this query's object: `Contacts`, `Account.Contacts`, `a.Contacts`."""
        return len(path.names) == 1 or (len(path.names) == 2 and self._aliases.get(path.names[0].lower()) == ())

    def column(self, path: Path) -> Column:
        """The field that a path means. Raises Refusal for an unknown field or relationship, or too many levels."""
        names = self._without_alias(path.names)
        place = self._place_of(names[:-1], path)
        sobject = object_of(place)
        field = sobject.get(names[-1])
        if field is None:
            raise self.refusal(path.at, Refuse.NO_SUCH_FIELD, field=names[-1], sobject=sobject.name)
        return Column(place, field)

    def typed(self, path: Path, target: SObject) -> Path:
        """A polymorphic parent seen as one of the objects it can be; the path that leads there (for `column`)."""
        names = self._without_alias(path.names)
        key = (*(name.lower() for name in names), _TYPED + target.name.lower())
        if key not in self._parents:
            place = self._place_of(names, path)
            assert isinstance(place, Named), "only a polymorphic parent has types"
            self._parents[key] = Table(len(self.places), target, place.via)
            self.places.append(self._parents[key])
            self._check_count(path)
        return Path((*names, _TYPED + target.name), path.at)

    def place(self, path: Path) -> Place:
        """The parent that a path of relationships leads to."""
        return self._place_of(self._without_alias(path.names), path)

    def parents_of(self, path: Path) -> tuple[tuple[str, Place], ...]:
        """The parents on the way to a path's field: canonical relationship names and places, outermost first."""
        names = self._without_alias(path.names)[:-1]
        steps = []
        for length in range(1, len(names) + 1):
            if names[length - 1].startswith(_TYPED):
                continue
            above = object_of(self._place_of(names[: length - 1], path))
            reference = above.parent(names[length - 1])
            assert reference is not None, "a path is resolved before its parents are asked for"
            steps.append((str(reference.relationship_name), self._place_of(names[:length], path)))
        return tuple(steps)

    def _without_alias(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """`Contact.Account.Name` and `c.Account.Name` are `Account.Name`; a relationship of that name wins."""
        first = names[0].lower()
        if len(names) > 1 and first in self._aliases and self.sobject.parent(first) is None:
            return (*self._aliases[first], *names[1:])
        return names

    def _place_of(self, names: tuple[str, ...], path: Path) -> Place:
        """The parent that relationship names lead to; met for the first time, it is joined."""
        key = tuple(name.lower() for name in names)
        known = self._parents.get(key)
        if known is not None:
            return known
        if sum(not name.startswith(_TYPED) for name in names) > PARENT_LEVELS_MAX:
            raise self.refusal(path.at, Refuse.PATH_TOO_LONG, levels=PARENT_LEVELS_MAX, path=path)
        above = self._place_of(names[:-1], path)
        reference = object_of(above).parent(names[-1])
        targets = (
            tuple(each for name in reference.reference_to if (each := self._schema.get(name))) if reference else ()
        )
        if reference is None or not targets:
            self._no_relationship(names[-1], path)
        place = self._joined(Column(above, reference), targets)
        self.places.append(place)
        self._parents[key] = place
        self._check_count(path)
        return place

    def _check_count(self, path: Path) -> None:
        if len(self.places) > PARENTS_MAX + 1:
            raise self.refusal(path.at, Refuse.TOO_MANY_PARENTS, count=PARENTS_MAX)

    def _joined(self, via: Column, targets: tuple[SObject, ...]) -> Place:
        number = len(self.places)
        if len(via.field.reference_to) > 1:
            return Named(number, via, targets)
        return Table(number, targets[0], via)

    def _no_relationship(self, name: str, path: Path) -> NoReturn:
        raise self.refusal(path.at, Refuse.NO_SUCH_RELATIONSHIP, name=name)


def object_of(place: Place) -> SObject:
    """The object whose fields a place shows."""
    return place.sobject if isinstance(place, Table) else NAME
