"""Bulk API 1.0 in its three formats: jobs and batches as XML and JSON, rows as CSV, JSON and XML."""

from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import orjson

from mocksf.bulk.jobs import Batch, Job, Outcome
from mocksf.bulk.sheets import written
from mocksf.errors import Refuse
from mocksf.messages import Json, Raw, Response
from mocksf.moments import datetime_text, milliseconds
from mocksf.rest import bodies
from mocksf.rest.bulk import queries as bulk_queries
from mocksf.rest.session import Call, Session
from mocksf.schema import Schema

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
TYPES = {"CSV": "text/csv;charset=UTF-8", "JSON": "application/json;charset=UTF-8", "XML": "application/xml"}
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TIMES = {"totalProcessingTime": 0, "apiActiveProcessingTime": 0, "apexProcessingTime": 0}


def format_of(call: Call) -> str:
    """In which format a request describes a job: what its Content-Type says, XML where it says nothing of JSON."""
    return "JSON" if "json" in (call.header("content-type") or "").lower() else "XML"


def job_of(call: Call) -> dict[str, Any]:
    """The description of a job. Raises BULK_INPUT."""
    if format_of(call) == "JSON":
        return call.json_object()
    return {_local(each): (each.text or "").strip() for each in _xml(call.content)}


def upload_of(job: Job, content: bytes) -> bytes:
    """The rows of a batch as they are kept: CSV as it came, JSON and XML as one JSON object per line."""
    if job.content_type == "CSV":
        return content
    rows: Json = bodies.parse(content) if job.content_type == "JSON" else [_row(each) for each in _xml(content)]
    if not isinstance(rows, list):
        raise bodies.wrong_shape(rows, "array")
    return b"".join(orjson.dumps(each) + b"\n" for each in rows)


def _xml(content: bytes) -> Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refuse.BULK_INPUT(reason="document type declarations are not allowed")
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as wrong:
        raise Refuse.BULK_INPUT(reason=f"the XML cannot be read: {wrong}") from None


def _row(element: Element) -> dict[str, Any]:
    """A record of XML: null for nil fields, an object for a parent."""
    return {_local(each): _field(each) for each in element if _local(each) != "type"}


def _field(element: Element) -> Any:
    if element.get(_NIL) == "true":
        return None
    inner = next(iter(element), None)
    if inner is None:
        return element.text or ""
    return _row(inner if _local(inner) == "sObject" else element)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


# -- jobs and batches --------------------------------------------------------------------------------------------------


def job_info(session: Session, job: Job, status: int, form: str) -> Response:
    """A job, in the order of fields that was recorded."""
    found = session.org.jobs.batches(job)
    states = [each.state for each in found]
    told: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.sobject,
        "createdById": job.user_id,
        "createdDate": _instant(job.created, form),
        "systemModstamp": _instant(job.stamp, form),
        "state": job.state,
        **({"externalIdFieldName": job.key} if job.key else {}),
        "concurrencyMode": job.concurrency,
        "contentType": job.content_type,
        "numberBatchesQueued": states.count("Queued"),
        "numberBatchesInProgress": states.count("InProgress"),
        "numberBatchesCompleted": states.count("Completed"),
        "numberBatchesFailed": states.count("Failed"),
        "numberBatchesTotal": len(states),
        "numberRecordsProcessed": sum(each.processed for each in found),
        "numberRetries": 0,
        "apiVersion": float(job.version) if form == "JSON" else job.version,
        "numberRecordsFailed": sum(each.failed for each in found),
        **_TIMES,
    }
    return _told("jobInfo", told, status, form)


def batch_info(batch: Batch, status: int, form: str) -> Response:
    """One batch."""
    return _told("batchInfo", _batch(batch, form), status, form)


def batch_list(batches: Sequence[Batch], form: str) -> Response:
    """All batches of a job."""
    every = [_batch(each, form) for each in batches]
    if form == "JSON":
        return Response(200, {"batchInfo": every})
    inner = "".join(f"<batchInfo>{_elements(each)}</batchInfo>" for each in every)
    return _document(200, "batchInfoList", inner)


def _batch(batch: Batch, form: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": batch.id, "jobId": batch.job_id, "state": batch.state}
    if batch.message or form == "JSON":
        told["stateMessage"] = batch.message
    return told | {
        "createdDate": _instant(batch.created, form),
        "systemModstamp": _instant(batch.stamp, form),
        "numberRecordsProcessed": batch.processed,
        "numberRecordsFailed": batch.failed,
        **_TIMES,
    }


def _instant(instant: Any, form: str) -> str:
    text = datetime_text(milliseconds(instant))
    return text if form == "JSON" else bulk_queries.zulu(text)


def _told(name: str, told: dict[str, Any], status: int, form: str) -> Response:
    return Response(status, told) if form == "JSON" else _document(status, name, _elements(told))


def _document(status: int, name: str, inner: str) -> Response:
    body = f">\n{inner}\n</{name}>" if inner else " />"
    xml = f'<?xml version="1.0" encoding="UTF-8"?><{name}\n   xmlns="{NAMESPACE}"{body}'
    return Response(status, Raw(xml.encode()), {"Content-Type": TYPES["XML"]})


def _elements(told: dict[str, Any]) -> str:
    return "\n".join(f" <{name}>{_text(value)}</{name}>" for name, value in told.items())


def _text(value: Any) -> str:
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


# -- results -----------------------------------------------------------------------------------------------------------


def result_ids(ids: Sequence[str], form: str) -> Response:
    """The ids of a query's results."""
    if form == "JSON":
        return Response(200, list(ids))
    return _document(200, "result-list", "".join(f"<result>{each}</result>" for each in ids))


def outcomes(found: Sequence[Outcome], content_type: str) -> Response:
    """What became of each row."""
    if content_type == "JSON":
        return Response(200, [_outcome(each) for each in found])
    if content_type == "XML":
        return _document(200, "results", "".join(_outcome_xml(each) for each in found))
    return Response(200, Raw(b"".join(written(_outcome_rows(found)))), {"Content-Type": TYPES["CSV"]})


def _outcome_rows(found: Sequence[Outcome]) -> Iterator[list[Any]]:
    yield ["Id", "Success", "Created", "Error"]
    for each in found:
        yield ["" if each.error else each.record_id, not each.error, each.created, each.error]


def _outcome(outcome: Outcome) -> dict[str, Any]:
    errors = [{**each, "extendedErrorDetails": None} for each in outcome.errors]
    record_id = None if outcome.error else outcome.record_id
    return {"success": not outcome.error, "created": outcome.created, "id": record_id, "errors": errors}


def _outcome_xml(outcome: Outcome) -> str:
    errors = "".join(
        "<errors>"
        + "".join(f"<fields>{escape(name)}</fields>" for name in each["fields"])
        + f"<message>{escape(each['message'])}</message><statusCode>{each['statusCode']}</statusCode></errors>"
        for each in outcome.errors
    )
    known = f"<id>{outcome.record_id}</id>" if not outcome.error else ""
    return (
        f"<result>{errors}{known}<success>{_text(not outcome.error)}</success>"
        f"<created>{_text(outcome.created)}</created></result>"
    )


def records(batch: Batch, content_type: str, schema: Schema) -> Response:
    """The records that a query found; in JSON dates and instants are milliseconds (recorded)."""
    if content_type == "JSON":
        return Response(200, [bulk_queries.dress(each, schema, bulk_queries.epoch) for each in batch.records])
    rows = bulk_queries.rows(batch.records, batch.columns, schema)
    if content_type == "CSV":
        body = written([list(batch.columns), *rows]) if rows else iter([b"Records not found for this query"])
        return Response(200, Raw(b"".join(body)), {"Content-Type": TYPES["CSV"]})
    every = [bulk_queries.dress(each, schema, bulk_queries.zulu) for each in batch.records]
    inner = "".join(f'<records xsi:type="sObject">{_record(each)}</records>' for each in every)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><queryResult xmlns="{NAMESPACE}" {_XSI}>{inner}</queryResult>'
    return Response(200, Raw(xml.encode()), {"Content-Type": TYPES["XML"]})


_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def _record(record: dict[str, Any]) -> str:
    inner = f"<type>{record['attributes']['type']}</type>" if "attributes" in record else ""
    for name, value in record.items():
        if name == "attributes":
            continue
        if value is None:
            inner += f'<{name} xsi:nil="true"/>'
        elif isinstance(value, dict):
            inner += f'<{name} xsi:type="sObject">{_record(value)}</{name}>'
        else:
            inner += f"<{name}>{_text(value)}</{name}>"
    return inner
