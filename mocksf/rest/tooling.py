"""The Tooling API: queries and describes of what the org is made of. It runs no Apex, and says so."""

from collections.abc import Callable
from typing import Any

from mocksf import soql
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Raw, Response
from mocksf.rest.asking import asked_by
from mocksf.rest.columns import columns, wanted
from mocksf.rest.query import batch_size
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import Schema, SObject
from mocksf.schema.describe import describe_body, describe_global
from mocksf.schema.kept import PerSchema
from mocksf.schema.tooling import tooling_rows, tooling_schema
from mocksf.store import Store

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Anonymous Apex is answered as Apex that does not compile; its problem says why", Evidence.ASSUMED),
    ("Rows of the Tooling API change with the schema alone: it takes no writes", Evidence.ASSUMED),
    ("A query for FieldDefinition need not name an object", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

NO_APEX = "This org runs no Apex. Register a Python hook in its place (docs/hooks.md), or leave this call out."
_STORES: PerSchema[Store] = PerSchema("tooling")


def _store(schema: Schema) -> Store:
    """What a schema is in the Tooling API, written once."""

    def made() -> Store:
        kinds = tooling_schema()
        store = Store(kinds)
        with store.atomic():
            for name, row in tooling_rows(schema):
                store.insert(kinds[name], row)
        return store

    return _STORES.of(schema, made)


def query(session: Session, call: Call) -> Response:
    """The first page of a query over the objects of the Tooling API."""
    text = call.query.get("q")
    if text is None:
        raise Refuse.NO_QUERY()
    plan = soql.compile_soql(text, tooling_schema(), asked_by(session), float(call.version))
    if wanted(call.query):
        return columns(text, tooling_schema(), call.version)
    # Addresses of records lie below /tooling; the version stands for nothing else here.
    result = soql.execute(plan, _store(session.org.schema), f"{call.version}/tooling")
    size = batch_size(call, plan.page_max)
    if len(result.records) <= size:
        return Response(200, _page(result.records, result.total, None))
    cursor_id = session.org.cursors.open(session.user_id, result.records, size, session.now)
    return Response(200, _page(result.records[:size], result.total, f"{cursor_id}-{size}", call.version))


def more(session: Session, call: Call, locator: str) -> Response:
    """The page of the Tooling API that a `nextRecordsUrl` points to."""
    cursor_id, cursor, offset = session.org.cursors.at(locator, session.user_id, session.now)
    behind, total = offset + cursor.batch, len(cursor.records)
    left = f"{cursor_id}-{behind}" if behind < total else None
    return Response(200, _page(list(cursor.records[offset:behind]), total, left, call.version))


def _page(records: list[dict[str, Any]], total: int, locator: str | None, version: str = "") -> Json:
    page = {
        "size": len(records),
        "totalSize": total,
        "done": locator is None,
        "queryLocator": locator,
        "entityTypeName": records[0]["attributes"]["type"] if records else None,
    }
    if locator is not None:
        page["nextRecordsUrl"] = f"/services/data/v{version}/tooling/query/{locator}"
    return {**page, "records": records}


def all_objects(_: Session, call: Call) -> Response:
    """The describe global of the Tooling API."""
    described = describe_global(tooling_schema(), call.version)
    return Response(200, {**described, "sobjects": [_moved(each) for each in described["sobjects"]]})


def one_object(session: Session, call: Call, sobject: str) -> Response:
    """The full describe of an object of the Tooling API."""
    body = describe_body(tooling_schema(), _kind(sobject), call.version, session.base_url)
    return Response(200, Raw(body.replace(b"/sobjects/", b"/tooling/sobjects/")))


def row(session: Session, call: Call, sobject: str, id: str) -> Response:
    """One row of the Tooling API by its id."""
    kind = _kind(sobject)
    names = ", ".join(field.name for field in kind.columns)
    wanted = id.replace("\\", "\\\\").replace("'", "\\'")
    column = "Id" if kind.name not in _NAMED_BY_TEXT else "DurableId"
    text = f"SELECT {names} FROM {kind.name} WHERE {column} = '{wanted}'"
    plan = soql.compile_soql(text, tooling_schema(), asked_by(session), float(call.version))
    found = soql.execute(plan, _store(session.org.schema), f"{call.version}/tooling").records
    if not found:
        raise Refuse.NO_SUCH_RESOURCE()
    return Response(200, found[0])


_NAMED_BY_TEXT = frozenset({"EntityDefinition", "FieldDefinition"})


def _kind(name: str) -> SObject:
    kind = tooling_schema().get(name)
    if kind is None:
        raise Refuse.NO_SUCH_RESOURCE()
    return kind


def _moved(brief: dict[str, Any]) -> dict[str, Any]:
    """An entry of a describe whose addresses lie below /tooling."""
    return {
        **brief,
        "urls": {name: url.replace("/sobjects/", "/tooling/sobjects/") for name, url in brief["urls"].items()},
    }


def resources(_: Session, call: Call) -> Response:
    """Where the resources of the Tooling API are."""
    names = ("query", "sobjects", "executeAnonymous")
    return Response(200, {name: f"/services/data/v{call.version}/tooling/{name}" for name in names})


def execute_anonymous(_: Session, __: Call) -> Response:
    """Anonymous Apex: it never compiles here, and the problem says why."""
    answer = {
        "line": 1,
        "column": 1,
        "compiled": False,
        "success": False,
        "compileProblem": NO_APEX,
        "exceptionStackTrace": None,
        "exceptionMessage": None,
    }
    return Response(200, answer)


_Handler = Callable[..., Response]
_PATHS: tuple[tuple[str, str, _Handler], ...] = (
    ("GET", "/tooling", resources),
    ("GET", "/tooling/query", query),
    ("GET", "/tooling/query/{locator}", more),
    ("GET", "/tooling/sobjects", all_objects),
    ("GET", "/tooling/sobjects/{sobject}/describe", one_object),
    ("GET", "/tooling/sobjects/{sobject}/{id}", row),
    ("GET", "/tooling/executeAnonymous", execute_anonymous),
    ("POST", "/tooling/executeAnonymous", execute_anonymous),
)
ROUTES = tuple(Route(method, path, handler) for method, path, handler in _PATHS)
