"""Places that a fleet shares: the same questions as to live/places.py, answered by the database."""

from collections.abc import Sequence
from itertools import count

from connector.live.fleet.ledger import FleetLedger
from connector.live.fleet.tickets import Give, Take
from connector.live.places import Places
from connector.login import MUTEX


class SharedPlaces:
    """The queues before the records of an org, for all its processes. A login is each process's own affair."""

    shared = True

    def __init__(self, ledger: FleetLedger) -> None:
        self._ledger = ledger
        self._own = Places()
        self._names: dict[object, str] = {}
        self._kept = False
        self._born = count(1)
        self._turns = count(1)

    async def take(self, owner: object, keys: Sequence[str], ahead: bool = False, on_behalf: str = "") -> None:
        """Come back when `owner` stands first in the queues of all `keys`, and what was written before is known."""
        if tuple(keys) == MUTEX:
            await self._own.take(owner, keys, ahead)
            return
        name = self._names.setdefault(owner, f"{self._ledger.process}/{next(self._born)}")
        await self._ledger.take(Take(name, next(self._turns), self._pseudonyms(keys), on_behalf, ahead))

    async def hold(self) -> None:
        """Where the others may have taken this process for dead, ask them. Raises LedgerBroken where they have."""
        if self._ledger.lease_is_over:
            await self._ledger.safe()

    def give(self, owner: object, keys: Sequence[str]) -> None:
        """Leave the queues of `keys`."""
        if tuple(keys) == MUTEX:
            self._own.give(owner, keys)
        elif owner in self._names:
            self._ledger.give(Give(self._names[owner], self._pseudonyms(keys)))

    def keep(self) -> None:
        """Give nothing up from now on: whoever takes the work over goes on at its places in line."""
        self._kept = True

    def leave(self, owner: object) -> None:
        """Leave every queue: the owner has ended."""
        self._own.leave(owner)
        name = self._names.pop(owner, None)
        if name is not None and not self._kept:
            self._ledger.give(Give(name, None))

    def waiting(self) -> int:
        """How many turns of this process stand in some queue and may not go yet."""
        return self._own.waiting() + self._ledger.waiting()

    def _pseudonyms(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Places by names that give away no number; each once."""
        return tuple(dict.fromkeys(self._ledger.pseudonym(key) for key in keys))
