"""From a write to an event: told by the store of writes to watched objects, inside the transaction that makes them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mocksf.evidence import Evidence
from mocksf.moments import EPOCH, milliseconds
from mocksf.publishing import is_event
from mocksf.schema.model import SObject
from mocksf.store import Store
from mocksf.streaming import changes, topics
from mocksf.streaming.bell import Bell
from mocksf.streaming.changes import CREATE, DELETE, UNDELETE, UPDATE
from mocksf.streaming.log import Log
from mocksf.streaming.occasion import Occasion
from mocksf.streaming.selection import Selection
from mocksf.streaming.topics import Topic
from mocksf.tables import BIN

TRANSACTIONS = "$transactions"
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Changes are published when their transaction commits; what is rolled back publishes none", Evidence.DOCUMENTED),
    ("A record that leaves the recycle bin for good is no change", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""
Row = Mapping[str, Any]


class Capture:
    """The watcher of one org's writes."""

    def __init__(self, store: Store, selection: Selection, log: Log, bell: Bell, replaced: Callable[[], None]) -> None:
        """`replaced` is called when all rows are others."""
        self.replaced = replaced
        self._store = store
        self._selection = selection
        self._log = log
        self._bell = bell
        self.occasion: Occasion | None = None
        """The transaction that runs; without one each write is its own."""

    def inserted(self, sobject: SObject, row: Row) -> None:
        """A record is new."""
        if is_event(sobject):
            self._bell.ring()
        elif sobject.name == topics.OBJECT:
            self._topic_changed(row)
        else:
            self._told(sobject, CREATE, row, {})

    def updated(self, sobject: SObject, before: Row, written: Row) -> None:
        """A record was changed, deleted or brought back; `before` is its whole row."""
        if sobject.name == topics.OBJECT:
            self._topic_changed({**before, **written})
            return
        was, is_ = bool(before.get("IsDeleted")), bool(written.get("IsDeleted", before.get("IsDeleted")))
        if was and is_:
            return
        kind = DELETE if is_ else UNDELETE if was else UPDATE
        self._told(sobject, kind, before, written)

    def removed(self, sobject: SObject, row: Row) -> None:
        """A record is gone for good."""
        if sobject.name == topics.OBJECT:
            self._selection.stale()
        elif not is_event(sobject) and not row.get("IsDeleted"):
            self._told(sobject, DELETE, row, {})

    def _topic_changed(self, row: Row) -> None:
        """A push topic is written. Raises the refusal of a query that it cannot have."""
        if not row.get("IsDeleted"):
            topics.read(row, self._store.schema, EPOCH)
        self._selection.stale()

    # -- telling -------------------------------------------------------------------------------------------------------

    def _told(self, sobject: SObject, kind: str, before: Row, written: Row) -> None:
        occasion = self.occasion or Occasion(_instant(before, written))
        if sobject.name in self._selection.captured:
            self._change(sobject, kind, before, written, occasion)
        for topic in self._selection.topics.values():
            if topic.sobject == sobject.name and not occasion.is_bulk:
                self._notify(topic, kind, before, written, occasion)

    def _number(self, occasion: Occasion) -> int:
        if occasion.number is None:
            occasion.number = self._store.next_number(TRANSACTIONS)
        return occasion.number

    def _change(self, sobject: SObject, kind: str, before: Row, written: Row, occasion: Occasion) -> None:
        changed: list[str] = []
        payload: dict[str, Any] = {}
        if kind == UPDATE:
            found = changes.moved(sobject, self._store.schema, before, written)
            if found is None:
                return
            changed, payload = found
        elif kind != DELETE:
            payload = changes.whole(sobject, self._store.schema, {**before, **written})
        user_id = occasion.user_id or written.get("LastModifiedById") or before.get("LastModifiedById")
        body = {
            "kind": kind, "entity": sobject.name, "changed": changed, "payload": payload, "user": user_id,
            "origin": occasion.origin, "at": milliseconds(occasion.now), "number": 1,
        }  # fmt: skip
        self._publish(changes.change_channel(sobject), str(before["Id"]), body, occasion)

    def _publish(self, channel: str, record_id: str, body: changes.Body, occasion: Occasion) -> None:
        txn = self._number(occasion)
        known = self._log.of_record(channel, txn, record_id)
        if known is not None:
            self._log.rewrite(known.seq, changes.merged(known.body, body))
            return
        last = self._log.last_change(txn)
        if last is not None:
            body["number"] = last.body["number"] + (not changes.same_change(last.body, body))
        self._log.append(channel, txn, record_id, body, occasion.now)
        self._bell.ring()

    def _notify(self, topic: Topic, kind: str, before: Row, written: Row, occasion: Occasion) -> None:
        record_id = str(before["Id"])
        went_along = kind == DELETE and written.get(BIN) not in (None, record_id)
        if went_along or (kind == UPDATE and not _concerns(topic, before, written)):
            return
        txn = self._number(occasion)
        known = self._log.of_record(topic.channel, txn, record_id)
        sobject = topics.match(topic, self._store, self._store.schema, record_id, occasion.now)
        if known is not None:
            self._log.rewrite(known.seq, _merged(known.body, kind, sobject))
        elif sobject is not None and kind in topic.kinds:
            body = {"type": topics.TYPES[kind], "at": milliseconds(occasion.now), "sobject": sobject}
            self._log.append(topic.channel, txn, record_id, body, occasion.now)
            self._bell.ring()


def _concerns(topic: Topic, before: Row, written: Row) -> bool:
    moved = {name.lower() for name, value in written.items() if before.get(name) != value}
    return bool(moved) if topic.fields is None else not topic.fields.isdisjoint(moved)


def _merged(body: dict[str, Any], kind: str, sobject: dict[str, Any] | None) -> dict[str, Any] | None:
    """A notification of this transaction after one write more of its record."""
    if sobject is None:
        return None
    if kind == DELETE:
        new = {topics.TYPES[CREATE], topics.TYPES[UNDELETE]}
        return None if body["type"] in new else {**body, "type": topics.TYPES[DELETE], "sobject": sobject}
    return {**body, "sobject": sobject}


def _instant(before: Row, written: Row) -> datetime:
    """When a write happened that is part of nothing, by its own stamps."""
    stamp = written.get("SystemModstamp") or before.get("SystemModstamp") or before.get("CreatedDate") or 0
    return EPOCH + timedelta(milliseconds=stamp)
