"""SOAP calls that read: queries and their pages, searches, records by id, what changed, and describes."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import normalise_id
from mocksf.moments import datetime_text, milliseconds
from mocksf.rest import query, replication, search
from mocksf.rest.soap import login as soap_login
from mocksf.rest.soap.calls import Turn, body_of
from mocksf.rest.soap_xml import element, elements
from mocksf.schema import Schema, SObject
from mocksf.schema.describe import describe_global, describe_sobject

RETRIEVED_MAX, DESCRIBED_MAX = 2000, 100
"""How many ids and how many objects one call takes (documented)."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("In SOAP a record has its Id in front, nil where not asked for, and again where it was", Evidence.DOCUMENTED),
    ("What is null in a describe is left out", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""

_PAGES = {"uiDetailTemplate": "urlDetail", "uiEditTemplate": "urlEdit", "uiNewRecord": "urlNew"}


# -- records -----------------------------------------------------------------------------------------------------------


def _query(turn: Turn) -> str:
    step = query.query_all if turn.ask.name == "queryAll" else query.query
    call = turn.rest(path="/query", q=turn.ask.text("queryString"))
    return f"<result>{_found(turn, body_of(step(turn.session, call)))}</result>"


def _query_more(turn: Turn) -> str:
    locator = turn.ask.text("queryLocator")
    return f"<result>{_found(turn, body_of(query.more(turn.session, turn.rest(), locator)))}</result>"


def _found(turn: Turn, page: dict[str, Any]) -> str:
    """The elements of a QueryResult."""
    locator = page.get("nextRecordsUrl")
    records = "".join(_record(turn.session.org.schema, "records", each) for each in page["records"])
    behind = element("queryLocator", locator.rpartition("/")[2] if locator else None)
    return f"{element('done', page['done'])}{behind}{records}{element('size', page['totalSize'])}"


def _record(schema: Schema, name: str, record: dict[str, Any]) -> str:
    """One record: its type, its Id, then its fields in the order in which they were asked for."""
    kind = schema.get(record["attributes"]["type"])
    fields = "".join(_field(schema, kind, each, value) for each, value in record.items() if each != "attributes")
    head = element("sf:type", record["attributes"]["type"]) + element("sf:Id", record.get("Id"))
    return f'<{name} xsi:type="sf:sObject">{head}{fields}</{name}>'


def _field(schema: Schema, kind: SObject | None, name: str, value: Any) -> str:
    tag = f"sf:{name}"
    if isinstance(value, dict):
        if "records" in value:
            inner = "".join(_record(schema, "records", each) for each in value["records"])
            locator = value.get("nextRecordsUrl")
            behind = element("queryLocator", locator.rpartition("/")[2] if locator else None)
            page = f"{element('done', value['done'])}{behind}{inner}{element('size', value['totalSize'])}"
            return f'<{tag} xsi:type="QueryResult">{page}</{tag}>'
        if "attributes" in value:
            return _record(schema, tag, value)
        return f"<{tag}>{''.join(element(f'sf:{each}', part) for each, part in value.items())}</{tag}>"
    field = kind.get(name) if kind else None
    if field is not None and field.type == "datetime" and isinstance(value, str):
        value = value.replace("+0000", "Z")
    return element(tag, value)


def _search(turn: Turn) -> str:
    call = turn.rest(path="/search", q=turn.ask.text("searchString"))
    found = body_of(search.search(turn.session, call))
    records = found["searchRecords"] if isinstance(found, dict) else found
    schema = turn.session.org.schema
    listed = "".join(f"<searchRecords>{_record(schema, 'record', each)}</searchRecords>" for each in records)
    return f"<result>{listed}</result>"


def _retrieve(turn: Turn) -> str:
    """Records of one object by ids; nil stands for one that is not there."""
    ids = turn.ask.texts("ids")
    kind = _kind(turn, turn.ask.text("sObjectType"))
    if len(ids) > RETRIEVED_MAX:
        raise Refuse.TOO_MANY_RECORDS(maximum=RETRIEVED_MAX)
    names = [name.strip() for name in turn.ask.text("fieldList").split(",") if name.strip()]
    for name in names:
        if kind.get(name) is None:
            raise Refuse.NO_SUCH_FIELD(field=name, sobject=kind.name)
    return "".join(_retrieved(turn, kind, each, names) for each in map(normalise_id, ids))


def _retrieved(turn: Turn, kind: SObject, record_id: str | None, names: list[str]) -> str:
    org = turn.session.org
    if record_id is None or not org.store.exists(kind, record_id):
        return element("result", None)
    org.records.automation.freshen(turn.session.now, turn.session.user_id, kind, record_id)
    record = org.records.read(kind, record_id, names)
    return _record(org.schema, "result", {"attributes": {"type": kind.name}, **record})


def _updated(turn: Turn) -> str:
    body = body_of(replication.updated(turn.session, _span(turn), turn.ask.text("sObjectType")))
    return f"<result>{elements(_zoned(body).items())}</result>"


def _deleted(turn: Turn) -> str:
    body = body_of(replication.deleted(turn.session, _span(turn), turn.ask.text("sObjectType")))
    return f"<result>{elements(_zoned(body).items())}</result>"


def _span(turn: Turn) -> Any:
    return turn.rest(start=turn.ask.text("startDate"), end=turn.ask.text("endDate"))


def _zoned(value: Any) -> Any:
    """Instants as SOAP writes them, wherever they are."""
    if isinstance(value, dict):
        return {name: _zoned(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_zoned(each) for each in value]
    return value.replace("+0000", "Z") if isinstance(value, str) else value


# -- describes ---------------------------------------------------------------------------------------------------------


def _describe_global(turn: Turn) -> str:
    described = describe_global(turn.session.org.schema, turn.version)
    sobjects = [{name: each[name] for name in sorted(each) if name != "urls"} for each in described["sobjects"]]
    return f"<result>{elements({**described, 'sobjects': sobjects}.items())}</result>"


def _describe(turn: Turn) -> str:
    names = turn.ask.texts("sObjectType")
    if len(names) > DESCRIBED_MAX:
        raise Refuse.TOO_MANY_RECORDS(maximum=DESCRIBED_MAX)
    return "".join(f"<result>{_described(turn, _kind(turn, each))}</result>" for each in names)


def _described(turn: Turn, kind: SObject) -> str:
    full = describe_sobject(turn.session.org.schema, kind, turn.version, turn.session.base_url)
    full = orjson.loads(orjson.dumps(full))  # it is shared, and holds values that only JSON writes
    pages = {name: full["urls"].get(key) for key, name in _PAGES.items()}
    for each in full["recordTypeInfos"]:
        del each["urls"]
    known = {**{name: value for name, value in full.items() if name != "urls"}, **pages}
    return elements((name, known[name]) for name in sorted(known, key=str.lower))


def _kind(turn: Turn, name: str) -> SObject:
    kind = turn.session.org.schema.get(name)
    if kind is None:
        raise Refuse.NO_SUCH_ENTITY(name=name)
    return kind


# -- about the session -------------------------------------------------------------------------------------------------


def _timestamp(turn: Turn) -> str:
    now = datetime_text(milliseconds(turn.session.now)).replace("+0000", "Z")
    return f"<result>{element('timestamp', now)}</result>"


def _user_info(turn: Turn) -> str:
    session = turn.session
    user = session.org.store.fetch(session.org.store.schema["User"], session.user_id) or {}
    return f"<result>{soap_login.user_info(session, user)}</result>"


CALLS: Mapping[str, Callable[[Turn], str]] = {
    "query": _query,
    "queryAll": _query,
    "queryMore": _query_more,
    "search": _search,
    "retrieve": _retrieve,
    "getUpdated": _updated,
    "getDeleted": _deleted,
    "describeGlobal": _describe_global,
    "describeSObject": _describe,
    "describeSObjects": _describe,
    "getServerTimestamp": _timestamp,
    "getUserInfo": _user_info,
}
"""The calls that read."""
