"""The ledger: append-only entries in a hash chain, the connector's only state; all else is a reading of it."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Protocol

import orjson

from connector.chain import GENESIS, Draft, Entry, Head, canonical, chained, salted, unsalted
from connector.messages import Json
from connector.readings import Readings


class Ledger(Protocol):
    """What flows, engine and runners need of a ledger."""

    org: str
    readings: Readings

    def append(self, draft: Draft) -> Entry:
        """Put one more entry at the end."""
        ...

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries that follow entry `after`, the oldest first."""
        ...

    def payload(self, digest: str) -> dict[str, Json] | None:
        """A payload by its SHA-256, or None where it was erased."""
        ...

    def erase(self, digest: str) -> bool:
        """Forget a payload (the chain stays valid); whether there was one. Whoever erases appends `erased` as well."""
        ...

    def head(self) -> Head:
        """Where the chain ends; seq 0 and `GENESIS` where it is empty."""
        ...

    def pseudonym(self, record: str) -> str:
        """A name for a record that gives away nothing of its key."""
        ...


class MemoryLedger:
    """A ledger that lasts as long as the process: for worlds and tests. It survives a simulated crash by being kept."""

    broken: Exception | None = None
    """Nothing here can fail to be written."""

    def __init__(self, org: str = "default", entries: Iterable[Entry] = ()) -> None:
        self.org = org
        self._entries = list(entries)
        self._payloads: dict[str, dict[str, Json]] = {}
        self.readings = Readings()
        for entry in self._entries:
            self.readings.take(entry)

    def append(self, draft: Draft) -> Entry:
        """Put one more entry at the end."""
        draft = salted(draft, self.pseudonym(f"payload {self.head().seq + 1}"))
        entry = chained(draft, self.org, self.head())
        if draft.payload is not None:
            assert entry.payload_sha256 is not None, "a payload has a digest"
            self._payloads[entry.payload_sha256] = unsalted(orjson.loads(canonical(draft.payload)))
        self._entries.append(entry)
        self.readings.take(entry)
        return entry

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries that follow entry `after`, the oldest first."""
        return islice(self._entries, after, None)

    def payload(self, digest: str) -> dict[str, Json] | None:
        """A payload by its SHA-256, or None where it was erased."""
        return self._payloads.get(digest)

    def erase(self, digest: str) -> bool:
        """Forget a payload; whether there was one."""
        return self._payloads.pop(digest, None) is not None

    def head(self) -> Head:
        """Where the chain ends."""
        return Head(self._entries[-1].seq, self._entries[-1].hash) if self._entries else Head(0, GENESIS)

    async def safe(self) -> None:
        """At once: nothing here outlives the process anyway."""

    def pseudonym(self, record: str) -> str:
        """A digest; without a secret, since nothing here leaves the process."""
        return sha256(record.encode()).hexdigest()[:20]
