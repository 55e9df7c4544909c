"""Who may write which records next: first come, first served, per record key."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Wake = Callable[[], None]


@dataclass(slots=True)
class _Turn:
    owner: int
    keys: tuple[str, ...]
    wake: Wake
    going: bool = False


class Places:
    """The queues before the records. A turn joins all its queues at once, so that no two can wait for each other."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[_Turn]] = {}
        self._held: dict[int, dict[str, None]] = {}
        """Owner → the queues in which it may stand."""

    def take(self, owner: int, keys: Sequence[str], wake: Wake, ahead: bool = False) -> None:
        """Join the queues of `keys`; `wake` is called (at once, or later) when `owner` stands first in all of them.

        `ahead`: before those who wait for a place of the owner's, through others or not; they cannot go on anyway.
        """
        turn = _Turn(owner, tuple(dict.fromkeys(keys)), wake)
        behind = self._behind(owner) if ahead else set()
        self._held.setdefault(owner, {}).update(dict.fromkeys(turn.keys))
        for key in turn.keys:
            queue = list(self._queues.get(key, ()))
            passed = [number for number, each in enumerate(queue) if each.owner in behind and not each.going]
            queue.insert(passed[0] if passed else len(queue), turn)
            self._queues[key] = deque(queue)
        self._go(turn)

    def give(self, owner: int, keys: Sequence[str]) -> None:
        """Leave the queues of `keys`; whoever stands first now goes on."""
        self._leave(owner, dict.fromkeys(keys))

    def leave_all(self, owner: int) -> None:
        """Leave every queue: the owner ended, or died."""
        self._leave(owner, self._held.pop(owner, {}))

    def clear(self) -> None:
        """Everybody is gone: the process died, and its queues with it."""
        self._queues.clear()
        self._held.clear()

    def waiting(self) -> int:
        """How many turns stand in some queue and may not go yet."""
        turns = {id(turn): turn for queue in self._queues.values() for turn in queue}
        return sum(not turn.going for turn in turns.values())

    def _behind(self, owner: int) -> set[int]:
        """Who cannot go on before `owner` does."""
        behind: set[int] = set()
        found = {owner}
        while found - behind:
            behind |= found
            for queue in self._queues.values():
                owners = [turn.owner for turn in queue]
                hits = [number for number, each in enumerate(owners) if each in behind]
                found |= set(owners[hits[0] :]) if hits else set()
        return behind

    def _leave(self, owner: int, keys: dict[str, None]) -> None:
        for key in keys:
            queue = self._queues.get(key)
            if queue is None:
                continue
            kept = deque(turn for turn in queue if turn.owner != owner)
            if kept:
                self._queues[key] = kept
            else:
                del self._queues[key]
        for key in keys:
            if self._queues.get(key):
                self._go(self._queues[key][0])

    def _go(self, turn: _Turn) -> None:
        if not turn.going and all(self._queues[key][0] is turn for key in turn.keys):
            turn.going = True
            turn.wake()
