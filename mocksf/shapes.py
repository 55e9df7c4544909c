"""What saving a record needs to know of its object, worked out once per object."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from mocksf.moments import EPOCH
from mocksf.publishing import is_event
from mocksf.rules.locking import always_locked, locked_when_set
from mocksf.schema.kept import PerSchema
from mocksf.schema.model import Field, Schema, SObject
from mocksf.values import store_value, writer

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "Contract": {"Status": "Draft"},
    "PushTopic": {"NotifyForFields": "Referenced", "NotifyForOperations": "All"},
    "ContentVersion": {"SharingOption": "A", "SharingPrivacy": "N", "Origin": "C", "ContentLocation": "S"},
}
"""What a describe calls defaulted without saying by what (assumed)."""
FOLLOWING: Mapping[str, frozenset[str]] = {
    "ContentVersion": frozenset({"ContentDocumentId"}),
    "User": frozenset({"CommunityNickname"}),
}
"""What a describe calls neither nillable nor defaulted, and the org finds for itself where nothing is given."""
SHARED_PREFIX = "01J"
"""Key prefix of the rows of objects whose describe has none (facts on objects; unconfirmed for TaskStatus)."""


class Shape:
    """One object as its saver sees it: what is defaulted, required, unique, numbered, stamped, and who is locked."""

    def __init__(self, sobject: SObject) -> None:
        names = self.names = frozenset(field.name for field in sobject.fields)
        self.defaults = {field.name: value for field in sobject.columns if (value := _default(field)) is not None}
        self.defaults |= {name: value for name, value in DEFAULTS.get(sobject.name, {}).items() if name in names}
        self.required = tuple(
            field.name
            for field in sobject.columns
            if not field.nillable and field.createable and field.type != "boolean"
            if field.name not in FOLLOWING.get(sobject.name, ())
        )
        self.kept = frozenset(field.name for field in sobject.columns if not field.nillable and field.type != "boolean")
        self.unique = tuple(field for field in sobject.columns if field.unique)
        self.numbered = tuple(field for field in sobject.columns if field.auto_number)
        self.always_locked = always_locked(sobject)
        self.locked_when_set = locked_when_set(sobject)
        self.born = tuple(name for name in ("CreatedDate", "LastModifiedDate", "SystemModstamp") if name in names)
        self.changed = tuple(name for name in ("LastModifiedDate", "SystemModstamp") if name in names)
        self.author = tuple(name for name in ("CreatedById", "LastModifiedById") if name in names)
        self.editor = tuple(name for name in ("LastModifiedById",) if name in names)
        self.owned = "OwnerId" in names and sobject.get("OwnerId") is not None
        name = sobject.name_field
        self.names_itself = name is not None and name.defaulted_on_create and not name.auto_number and name.createable
        self.writers = {field.name: (field, writer(field)) for field in sobject.fields}
        self.is_event = is_event(sobject)
        self.has_photo = any(field.name == "PhotoUrl" for field in sobject.columns)
        self._born_of: tuple[int, str] = -1, ""
        self._newborn: dict[str, Any] = {}

    def newborn(self, now: int, user_id: str) -> dict[str, Any]:
        """The row of a new record before anything is said of it: defaults, stamps, its author and owner.

        The same for all records that a user makes in a second, so it is made once and copied.
        """
        if self._born_of != (now, user_id):
            row = self.defaults | dict.fromkeys(self.born, now) | dict.fromkeys(self.author, user_id)
            self._newborn = row | {"OwnerId": user_id} if self.owned else row
            self._born_of = now, user_id
        return self._newborn.copy()


_SHAPE: PerSchema[Shape] = PerSchema("shape")
_SHAPES: PerSchema[dict[str, Shape]] = PerSchema("shapes")


def shapes_of(schema: Schema) -> dict[str, Shape]:
    """The shapes of all objects by name, worked out once per object."""
    return _SHAPES.of(schema, lambda: {each.name: _SHAPE.of(each, partial(Shape, each)) for each in schema})


def _default(field: Field) -> Any:
    if field.summary is not None and field.summary.operation in {"count", "sum"}:
        return 0
    if field.type == "boolean":
        return int(field.default_value is True)
    default = field.extra.get("literalDefault", field.default_value)
    return None if default is None or not field.createable else store_value(field, default)


def key_text(field: Field, stored: Any) -> str:
    """How a keyed row that may not exist yet is named in a LockKey."""
    return f"{field.name}={stored.casefold() if isinstance(stored, str) and field.folded else stored}"


_PLACEHOLDER = re.compile(r"\{(0+|YYYY|YY|MM|DD)\}")


def auto_number(display_format: str, number: int, stored: int) -> str:
    """An auto-number by its display format: ``CO-{YYYY}{MM}-{0000}`` and 7 give ``CO-202601-0007``.

    `stored` is the instant of creation in epoch ms; its day is that of UTC (assumed). A number that outgrows its
    digits has more of them (documented). A format without a place for the number has it at the end (assumed).
    """
    day = EPOCH + timedelta(milliseconds=stored)
    dated = {"YYYY": f"{day.year:04d}", "YY": f"{day.year % 100:02d}", "MM": f"{day.month:02d}", "DD": f"{day.day:02d}"}
    if not any(found[1].startswith("0") for found in _PLACEHOLDER.finditer(display_format)):
        display_format += "{0}"
    return _PLACEHOLDER.sub(lambda found: dated.get(found[1]) or f"{number:0{len(found[1])}d}", display_format)
