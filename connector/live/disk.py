"""The ledger on disk: SQLite in WAL mode, one writer thread with group commit, payloads sealed in a table of their own.

Synchronous policy: FULL. A group is on disk (fsync of the log) before anybody is told that it is safe.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import orjson
import structlog

from connector.chain import GENESIS, Draft, Entry, Head, canonical, chained, salted, unsalted
from connector.live.opening import LedgerBroken, Noted, Reception, anchor_of, locked, opened
from connector.live.rows import COLUMNS, connect, entry_of, row_of
from connector.live.sealing import Seal, unsealed
from connector.live.verifying import anchored
from connector.messages import Json
from connector.readings import Readings

CHECKPOINT_TRIES = 20
CHECKPOINT_PAUSE_S = 0.1

log = structlog.get_logger("connector.ledger")


@dataclass(slots=True)
class _Append:
    entry: Entry
    payload: bytes | None


class DiskLedger:
    """One org's ledger in a file. One process writes at a time; whoever only reads needs no lock (see rows.py)."""

    def __init__(
        self, path: Path, seal: Seal, org: str = "default", failpoint: Callable[[str], None] = lambda _: None
    ) -> None:
        self.path, self.org = path, org
        self._seal = seal
        self._failpoint = failpoint
        self._lock = locked(path)
        try:
            self._disk = opened(path, seal)
        except LedgerBroken:
            self._lock.close()
            raise
        self.readings = Readings()
        self._head = Head(0, GENESIS)
        self._read()
        self._noted = Noted(anchor_of(path))
        self._fresh: dict[str, dict[str, Json]] = {}
        self._waiting: list[_Append] = []
        self._safe: list[Future[None]] = []
        self._broken: Exception | None = None
        self._closing = False
        self._wake = threading.Condition()
        self._writer = threading.Thread(target=self._write_groups, name="ledger", daemon=True)
        self._writer.start()

    def _read(self) -> None:
        try:
            anchor = anchor_of(self.path)
            self._take_all(Reception(self.path, self.org, anchored(anchor), anchor))
        except (LedgerBroken, ValueError, KeyError, TypeError, sqlite3.Error) as problem:
            self._disk.close()
            self._lock.close()
            if isinstance(problem, LedgerBroken):
                raise
            sentence = f"the ledger {self.path} does not read ({problem}); connector audit verify names the place"
            raise LedgerBroken(sentence) from problem

    def _take_all(self, reception: Reception) -> None:
        erased = []
        for entry in self.entries():
            reception.look(entry)
            self.readings.take(entry)
            self._head = Head(entry.seq, entry.hash)
            if entry.kind == "erased":
                erased.append((entry.detail["payload"],))
        reception.end()
        # Whoever died between the entry and the erasing is helped here to keep the word.
        self._disk.executemany("DELETE FROM payloads WHERE sha256 = ?", erased)

    # -- appending -----------------------------------------------------------------------------------------------

    def append(self, draft: Draft) -> Entry:
        """Put one more entry at the end; it is on disk when `safe` comes back. Raises LedgerBroken."""
        self._refuse_if_broken()
        draft = salted(draft, self.pseudonym(f"payload {self._head.seq + 1}"))
        entry = chained(draft, self.org, self._head)
        self._head = Head(entry.seq, entry.hash)
        payload = None
        if draft.payload is not None and entry.payload_sha256 is not None:
            payload = canonical(draft.payload)
            self._fresh[entry.payload_sha256] = unsalted(orjson.loads(payload))
        self.readings.take(entry)
        with self._wake:
            self._waiting.append(_Append(entry, payload))
            self._wake.notify()
        return entry

    async def safe(self) -> None:
        """Come back when everything appended so far is on disk. Raises LedgerBroken."""
        await asyncio.wrap_future(self._ticket())

    def flush(self) -> None:
        """The same for who has no event loop."""
        self._ticket().result()

    def _ticket(self) -> Future[None]:
        self._refuse_if_broken()
        ticket: Future[None] = Future()
        with self._wake:
            self._safe.append(ticket)
            self._wake.notify()
        return ticket

    def _refuse_if_broken(self) -> None:
        if self._broken is not None:
            sentence = f"the ledger {self.path} could not be written: {self._broken}"
            raise LedgerBroken(sentence) from self._broken

    # -- the writer thread ---------------------------------------------------------------------------------------

    def _write_groups(self) -> None:
        """Group after group: all that was appended while the last one was being synced goes to disk in one commit."""
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._safe or self._closing)
                group, self._waiting = self._waiting, []
                tickets, self._safe = self._safe, []
                closing = self._closing
            try:
                self._commit(group)
            except Exception as problem:  # whatever it is: a writer that dies unheard would leave everyone waiting
                self._broken = problem
            for ticket in tickets:
                _settle(ticket, self._broken)
            if self._broken is not None and group:
                log.critical("the ledger could not be written; nothing more is accepted", problem=repr(self._broken))
            if closing and not group and not tickets:
                return

    def _commit(self, group: list[_Append]) -> None:
        if not group or self._broken is not None:
            return
        self._failpoint("before_group")
        with self._disk:
            self._disk.execute("BEGIN IMMEDIATE")
            sealed = [
                (each.entry.payload_sha256, self._seal.close(each.payload))
                for each in group
                if each.payload is not None
            ]
            self._disk.executemany("INSERT OR IGNORE INTO payloads (sha256, sealed) VALUES (?, ?)", sealed)
            places = ", ".join("?" * len(COLUMNS))
            self._disk.executemany(f"INSERT INTO entries VALUES ({places})", [row_of(each.entry) for each in group])
        self._failpoint("after_group")
        last = group[-1].entry
        self._noted.note(Head(last.seq, last.hash))
        for digest, _ in sealed:
            self._fresh.pop(str(digest), None)

    # -- reading -------------------------------------------------------------------------------------------------

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries on disk that follow entry `after`, the oldest first, as they were when this was called."""
        reader = connect(self.path, readonly=True)
        try:
            yield from map(entry_of, reader.execute("SELECT * FROM entries WHERE seq > ? ORDER BY seq", (after,)))
        finally:
            reader.close()

    def payload(self, digest: str) -> dict[str, Json] | None:
        """A payload by its SHA-256, or None where it was erased, damaged, or put in another's place."""
        fresh = self._fresh.get(digest)
        if fresh is not None:
            return fresh
        reader = connect(self.path, readonly=True)
        try:
            row = reader.execute("SELECT sealed FROM payloads WHERE sha256 = ?", (digest,)).fetchone()
        finally:
            reader.close()
        return None if row is None else unsealed(self._seal, row[0], digest)

    def erase(self, digest: str) -> bool:
        """Forget a payload: it is overwritten in the file, and the log that may still hold it is emptied.

        May take two seconds where somebody is reading; the writer is never kept waiting longer than a moment.
        """
        self.flush()
        eraser = connect(self.path)
        try:
            with eraser:
                gone = eraser.execute("DELETE FROM payloads WHERE sha256 = ?", (digest,)).rowcount
            eraser.execute("PRAGMA busy_timeout = 0")
            for _ in range(CHECKPOINT_TRIES):
                (busy, *_) = eraser.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    break
                time.sleep(CHECKPOINT_PAUSE_S)
        finally:
            eraser.close()
        return gone > 0

    @property
    def broken(self) -> Exception | None:
        """Why nothing can be written any more, or None."""
        return self._broken

    def head(self) -> Head:
        """Where the chain ends, appends that are not yet on disk included."""
        return self._head

    def pseudonym(self, record: str) -> str:
        """A record's name that only who has the key can recompute."""
        return self._seal.pseudonym(record)

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._writer.join()
        self._disk.close()
        self._noted.close()
        self._lock.close()


def _settle(ticket: Future[None], problem: Exception | None) -> None:
    if not ticket.set_running_or_notify_cancel():
        return
    if problem is None:
        ticket.set_result(None)
    else:
        ticket.set_exception(LedgerBroken(f"the ledger could not be written: {problem}"))
