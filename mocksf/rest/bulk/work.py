"""Bulk jobs at work: one slice of rows per job and call, each with its own locks, rules and results."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from mocksf import soql
from mocksf.actor import Actor, Touch
from mocksf.bulk.jobs import CLASSIC, SLICE, Batch, Job, Outcome
from mocksf.bulk.sheets import BadSheet, Table
from mocksf.dialects import per_record
from mocksf.errors import Refusal, Refuse
from mocksf.ids import normalise_id
from mocksf.locks import PATIENCE, Held, LockKey, LockTable
from mocksf.rest.asking import asked_of
from mocksf.rest.bulk import queries as bulk_queries
from mocksf.rest.seen import as_seen
from mocksf.rest.session import Premises
from mocksf.schema import SObject
from mocksf.streaming import BULK
from mocksf.values import NotReadable

Pairs = list[tuple[str, Any]]


def run_due(org: Premises, now: datetime) -> None:
    """Bring every batch that is due one slice further."""
    if not org.jobs.next_due():
        return
    for batch in org.jobs.due(now):
        job = org.jobs.jobs[batch.job_id]
        seen = as_seen(org, org.access.of(job.user_id), {})
        if job.reads:
            _query(seen, job, batch, now)
        else:
            _slice(seen, job, batch, now)


# -- queries -----------------------------------------------------------------------------------------------------------


def _query(org: Premises, job: Job, batch: Batch, now: datetime) -> None:
    text = job.query or batch.upload.all().decode("utf-8", "replace")
    try:
        found = bulk_queries.plan(org, text, job.version, asked_of(org, now, job.user_id))
    except Refusal as refusal:
        message = f"InvalidBatch : Failed to process query: {refusal.code}: {refusal.message}"
        _end(org, job, replace(batch, state="Failed", message=message), now)
        return
    org.records.automation.freshen(now, job.user_id)
    result = soql.execute(found.plan, org.store, job.version, job.operation.lower() == "queryall")
    columns = found.columns(result.records)
    done = replace(batch, state="Completed", records=result.records, columns=columns, processed=len(result.records))
    _end(org, job, replace(done, result_id=batch.result_id or org.jobs.number("752")), now)


# -- writes ------------------------------------------------------------------------------------------------------------


def _slice(org: Premises, job: Job, batch: Batch, now: datetime) -> None:
    try:
        table = job.table(batch)
        kind = _checked(org, job, table)
        rows, behind = table.rows(max(batch.offset, table.begin), SLICE)
    except BadSheet as wrong:
        _end(org, job, replace(batch, state="Failed", message=str(wrong)), now)
        return
    if not rows:
        _end(org, job, replace(batch, state="Completed"), now)
        return
    counters = dict(org.store.counters)
    try:
        with org.streaming.occasion(now, job.user_id, (BULK, job.version)), org.store.atomic():
            work = _Work(org, job, kind, table, _Reach(org.locks, batch.waiting_since, now, org.settings.lock_status))
            outcomes = tuple(work.outcome(row, now) for row in rows)
    except Held as held:
        if not org.store.shared:
            org.store.counters = counters
        since = batch.waiting_since or now
        org.jobs.change(replace(batch, state="InProgress", waiting_since=since), min(held.until, since + PATIENCE))
        return
    after = replace(
        batch,
        state="InProgress",
        offset=behind,
        slices=(*batch.slices, outcomes),
        processed=batch.processed + len(outcomes),
        failed=batch.failed + sum(bool(each.error) for each in outcomes),
        waiting_since=None,
        stamp=now,
    )
    if behind >= batch.upload.size:
        _end(org, job, replace(after, state="Completed"), now)
        return
    org.jobs.change(after, now)
    _told(org, job, "InProgress", None, now)


def _checked(org: Premises, job: Job, table: Table) -> SObject:
    """The object of a job, once it is clear that it has every column. Raises BadSheet."""
    kind = org.schema.get(job.sobject)
    if kind is None:
        message = f"InvalidBatch : Entity '{job.sobject}' is not visible to the user of this job"
        raise BadSheet(message)
    for name in table.header:
        if not _has_column(kind, name):
            message = f"InvalidBatch : Field name not found : {name}"
            raise BadSheet(message)
    return kind


def _has_column(kind: SObject, name: str) -> bool:
    relation, dot, _ = name.partition(".")
    if not dot:
        return kind.get(name) is not None
    wanted = relation.rpartition(":")[2].lower()
    return any((each.relationship_name or "").lower() == wanted for each in kind.fields)


def _end(org: Premises, job: Job, batch: Batch, now: datetime) -> None:
    """Write down that a batch is over, and with it a job of version 2."""
    org.jobs.change(replace(batch, stamp=now))
    _told(org, job, "Failed" if batch.state == "Failed" else "JobComplete", batch.message, now)


def _told(org: Premises, job: Job, state: str, message: str | None, now: datetime) -> None:
    if job.kind != CLASSIC:
        org.jobs.keep(replace(org.jobs.jobs[job.id], state=state, message=message, stamp=now))


class _Reach:
    """How a slice reaches for rows: it waits for a held one, ten seconds at most; then the row that needs it fails."""

    def __init__(self, locks: LockTable, since: datetime | None, now: datetime, status: int) -> None:
        self._locks, self._since, self._now, self._status = locks, since, now, status

    def __call__(self, key: LockKey) -> None:
        holder = self._locks.blocker(key, 0, self._now)
        if holder is None:
            return
        if self._since is None or self._now < self._since + PATIENCE:
            raise Held(key, holder.until)
        known = normalise_id(key.row)
        refusal = Refuse.LOCKED_ROW(id=known) if known else Refuse.LOCKED_KEY()
        refusal.status = self._status
        raise refusal


class _Work:
    """One slice: what the operation of its job does with a row."""

    def __init__(self, org: Premises, job: Job, kind: SObject, table: Table, touch: Touch) -> None:
        self._org, self._job, self._kind, self._table, self._touch = org, job, kind, table, touch

    def outcome(self, row: Any, now: datetime) -> Outcome:
        """Save one row; what a refusal says is its outcome, and nothing of it stays."""
        actor = Actor(self._job.user_id, now, self._job.rule or True, False, self._job.version)
        known = ""
        try:
            if self._table.header and len(row) != len(self._table.header):
                raise Refuse.RAGGED_ROW(cells=len(row), columns=len(self._table.header))
            body = _nested(self._table.pairs(row))
            known = normalise_id(str(_value(body, "Id") or "")) or ""
            with self._org.store.atomic():
                return self._saved(actor, body)
        except NotReadable as wrong:
            refusal: Refusal = Refuse.WRONG_TYPE(fields=(wrong.field.name,), label=wrong.field.label, value=wrong.value)
        except Refusal as said:
            refusal = said
        return Outcome(known, False, error_cell(refusal), tuple(per_record(refusal)))

    def _saved(self, actor: Actor, body: dict[str, Any]) -> Outcome:
        records, kind = self._org.records, self._kind
        operation = self._job.operation.lower()
        if operation == "insert":
            return Outcome(records.create(actor, kind, body, self._touch), True)
        if operation == "upsert":
            return self._upserted(actor, body)
        record_id = self._id(_taken(body, "Id"))
        if operation == "update":
            records.update(actor, kind, record_id, body, self._touch)
            return Outcome(record_id, False)
        records.delete(actor, kind, record_id, self._touch)
        if operation == "harddelete":
            records.empty_bin(record_id)
        return Outcome(record_id, False)

    def _upserted(self, actor: Actor, body: dict[str, Any]) -> Outcome:
        key = self._org.records.key_field(self._kind, self._job.key or "Id")
        value = _taken(body, key.name)
        if value is None and key.name == "Id":
            return Outcome(self._org.records.create(actor, self._kind, body, self._touch), True)
        return Outcome(*self._org.records.upsert(actor, self._kind, (key, value), body, self._touch))

    def _id(self, value: Any) -> str:
        if value is None:
            raise Refuse.NO_ID_TO_UPDATE()
        record_id = normalise_id(str(value).strip())
        if record_id is None or record_id[:3] != self._kind.key_prefix:
            raise Refuse.MALFORMED_ID(fields=("Id",), label=f"{self._kind.label} ID", value=value)
        return record_id


def error_cell(refusal: Refusal) -> str:
    """A refusal as the cell of a result: `CODE:message:fields --` (asserted by clients)."""
    every = (refusal, *refusal.siblings)
    return ";".join(f"{each.code}:{each.message}:{','.join(each.fields)} --" for each in every)


def _nested(pairs: Pairs) -> dict[str, Any]:
    """A record's body: `Account.Key__c` becomes a parent named by its key, `User:Owner.Email` one with its type."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        relation, dot, field = name.partition(".")
        if not dot:
            if name != "attributes":
                body[name] = value
            continue
        kind, _, relation = relation.rpartition(":")
        typed = {"attributes": {"type": kind}} if kind else {}
        body[relation] = {**typed, field: value}
    return body


def _taken(body: dict[str, Any], name: str) -> Any:
    found = next((each for each in body if each.lower() == name.lower()), None)
    return None if found is None else body.pop(found)


def _value(body: dict[str, Any], name: str) -> Any:
    return _taken(dict(body), name)
