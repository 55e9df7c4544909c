"""Versions of a ledger's tables: an older ledger is brought up to date step by step, a newer one is refused."""

from collections.abc import Sequence

STEPS = (
    """
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
""",
    """
CREATE TRIGGER payloads_are_never_replaced BEFORE INSERT ON payloads
    WHEN EXISTS (SELECT 1 FROM payloads WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(IGNORE); END;
""",
)
"""What leads from each version of a ledger's file to the next. The first was made before versions were counted.

Append-only by triggers; payloads may be erased (and nothing else), which leaves the chain valid.
"""


def steps_from(version: int, steps: Sequence[str]) -> list[tuple[int, str]]:
    """The steps that are due, each with the version that it leads to. Raises ValueError where the ledger is newer."""
    if version > len(steps):
        sentence = (
            f"was written by a newer connector (its tables have version {version}, this one knows {len(steps)});"
            " use that connector, or a newer one"
        )
        raise ValueError(sentence)
    return list(enumerate(steps, 1))[version:]
