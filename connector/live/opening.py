"""Taking a ledger's file: one writer at a time, with the right key, for the right org, and with no entry missing."""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO

from connector.chain import Entry, Head
from connector.live.rows import bring_up_to_date, connect
from connector.live.sealing import KeyProblem, Seal
from connector.live.verifying import anchored

CHECK = b"this is the key"
"""Sealed once into each ledger, so that a wrong key is told at the start."""


class LedgerBroken(Exception):
    """The ledger cannot be opened, or could not be written; nothing more is accepted until that is mended."""


def anchor_of(path: Path) -> Path:
    """Where the head is noted outside the ledger. Keep a copy elsewhere: who cuts the one can cut the other."""
    return Path(f"{path}.anchor")


def anchor_line(head: Head) -> bytes:
    """A head as the anchor file holds it, always equally long, so that it is replaced in one write."""
    return f"{head.seq:020d} {head.hash}\n".encode()


def locked(path: Path) -> IO[str]:
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


def opened(path: Path, seal: Seal) -> sqlite3.Connection:
    """The writer's connection, its tables made or migrated where need be. Raises LedgerBroken."""
    disk = None
    try:
        disk = connect(path)
        bring_up_to_date(disk)
        row = disk.execute("SELECT sealed FROM payloads WHERE sha256 = 'key check'").fetchone()
        if row is None:
            disk.execute("INSERT INTO payloads VALUES ('key check', ?)", (seal.close(CHECK),))
        else:
            seal.open(row[0])
    except (sqlite3.Error, KeyProblem, ValueError) as problem:
        if disk is not None:
            disk.close()
        sentence = f"the ledger {path} {_reason(problem)}"
        raise LedgerBroken(sentence) from problem
    return disk


def _reason(problem: Exception) -> str:
    if isinstance(problem, KeyProblem):
        return "was written with another key"
    return f"is not a ledger, or is damaged: {problem}" if isinstance(problem, sqlite3.Error) else str(problem)


class Noted:
    """The anchor file, in which the head is noted after each commit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            sentence = f"the ledger's head cannot be noted in {path}: {problem.strerror}"
            raise LedgerBroken(sentence) from problem

    def head(self) -> Head | None:
        """What was noted last, if anything."""
        return anchored(self.path)

    def note(self, head: Head) -> None:
        """Note it, in one write."""
        os.pwrite(self._file, anchor_line(head), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


class Reception:
    """Looks at each entry of a ledger that is opened, and says at the end whether it may be gone on with."""

    def __init__(self, ledger: Path | str, org: str, anchor: Head | None, anchor_path: Path | None) -> None:
        self._path, self._org = ledger, org
        self._anchor, self._anchor_path = anchor, anchor_path
        self._last = 0

    def look(self, entry: Entry) -> None:
        """Raise LedgerBroken where the entry is another org's, or not the one that was anchored."""
        if entry.org != self._org:
            sentence = (
                f"the ledger {self._path} is that of {entry.org}, not of {self._org}; name another with --ledger,"
                f" or, where that org has only got a new address, write `name: {entry.org}` into the org section"
            )
            raise LedgerBroken(sentence)
        if self._anchor and self._anchor.seq == entry.seq and self._anchor.hash != entry.hash:
            self._refuse(f"entry {entry.seq} is not the one that was anchored")
        self._last = entry.seq

    def end(self) -> None:
        """Raise LedgerBroken where entries are missing at the end: to go on would cover up that they ever were."""
        if self._anchor and self._anchor.seq > self._last:
            self._refuse(f"entries {self._last + 1} to {self._anchor.seq} are missing at its end")

    def _refuse(self, what: str) -> None:
        sentence = (
            f"the ledger {self._path} is not the one that was written last: {what}. Put the right file back; or, to go"
            f" on with what there is, keep {self._anchor_path} as evidence under another name"
        )
        raise LedgerBroken(sentence)
