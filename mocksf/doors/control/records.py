"""The records of an org as they lie, for whoever wants to look: every object, every field, deleted ones too."""

from typing import Annotated, Any

from fastapi import Query

from mocksf.doors.control.asking import Chosen, Json, Problem, Row
from mocksf.doors.tenants import Tenant
from mocksf.ids import normalise_id
from mocksf.schema import SObject
from mocksf.schema.model import Field
from mocksf.tables import column, shadow, table
from mocksf.values import wire_value
from mocksf.weather.problems import nearest

PAGE = 50


async def objects(tenant: Chosen) -> list[Json]:
    """The objects of the org, each with how many records it has."""
    return listed(tenant)


async def one_object(name: str, tenant: Chosen) -> Json:
    """One object and its fields."""
    kind = sobject_of(tenant, name)
    return {**_brief(tenant, kind), "fields": [_field(each) for each in kind.fields]}


async def records(
    name: str,
    tenant: Chosen,
    search: Annotated[str, Query(description="a part of the name, a key, a phone, a mail address; or an id")] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    size: Annotated[int, Query(ge=1, le=500)] = PAGE,
) -> Json:
    """The records of an object, the newest id first, deleted ones too."""
    total, rows = found(tenant, sobject_of(tenant, name), search, page, size)
    return {"total": total, "page": page, "pages": max(-(-total // size), 1), "records": rows}


async def record(name: str, record_id: str, tenant: Chosen) -> Json:
    """One record with all its fields."""
    return whole(tenant, sobject_of(tenant, name), record_id)


def listed(tenant: Tenant) -> list[dict[str, Any]]:
    """The objects of an org by name."""
    return [_brief(tenant, kind) for kind in sorted(tenant.wire.org.schema, key=lambda one: one.name.lower())]


def sobject_of(tenant: Tenant, name: str) -> SObject:
    """An object by its name in any case. Raises Problem with the nearest right name."""
    kind = tenant.wire.org.schema.get(name)
    if kind is None:
        names = [one.name for one in tenant.wire.org.schema]
        raise Problem(404, "name", f"no such object `{name}`{nearest(name, names)}")
    return kind


def found(tenant: Tenant, kind: SObject, search: str, page: int, size: int) -> tuple[int, list[dict[str, Any]]]:
    """How many records fit, and one page of them."""
    test, values = _test(kind, search.replace("\0", "").strip())
    store = tenant.wire.org.store
    ((total,),) = store.rows(f"SELECT COUNT(*) FROM {table(kind)}{test}", values)
    names = ", ".join(column(each) for each in kind.columns)
    bounds = f' ORDER BY "Id" DESC LIMIT {size:d} OFFSET {(page - 1) * size:d}'
    rows = store.rows(f"SELECT {names} FROM {table(kind)}{test}{bounds}", values)
    return total, [_written(kind, row) for row in rows]


def whole(tenant: Tenant, kind: SObject, record_id: str) -> dict[str, Any]:
    """One record by its id in either form. Raises Problem where there is none."""
    known = normalise_id(record_id)
    row = tenant.wire.org.store.fetch(kind, known) if known is not None else None
    if row is None:
        raise Problem(404, "record_id", f"no {kind.name} has the id `{record_id}`")
    return _written(kind, tuple(row[each.name] for each in kind.columns))


def _test(kind: SObject, search: str) -> tuple[str, list[str]]:
    """A condition on the fields by which people look for records."""
    if not search:
        return "", []
    text = search.casefold()
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    looked = [shadow(each) for each in kind.columns if each.folded and _telling(each)]
    tests = [f"{name} LIKE ? ESCAPE '\\'" for name in looked] + ['"Id" = ?', "\"Id\" LIKE ? ESCAPE '\\'"]
    like = search.translate({ord(each): "\\" + each for each in "\\%_"})
    return f" WHERE ({' OR '.join(tests)})", [*([f"%{text}%"] * len(looked)), search, f"{like}%"]


def _telling(field: Field) -> bool:
    return field.name_field or field.external_id or field.type in ("phone", "email") or field.name in _NAMES


_NAMES = frozenset({"Name", "FirstName", "LastName", "Company", "Subject", "Username", "DeveloperName"})


def _written(kind: SObject, row: tuple[Any, ...]) -> dict[str, Any]:
    return {each.name: wire_value(each, stored) for each, stored in zip(kind.columns, row, strict=True)}


def _brief(tenant: Tenant, kind: SObject) -> dict[str, Any]:
    ((count,),) = tenant.wire.org.store.rows(f"SELECT COUNT(*) FROM {table(kind)}")
    return {"name": kind.name, "label": kind.label, "custom": kind.custom, "key": kind.key_prefix, "records": count}


def _field(field: Field) -> dict[str, Any]:
    flags = ("nillable", "createable", "updateable", "unique", "external_id", "calculated", "custom")
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "length": field.length,
        "reference_to": list(field.reference_to),
        "values": [each.value for each in field.picklist_values if each.active],
        **{flag: getattr(field, flag) for flag in flags},
    }


ROWS = (
    Row("GET", "/objects", objects),
    Row("GET", "/objects/{name}", one_object),
    Row("GET", "/objects/{name}/records", records),
    Row("GET", "/objects/{name}/records/{record_id}", record),
)
