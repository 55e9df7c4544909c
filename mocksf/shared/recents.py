"""Recent items as rows of the store: what a user touched through one process is recent in all."""

from collections.abc import Iterable, Mapping

import orjson

from mocksf.rest.recents import Recents
from mocksf.store import Store

_KEEP = """INSERT INTO "$recents" VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET records = excluded.records"""


class SharedRecents(Recents):
    """The recent items of an org's users, whichever process they came to. Of two notes at once one may be lost."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def note(self, user_id: str, record_ids: Iterable[str]) -> None:
        before, listed = self.of(user_id), Recents()
        listed.restore({user_id: before})
        listed.note(user_id, record_ids)
        if listed.of(user_id) != before:
            self._store.run(_KEEP, (user_id, orjson.dumps(listed.of(user_id)).decode()))

    def of(self, user_id: str) -> tuple[str, ...]:
        rows = self._store.rows('SELECT records FROM "$recents" WHERE user_id = ?', (user_id,))
        return tuple(orjson.loads(rows[0][0])) if rows else ()

    def state(self) -> Mapping[str, tuple[str, ...]]:
        """Nothing: the store's own image holds them."""
        return {}

    def restore(self, state: Mapping[str, tuple[str, ...]]) -> None:
        """Nothing, for the same reason."""
