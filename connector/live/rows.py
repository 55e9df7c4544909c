"""Entries as rows of SQLite, and a ledger's file read from outside, whoever writes to it meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from connector.chain import Entry, Head, canonical, instant_text
from connector.live.verifying import Opens, Unreadable, Verified, verified
from connector.live.versions import STEPS, steps_from

COLUMNS = ("seq", "at", "org", "kind", "delivery", "detail", "payload_sha256", "previous", "hash")

WRITING = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
"""How a writer's connection is set: every commit is synced, what is deleted is overwritten."""


def connect(path: Path, readonly: bool = False) -> sqlite3.Connection:
    """A connection that syncs every commit (FULL) and overwrites what it deletes."""
    mode = "ro" if readonly else "rwc"
    disk = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=10
    )
    try:
        for pragma in () if readonly else WRITING:
            disk.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        disk.close()
        raise
    return disk


def row_of(entry: Entry) -> tuple[Any, ...]:
    """An entry as a row, in the order of `COLUMNS`."""
    detail = canonical(entry.detail).decode()
    head = (entry.seq, instant_text(entry.at), entry.org, entry.kind, entry.delivery, detail)
    return (*head, entry.payload_sha256, entry.previous, entry.hash)


def entry_of(row: tuple[Any, ...]) -> Entry:
    """A row as an entry. Raises ValueError where it cannot be one."""
    seq, at, org, kind, delivery, detail, payload_sha256, previous, digest = row
    texts = (at, org, kind, delivery, detail, payload_sha256 or "", previous, digest)
    if not isinstance(seq, int) or not all(isinstance(text, str) for text in texts):
        sentence = "has a column that is not of its type"
        raise ValueError(sentence)
    instant = datetime.fromisoformat(at)
    told = orjson.loads(detail)
    if canonical(told).decode() != detail or instant_text(instant) != at or not isinstance(told, dict):
        sentence = "is not written in canonical form"
        raise ValueError(sentence)
    return Entry(seq, instant, org, kind, delivery, told, payload_sha256, previous, digest)


class File:
    """A ledger's file as a source of verification and review."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> Iterator[Entry]:
        """Its entries, the oldest first. Raises Unreadable; ValueError at a row that cannot be an entry."""
        for row in self._rows("SELECT * FROM entries ORDER BY seq"):
            yield entry_of(row)

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """Its payloads, as digest and sealed text. Raises Unreadable."""
        yield from self._rows("SELECT sha256, sealed FROM payloads WHERE sha256 <> 'key check'")

    def head(self) -> Head | None:
        """None: a file holds nothing beside its chain."""
        return None

    def _rows(self, question: str) -> Iterator[tuple[Any, ...]]:
        if not self._path.is_file():
            sentence = f"{self._path}: there is no such file"
            raise Unreadable(sentence)
        try:
            with closing(connect(self._path, readonly=True)) as disk:
                _check_version(disk)
                yield from disk.execute(question)
        except sqlite3.Error as problem:
            sentence = f"{self._path} is not a ledger, or is damaged: {problem}"
            raise Unreadable(sentence) from problem
        except _Newer as problem:
            sentence = f"{self._path} {problem}"
            raise Unreadable(sentence) from None


class _Newer(Exception):
    """The tables are those of a newer connector."""


def _check_version(disk: sqlite3.Connection) -> None:
    (version,) = disk.execute("PRAGMA user_version").fetchone()
    try:
        steps_from(version, STEPS)
    except ValueError as problem:
        raise _Newer(str(problem)) from None


def bring_up_to_date(disk: sqlite3.Connection) -> None:
    """Make or migrate the tables, one version after the other, each in one go. Raises ValueError where newer."""
    (version,) = disk.execute("PRAGMA user_version").fetchone()
    for number, step in steps_from(version, STEPS):
        disk.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;")


def stored(path: Path) -> Iterator[Entry]:
    """The entries of a file, without taking it from its writer. Raises Unreadable."""
    return File(path).entries()


def verify(path: Path, anchor: Head | None = None, opens: Opens | None = None) -> Verified:
    """Compute the whole chain of a file once more. Raises Unreadable where the file itself cannot be read."""
    return verified(File(path), anchor, opens)
