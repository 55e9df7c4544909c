"""Recent items: which records each user touched last."""

from collections.abc import Iterable, Mapping

KEPT_MAX = 200
"""How many a user's list holds (documented: the most that /recent answers)."""


class Recents:
    """The recent items of an org's users, by user, the latest first."""

    def __init__(self) -> None:
        self._lists: dict[str, tuple[str, ...]] = {}

    def note(self, user_id: str, record_ids: Iterable[str]) -> None:
        """A user touched these records, in this order."""
        latest = tuple(dict.fromkeys(reversed([*record_ids])))
        before = (each for each in self._lists.get(user_id, ()) if each not in latest)
        self._lists[user_id] = (*latest, *before)[:KEPT_MAX]

    def of(self, user_id: str) -> tuple[str, ...]:
        """The ids of a user's recent records, the latest first; some may be gone meanwhile."""
        return self._lists.get(user_id, ())

    def state(self) -> Mapping[str, tuple[str, ...]]:
        """All lists, for a snapshot."""
        return dict(self._lists)

    def restore(self, state: Mapping[str, tuple[str, ...]]) -> None:
        """Back to a state that `state` gave."""
        self._lists = dict(state)
