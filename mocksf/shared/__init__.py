"""What an org keeps beside its records, where several processes serve it: rooms with their state in the store.

Each function gives the room that fits the store: one of this process's own, or one that all processes look into.
"""

from collections.abc import Iterable

from mocksf.allowance import Allowance
from mocksf.dice import Dice
from mocksf.locks import LockTable
from mocksf.rest.cursors import Cursors
from mocksf.rest.recents import Recents
from mocksf.sessions import ConnectedApp, Sessions
from mocksf.shared.allowance import SharedAllowance
from mocksf.shared.cursors import SharedCursors
from mocksf.shared.locks import SharedLocks
from mocksf.shared.recents import SharedRecents
from mocksf.shared.sessions import SharedSessions
from mocksf.store import Store

_ERRANDS_PER_PROCESS = 2**32
"""So many requests may one process serve before its numbers meet another's."""


def allowance(store: Store, maximum: int, long_calls: int) -> Allowance:
    """What calls cost."""
    return SharedAllowance(store, maximum, long_calls) if store.shared else Allowance(maximum, long_calls)


def locks(store: Store) -> LockTable:
    """Who holds which row."""
    return SharedLocks(store) if store.shared else LockTable()


def cursors(store: Store) -> Cursors:
    """Where clients left off reading."""
    return SharedCursors(store) if store.shared else Cursors()


def recents(store: Store) -> Recents:
    """Which records users touched last."""
    return SharedRecents(store) if store.shared else Recents()


def sessions(store: Store, org_id: str, dice: Dice, lifetime_s: float, apps: Iterable[ConnectedApp]) -> Sessions:
    """Who may call."""
    if store.shared:
        return SharedSessions(store, org_id, dice, lifetime_s, apps)
    return Sessions(org_id, dice, lifetime_s, apps)


def first_errand(store: Store) -> int:
    """From where a process numbers its requests, so that no two processes hold rows under one number."""
    return store.serial("processes") * _ERRANDS_PER_PROCESS
