"""Snapshots: what an org is put back to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mocksf.locks import LockKey


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that an org knows at an instant."""

    now: datetime
    rows: bytes
    counters: dict[str, int]
    sessions: object
    allowance: object
    locks: dict[LockKey, Any]
    cursors: Any
    recents: Any
    jobs: Any
    dice: dict[str, object]
    errands: int
