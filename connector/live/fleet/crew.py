"""Who of a fleet lives and who works on what: beats, burials, and claims of work that a dead process has left."""

import os
import socket
from dataclasses import dataclass

from connector.live.fleet.link import Link

JOIN = "INSERT INTO processes (org, id, host, pid) VALUES (%s, %s, %s, %s)"
BEATS = "SELECT id, beat FROM processes WHERE org = %s AND id <> %s"
BURY = "DELETE FROM processes WHERE org = %s AND id = %s AND beat = %s"
FORGET_FLOWS = """
DELETE FROM tickets WHERE org = %(org)s AND process = %(process)s AND NOT EXISTS (
    SELECT 1 FROM work WHERE work.org = tickets.org AND work.delivery = tickets.label AND work.process = %(process)s)
"""
"""Tickets of flows that nobody takes up: of lookups, acceptances, decisions about a letter."""
FORGET_DOUBLES = """
DELETE FROM tickets late USING tickets soon
WHERE late.org = %(org)s AND late.process = %(process)s AND soon.org = late.org AND soon.process = late.process
    AND soon.place = late.place AND soon.label = late.label AND soon.position < late.position
"""
KEEP_THE_LINE = """
UPDATE tickets SET owner = label, turn = 1 WHERE org = %(org)s AND process = %(process)s AND owner <> label
"""
"""The tickets of a delivery keep their positions, until whoever claims the delivery comes for them."""
CLAIM = """
WITH left_behind AS (
    SELECT org, delivery FROM work
    WHERE org = %(org)s AND NOT EXISTS (
        SELECT 1 FROM processes WHERE processes.org = work.org AND processes.id = work.process)
    ORDER BY seq LIMIT %(most)s FOR UPDATE SKIP LOCKED)
UPDATE work SET process = %(process)s FROM left_behind
WHERE work.org = left_behind.org AND work.delivery = left_behind.delivery
RETURNING work.delivery
"""
I_LIVE = "SELECT 1 FROM processes WHERE org = %s AND id = %s FOR SHARE"
DROP = "DELETE FROM work WHERE org = %s AND process = %s AND delivery = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Crew:
    """One org's processes, as one of them sees them."""

    link: Link
    org: str
    process: str

    def join(self) -> None:
        """Say that this process lives."""
        self.link.execute(JOIN, (self.org, self.process, socket.gethostname(), os.getpid()))

    def beats(self) -> dict[str, int]:
        """The others and how often each has said that it lives."""
        return dict(self.link.execute(BEATS, (self.org, self.process)).fetchall())

    def bury(self, process: str, beat: int) -> bool:
        """Declare a process dead, unless it has spoken since; from now on it may write nothing. Under the head's lock.

        Its deliveries keep their places in line and wait to be claimed.
        """
        if not self.link.execute(BURY, (self.org, process, beat)).rowcount:
            return False
        self._take_apart(process)
        return True

    def depart(self) -> None:
        """Leave in good order: what is under way may be claimed at once. Under the head's lock."""
        self.link.execute("DELETE FROM processes WHERE org = %s AND id = %s", (self.org, self.process))
        self._take_apart(self.process)

    def claim(self, most: int) -> list[str]:
        """Take over deliveries whose process is dead, those accepted first before others; none is claimed twice."""
        with self.link.transaction():
            if self.link.execute(I_LIVE, (self.org, self.process)).fetchone() is None:
                return []
            names = {"org": self.org, "process": self.process, "most": most}
            return [str(delivery) for (delivery,) in self.link.execute(CLAIM, names).fetchall()]

    def drop(self, deliveries: list[str]) -> None:
        """What turned out to be no work any more."""
        self.link.execute(DROP, (self.org, self.process, deliveries))

    def _take_apart(self, process: str) -> None:
        names = {"org": self.org, "process": process}
        for statement in (FORGET_FLOWS, FORGET_DOUBLES, KEEP_THE_LINE):
            self.link.execute(statement, names)
