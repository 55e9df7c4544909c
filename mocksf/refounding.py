"""The rows that show an org its own schema, after the schema has changed: record types, stages, permission sets.

What a fresh org of the new schema would begin with serves as the model; what it has and this one has not is added,
and so on.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from mocksf.automation.referenced import check as check
from mocksf.founding import Row, first_rows
from mocksf.ids import make_id
from mocksf.schema.model import Schema, SObject
from mocksf.shapes import SHARED_PREFIX
from mocksf.store import Store

Model = Mapping[str, list[Row]]
MIRRORS: Mapping[str, tuple[str, ...]] = {
    "RecordType": ("SobjectType", "DeveloperName"),
    "EntityDefinition": ("QualifiedApiName",),
    "TabDefinition": ("DurableId",),
    "OpportunityStage": ("ApiName",),
    "LeadStatus": ("ApiName",),
    "TaskStatus": ("ApiName",),
}
"""The objects whose records follow from the schema, and by which fields a record is known again.

So do those of custom metadata types, by their DeveloperName.
"""
_GRANTED: Mapping[str, tuple[str, ...]] = {
    "ObjectPermissions": ("ParentId", "SobjectType"),
    "FieldPermissions": ("ParentId", "Field"),
}
_OWN = frozenset({"Id", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "$bin"})
"""What a row keeps, whatever the model says."""


def keep_up(before: Schema, after: Schema, store: Store, now: datetime) -> None:
    """Let the rows of an org follow its schema, which is `after` already. Users stay who they are."""
    model = first_rows(after, now)
    for name, key in _mirrors(after).items():
        _mirror(after[name], key, model, store)
    _permission_sets(before, after, model, store)


def _mirrors(schema: Schema) -> dict[str, tuple[str, ...]]:
    types = {each.name: ("DeveloperName",) for each in schema if each.name.endswith("__mdt")}
    return {name: key for name, key in MIRRORS.items() if schema.get(name) is not None} | types


def _rows(store: Store, sobject: SObject) -> Iterator[Row]:
    names = [each.name for each in sobject.columns]
    selected = ", ".join(f'"{name}"' for name in names)
    for values in store.rows(f'SELECT {selected} FROM "{sobject.name}" ORDER BY "Id"'):
        yield dict(zip(names, values, strict=True))


def _by_key(rows: Iterable[Row], key: tuple[str, ...]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row.get(name) for name in key): row for row in rows}


def _mirror(sobject: SObject, key: tuple[str, ...], model: Model, store: Store) -> None:
    wanted, held = _by_key(model.get(sobject.name, ()), key), _by_key(_rows(store, sobject), key)
    for each, row in wanted.items():
        if each not in held:
            # The schema itself gives record types their ids.
            _insert(store, sobject, row, row["Id"] if sobject.name == "RecordType" else None)
            continue
        changes = {name: value for name, value in row.items() if name not in _OWN and held[each][name] != value}
        store.update(sobject, held[each]["Id"], changes)
    for each, row in held.items():
        if each not in wanted:
            store.remove(sobject, row["Id"])


def _insert(store: Store, sobject: SObject, row: Row, record_id: str | None = None) -> str:
    prefix = sobject.key_prefix or SHARED_PREFIX
    made = record_id or make_id(prefix, store.next_number(prefix))
    store.insert(sobject, {**row, "Id": made})
    return made


def _permission_sets(before: Schema, after: Schema, model: Model, store: Store) -> None:
    """Add the permission sets that are new, and write those anew that grant something else than before.

    What was granted by rows of a set that the schema says nothing new about stays. Profiles show what they grant on
    new objects.
    """
    kind = after.get("PermissionSet")
    if kind is None:
        return
    known = {each.name: each for each in before.seeds.permission_sets}
    changed = {each.name for each in after.seeds.permission_sets if known.get(each.name) != each}
    wanted, held = _by_key(model.get(kind.name, ()), ("Name",)), _by_key(_rows(store, kind), ("Name",))
    ids: dict[str, str] = {}
    for each, row in wanted.items():
        there = held.get(each)
        if there is not None and row["Name"] in changed:
            store.update(kind, there["Id"], {name: value for name, value in row.items() if name not in _OWN})
        ids[row["Id"]] = there["Id"] if there is not None else _insert(store, kind, row)
    anew = {ids[row["Id"]] for row in wanted.values() if row["Name"] in changed}
    for name, key in _GRANTED.items():
        granted = after.get(name)
        if granted is not None:
            rows = [{**row, "ParentId": ids[row["ParentId"]]} for row in model.get(name, ())]
            _grant(granted, [row for row in rows if _is_new(row, before, anew)], key, store)


def _is_new(row: Row, before: Schema, anew: set[str]) -> bool:
    """Whether a right is one of a permission set that is written anew, or one on an object that was not there."""
    return row["ParentId"] in anew or before.get(row["SobjectType"]) is None


def _grant(sobject: SObject, wanted: list[Row], key: tuple[str, ...], store: Store) -> None:
    anew, held = {row["ParentId"] for row in wanted}, _by_key(_rows(store, sobject), key)
    chosen = _by_key(wanted, key)
    for each, row in held.items():
        if store.schema.get(row["SobjectType"]) is None or (row["ParentId"] in anew and each in chosen):
            store.remove(sobject, row["Id"])
    for row in chosen.values():
        _insert(store, sobject, row)
