"""Bulk API 1.0: jobs with many batches, in CSV, JSON and XML (facts on model, §8.3)."""

from dataclasses import replace
from typing import Any

import orjson

from mocksf import dialects
from mocksf.bulk.jobs import CLASSIC, Batch, Job
from mocksf.bulk.sheets import BadSheet, Upload
from mocksf.errors import Refuse
from mocksf.messages import Raw, Response
from mocksf.rest.bulk import forms
from mocksf.rest.bulk.ingest import OPERATIONS, chosen, refuse_shared, wanted_key, wanted_object
from mocksf.rest.routing import NEWEST, OLDEST, Needs, Route
from mocksf.rest.session import Call, Session

ROWS_MAX, BYTES_MAX = 10_000, 10_000_000
"""How many rows and characters one batch may have (documented)."""
_MODES = {"0": "Parallel", "1": "Serial", "parallel": "Parallel", "serial": "Serial", "none": "Parallel"}


def _served(version: str) -> str:
    number = version.removesuffix(".0")
    if not (number.isdigit() and OLDEST <= int(number) <= NEWEST):
        raise Refuse.NO_SUCH_RESOURCE()
    return f"{number}.0"


def _found(session: Session, version: str, job_id: str) -> Job:
    """The job of an address. Raises NO_SUCH_JOB, and NO_SUCH_RESOURCE for a version that is not served."""
    _served(version)
    return session.org.jobs.find(job_id, CLASSIC)


def create(session: Session, call: Call, version: str) -> Response:
    """A new job, described in XML or JSON and answered in the same."""
    refuse_shared(session)
    body = forms.job_of(call)
    operation = chosen(body, "operation", (*OPERATIONS, "query", "queryAll"), None)
    kind = wanted_object(session, body.get("object"))
    mode = _MODES.get(str(body.get("concurrencyMode")).lower())
    if mode is None:
        raise Refuse.BULK_JOB(reason="concurrencyMode must be Parallel or Serial")
    jobs, now = session.org.jobs, session.now
    job = Job(
        jobs.number("750"), CLASSIC, operation, kind.name, session.user_id, now, now, _served(version),
        key=wanted_key(kind, operation, body.get("externalIdFieldName")),
        content_type=chosen(body, "contentType", ("CSV", "JSON", "XML"), "XML"),
        concurrency=mode,
        rule=str(body.get("assignmentRuleId") or "") or None,
    )  # fmt: skip
    return forms.job_info(session, jobs.keep(job), 201, forms.format_of(call))


def change(session: Session, call: Call, version: str, job_id: str) -> Response:
    """Close or abort a job; answered in the request's format."""
    job = _found(session, version, job_id)
    state = chosen(forms.job_of(call), "state", ("Closed", "Aborted", "Failed"), None)
    if job.state != "Open":
        raise Refuse.BULK_STATE(state=job.state, wish=f"it cannot become {state}")
    jobs, now = session.org.jobs, session.now
    changed = jobs.abort(job, now) if state == "Aborted" else jobs.keep(replace(job, state=state, stamp=now))
    return forms.job_info(session, changed, 200, forms.format_of(call))


def read(session: Session, _: Call, version: str, job_id: str) -> Response:
    """A job as it is now, in its own format: XML where its data is CSV."""
    job = _found(session, version, job_id)
    return forms.job_info(session, job, 200, _own(job))


def add(session: Session, call: Call, version: str, job_id: str) -> Response:
    """A new batch of an open job; the org begins with it at once."""
    jobs, now = session.org.jobs, session.now
    job = _found(session, version, job_id)
    if job.state != "Open":
        raise Refuse.BULK_STATE(state=job.state, wish="batches are added while it is Open")
    if len(call.content) > BYTES_MAX:
        raise Refuse.BULK_BATCH(reason=f"a batch has at most {BYTES_MAX} characters")
    upload = Upload(call.content if job.reads else forms.upload_of(job, call.content))
    if not job.reads:
        _count(job, upload)
    jobs.spend(now)
    batch = jobs.add(job, upload, now)
    if job.reads and "true" in (call.header("sforce-enable-pkchunking") or "").lower():
        # The batch that was sent only says what to read; those that read follow it (documented).
        jobs.change(replace(batch, state="NotProcessed"))
        jobs.start(jobs.add(jobs.jobs[job.id], upload, now), now)
    else:
        jobs.start(batch, now)
    return forms.batch_info(batch, 201, _own(job))


def _count(job: Job, upload: Upload) -> None:
    rows = sum(1 for _ in upload.lines(0)) - (job.content_type == "CSV")
    # Quoted cells may hold line breaks: only where there are too many lines are the rows counted.
    if rows <= ROWS_MAX:
        return
    try:
        table = job.table(Batch("", job.id, upload, job.created, job.created))
        found, _ = table.rows(table.begin, ROWS_MAX + 1)
    except BadSheet:
        return
    if len(found) > ROWS_MAX:
        raise Refuse.BULK_BATCH(reason=f"Records exceed the maximum of {ROWS_MAX} in one batch")


def batches(session: Session, _: Call, version: str, job_id: str) -> Response:
    """All batches of a job."""
    job = _found(session, version, job_id)
    return forms.batch_list(session.org.jobs.batches(job), _own(job))


def batch(session: Session, _: Call, version: str, job_id: str, batch_id: str) -> Response:
    """A batch as it is now."""
    job = _found(session, version, job_id)
    return forms.batch_info(session.org.jobs.batch(job, batch_id), 200, _own(job))


def request(session: Session, _: Call, version: str, job_id: str, batch_id: str) -> Response:
    """The rows of a batch, as they were sent."""
    job = _found(session, version, job_id)
    found = session.org.jobs.batch(job, batch_id).upload
    if job.content_type == "JSON" and not job.reads:
        return Response(200, [orjson.loads(line) for line in found.lines(0)])
    return Response(200, Raw(found.all()), {"Content-Type": forms.TYPES[job.content_type]})


def result(session: Session, _: Call, version: str, job_id: str, batch_id: str) -> Response:
    """What became of each row of a batch; of a query the ids of its results."""
    job = _found(session, version, job_id)
    found = session.org.jobs.batch(job, batch_id)
    if not found.is_over:
        raise Refuse.BULK_BATCH(reason="Batch not completed")
    if job.reads:
        return forms.result_ids([found.result_id[:15]] if found.result_id else [], _own(job))
    return forms.outcomes([each for some in found.slices for each in some], job.content_type)


def rows(session: Session, _: Call, version: str, job_id: str, batch_id: str, result_id: str) -> Response:
    """The records that a query found, in the format of its job."""
    job = _found(session, version, job_id)
    found = session.org.jobs.batch(job, batch_id)
    if not found.result_id or found.result_id[:15] != result_id[:15]:
        raise Refuse.NO_SUCH_RESULT(id=result_id)
    return forms.records(found, job.content_type, session.org.schema)


def _own(job: Job) -> str:
    return "JSON" if job.content_type == "JSON" else "XML"


def _route(method: str, path: str, handler: Any) -> Route:
    return Route(method, f"/services/async/{{version}}/job{path}", handler, Needs.API, dialects.bulk)


ROUTES = (
    _route("POST", "", create),
    _route("GET", "/{job_id}", read),
    _route("POST", "/{job_id}", change),
    _route("GET", "/{job_id}/batch", batches),
    _route("POST", "/{job_id}/batch", add),
    _route("GET", "/{job_id}/batch/{batch_id}", batch),
    _route("GET", "/{job_id}/batch/{batch_id}/request", request),
    _route("GET", "/{job_id}/batch/{batch_id}/result", result),
    _route("GET", "/{job_id}/batch/{batch_id}/result/{result_id}", rows),
)
