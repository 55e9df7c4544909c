"""Bulk API 2.0 queries: a job, and its results page after page (facts on model, §8.2)."""

from mocksf.bulk.jobs import Job
from mocksf.bulk.sheets import DELIMITERS, ENDINGS, Upload, written
from mocksf.errors import Refuse
from mocksf.messages import Raw, Response
from mocksf.rest.asking import asked_by
from mocksf.rest.bulk import queries as bulk_queries
from mocksf.rest.bulk.ingest import CSV_TYPE, chosen, delete, info, refuse_shared
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

_KINDS = ("V2Query",)


def create(session: Session, call: Call) -> Response:
    """A new job; its query is checked now and run by the org."""
    refuse_shared(session)
    body = call.json_object()
    operation = chosen(body, "operation", ("query", "queryAll"), None)
    text = body.get("query")
    if not isinstance(text, str) or not text.strip():
        raise Refuse.BULK_JOB(reason="query must be a SOQL query")
    planned = bulk_queries.plan(session.org, text, call.version, asked_by(session))
    jobs, now = session.org.jobs, session.now
    job = Job(
        jobs.number("750"), "V2Query", operation, planned.plan.sobject, session.user_id, now, now, call.version,
        state="UploadComplete",
        delimiter=chosen(body, "columnDelimiter", tuple(DELIMITERS), "COMMA"),
        ending=chosen(body, "lineEnding", tuple(ENDINGS), "LF"),
        query=text,
    )  # fmt: skip
    jobs.start(jobs.add(jobs.keep(job), Upload(b""), now), now)
    return Response(200, info(session, jobs.jobs[job.id]))


def read(session: Session, _: Call, job_id: str) -> Response:
    """A job as it is now."""
    return Response(200, info(session, session.org.jobs.find(job_id, *_KINDS)))


def listed(session: Session, _: Call) -> Response:
    """All jobs."""
    found = [info(session, each) for each in session.org.jobs.jobs.values() if each.kind in _KINDS]
    return Response(200, {"done": True, "records": found, "nextRecordsUrl": None})


def change(session: Session, call: Call, job_id: str) -> Response:
    """Abort a job."""
    job = session.org.jobs.find(job_id, *_KINDS)
    chosen(call.json_object(), "state", ("Aborted",), None)
    if job.state not in {"UploadComplete", "InProgress"}:
        raise Refuse.BULK_STATE(state=job.state, wish="it cannot become Aborted")
    return Response(200, info(session, session.org.jobs.abort(job, session.now)))


def results(session: Session, call: Call, job_id: str) -> Response:
    """One page of results; `Sforce-Locator` says where the next begins, and `null` at the end."""
    job = session.org.jobs.find(job_id, *_KINDS)
    if job.state != "JobComplete":
        raise Refuse.BULK_STATE(state=job.state, wish="results are there when it is JobComplete")
    batch = session.org.jobs.batches(job)[0]
    begin = _number(call, "locator", 0, batch.processed)
    size = _number(call, "maxRecords", batch.processed, 10**9) or batch.processed
    page = batch.records[begin : begin + size]
    behind = begin + len(page)
    rows = [list(batch.columns), *bulk_queries.rows(page, batch.columns, session.org.schema)]
    text = b"".join(written(rows, DELIMITERS[job.delimiter], ENDINGS[job.ending]))
    locator = str(behind) if behind < batch.processed else "null"
    headers = {"Content-Type": CSV_TYPE, "Sforce-Locator": locator, "Sforce-NumberOfRecords": str(len(page))}
    return Response(200, Raw(text), headers)


def _number(call: Call, name: str, usual: int, most: int) -> int:
    text = call.query.get(name) or ""
    if not text or text == "null":
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise Refuse.BULK_INPUT(reason=f"{name} is not valid: {text}")
    return int(text)


ROUTES = (
    Route("POST", "/jobs/query", create),
    Route("GET", "/jobs/query", listed),
    Route("GET", "/jobs/query/{job_id}", read),
    Route("PATCH", "/jobs/query/{job_id}", change),
    Route("DELETE", "/jobs/query/{job_id}", delete),
    Route("GET", "/jobs/query/{job_id}/results", results),
)
