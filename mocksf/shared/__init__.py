"""What an org keeps beside its records, where several processes serve it: rooms with their state in the store.

Each function gives the room that fits the store: one of this process's own, or one that all processes look into.
"""

from mocksf.allowance import Allowance
from mocksf.dice import Dice
from mocksf.founding import ADMINISTRATOR
from mocksf.locks import LockTable
from mocksf.rest.cursors import Cursors
from mocksf.rest.recents import Recents
from mocksf.sessions import ConnectedApp, Sessions
from mocksf.settings import SCOPE_PROFILES, OrgSettings
from mocksf.shared.allowance import SharedAllowance
from mocksf.shared.cursors import SharedCursors
from mocksf.shared.locks import SharedLocks
from mocksf.shared.recents import SharedRecents
from mocksf.shared.sessions import SharedSessions
from mocksf.store import Store

_ERRANDS_PER_PROCESS = 2**32
"""So many requests may one process serve before its numbers meet another's."""

COMMAND_LINE = ConnectedApp("PlatformCLI", "", ("refresh_token", "api", "web"))
"""The app as which the Salesforce CLI comes: every org has it, and it has no secret."""


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


def connected_app(settings: OrgSettings) -> ConnectedApp:
    """The app through which callers come, as the settings have it."""
    return ConnectedApp(
        settings.client_id,
        settings.client_secret,
        SCOPE_PROFILES[settings.scope_profile],
        run_as=ADMINISTRATOR.username,
        keys=settings.jwt_keys,
        redirects=settings.redirects,
    )


def sessions(store: Store, org_id: str, dice: Dice, settings: OrgSettings) -> Sessions:
    """Who may call."""
    apps = [connected_app(settings), COMMAND_LINE]
    if store.shared:
        return SharedSessions(store, org_id, dice, settings.session_s, apps)
    return Sessions(org_id, dice, settings.session_s, apps)


def first_errand(store: Store) -> int:
    """From where a process numbers its requests, so that no two processes hold rows under one number."""
    return store.serial("processes") * _ERRANDS_PER_PROCESS
