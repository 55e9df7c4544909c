"""The org browser: objects, their records with search, one record, and what an object is."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from mocksf.doors.control import records
from mocksf.doors.control.asking import Chosen, Row
from mocksf.doors.pages.frame import page
from mocksf.schema import SObject

COLUMNS_MAX = 7
_FIRST = ("Name", "Subject", "FirstName", "LastName", "Company", "Status", "StageName", "Amount", "Phone", "Email")
_HIDDEN = frozenset({"Id", "IsDeleted", "SystemModstamp", "LastModifiedById", "CreatedById", "LastModifiedDate"})


async def objects(request: Request, tenant: Chosen, search: str = "", filled: str = "") -> Response:
    """Lists the objects of the org."""
    text = search.casefold().strip()
    found = [
        one
        for one in records.listed(tenant)
        if (text in one["name"].casefold() or text in one["label"].casefold()) and (one["records"] or not filled)
    ]
    return page(request, tenant, "objects", objects=found, search=search, filled=filled)


async def listing(request: Request, tenant: Chosen, name: str, search: str = "", page_number: str = "1") -> Response:
    """Lists the records of an object."""
    kind = records.sobject_of(tenant, name)
    number = int(page_number) if page_number.isascii() and page_number.isdigit() and len(page_number) < 7 else 1
    total, rows = records.found(tenant, kind, search, max(number, 1), records.PAGE)
    return page(
        request,
        tenant,
        "objects_records",
        kind=kind,
        columns=_columns(kind, rows),
        rows=rows,
        total=total,
        search=search,
        number=max(number, 1),
        pages=max(-(-total // records.PAGE), 1),
    )


async def describe(request: Request, tenant: Chosen, name: str) -> Response:
    """Tells what an object is made of."""
    kind = records.sobject_of(tenant, name)
    told = await records.one_object(name, tenant)
    return page(request, tenant, "objects_describe", kind=kind, fields=told["fields"])


async def record(request: Request, tenant: Chosen, name: str, record_id: str) -> Response:
    """Shows one record, empty fields last."""
    kind = records.sobject_of(tenant, name)
    values = records.whole(tenant, kind, record_id)
    shown = [
        (field, values[field.name], _links(tenant.wire.org.schema, field.reference_to, values[field.name]))
        for field in kind.columns
    ]
    shown.sort(key=lambda one: one[1] is None)
    return page(request, tenant, "objects_record", kind=kind, values=values, shown=shown)


def _links(schema: Any, reference_to: tuple[str, ...], value: Any) -> str | None:
    """The object that a reference leads to, by the key prefix of the id."""
    if not reference_to or not isinstance(value, str):
        return None
    known = [schema.get(name) for name in reference_to]
    return next((one.name for one in known if one is not None and one.key_prefix == value[:3]), None)


def _columns(kind: SObject, rows: list[dict[str, Any]]) -> list[str]:
    """The columns that tell most: those people look for, then those that hold something."""
    filled = [
        each.name
        for each in kind.columns
        if each.name not in _HIDDEN
        and each.type not in ("reference", "url")
        and any(row[each.name] not in (None, False) for row in rows)
    ]
    first = [name for name in _FIRST if name in filled]
    return [*first, *(name for name in filled if name not in first)][:COLUMNS_MAX]


ROWS = (
    Row("GET", "/ui/objects", objects),
    Row("GET", "/ui/objects/{name}", listing),
    Row("GET", "/ui/objects/{name}/describe", describe),
    Row("GET", "/ui/objects/{name}/{record_id}", record),
)
