"""Who may write which records next, among asyncio tasks: first come, first served, per record key."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class _Turn:
    owner: object
    keys: tuple[str, ...]
    ready: asyncio.Future[None]


class Places:
    """The queues before the records. A turn joins all its queues at once, so that no two can wait for each other."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[_Turn]] = {}
        self._held: dict[object, set[str]] = {}
        """Owner → the keys in whose queues it stands, so that leaving is no search."""

    shared = False
    """Whether other processes stand in these queues as well."""

    async def take(self, owner: object, keys: Sequence[str], ahead: bool = False, on_behalf: str = "") -> None:  # noqa: ARG002 - the queues end with the process
        """Come back when `owner` stands first in the queues of all `keys`; `ahead` of those who wait for it anyway."""
        turn = _Turn(owner, tuple(dict.fromkeys(keys)), asyncio.get_running_loop().create_future())
        self._held.setdefault(owner, set()).update(turn.keys)
        behind = self._behind(owner) if ahead else {owner}
        for key in turn.keys:
            queue = self._queues.setdefault(key, deque())
            queue.insert(next((at for at, each in enumerate(queue) if _passed(each, behind)), len(queue)), turn)
        self._go(turn)
        await turn.ready

    async def hold(self) -> None:
        """At once: nobody else can have been given a place of this process's."""

    def give(self, owner: object, keys: Sequence[str]) -> None:
        """Leave the queues of `keys`; whoever stands first now goes on."""
        held = self._held.get(owner, set())
        held.difference_update(keys)
        if not held:
            self._held.pop(owner, None)
        woken = [self._left(owner, key) for key in dict.fromkeys(keys)]
        for turn in woken:
            if turn is not None:
                self._go(turn)

    def keep(self) -> None:
        """The process ends, and its queues with it."""

    def leave(self, owner: object) -> None:
        """Leave every queue: the owner has ended."""
        self.give(owner, sorted(self._held.get(owner, ())))

    def waiting(self) -> int:
        """How many turns stand in some queue and may not go yet."""
        return len({id(turn) for turns in self._queues.values() for turn in turns if not turn.ready.done()})

    def _behind(self, owner: object) -> set[object]:
        """Who cannot go on before `owner` does, through however many others."""
        behind, before = {owner}, 0
        while before < len(behind):
            before = len(behind)
            for queue in self._queues.values():
                owners = [turn.owner for turn in queue]
                first = next((at for at, each in enumerate(owners) if each in behind), len(owners))
                behind.update(owners[first:])
        return behind

    def _left(self, owner: object, key: str) -> _Turn | None:
        turns = self._queues.get(key, deque())
        if turns and turns[0].owner is owner:
            turns.popleft()  # what nearly always happens, however long the queue is
        elif any(turn.owner is owner for turn in turns):
            turns = self._queues[key] = deque(turn for turn in turns if turn.owner is not owner)
        if not turns:
            self._queues.pop(key, None)
            return None
        return turns[0]

    def _go(self, turn: _Turn) -> None:
        if not turn.ready.done() and all(self._queues[key][0] is turn for key in turn.keys):
            turn.ready.set_result(None)


def _passed(turn: _Turn, behind: set[object]) -> bool:
    return turn.owner in behind and not turn.ready.done()
