"""The ledger on disk: SQLite in WAL mode, one writer thread with group commit, payloads sealed in a table of their own.

Synchronous policy: FULL. A group is on disk (fsync of the log) before anybody is told that it is safe.
"""

import asyncio
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from connector.ledger import GENESIS, Draft, Entry, Head, canonical, chained
from connector.live.rows import COLUMNS, SCHEMA, connect, entry_of, row_of
from connector.live.sealing import KeyProblem, Seal
from connector.messages import Json
from connector.readings import Readings

CHECK = b"this is the key"
"""Sealed once into each ledger, so that a wrong key is told at the start."""


class LedgerBroken(Exception):
    """The ledger cannot be opened, or could not be written; nothing more is accepted until that is mended."""


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
        self._lock = _locked(path)
        try:
            self._disk = _opened(path, seal)
        except LedgerBroken:
            self._lock.close()
            raise
        self.readings = Readings()
        self._head = Head(0, GENESIS)
        self._read()
        self._anchor = os.open(anchor_of(path), os.O_RDWR | os.O_CREAT, 0o644)
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
            for entry in self.entries():
                self.readings.take(entry)
                self._head = Head(entry.seq, entry.hash)
        except (ValueError, KeyError, TypeError) as problem:
            self._disk.close()
            self._lock.close()
            sentence = f"the ledger {self.path} does not read ({problem}); connector audit verify names the place"
            raise LedgerBroken(sentence) from problem

    # -- appending -----------------------------------------------------------------------------------------------

    def append(self, draft: Draft) -> Entry:
        """Put one more entry at the end; it is on disk when `safe` comes back. Raises LedgerBroken."""
        self._refuse_if_broken()
        entry = chained(draft, self.org, self._head)
        self._head = Head(entry.seq, entry.hash)
        payload = None
        if draft.payload is not None and entry.payload_sha256 is not None:
            payload = canonical(draft.payload)
            self._fresh[entry.payload_sha256] = orjson.loads(payload)
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
            except (sqlite3.Error, OSError) as problem:
                self._broken = problem
            for ticket in tickets:
                _settle(ticket, self._broken)
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
        os.pwrite(self._anchor, anchor_line(Head(last.seq, last.hash)), 0)
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
        """A payload by its SHA-256, or None where it was erased. Raises KeyProblem."""
        fresh = self._fresh.get(digest)
        if fresh is not None:
            return fresh
        reader = connect(self.path, readonly=True)
        try:
            row = reader.execute("SELECT sealed FROM payloads WHERE sha256 = ?", (digest,)).fetchone()
        finally:
            reader.close()
        if row is None:
            return None
        payload: dict[str, Json] = orjson.loads(self._seal.open(row[0]))
        return payload

    def erase(self, digest: str) -> bool:
        """Forget a payload: it is overwritten in the file, and the log that may still hold it is emptied."""
        self.flush()
        eraser = connect(self.path)
        try:
            with eraser:
                gone = eraser.execute("DELETE FROM payloads WHERE sha256 = ?", (digest,)).rowcount
            eraser.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            eraser.close()
        return gone > 0

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
        os.close(self._anchor)
        self._lock.close()


def anchor_of(path: Path) -> Path:
    """Where the head is noted outside the ledger. Keep a copy elsewhere: who cuts the one can cut the other."""
    return Path(f"{path}.anchor")


def anchor_line(head: Head) -> bytes:
    """A head as the anchor file holds it, always equally long, so that it is replaced in one write."""
    return f"{head.seq:020d} {head.hash}\n".encode()


def _settle(ticket: Future[None], problem: Exception | None) -> None:
    if not ticket.set_running_or_notify_cancel():
        return
    if problem is None:
        ticket.set_result(None)
    else:
        ticket.set_exception(LedgerBroken(f"the ledger could not be written: {problem}"))


def _locked(path: Path) -> IO[str]:
    """The lock that keeps a second writer out: two would fork the chain."""
    try:
        lock = open(f"{path}.lock", "w", encoding="ascii")  # noqa: SIM115 - held as long as the ledger is open
    except OSError as problem:
        sentence = f"the ledger {path} cannot be opened: {problem.strerror}"
        raise LedgerBroken(sentence) from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        sentence = f"the ledger {path} is being written by another process; ask that one (connector serve) instead"
        raise LedgerBroken(sentence) from None
    return lock


def _opened(path: Path, seal: Seal) -> sqlite3.Connection:
    disk = None
    try:
        disk = connect(path)
        disk.executescript(SCHEMA)
        row = disk.execute("SELECT sealed FROM payloads WHERE sha256 = 'key check'").fetchone()
        if row is None:
            disk.execute("INSERT INTO payloads VALUES ('key check', ?)", (seal.close(CHECK),))
        else:
            seal.open(row[0])
    except (sqlite3.Error, KeyProblem) as problem:
        if disk is not None:
            disk.close()
        wrong_key = isinstance(problem, KeyProblem)
        reason = "was written with another key" if wrong_key else f"is not a ledger, or is damaged: {problem}"
        sentence = f"the ledger {path} {reason}"
        raise LedgerBroken(sentence) from problem
    return disk
