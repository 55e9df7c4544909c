"""Row locks as rows of the store: read once in a turn, written down at its end."""

from collections.abc import Iterable
from datetime import datetime

from mocksf.locks import Holder, LockKey, LockTable
from mocksf.shared.instants import instant, number
from mocksf.store import Store

_TAKE = """INSERT INTO "$holders" VALUES (?, ?, ?, ?)
ON CONFLICT (sobject, held) DO UPDATE SET owner = excluded.owner, until = excluded.until"""


class SharedLocks(LockTable):
    """The holders of an org's rows, whichever process they came to. They outlive whatever a request undoes."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._turn: int | None = None
        self._known: dict[LockKey, Holder] = {}
        store.at_end(self._write)

    @property
    def empty(self) -> bool:
        """What the others hold is known in a turn only."""
        return False

    def blocker(self, key: LockKey, owner: int, now: datetime) -> Holder | None:
        with self._store.turn():
            self._read()
            return super().blocker(key, owner, now)

    def hold(self, keys: Iterable[LockKey], owner: int, until: datetime) -> None:
        with self._store.turn():
            self._read()
            super().hold(keys, owner, until)

    def release(self, owner: int) -> None:
        with self._store.turn():
            self._read()
            super().release(owner)

    def expire(self, now: datetime) -> None:
        with self._store.turn():
            self._read()
            super().expire(now)

    def next_free(self) -> datetime | None:
        self.state()
        return super().next_free()

    def state(self) -> dict[LockKey, Holder]:
        with self._store.turn():
            self._read()
            return super().state()

    def restore(self, state: dict[LockKey, Holder]) -> None:
        """Nothing: the store's own image holds them."""

    def _read(self) -> None:
        """See what the others hold, once in each turn."""
        if self._turn == self._store.turns:
            return
        self._turn = self._store.turns
        rows = self._store.rows('SELECT sobject, held, owner, until FROM "$holders"')
        self._holders = {LockKey(sobject, row): Holder(owner, instant(until)) for sobject, row, owner, until in rows}
        self._known = dict(self._holders)

    def _write(self) -> None:
        """Write down what this turn took and let go."""
        if self._turn != self._store.turns or self._holders == self._known:
            return
        for key in self._known.keys() - self._holders.keys():
            self._store.run('DELETE FROM "$holders" WHERE sobject = ? AND held = ?', (key.sobject, key.row))
        for key, holder in self._holders.items():
            if self._known.get(key) != holder:
                self._store.run(_TAKE, (key.sobject, key.row, holder.owner, number(holder.until)))
        self._known = dict(self._holders)
