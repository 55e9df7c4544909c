"""Replication: which records of an object changed, and which were deleted, within a span of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mocksf.errors import Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Response
from mocksf.moments import datetime_text, milliseconds, parse_instant
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session
from mocksf.schema import SObject
from mocksf.tables import BIN, table

UPDATED_DAYS, DELETED_DAYS = 30, 15
"""How far back each resource reaches (documented)."""
IDS_MAX = 600_000
_MINUTE = timedelta(minutes=1)

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Seconds of start and end are not heard: the span is from minute to minute", Evidence.CLIENT),
    ("A record changed in a span when its SystemModstamp lies in it, the end excluded", Evidence.ASSUMED),
    ("latestDateCovered is the end of the span, or now where that is earlier", Evidence.ASSUMED),
    ("earliestDateAvailable is fifteen days ago, or the founding of the org where that is later", Evidence.ASSUMED),
    ("A record that left the recycle bin is not reported as deleted any more", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time from minute to minute, the end excluded."""

    start: datetime
    end: datetime

    @property
    def bounds(self) -> tuple[int, int]:
        """Start and end as stored."""
        return milliseconds(self.start), milliseconds(self.end)


def updated(session: Session, call: Call, sobject: str) -> Response:
    """The ids of the records that were created or changed between `start` and `end`."""
    kind = _replicated(session, sobject, "getUpdated")
    span = _span(session, call, UPDATED_DAYS)
    alive = ' AND "IsDeleted" = 0' if kind.get("IsDeleted") else ""
    ids = [record_id for record_id, _ in _changed(session, kind, alive, span)]
    return Response(200, {"ids": ids, "latestDateCovered": _covered(session, span)})


def deleted(session: Session, call: Call, sobject: str) -> Response:
    """The records that were deleted between `start` and `end`, and when."""
    kind = _replicated(session, sobject, "getDeleted")
    span = _span(session, call, DELETED_DAYS)
    gone = f' AND "{BIN}" IS NOT NULL AND "IsDeleted" = 1' if kind.get("IsDeleted") else " AND 1 = 0"
    earliest = max(session.now - timedelta(days=DELETED_DAYS), session.org.founded)
    return Response(
        200,
        {
            "deletedRecords": [
                {"deletedDate": datetime_text(when), "id": record_id}
                for record_id, when in _changed(session, kind, gone, span)
            ],
            "earliestDateAvailable": _text(earliest),
            "latestDateCovered": _covered(session, span),
        },
    )


def _replicated(session: Session, name: str, operation: str) -> SObject:
    kind = session.sobject(name)
    if not kind.flags.get("replicateable") or kind.get("SystemModstamp") is None:
        raise Refuse.NOT_REPLICATEABLE(name=kind.name, operation=operation)
    return kind


def _changed(session: Session, kind: SObject, more: str, span: Span) -> list[tuple[str, int]]:
    statement = (
        f'SELECT "Id", "SystemModstamp" FROM {table(kind)} '
        f'WHERE "SystemModstamp" >= ? AND "SystemModstamp" < ?{more} ORDER BY "Id" LIMIT {IDS_MAX + 1}'
    )
    found = session.org.store.rows(statement, span.bounds)
    if len(found) > IDS_MAX:
        raise Refuse.TOO_MANY_CHANGES(maximum=IDS_MAX)
    return [(str(record_id), int(when)) for record_id, when in found]


def _span(session: Session, call: Call, days: int) -> Span:
    """The span that a call asks for. Raises the refusals of its bounds."""
    start, end = _instant(call, "start"), _instant(call, "end")
    if end - start < _MINUTE:
        raise Refuse.WINDOW_TOO_SHORT()
    if start < _floor(session.now - timedelta(days=days)):
        raise Refuse.WINDOW_TOO_OLD(days=days)
    if end < _floor(session.org.founded):
        raise Refuse.WINDOW_BEFORE_ORG()
    return Span(start, end)


def _instant(call: Call, name: str) -> datetime:
    text = call.query.get(name)
    if not text:
        raise Refuse.NO_WINDOW_DATE(name=name)
    # A plus sign that a client did not escape arrives as a space.
    instant = parse_instant(text.strip().replace(" ", "+"))
    if instant is None:
        raise Refuse.BAD_WINDOW_DATE(name=name, value=text)
    return _floor(instant)


def _floor(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _covered(session: Session, span: Span) -> str:
    return _text(min(span.end, _floor(session.now)))


def _text(instant: datetime) -> str:
    return datetime_text(milliseconds(instant.replace(microsecond=0)))


ROUTES = (
    Route("GET", "/sobjects/{sobject}/updated", updated, composable=True),
    Route("GET", "/sobjects/{sobject}/deleted", deleted, composable=True),
)
