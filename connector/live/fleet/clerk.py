"""Orders carried out on the database: all that wait, in one transaction, under the lock of the org's head row."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector.chain import Entry, Head, chained
from connector.live.fleet.archive import entries_after
from connector.live.fleet.crew import Crew
from connector.live.fleet.link import Link
from connector.live.fleet.orders import WRITTEN, Append, Ask, Done, Order, Want
from connector.live.fleet.tickets import Give, Window
from connector.live.opening import LedgerBroken
from connector.live.rows import COLUMNS, row_of
from connector.live.sealing import Seal

LOCK_HEAD = "SELECT seq, hash FROM heads WHERE org = %s FOR UPDATE"
BEAT = "UPDATE processes SET beat = beat + 1 WHERE org = %s AND id = %s RETURNING beat"
APPEND = f"INSERT INTO entries ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
KEEP = "INSERT INTO payloads (org, sha256, sealed) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
GO_ON = "UPDATE heads SET seq = %s, hash = %s WHERE org = %s"
BEGIN_WORK = """
INSERT INTO work (org, delivery, seq, process) VALUES (%s, %s, %s, %s)
ON CONFLICT (org, delivery) DO UPDATE SET process = EXCLUDED.process, seq = EXCLUDED.seq
"""
END_WORK = "DELETE FROM work WHERE org = %s AND delivery = %s AND process = %s"
"""Only one's own: whoever has brought the delivery back since works on it now."""


class LeaseLost(LedgerBroken):
    """The others took this process for dead, and do its work; it may write nothing any more."""


@dataclass
class Clerk:
    """One process's way of working on an org's chain. Not for several threads at once."""

    link: Link
    org: str
    process: str
    seal: Seal
    channel: str
    known: int = 0
    """The last entry that this process has seen."""
    beat: int = 0
    """The number of the last transaction of this process that was committed."""
    attempted: Done | None = None
    """What a transaction came to whose commit has been asked for and not yet been heard of."""

    @property
    def window(self) -> Window:
        """Where tickets are drawn."""
        return Window(self.link, self.org, self.process)

    @property
    def crew(self) -> Crew:
        """The fleet, as this process sees it."""
        return Crew(self.link, self.org, self.process)

    def serve(self, orders: Sequence[Order], waiting: Sequence[str]) -> Done:
        """Carry orders out, all or none. `waiting`: the owners of turns that have not come yet. Raises LeaseLost."""
        asks = [each for each in orders if isinstance(each, Ask) and not each.loose]
        self.attempted = None
        with self.link.transaction():
            head = self._locked()
            done = Done(head, foreign=self._unseen(head))
            appends = [each for each in orders if isinstance(each, Append)]
            done.appended = self._append(appends, head)
            if done.appended:
                done.head = Head(done.appended[-1].seq, done.appended[-1].hash)
            owners = self._move(orders, [*waiting])
            done.answers = [(each.answer, each.do(self.crew)) for each in asks]
            done.granted = self.window.going(owners) if owners else set()
            if appends or any(isinstance(each, Give) for each in orders):
                self.speak()
            self.attempted = done
        self.attempted = None
        return done

    def glance(self, waiting: Sequence[str]) -> Done:
        """What others have done meanwhile; nothing is locked, nothing written."""
        self.attempted = None
        granted = self.window.going(waiting) if waiting else set()
        # After the turns: whoever gave a place up has written before what is to be known of it.
        foreign = list(entries_after(self.link, self.org, self.known))
        # The last that was read, and not the head's row, which may have gone on since.
        head = Head(foreign[-1].seq, foreign[-1].hash) if foreign else Head(self.known, "")
        return Done(head, foreign, granted=granted)

    def speak(self) -> None:
        """Say that there is news."""
        self.link.execute("SELECT pg_notify(%s, %s)", (self.channel, self.process))

    def committed(self) -> bool:
        """Whether the transaction whose end nobody heard was committed; asked over a new connection."""
        row = self.link.execute(
            "SELECT beat FROM processes WHERE org = %s AND id = %s", (self.org, self.process)
        ).fetchone()
        return row is not None and row[0] == self.beat + 1

    def _locked(self) -> Head:
        row = self.link.execute(LOCK_HEAD, (self.org,)).fetchone()
        alive = self.link.execute(BEAT, (self.org, self.process)).fetchone()
        if row is None or alive is None:
            sentence = "the others took this process for dead, as it was silent for longer than its lease; start anew"
            raise LeaseLost(sentence)
        return Head(row[0], row[1])

    def _unseen(self, head: Head) -> list[Entry]:
        return list(entries_after(self.link, self.org, self.known)) if head.seq > self.known else []

    def _append(self, appends: Sequence[Append], head: Head) -> list[Entry]:
        if not appends:
            return []
        entries: list[Entry] = []
        for each in appends:
            entry = chained(each.draft, self.org, head)
            head = Head(entry.seq, entry.hash)
            entries.append(entry)
        cursor = self.link.cursor()
        cursor.executemany(APPEND, [row_of(entry) for entry in entries])
        payloads = [(self.org, each.digest, self.seal.close(each.payload)) for each in appends if each.payload]
        if payloads:
            cursor.executemany(KEEP, payloads)
        cursor.execute(GO_ON, (head.seq, head.hash, self.org))
        self._note_work(appends, entries)
        return entries

    def _note_work(self, appends: Sequence[Append], entries: Sequence[Entry]) -> None:
        for append, entry in zip(appends, entries, strict=True):
            if append.work == "begins":
                self.link.execute(BEGIN_WORK, (self.org, entry.delivery, entry.seq, self.process))
                if append.places:
                    self.window.reserve(entry.delivery, append.places)
            elif append.work == "ends":
                self.link.execute(END_WORK, (self.org, entry.delivery, self.process))
            if entry.kind in WRITTEN:
                # Tickets that no flow came for; those of a flow are given back by itself.
                self.window.give(Give(entry.delivery, None))

    def _move(self, orders: Sequence[Order], owners: list[str]) -> list[str]:
        """Draw tickets and give them back, in order; the owners that wait for a turn then."""
        for order in orders:
            if isinstance(order, Want):
                self.window.take(order.take)
                owners.append(order.take.owner)
            elif isinstance(order, Give):
                self.window.give(order)
        return owners
