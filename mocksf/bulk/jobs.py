"""The bulk jobs of an org: frozen values in one room, so that a snapshot is a copy of two dictionaries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mocksf.bulk.sheets import DELIMITERS, ENDINGS, Table, Upload
from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.ids import make_id, normalise_id

JOB, BATCH, RESULT = "750", "751", "752"
CLASSIC = "Classic"
"""The kind of a job of the Bulk API 1.0."""
BATCHES_A_DAY = 15_000
"""How many batches an org may have in 24 hours, over all versions of the API (documented)."""
SLICE = 200
"""How many rows are saved at once (documented: the trigger chunk)."""
DAY = timedelta(days=1)

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    (
        "A bulk job saves 200 rows at a time, each slice with its own locks, and starts as soon as it is closed",
        Evidence.ASSUMED,
    ),
    ("A column that the object lacks fails the whole batch, as InvalidBatch : Field name not found", Evidence.ASSUMED),
    ("A CSV that breaks off leaves the rows behind the break unprocessed", Evidence.ASSUMED),
    ("An empty cell leaves a field as it is, #N/A makes it null", Evidence.DOCUMENTED),
    ("A row that waits ten seconds for a lock fails alone", Evidence.ASSUMED),
    ("Lines of a batch of the Bulk API 1.0 end in LF or in CRLF (salesforce-bulk sends the latter)", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    record_id: str
    created: bool
    error: str = ""
    errors: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One upload of a job, and how far the org has come with it."""

    id: str
    job_id: str
    upload: Upload
    created: datetime
    stamp: datetime
    state: str = "Queued"
    message: str | None = None
    offset: int = 0
    slices: tuple[tuple[Outcome, ...], ...] = ()
    processed: int = 0
    failed: int = 0
    records: Sequence[dict[str, Any]] = ()
    columns: tuple[str, ...] = ()
    waiting_since: datetime | None = None
    result_id: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in {"Completed", "Failed", "NotProcessed"}


@dataclass(frozen=True, slots=True)
class Job:
    """One job, of either version of the API."""

    id: str
    kind: str
    """V2Ingest, V2Query or Classic."""
    operation: str
    sobject: str
    user_id: str
    created: datetime
    stamp: datetime
    version: str
    state: str = "Open"
    key: str | None = None
    content_type: str = "CSV"
    delimiter: str = "COMMA"
    ending: str = "LF"
    query: str = ""
    concurrency: str = "Parallel"
    rule: str | None = None
    batches: tuple[str, ...] = ()
    message: str | None = None

    @property
    def reads(self) -> bool:
        """Whether it is a query."""
        return self.operation.lower() in {"query", "queryall"}

    def table(self, batch: Batch) -> Table:
        """A batch's upload as rows. Raises BadSheet."""
        is_json = self.content_type != "CSV"
        ending = None if self.kind == CLASSIC else ENDINGS[self.ending]
        return Table(batch.upload, DELIMITERS[self.delimiter], ending, is_json=is_json)


class Jobs:
    """All jobs of an org, the oldest first, and the batches that are under way."""

    def __init__(self) -> None:
        self._count = 0
        self.jobs: dict[str, Job] = {}
        self._batches: dict[str, Batch] = {}
        self._due: dict[str, datetime] = {}
        self._spent: tuple[tuple[datetime, int], ...] = ()

    def number(self, prefix: str) -> str:
        """A new id."""
        self._count += 1
        return make_id(prefix, self._count)

    def keep(self, job: Job) -> Job:
        """Remember a job as it is now."""
        self.jobs[job.id] = job
        return job

    def find(self, text: str, *kinds: str) -> Job:
        """The job of an id, of one of these kinds. Raises NO_SUCH_JOB."""
        job = self.jobs.get(normalise_id(text) or "")
        if job is None or job.kind not in kinds:
            raise Refuse.NO_SUCH_JOB(id=text)
        return job

    def batch(self, job: Job, text: str) -> Batch:
        """The batch of an id in a job. Raises NO_SUCH_BATCH."""
        batch_id = normalise_id(text) or ""
        if batch_id not in job.batches:
            raise Refuse.NO_SUCH_BATCH(id=text)
        return self._batches[batch_id]

    def batches(self, job: Job) -> list[Batch]:
        """The batches of a job in their order."""
        return [self._batches[each] for each in job.batches]

    def add(self, job: Job, upload: Upload, now: datetime) -> Batch:
        """A new batch of a job; nothing happens to it before `start`."""
        batch = Batch(self.number(BATCH), job.id, upload, now, now)
        self._batches[batch.id] = batch
        self.keep(replace(job, batches=(*job.batches, batch.id), stamp=now))
        return batch

    def start(self, batch: Batch, now: datetime) -> None:
        """Let the org work on a batch from now on."""
        self._due[batch.id] = now

    def change(self, batch: Batch, due: datetime | None = None) -> Batch:
        """Remember a batch as it is now, and when it goes on."""
        self._batches[batch.id] = batch
        if due is None:
            self._due.pop(batch.id, None)
        else:
            self._due[batch.id] = due
        return batch

    def abort(self, job: Job, now: datetime) -> Job:
        """Stop a job where it is; what was saved stays saved."""
        for batch in self.batches(job):
            if not batch.is_over:
                self.change(replace(batch, state="NotProcessed", stamp=now))
        return self.keep(replace(job, state="Aborted", stamp=now))

    def forget(self, job: Job) -> None:
        """Delete a job with its uploads and results."""
        for each in job.batches:
            del self._batches[each]
            self._due.pop(each, None)
        del self.jobs[job.id]

    def spend(self, now: datetime, batches: int = 1) -> None:
        """Count batches of today. Raises TOO_MANY_BATCHES."""
        if self.spent(now) + batches > BATCHES_A_DAY:
            raise Refuse.TOO_MANY_BATCHES()
        self._spent = (*self._spent, (now, batches))

    def spent(self, now: datetime) -> int:
        """How many batches count at this instant."""
        self._spent = tuple(each for each in self._spent if each[0] > now - DAY)
        return sum(count for _, count in self._spent)

    def due(self, now: datetime) -> list[Batch]:
        """The batches that go on now."""
        return [self._batches[each] for each, due in self._due.items() if due <= now]

    def next_due(self) -> datetime | None:
        """When the next batch goes on, or None."""
        return min(self._due.values(), default=None) if self._due else None

    def state(self) -> Any:
        """Everything, for a snapshot."""
        return self._count, dict(self.jobs), dict(self._batches), dict(self._due), self._spent

    def restore(self, state: Any) -> None:
        """Back to a state that `state` gave."""
        self._count, jobs, batches, due, self._spent = state
        self.jobs, self._batches, self._due = dict(jobs), dict(batches), dict(due)
