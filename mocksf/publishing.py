"""Platform events: what is published, kept in a log for three days, and read by nobody but subscribers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mocksf.evidence import Evidence
from mocksf.moments import EPOCH, milliseconds
from mocksf.schema.model import Schema, SObject
from mocksf.store import Store
from mocksf.tables import table

LIFE = timedelta(hours=72)
"""How long a published event can be replayed (facts on streaming, §10.1)."""

MANY = 1_000_000
"""More events than anybody reads at once."""

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A publication answers with its EventUuid in an error OPERATION_ENQUEUED beside success", Evidence.RECORDED),
    ("An event is published when its request commits, and not at all when it is rolled back", Evidence.ASSUMED),
    ("ReplayIds of an event go up by one", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


def is_event(sobject: SObject) -> bool:
    """Whether records of an object are published and not saved."""
    return sobject.name.endswith("__e")


def replay_counter(sobject: SObject) -> str:
    """The counter that numbers the events of an object."""
    return f"{sobject.name}.ReplayId"


def event_uuid(record_id: str) -> str:
    """The EventUuid of a publication: it follows from the id, so that a run can be played again."""
    return str(uuid5(NAMESPACE_URL, record_id))


def enqueued(sobject: SObject, record_id: str) -> list[dict[str, Any]]:
    """The `errors` of a success: none, but for an event the word that it is on its way."""
    if not is_event(sobject):
        return []
    return [{"statusCode": "OPERATION_ENQUEUED", "message": event_uuid(record_id), "fields": []}]


class EventLog:
    """The published events of one org. They lie in the tables of their objects, so that a rollback unpublishes."""

    def __init__(self, schema: Schema, store: Store) -> None:
        self._store = store
        self._events = tuple(sobject for sobject in schema if is_event(sobject))

    def since(self, sobject: SObject, replay_id: int = 0, most: int = MANY) -> list[dict[str, Any]]:
        """The events of an object behind a ReplayId, in the order of their publication; stored values by field."""
        names = [each.name for each in sobject.columns]
        selected = ", ".join(f'"{name}"' for name in names)
        behind = 'WHERE CAST("ReplayId" AS INTEGER) > ? ORDER BY "Id" LIMIT ?'
        rows = self._store.rows(f"SELECT {selected} FROM {table(sobject)} {behind}", (replay_id, most))
        return [dict(zip(names, row, strict=True)) for row in rows]

    def last(self, sobject: SObject) -> int:
        """The ReplayId behind which all that comes is new."""
        return self._store.counters.get(replay_counter(sobject), 0)

    def next_due(self) -> datetime | None:
        """When the oldest event has been there for its three days, or None."""
        if not self._events:  # asked with every request
            return None
        found = (self._store.rows(f'SELECT MIN("CreatedDate") FROM {table(each)}')[0][0] for each in self._events)
        oldest = min((each for each in found if each is not None), default=None)
        return None if oldest is None else EPOCH + timedelta(milliseconds=oldest) + LIFE

    def run_due(self, now: datetime) -> None:
        """Forget events that have been there for three days."""
        for each in self._events:
            self._store.run(f'DELETE FROM {table(each)} WHERE "CreatedDate" <= ?', (milliseconds(now - LIFE),))
