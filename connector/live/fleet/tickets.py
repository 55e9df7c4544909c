"""Who may write which records next, among processes: the queues of live/places.py as rows of one table.

Everything here runs under the lock of the org's head row, but for `going`, which only looks. A ticket that waits for
its owner's flow (the process has just accepted the delivery, or has died) has the delivery itself for its owner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connector.live.fleet.link import Link

JOIN = """
INSERT INTO tickets (org, place, owner, turn, position, process, label)
SELECT %(org)s, wanted.place, %(owner)s, %(turn)s,
    COALESCE((SELECT max(position) FROM tickets WHERE org = %(org)s AND place = wanted.place), 0) + 1,
    %(process)s, %(label)s
FROM unnest(%(places)s::text[]) AS wanted (place)
ON CONFLICT (org, owner, place) DO UPDATE SET turn = EXCLUDED.turn
"""
"""At the end of each queue; whoever stands there already keeps the position."""
ADOPT = """
UPDATE tickets SET owner = %(owner)s, process = %(process)s, turn = 0
WHERE org = %(org)s AND owner = %(label)s AND label = %(label)s AND EXISTS (
    SELECT 1 FROM work WHERE work.org = %(org)s AND work.delivery = %(label)s AND work.process = %(process)s)
"""
"""The tickets that are kept for a delivery, if this process is the one that works on it."""
LIKE_ME = "SELECT count(*) FROM tickets WHERE org = %s AND owner <> %s AND place = ANY(%s)"
QUEUES = "SELECT place, owner, turn, position FROM tickets WHERE org = %s ORDER BY place, position"
MAKE_ROOM = "UPDATE tickets SET position = position + 1 WHERE org = %s AND place = %s AND position >= %s"
MOVE = "UPDATE tickets SET position = %s WHERE org = %s AND place = %s AND owner = %s"
GIVE = "DELETE FROM tickets WHERE org = %s AND owner = %s AND place = ANY(%s)"
LEAVE = "DELETE FROM tickets WHERE org = %s AND owner = %s"
GOING = """
SELECT owner, turn FROM tickets mine WHERE org = %s AND owner = ANY(%s) AND turn > 0
GROUP BY owner, turn
HAVING bool_and(NOT EXISTS (
    SELECT 1 FROM tickets ahead
    WHERE ahead.org = mine.org AND ahead.place = mine.place AND ahead.position < mine.position))
"""
"""The turns that stand first in all their queues."""

Turn = tuple[str, int]
"""A flow's name, and which of its turns."""


@dataclass(frozen=True, slots=True)
class Take:
    """A turn that is asked for. `label` is the delivery on whose behalf, `ahead` as in `TakePlace`."""

    owner: str
    turn: int
    places: tuple[str, ...]
    label: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Give:
    """Places that are given up; None: all of the owner's."""

    owner: str
    places: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Window:
    """Where tickets are drawn: one org's queues, by one process."""

    link: Link
    org: str
    process: str

    def reserve(self, delivery: str, places: Sequence[str]) -> None:
        """Stand in line for a delivery that has just been accepted, until its flow comes for the tickets."""
        self._join(delivery, 1, places, delivery)

    def take(self, wanted: Take) -> None:
        """Join the queues, with the tickets that are kept for the delivery where there are some.

        A delivery may have learned of more places since those were drawn: whoever came after it there lets it pass, or
        each would wait for the other.
        """
        kept = 0
        if wanted.label:
            names = {"org": self.org, "owner": wanted.owner, "process": self.process, "label": wanted.label}
            kept = self.link.execute(ADOPT, names).rowcount
        self._join(wanted.owner, wanted.turn, wanted.places, wanted.label)
        if wanted.ahead or kept:
            self._overtake(wanted)

    def give(self, given: Give) -> None:
        """Leave queues."""
        if given.places is None:
            self.link.execute(LEAVE, (self.org, given.owner))
        else:
            self.link.execute(GIVE, (self.org, given.owner, list(given.places)))

    def going(self, owners: Sequence[str]) -> set[Turn]:
        """The turns of these owners that may go."""
        return {(owner, turn) for owner, turn in self.link.execute(GOING, (self.org, list(owners))).fetchall()}

    def _join(self, owner: str, turn: int, places: Sequence[str], label: str) -> None:
        names: dict[str, Any] = {"org": self.org, "owner": owner, "turn": turn, "places": list(places)}
        self.link.execute(JOIN, {**names, "process": self.process, "label": label})

    def _overtake(self, wanted: Take) -> None:
        """Pass those who wait for a place of the owner's, through others or not; they cannot go on anyway."""
        others = self.link.execute(LIKE_ME, (self.org, wanted.owner, list(wanted.places))).fetchone()
        if others is None or not others[0]:
            return
        queues = Queues(self.link.execute(QUEUES, (self.org,)).fetchall())
        for place in wanted.places:
            position = queues.passed(place, wanted.owner)
            if position is not None:
                self.link.execute(MAKE_ROOM, (self.org, place, position))
                self.link.execute(MOVE, (position, self.org, place, wanted.owner))


class Queues:
    """All queues of an org at one instant, as rows of place, owner, turn and position."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._queues: dict[str, list[tuple[str, int, int]]] = {}
        for place, owner, turn, position in rows:
            self._queues.setdefault(place, []).append((owner, turn, position))

    def passed(self, place: str, owner: str) -> int | None:
        """The position in a queue from which `owner` may go on: of the first who waits for it and stands before it."""
        behind = self._behind(owner) - {owner}
        for other, turn, position in self._queues[place]:
            if other == owner:
                return None
            if other in behind and not self._goes(other, turn):
                return position
        return None

    def _behind(self, owner: str) -> set[str]:
        """Who cannot go on before `owner` does, through however many others."""
        behind, before = {owner}, 0
        while before < len(behind):
            before = len(behind)
            for queue in self._queues.values():
                owners = [other for other, _, _ in queue]
                first = next((at for at, each in enumerate(owners) if each in behind), len(owners))
                behind.update(owners[first:])
        return behind

    def _goes(self, owner: str, turn: int) -> bool:
        places = [queue for queue in self._queues.values() if any(each[:2] == (owner, turn) for each in queue)]
        return all(queue[0][0] == owner for queue in places)
