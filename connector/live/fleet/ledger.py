"""The ledger of a fleet: one chain per org in PostgreSQL, appended to by any number of processes.

An append is safe once its transaction is committed (`synchronous_commit = on`). What others append is folded into this
process's readings as soon as it is heard of, and always before a turn at a record comes that another has given up.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from functools import partial
from secrets import token_hex
from typing import Any

import orjson
import psycopg
import structlog

from connector.chain import Draft, Entry, Head, canonical, chained, salted, unsalted
from connector.live.addresses import shown
from connector.live.clock import LiveClock
from connector.live.fleet.archive import entries_apart
from connector.live.fleet.clerk import Clerk, LeaseLost
from connector.live.fleet.crew import Crew
from connector.live.fleet.founding import founded
from connector.live.fleet.link import linked, said
from connector.live.fleet.orders import Append, Ask, Done, Want, work_of
from connector.live.fleet.tickets import Give, Take
from connector.live.fleet.worker import PATIENCE_S, Lease, Worker
from connector.live.opening import LedgerBroken, Noted
from connector.live.sealing import Seal, unsealed
from connector.messages import Json
from connector.readings import Readings

log = structlog.get_logger("connector.ledger")


class FleetLedger:
    """One org's chain, as one process of a fleet holds it."""

    def __init__(
        self,
        address: str,
        seal: Seal,
        org: str = "default",
        failpoint: Callable[[str], None] = lambda _: None,
        noted: Noted | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.path, self.org = shown(address), org
        self.on_written: Callable[[str], None] = lambda _: None
        """Told the pseudonym of a caller of whom another process writes something."""
        self._address, self._seal, self._noted = address, seal, noted
        self._failpoint, self._patience_s = failpoint, patience_s
        self._folding = threading.Lock()
        process = token_hex(8)
        self._begin(process, *founded(address, seal, org, process, noted))
        self._reader = linked(address)

    def _begin(self, process: str, clerk: Clerk, entries: list[Entry]) -> None:
        """Be a process of the fleet that knows what is written, and nothing else."""
        self.process, self.readings = process, Readings()
        self._fresh: dict[str, dict[str, Json]] = {}
        self._callers: dict[str, str] = {}
        self._news: deque[Done] = deque()
        self._head = Head(0, "")
        self._fold(Done(Head(clerk.known, ""), entries))
        self._head = Head(entries[-1].seq, entries[-1].hash) if entries else Head(0, "0" * 64)
        self._worker = Worker(clerk, self._address, self._hear, self._failpoint, self._noted, self._patience_s)

    async def rejoin(self) -> None:
        """Begin anew as another process of the fleet, for the others may have taken this one for dead.

        Whatever is under way in this process must have been let go before. Raises LedgerBroken while the database is
        away; then nothing has changed.
        """
        process, heard = token_hex(8), self._worker.heard
        begun = await asyncio.to_thread(founded, self._address, self._seal, self.org, process, self._noted)
        await asyncio.to_thread(self._worker.close)
        self._begin(process, *begun)
        self._worker.heard = heard

    # -- appending -----------------------------------------------------------------------------------------------

    def append(self, draft: Draft) -> Entry:
        """Put one more entry at the end; it is safe when `safe` comes back, and has its number only then.

        Raises LedgerBroken.
        """
        self._refuse_if_broken()
        _check_storable(draft)
        draft = salted(draft, token_hex(10))
        entry = chained(draft, self.org, self._head)
        payload = None
        if draft.payload is not None and entry.payload_sha256 is not None:
            payload = canonical(draft.payload)
            self._fresh[entry.payload_sha256] = unsalted(orjson.loads(payload))
        self.readings.take(entry)
        self._note_caller(entry)
        places = tuple(self.pseudonym(place) for place in draft.places)
        work = work_of(entry.kind, self.under_way(entry.delivery))
        self._worker.order(Append(draft, payload, entry.payload_sha256, work, places))
        return entry

    def under_way(self, delivery: str) -> bool:
        """Whether anything is left to be done for a delivery: written, or told of its death."""
        standing = self.readings.standings.get(delivery)
        if standing is None:
            return False
        return standing.status == "pending" or (standing.status == "dead" and not standing.alerted)

    async def safe(self) -> None:
        """Come back when everything appended so far is committed. Raises LedgerBroken."""
        await self.ask(lambda _: None)

    def flush(self) -> None:
        """The same for who has no event loop."""
        self._ordered(lambda _: None).result()
        self.hear()

    async def ask(self, do: Callable[[Crew], Any], loose: bool = False) -> Any:
        """Have something done about the fleet itself. Raises LedgerBroken."""
        answer = await asyncio.wrap_future(self._ordered(do, loose))
        self.hear()
        return answer

    async def take(self, take: Take) -> None:
        """Come back when a turn comes; what was written before it is known then. Raises LedgerBroken."""
        self._refuse_if_broken()
        granted: Future[None] = Future()
        self._worker.order(Want(take, granted))
        await asyncio.wrap_future(granted)
        self.hear()

    def give(self, given: Give) -> None:
        """Give places up."""
        if self._worker.broken is None:
            self._worker.order(given)

    def _ordered(self, do: Callable[[Crew], Any], loose: bool = False) -> Future[Any]:
        self._refuse_if_broken()
        answer: Future[Any] = Future()
        self._worker.order(Ask(do, answer, loose))
        return answer

    def _refuse_if_broken(self) -> None:
        if self.broken is not None:
            sentence = f"the ledger {self.path} cannot be written: {self.broken}"
            raise LedgerBroken(sentence) from self.broken

    # -- hearing of others ---------------------------------------------------------------------------------------

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Fold what others append on this loop, as soon as it is heard of."""

        def heard() -> None:
            with suppress(RuntimeError):  # the loop has ended; whoever closes the ledger hears the rest
                loop.call_soon_threadsafe(self.hear)

        self._worker.heard = heard

    def _hear(self, done: Done) -> None:
        self._news.append(done)

    def hear(self) -> None:
        """Fold what has been heard, in order. For whoever owns the readings: the event loop's thread."""
        with self._folding:
            while self._news:
                self._fold(self._news.popleft())

    def _fold(self, done: Done) -> None:
        for entry in done.foreign:
            self.readings.take(entry)
            self._note_caller(entry)
            if entry.delivery in self._callers:
                self.on_written(self._callers[entry.delivery])
        for entry in done.appended:
            if entry.kind == "accepted":
                self.readings.standings[entry.delivery].accepted_seq = entry.seq
            self._fresh.pop(entry.payload_sha256 or "", None)
        if done.head.seq > self._head.seq:
            self._head = done.head

    def _note_caller(self, entry: Entry) -> None:
        if entry.kind == "accepted" and entry.detail.get("caller"):
            self._callers[entry.delivery] = str(entry.detail["caller"])

    # -- reading -------------------------------------------------------------------------------------------------

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The committed entries that follow entry `after`, the oldest first, up to the head of this moment."""
        return entries_apart(partial(linked, self._address), self.org, after, self._head.seq)

    def payload(self, digest: str) -> dict[str, Json] | None:
        """A payload by its SHA-256, or None where it was erased, damaged, or put in another's place."""
        fresh = self._fresh.get(digest)
        if fresh is not None:
            return fresh
        row = self._read("SELECT sealed FROM payloads WHERE org = %s AND sha256 = %s", (self.org, digest))
        return None if row is None else unsealed(self._seal, bytes(row[0]), digest)

    def _read(self, question: str, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """One row, over a new connection where the old one has gone."""
        try:
            return self._reader.execute(question.encode(), parameters).fetchone()
        except psycopg.OperationalError:
            self._reader = linked(self._address)
            return self._reader.execute(question.encode(), parameters).fetchone()

    def erase(self, digest: str) -> bool:
        """Forget a payload. What it said cannot be read any more; its sealed bytes go when PostgreSQL cleans up."""
        self._ordered(lambda _: None).result()
        try:
            with linked(self._address) as link:
                gone = link.execute("DELETE FROM payloads WHERE org = %s AND sha256 = %s", (self.org, digest)).rowcount
        except psycopg.Error as problem:
            sentence = f"the ledger {self.path} could not erase a payload: {said(problem)}"
            raise LedgerBroken(sentence) from problem
        return gone > 0

    @property
    def broken(self) -> Exception | None:
        """Why nothing can be written any more, or None."""
        return self._worker.broken

    @property
    def may_rejoin(self) -> bool:
        """Whether nothing is broken but the way to the database, or the others' belief that this process lives."""
        return isinstance(self.broken, psycopg.OperationalError | LeaseLost)

    @property
    def lease_is_over(self) -> bool:
        """Whether the others may take this process for dead by now."""
        return self._worker.lease is not None and self._worker.lease.over

    def waiting(self) -> int:
        """How many turns have been asked for and have not come."""
        return self._worker.waiting()

    def keep_lease(self, clock: LiveClock, lease: timedelta) -> None:
        """Tell the others again and again that this process lives; and act only while they have heard it."""
        self._worker.lease = Lease(clock, lease)
        self._ordered(lambda _: None)

    def head(self) -> Head:
        """Where the chain ends, as far as this process knows."""
        return self._head

    def pseudonym(self, record: str) -> str:
        """A record's name that only who has the key can recompute."""
        return self._seal.pseudonym(record)

    def close(self) -> None:
        """Write what waits, leave the fleet, and let go of the database."""
        self._worker.close()
        try:
            self.hear()
        finally:
            self._reader.close()
            if self._noted is not None:
                self._noted.close()


def _check_storable(draft: Draft) -> None:
    """Raise ValueError for the one character that PostgreSQL keeps in no text: it would break the whole ledger."""
    if "\0" in draft.delivery or "\0" in draft.kind:
        sentence = f"{draft.delivery!r} holds a null character, which cannot be kept"
        raise ValueError(sentence)
