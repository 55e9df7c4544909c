"""Bulk API 2.0 ingest: a job, its one upload of CSV, and what became of each row (facts on model, §8.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from mocksf.bulk.jobs import Batch, Job, Outcome
from mocksf.bulk.sheets import DELIMITERS, ENDINGS, BadSheet, Table, Upload, written
from mocksf.errors import Refuse
from mocksf.messages import Raw, Response
from mocksf.moments import datetime_text, milliseconds
from mocksf.rest import bodies
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject

CSV_TYPE = "text/csv"
OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
INLINE_MAX = 100_000
"""How many characters a job's data may have where it comes with the job (documented)."""
_ROWS_PER_BATCH = 10_000
_OVER = frozenset({"JobComplete", "Failed", "Aborted"})
_KINDS = ("V2Ingest",)


def create(session: Session, call: Call) -> Response:
    """A new job; of a multipart body with its data, which closes it."""
    refuse_shared(session)
    body, data = _parts(call)
    job = _job(session, call, body)
    session.org.jobs.keep(job)
    if data is not None:
        _upload(session, job, data)
        _close(session, session.org.jobs.jobs[job.id])
    return Response(200, info(session, session.org.jobs.jobs[job.id]))


def refuse_shared(session: Session) -> None:
    """Raise where other processes serve the same org: they would not know of the job."""
    if session.org.store.shared:
        raise Refuse.BULK_STORE()


def _parts(call: Call) -> tuple[dict[str, Any], bytes | None]:
    media = call.header("content-type") or ""
    if not media.lower().startswith("multipart/form-data"):
        return call.json_object(), None
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {media}\r\n\r\n".encode() + call.content)
    parts = {str(each.get_param("name", "", header="content-disposition")): each for each in form.iter_parts()}
    if set(parts) != {"job", "content"}:
        raise Refuse.BULK_INPUT(reason="a multipart job has the parts job and content")
    body, data = bodies.parse(_bytes(parts["job"])), _bytes(parts["content"])
    if not isinstance(body, dict):
        raise bodies.wrong_shape(body)
    if len(data) > INLINE_MAX:
        raise Refuse.BULK_INPUT(reason=f"data that comes with its job has at most {INLINE_MAX} characters")
    return body, data


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _job(session: Session, call: Call, body: dict[str, Any]) -> Job:
    kind = wanted_object(session, body.get("object"))
    operation = chosen(body, "operation", OPERATIONS, None)
    key = wanted_key(kind, operation, body.get("externalIdFieldName"))
    if str(body.get("contentType", "CSV")).upper() != "CSV":
        raise Refuse.BULK_JOB(reason="contentType must be CSV")
    jobs, now = session.org.jobs, session.now
    return Job(
        jobs.number("750"), "V2Ingest", operation, kind.name, session.user_id, now, now, call.version,
        key=key,
        delimiter=chosen(body, "columnDelimiter", tuple(DELIMITERS), "COMMA"),
        ending=chosen(body, "lineEnding", tuple(ENDINGS), "LF"),
        rule=str(body.get("assignmentRuleId") or "") or None,
    )  # fmt: skip


def wanted_object(session: Session, name: Any) -> SObject:
    """The object that a job names. Raises BULK_JOB."""
    kind = session.org.schema.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Refuse.BULK_JOB(reason=f"Unable to find object: {name}")
    return kind


def wanted_key(kind: SObject, operation: str, name: Any) -> str | None:
    """The key of an upsert. Raises BULK_JOB where there is none, or none such."""
    if operation != "upsert":
        return None
    field = kind.get(name) if isinstance(name, str) else None
    if field is None or not field.is_upsert_key:
        raise Refuse.BULK_JOB(reason=f"externalIdFieldName must name an external ID of {kind.name}, not {name}")
    return field.name


def chosen(body: dict[str, Any], name: str, known: Sequence[str], usual: str | None) -> str:
    """One of several words, in any case. Raises BULK_JOB with the words that there are."""
    said = body.get(name)
    if said is None and usual is not None:
        return usual
    found = next((each for each in known if isinstance(said, str) and each.lower() == said.lower()), None)
    if found is None:
        raise Refuse.BULK_JOB(reason=f"{name} must be one of {', '.join(known)}, not {said}")
    return found


def upload(session: Session, call: Call, job_id: str) -> Response:
    """Take the data of an open job: once, as CSV."""
    job = session.org.jobs.find(job_id, *_KINDS)
    media = (call.header("content-type") or "").partition(";")[0].strip().lower()
    if media != CSV_TYPE:
        raise Refuse.WRONG_BULK_TYPE(media=media, wish=CSV_TYPE)
    _upload(session, job, call.content)
    return Response(201)


def _upload(session: Session, job: Job, data: bytes) -> None:
    if job.state != "Open" or job.batches:
        raise Refuse.BULK_STATE(state=job.state, wish="data is uploaded once, while it is Open")
    session.org.jobs.add(job, Upload(data), session.now)


def change(session: Session, call: Call, job_id: str) -> Response:
    """Close or abort a job."""
    job = session.org.jobs.find(job_id, *_KINDS)
    state = chosen(call.json_object(), "state", ("UploadComplete", "Aborted"), None)
    if job.state in _OVER or (state == "UploadComplete" and job.state != "Open"):
        raise Refuse.BULK_STATE(state=job.state, wish=f"it cannot become {state}")
    if state == "Aborted":
        session.org.jobs.abort(job, session.now)
    else:
        _close(session, job)
    return Response(200, info(session, session.org.jobs.jobs[job.id]))


def _close(session: Session, job: Job) -> None:
    """Hand a job over to the org; one without data has nothing to do."""
    jobs, now = session.org.jobs, session.now
    batches = jobs.batches(job)
    if not batches:
        raise Refuse.BULK_STATE(state=job.state, wish="its data has to be uploaded first")
    rows = sum(1 for _ in batches[0].upload.lines(0))
    jobs.spend(now, max(1, -(-rows // _ROWS_PER_BATCH)))
    jobs.keep(replace(job, state="UploadComplete", stamp=now))
    jobs.start(batches[0], now)


def read(session: Session, _: Call, job_id: str) -> Response:
    """A job as it is now."""
    return Response(200, info(session, session.org.jobs.find(job_id, *_KINDS)))


def listed(session: Session, _: Call) -> Response:
    """All jobs."""
    found = [info(session, each) for each in session.org.jobs.jobs.values() if each.kind in _KINDS]
    return Response(200, {"done": True, "records": found, "nextRecordsUrl": None})


def delete(session: Session, _: Call, job_id: str) -> Response:
    """Forget a job that is over."""
    job = session.org.jobs.find(job_id, "V2Ingest", "V2Query")
    if job.state not in _OVER:
        raise Refuse.BULK_STATE(state=job.state, wish="only a job that is over can be deleted")
    session.org.jobs.forget(job)
    return Response(204)


def info(session: Session, job: Job) -> dict[str, Any]:
    """A job as JSON."""
    batches = session.org.jobs.batches(job)
    told: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.sobject,
        "createdById": job.user_id,
        "createdDate": datetime_text(milliseconds(job.created)),
        "systemModstamp": datetime_text(milliseconds(job.stamp)),
        "state": job.state,
    }
    if job.key:
        told["externalIdFieldName"] = job.key
    told |= {"concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": float(job.version)}
    if job.kind == "V2Ingest":
        told["jobType"] = "V2Ingest"
        told["contentUrl"] = f"services/data/v{job.version}/jobs/ingest/{job.id}/batches"
    else:
        told["jobType"] = "V2Query"
    told |= {"lineEnding": job.ending, "columnDelimiter": job.delimiter}
    if job.rule:
        told["assignmentRuleId"] = job.rule
    told["retries"] = 0
    told["totalProcessingTime"] = 0
    told["numberRecordsProcessed"] = sum(each.processed for each in batches)
    if job.kind == "V2Ingest":
        told["numberRecordsFailed"] = sum(each.failed for each in batches)
        told |= {"apiActiveProcessingTime": 0, "apexProcessingTime": 0}
    if job.message:
        told["errorMessage"] = job.message
    return told


# -- results -----------------------------------------------------------------------------------------------------------


def successes(session: Session, _: Call, job_id: str) -> Response:
    """The rows that were saved, with their ids."""
    return _results(session, job_id, ("sf__Id", "sf__Created"), failed=False)


def failures(session: Session, _: Call, job_id: str) -> Response:
    """The rows that were not, with what the org said."""
    return _results(session, job_id, ("sf__Id", "sf__Error"), failed=True)


def unprocessed(session: Session, _: Call, job_id: str) -> Response:
    """The rows that the org did not come to."""
    job = session.org.jobs.find(job_id, *_KINDS)
    if not job.batches:
        return _csv(iter(()))
    batch = session.org.jobs.batches(job)[0]
    if batch.state == "Completed":
        table = _table(job, batch)
        return _csv(written([table.header], DELIMITERS[job.delimiter], ENDINGS[job.ending]) if table else iter(()))
    table = _table(job, batch)
    if table is None:
        return _csv(batch.upload.lines(0))
    head = written([table.header], DELIMITERS[job.delimiter], ENDINGS[job.ending])
    return _csv(_after(head, batch.upload.lines(max(batch.offset, table.begin))))


def _after(first: Iterator[bytes], then: Iterator[bytes]) -> Iterator[bytes]:
    yield from first
    yield from then


def _results(session: Session, job_id: str, columns: tuple[str, str], *, failed: bool) -> Response:
    job = session.org.jobs.find(job_id, *_KINDS)
    if job.state not in _OVER:
        raise Refuse.BULK_STATE(state=job.state, wish="results are there when it is over")
    batch = session.org.jobs.batches(job)[0] if job.batches else None
    table = _table(job, batch) if batch else None
    if batch is None or table is None:
        return _csv(written([columns]))
    kind = session.org.schema[job.sobject]
    header = [field.name if (field := kind.get(name)) is not None else name for name in table.header]
    rows = _rows(table, batch, failed)
    return _csv(written(_after_row([*columns, *header], rows), DELIMITERS[job.delimiter], ENDINGS[job.ending]))


def _after_row(header: list[Any], rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield header
    yield from rows


def _rows(table: Table, batch: Batch, failed: bool) -> Iterator[list[Any]]:
    """The uploaded rows once more, each beside its outcome, a slice at a time."""
    offset = table.begin
    for outcomes in batch.slices:
        rows, offset = table.rows(offset, len(outcomes))
        for row, outcome in zip(rows, outcomes, strict=True):
            if bool(outcome.error) is failed:
                yield [outcome.record_id, _second(outcome, failed), *table.cells(row)]


def _second(outcome: Outcome, failed: bool) -> Any:
    return outcome.error if failed else outcome.created


def _table(job: Job, batch: Batch) -> Table | None:
    try:
        return job.table(batch)
    except BadSheet:
        return None


def _csv(pieces: Iterator[bytes]) -> Response:
    return Response(200, Raw(b"".join(pieces)), {"Content-Type": CSV_TYPE})


ROUTES = (
    Route("POST", "/jobs/ingest", create),
    Route("GET", "/jobs/ingest", listed),
    Route("GET", "/jobs/ingest/{job_id}", read),
    Route("PATCH", "/jobs/ingest/{job_id}", change),
    Route("DELETE", "/jobs/ingest/{job_id}", delete),
    Route("PUT", "/jobs/ingest/{job_id}/batches", upload),
    Route("GET", "/jobs/ingest/{job_id}/successfulResults", successes),
    Route("GET", "/jobs/ingest/{job_id}/failedResults", failures),
    Route("GET", "/jobs/ingest/{job_id}/unprocessedRecords", unprocessed),
)
