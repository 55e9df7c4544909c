"""What records were last written as, ready for the wire, kept until they change."""

from collections.abc import Callable, Hashable
from typing import Any

KEPT_MAX = 4_096
"""How many records are kept; the one that came first goes first."""


class Ready:
    """A memory for what follows from one record alone, by the record's id.

    Two rules keep it true. A write drops what is kept of its record. And while writes may still be taken back nothing
    is learnt, so that whatever a savepoint undoes, nothing here was read from it. What changes without a write, by the
    time or by who asks, must be written to the row before it is looked for here.
    """

    def __init__(self, unsettled: Callable[[], bool]) -> None:
        self._unsettled = unsettled
        self._kept: dict[str, dict[Hashable, Any]] = {}

    def of(self, record_id: str, kind: Hashable) -> Any | None:
        """What is kept of a record under a kind, or None."""
        known = self._kept.get(record_id)
        return None if known is None else known.get(kind)

    def keep(self, record_id: str, kind: Hashable, value: Any) -> None:
        """Remember what was read of a record as it stands, where it stands for good."""
        if self._unsettled():
            return
        if record_id not in self._kept and len(self._kept) >= KEPT_MAX:
            del self._kept[next(iter(self._kept))]
        self._kept.setdefault(record_id, {})[kind] = value

    def drop(self, record_id: str) -> None:
        """A record changes."""
        self._kept.pop(record_id, None)

    def clear(self) -> None:
        """All records may have changed."""
        self._kept.clear()
