"""Tokens as rows of the store: given by one process, good at every one."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256

import orjson

from mocksf.dice import Dice
from mocksf.sessions import (
    SPENT_LIFE,
    Caller,
    ConnectedApp,
    Sessions,
    new_access_token,
    new_refresh_token,
    public_key,
)
from mocksf.shared.instants import instant, number
from mocksf.shared.slips import SharedSlips
from mocksf.store import Store

_PROLONG = "UPDATE \"$sessions\" SET ends = CASE WHEN token LIKE 'eyJ%' THEN ends ELSE ? END"
"""Signed tokens end when they say, used or not."""
_TRUST = """INSERT INTO "$meta" VALUES (?, ?) ON CONFLICT (name) DO NOTHING"""


def _written(caller: Caller) -> str:
    return orjson.dumps(asdict(caller)).decode()


def _read(text: str) -> Caller:
    facts = orjson.loads(text)
    return Caller(**{**facts, "scopes": tuple(facts["scopes"])})


class SharedSessions(Sessions):
    """The tokens of an org, whichever process gave them.

    Processes with one seed draw the same: what is taken is drawn again.
    """

    def __init__(
        self, store: Store, org_id: str, dice: Dice, lifetime_s: float, apps: Iterable[ConnectedApp] = ()
    ) -> None:
        super().__init__(org_id, dice, lifetime_s, apps)
        self._store = store
        self.slips = SharedSlips(store)

    @property
    def apps(self) -> dict[str, ConnectedApp]:
        """The connected apps, with the keys that any process was told to trust."""
        apps = dict(self._apps)
        for (text,) in self._store.rows("""SELECT value FROM "$meta" WHERE name LIKE 'key %' ORDER BY name"""):
            client_id, pem = orjson.loads(text)
            if client_id in apps and pem not in apps[client_id].keys:
                apps[client_id] = replace(apps[client_id], keys=(*apps[client_id].keys, pem))
        return apps

    def trust(self, client_id: str, pem: str) -> None:
        public_key(pem)
        name = f"key {len(self.apps[client_id].keys):06d} {sha256(pem.encode()).hexdigest()}"
        self._store.run(_TRUST, (name, orjson.dumps([client_id, pem]).decode()))

    def open(self, caller: Caller, now: datetime) -> str:
        return self._first_free(lambda: new_access_token(self._org_id, self._dice), caller, now)

    def open_signed(self, caller: Caller, now: datetime, host: str) -> str:
        return self._first_free(lambda: self._signed(caller, now, host), caller, now)

    def _first_free(self, draw: Callable[[], str], caller: Caller, now: datetime) -> str:
        self._store.run('DELETE FROM "$sessions" WHERE ends <= ?', (number(now),))
        kept = 'INSERT INTO "$sessions" VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING token'
        ends, written = number(now + self.lifetime), _written(replace(caller, issued=now.timestamp()))
        while True:
            token = draw()
            if self._store.rows(kept, (token, written, caller.refresh_token, ends)):
                return token

    def caller(self, token: str, now: datetime) -> Caller | None:
        statement = f"{_PROLONG} WHERE token = ? AND ends > ? RETURNING caller"
        rows = self._store.rows(statement, (number(now + self.lifetime), token, number(now)))
        return _read(rows[0][0]) if rows else None

    def standing(self, token: str, now: datetime) -> tuple[Caller, datetime] | None:
        rows = self._store.rows(
            'SELECT caller, ends FROM "$sessions" WHERE token = ? AND ends > ?', (token, number(now))
        )
        return (_read(rows[0][0]), instant(rows[0][1])) if rows else None

    def give_refresh(self, caller: Caller) -> str:
        kept = 'INSERT INTO "$refresh" VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING token'
        while True:
            token = new_refresh_token(self._dice)
            if self._store.rows(kept, (token, _written(replace(caller, refresh_token=token)))):
                return token

    def refreshed(self, token: str) -> Caller | None:
        rows = self._store.rows('SELECT caller FROM "$refresh" WHERE token = ?', (token,))
        return _read(rows[0][0]) if rows else None

    def rotate(self, token: str, now: datetime) -> str:
        (written,) = self._store.rows('DELETE FROM "$refresh" WHERE token = ? RETURNING caller', (token,))[0]
        fresh = self.give_refresh(_read(written))
        self._store.run('UPDATE "$sessions" SET refresh = ? WHERE refresh = ?', (fresh, token))
        self.slips.put(f"spent {token}", fresh, now + SPENT_LIFE, now)
        return fresh

    def revoke(self, token: str) -> bool:
        if self._store.rows('DELETE FROM "$sessions" WHERE token = ? RETURNING 1', (token,)):
            return True
        known = self._store.rows('DELETE FROM "$refresh" WHERE token = ? RETURNING 1', (token,))
        self._store.run('DELETE FROM "$sessions" WHERE refresh = ?', (token,))
        return bool(known)

    def revoke_all(self) -> None:
        self._store.run('DELETE FROM "$sessions"')

    def prolong(self, now: datetime) -> None:
        self._store.run(_PROLONG, (number(now + self.lifetime),))

    def next_due(self) -> datetime | None:
        """Never: what expired is not seen, and goes when the next session is opened."""
        return None

    def state(self) -> object:
        """Nothing: the store's own image holds them, and its savepoints undo them."""
        return None

    def restore(self, state: object) -> None:
        """Nothing, for the same reason."""
