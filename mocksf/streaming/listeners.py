"""Who listens: CometD clients between their handshake and the end, with their subscriptions, as rows of the store."""

from datetime import datetime, timedelta
from typing import NamedTuple

from mocksf.dice import Dice
from mocksf.evidence import Evidence
from mocksf.moments import milliseconds
from mocksf.store import Store

RECONNECT = timedelta(seconds=40)
"""How long after an answer a client may take to come again (documented: Streaming API, clients and timeouts)."""
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_CHARS, _BROWSER_CHARS = 27, 22
BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("A client that does not come again within 40 seconds of an answer is unknown", Evidence.DOCUMENTED),
    ("A client without the cookie of its handshake is unknown", Evidence.CLIENT),
)
"""What this room believes, for the fidelity ledger."""


class Listener(NamedTuple):
    """One client."""

    id: str
    user_id: str
    browser: str
    """The value of the cookie by which it is known."""
    polls: int
    """How often it has connected: of two that wait the later counts."""


class Listeners:
    """The clients of one org."""

    def __init__(self, store: Store, dice: Dice) -> None:
        self._store = store
        self._dice = dice

    def open(self, user_id: str, browser: str, now: datetime) -> Listener:
        """A new client; those that did not come again are forgotten."""
        self._forget(now)
        ends = milliseconds(now + RECONNECT)
        while True:
            listener = Listener(self._drawn(_ID_CHARS), user_id, browser or self._drawn(_BROWSER_CHARS), 0)
            kept = 'INSERT INTO "$listeners" VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING "id"'
            if self._store.rows(kept, (*listener, ends)):  # processes with one seed draw the same
                return listener

    def known(self, listener_id: str, now: datetime) -> Listener | None:
        """A client by its id, as long as it may still come."""
        columns = '"id", "user_id", "browser", "polls"'
        test = '"id" = ? AND "ends" > ?'
        rows = self._store.rows(f'SELECT {columns} FROM "$listeners" WHERE {test}', (listener_id, milliseconds(now)))
        return Listener(*rows[0]) if rows else None

    def count(self, now: datetime) -> int:
        """How many clients there are."""
        [(count,)] = self._store.rows('SELECT count(*) FROM "$listeners" WHERE "ends" > ?', (milliseconds(now),))
        return int(count)

    def answered(self, listener: Listener, until: datetime) -> None:
        """A client gets an answer at an instant, and has to come again after it."""
        ends = milliseconds(until + RECONNECT)
        self._store.run('UPDATE "$listeners" SET "ends" = ? WHERE "id" = ?', (ends, listener.id))

    def connect(self, listener: Listener) -> int:
        """One poll more; gives its number."""
        self._store.run('UPDATE "$listeners" SET "polls" = "polls" + 1 WHERE "id" = ?', (listener.id,))
        return listener.polls + 1

    def drop(self, listener_id: str) -> None:
        """A client goes."""
        self._store.run('DELETE FROM "$listeners" WHERE "id" = ?', (listener_id,))
        self._store.run('DELETE FROM "$subscribed" WHERE "listener" = ?', (listener_id,))

    # -- subscriptions -------------------------------------------------------------------------------------------------

    def subscribe(self, listener: Listener, channel: str, position: int) -> None:
        """Listen to a channel from a place on."""
        kept = 'ON CONFLICT ("listener", "channel") DO UPDATE SET "position" = excluded."position"'
        self._store.run(f'INSERT INTO "$subscribed" VALUES (?, ?, ?) {kept}', (listener.id, channel, position))

    def unsubscribe(self, listener: Listener, channel: str) -> None:
        """Listen to a channel no longer."""
        self._store.run('DELETE FROM "$subscribed" WHERE "listener" = ? AND "channel" = ?', (listener.id, channel))

    def subscriptions(self, listener: Listener) -> list[tuple[str, int]]:
        """The channels that a client listens to, each with the place behind which it goes on."""
        test = 'WHERE "listener" = ? ORDER BY "channel"'
        return self._store.rows(f'SELECT "channel", "position" FROM "$subscribed" {test}', (listener.id,))

    def _forget(self, now: datetime) -> None:
        gone = self._store.rows('SELECT "id" FROM "$listeners" WHERE "ends" <= ?', (milliseconds(now),))
        for (listener_id,) in gone:
            self.drop(listener_id)

    def _drawn(self, characters: int) -> str:
        return "".join(self._dice.named("listeners").choices(_LETTERS, k=characters))
