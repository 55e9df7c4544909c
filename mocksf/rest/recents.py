"""Recent items: which records each user touched last."""

from collections.abc import Iterable, Mapping

KEPT_MAX = 200
"""How many a user's list holds (documented: the most that /recent answers)."""


class Recents:
    """The recent items of an org's users."""

    def __init__(self) -> None:
        self._touched: dict[str, dict[str, None]] = {}
        """By user, the latest last: so that another one is noted without a look at the others."""

    def note(self, user_id: str, record_ids: Iterable[str]) -> None:
        """A user touched these records, in this order."""
        touched = self._touched.setdefault(user_id, {})
        for record_id in record_ids:
            touched.pop(record_id, None)
            touched[record_id] = None
        while len(touched) > KEPT_MAX:
            del touched[next(iter(touched))]

    def of(self, user_id: str) -> tuple[str, ...]:
        """The ids of a user's recent records, the latest first; some may be gone meanwhile."""
        return tuple(reversed(self._touched.get(user_id, {})))

    def state(self) -> Mapping[str, tuple[str, ...]]:
        """All lists, for a snapshot."""
        return {user_id: self.of(user_id) for user_id in self._touched}

    def restore(self, state: Mapping[str, tuple[str, ...]]) -> None:
        """Back to a state that `state` gave."""
        self._touched = {user_id: dict.fromkeys(reversed(listed)) for user_id, listed in state.items()}
