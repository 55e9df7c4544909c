"""Snapshots: what an org is put back to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mocksf.locks import LockKey
from mocksf.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that an org knows at an instant."""

    schema: Schema
    now: datetime
    rows: bytes
    counters: dict[str, int]
    errands: int
    sessions: object
    allowance: object
    locks: dict[LockKey, Any]
    cursors: Any
    recents: Any
    jobs: Any
    metadata: object
    dice: dict[str, object]


PARTS = ("sessions", "allowance", "locks", "cursors", "recents", "jobs", "metadata", "dice")
"""The parts of an org that keep a state of their own, each under the same name in a snapshot."""
