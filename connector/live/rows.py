"""Entries as rows of SQLite, refused to whoever would change them; and the verification of a file from outside."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from connector.chain import Broken, Entry, Head, canonical, first_broken, instant_text

COLUMNS = ("seq", "at", "org", "kind", "delivery", "detail", "payload_sha256", "previous", "hash")

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, org TEXT NOT NULL, kind TEXT NOT NULL, delivery TEXT NOT NULL,
    detail TEXT NOT NULL, payload_sha256 TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS payloads (sha256 TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS entries_are_never_changed BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER IF NOT EXISTS entries_are_never_deleted BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS entries_are_appended BEFORE INSERT ON entries
    WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entries)
    BEGIN SELECT RAISE(ABORT, 'entries are only appended'); END;
CREATE TRIGGER IF NOT EXISTS payloads_are_never_changed BEFORE UPDATE ON payloads
    BEGIN SELECT RAISE(ABORT, 'payloads are never changed, only erased'); END;
"""
"""Append-only by triggers; payloads may be erased (and nothing else), which leaves the chain valid."""

WRITING = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
"""How a writer's connection is set: every commit is synced, what is deleted is overwritten."""


class Unreadable(Exception):
    """A file that is no ledger, or too damaged to be read."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found: how many entries hold, where they end, and the first that does not hold."""

    entries: int
    head: Head | None
    broken: Broken | None
    anchored: bool
    """Whether there was an anchor to compare with; without one a cut-off tail cannot show."""


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


def stored(path: Path) -> Iterator[Entry]:
    """The entries of a file, without taking it from its writer. Raises Unreadable."""
    if not path.is_file():
        sentence = f"{path}: there is no such file"
        raise Unreadable(sentence)
    try:
        with closing(connect(path, readonly=True)) as disk:
            for row in disk.execute("SELECT * FROM entries ORDER BY seq"):
                yield entry_of(row)
    except sqlite3.Error as problem:
        sentence = f"{path} is not a ledger, or is damaged: {problem}"
        raise Unreadable(sentence) from problem


def verify(path: Path, anchor: Head | None = None) -> Verified:
    """Compute the whole chain of a file once more. Raises Unreadable where the file itself cannot be read."""
    held: list[Head] = []

    def watched() -> Iterator[Entry]:
        for entry in stored(path):
            held.append(Head(entry.seq, entry.hash))
            yield entry

    try:
        broken = first_broken(watched(), anchor)
    except (ValueError, Unreadable) as problem:
        if isinstance(problem, Unreadable) and not held:
            raise
        broken = Broken(held[-1].seq + 1 if held else 1, f"cannot be read: {problem}")
    broken = broken or _lost_payload(path)
    good = [head for head in held if broken is None or head.seq < broken.seq]
    return Verified(len(good), good[-1] if good else None, broken, anchor is not None)


def _lost_payload(path: Path) -> Broken | None:
    """The first entry whose payload is gone although no entry says that it was erased."""
    try:
        with closing(connect(path, readonly=True)) as disk:
            disk.execute("BEGIN")  # one instant for both questions
            held = {digest for (digest,) in disk.execute("SELECT sha256 FROM payloads")}
            rows = disk.execute("SELECT seq, kind, detail, payload_sha256 FROM entries ORDER BY seq").fetchall()
    except sqlite3.Error as problem:
        return Broken(1, f"and whatever follows it may have lost its payload: the payloads do not read, {problem}")
    erased = {orjson.loads(detail).get("payload") for _, kind, detail, _ in rows if kind == "erased"}
    kept = held | erased
    lost = next((seq for seq, _, _, digest in rows if digest and digest not in kept), None)
    return None if lost is None else Broken(lost, "has lost its payload, and no entry says that it was erased")


def anchored(path: Path) -> Head | None:
    """The head that was noted beside the ledger, or in the named anchor file; None where there is none to be read."""
    try:
        number, digest = path.read_text(encoding="ascii").split()
        return Head(int(number), digest)
    except (OSError, ValueError):
        return None
