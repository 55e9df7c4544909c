"""What a source says about a whole object: validation rules, duplicate rules and record types."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mocksf.ids import make_id, normalise_id
from mocksf.schema.custom_describe import spoken
from mocksf.schema.definitions import DuplicateRule, MetadataRecord, RecordType, ValidationRule
from mocksf.schema.draft import Draft
from mocksf.schema.from_describe import field_of
from mocksf.schema.model import Field, SObject
from mocksf.schema.names import nearest
from mocksf.schema.places import Place
from mocksf.schema.standard import expand_field, gated_compact

_RECORD_TYPE = "RecordTypeId"
MATCHING = (
    *("Exact", "FirstName", "LastName", "CompanyName", "Phone", "City", "Street", "Zip", "Title", "Email"),
    "Custom",
)
"""How two values may match: MatchingMethod of the Metadata API."""


def add_rules(draft: Draft, owner: str, said: Mapping[str, Place]) -> None:
    """The rules and record types of an object, after its fields."""
    for part, add in _PARTS.items():
        if part in said:
            add(draft, owner, said[part])


def _object(draft: Draft, name: str) -> SObject:
    sobject = draft.get(name)
    assert sobject is not None, "the owner of rules was looked up"
    return sobject


def _field(sobject: SObject, place: Place, name: str | None = None) -> Field:
    wanted = place.text() if name is None else name
    field = sobject.get(wanted)
    if field is None:
        names = [each.name for each in sobject.fields]
        place.refuse(f"no such field '{wanted}' on {sobject.name}{nearest(wanted, names)}")
    return field


def _need(place: Place, said: Mapping[str, Place], what: str, *names: str) -> None:
    for name in names:
        if name not in said:
            place.refuse(f"{what} needs '{name}'")


def _text(said: Mapping[str, Place], name: str) -> str | None:
    return said[name].text() if name in said else None


def _flag(said: Mapping[str, Place], name: str, usual: bool) -> bool:
    return said[name].flag() if name in said else usual


# -- validation rules --------------------------------------------------------------------------------------------------

_VALIDATION = ("active", "description", "errorConditionFormula", "errorDisplayField", "errorMessage")


def _validation_rules(draft: Draft, owner: str, place: Place) -> None:
    sobject = _object(draft, owner)
    rules = {each.name: each for each in sobject.validation_rules}
    for name, each in place.entries().items():
        said = each.entries(_VALIDATION)
        _need(each, said, "a validation rule", "errorConditionFormula", "errorMessage")
        rules[name] = ValidationRule(
            name=name,
            condition=said["errorConditionFormula"].text(),
            message=said["errorMessage"].text(),
            error_field=_field(sobject, said["errorDisplayField"]).name if "errorDisplayField" in said else None,
            active=_flag(said, "active", usual=True),
            description=_text(said, "description"),
        )
    draft.change(owner, validation_rules=tuple(rules.values()))


# -- duplicate rules ---------------------------------------------------------------------------------------------------

_DUPLICATE = ("active", "label", "actionOnInsert", "actionOnUpdate", "alertText", "matchFields")


def _duplicate_rules(draft: Draft, owner: str, place: Place) -> None:
    sobject = _object(draft, owner)
    rules = {each.name: each for each in sobject.duplicate_rules}
    for name, each in place.entries().items():
        said = each.entries(_DUPLICATE)
        _need(each, said, "a duplicate rule", "matchFields")
        matched = tuple(_match(sobject, item) for item in said["matchFields"].items())
        if not matched:
            said["matchFields"].refuse("a duplicate rule needs at least one field")
        rules[name] = DuplicateRule(
            name=name,
            match_fields=matched,
            on_insert=said["actionOnInsert"].choice(("Allow", "Block")) if "actionOnInsert" in said else "Block",
            on_update=said["actionOnUpdate"].choice(("Allow", "Block")) if "actionOnUpdate" in said else "Block",
            alert=_text(said, "alertText"),
            active=_flag(said, "active", usual=True),
            label=_text(said, "label"),
        )
    draft.change(owner, duplicate_rules=tuple(rules.values()))


def _match(sobject: SObject, place: Place) -> tuple[str, str]:
    """A field that must match and how, written as its bare name (exactly) or as a mapping."""
    if not isinstance(place.value, dict):
        return _field(sobject, place).name, "Exact"
    said = place.entries(("field", "method"))
    _need(place, said, "a field that must match", "field")
    method = said["method"].choice(MATCHING) if "method" in said else "Exact"
    return _field(sobject, said["field"]).name, method


# -- record types ------------------------------------------------------------------------------------------------------

_RECORD_TYPE_NAMES = ("id", "active", "label", "description", "default", "picklists", "defaults", "businessProcess")


def _record_types(draft: Draft, owner: str, place: Place) -> None:
    for name, each in place.entries().items():
        sobject = _object(draft, owner)
        known = {kind.developer_name.lower(): kind for kind in sobject.record_types}
        kind = _record_type(draft, sobject, name, each)
        if name.lower() in known:
            kind = replace(kind, record_type_id=known[name.lower()].record_type_id)
        kinds = {**known, name.lower(): kind}
        if sum(each.default for each in kinds.values()) > 1:
            each.refuse(f"{owner} has a default record type already")
        draft.change(owner, record_types=tuple(kinds.values()))
    if _object(draft, owner).record_types:
        _add_record_type_field(draft, owner)


def _record_type(draft: Draft, sobject: SObject, name: str, place: Place) -> RecordType:
    said = place.entries(_RECORD_TYPE_NAMES)
    return RecordType(
        developer_name=name,
        label=_text(said, "label") or spoken(name),
        record_type_id=_record_type_id(said) or make_id("012", draft.record_types + 1),
        active=_flag(said, "active", usual=True),
        default=_flag(said, "default", usual=False),
        description=_text(said, "description"),
        picklists={
            _picklist(sobject, field, each).name: tuple(value.text() for value in each.items())
            for field, each in (said["picklists"].entries() if "picklists" in said else {}).items()
        },
        defaults={
            _picklist(sobject, field, each).name: each.text()
            for field, each in (said["defaults"].entries() if "defaults" in said else {}).items()
        },
    )


def _record_type_id(said: Mapping[str, Place]) -> str | None:
    """The id that a record type has in another org, where the source tells it."""
    if "id" not in said:
        return None
    record_id = normalise_id(said["id"].text())
    if record_id is None or not record_id.startswith("012"):
        said["id"].refuse("the id of a record type has 15 or 18 characters and begins with 012")
    return record_id


def _picklist(sobject: SObject, name: str, place: Place) -> Field:
    field = _field(sobject, place, name)
    if field.type not in {"picklist", "multipicklist", "combobox"}:
        place.refuse(f"{field.name} is a {field.type} and has no values")
    return field


def _add_record_type_field(draft: Draft, owner: str) -> None:
    """RecordTypeId, which an object has from its first record type on; standard objects know where it stands."""
    sobject = _object(draft, owner)
    default = next((each.record_type_id for each in sobject.record_types if each.default), None)
    extra: dict[str, Any] = {"literalDefault": default} if default else {}
    known = sobject.get(_RECORD_TYPE)
    if known is not None:
        plain = {key: value for key, value in known.extra.items() if key != "literalDefault"}
        draft.change_field(owner, replace(known, extra={**plain, **extra}))
        return
    field, before = gated_compact(sobject.name, _RECORD_TYPE)
    made = expand_field(field or {"name": _RECORD_TYPE, "type": "reference"})
    fields = list(sobject.fields)
    at = next((at + 1 for at, each in enumerate(fields) if each.name == (before or "Name")), 1)
    fields.insert(at, field_of(made | extra))
    draft.change(owner, fields=tuple(fields))


# -- records of custom metadata ----------------------------------------------------------------------------------------


def _records(draft: Draft, owner: str, place: Place) -> None:
    if not owner.endswith("__mdt"):
        place.refuse(f"{owner} is no custom metadata type; records of others are loaded, not part of a schema")
    sobject = _object(draft, owner)
    records = {each.developer_name: each for each in sobject.records}
    for name, each in place.entries().items():
        said = each.entries(("label", "values"))
        values = said["values"].entries() if "values" in said else {}
        records[name] = MetadataRecord(
            developer_name=name,
            label=_text(said, "label") or name,
            values={_field(sobject, value, field).name: value.plain() for field, value in values.items()},
        )
    draft.change(owner, records=tuple(records.values()))


_PARTS: Mapping[str, Callable[[Draft, str, Place], None]] = {
    "recordTypes": _record_types,
    "validationRules": _validation_rules,
    "duplicateRules": _duplicate_rules,
    "records": _records,
}
