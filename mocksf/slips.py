"""Slips: what an org promises for a short while and keeps once, such as the code of a login in a browser."""

from collections.abc import Callable
from datetime import datetime


class Slips:
    """Texts under names, each until an instant of the org's clock."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, datetime]] = {}

    def put(self, name: str, text: str, ends: datetime, now: datetime) -> None:
        """Keep a text under a name, in place of an older one; what is over by now goes."""
        self._kept = {each: held for each, held in self._kept.items() if held[1] > now}
        self._kept[name] = text, ends

    def fresh(self, kind: str, draw: Callable[[], str], text: str, life: tuple[datetime, datetime]) -> str:
        """Keep a text from now until an end (`life`) under `kind` and a drawn word that is free; gives the word."""
        now, ends = life
        while True:
            word = draw()
            if self.see(f"{kind} {word}", now) is None:
                self.put(f"{kind} {word}", text, ends, now)
                return word

    def see(self, name: str, now: datetime) -> str | None:
        """The text under a name, or None where there is none any more."""
        text, ends = self._kept.get(name, ("", now))
        return text if ends > now else None

    def take(self, name: str, now: datetime) -> str | None:
        """Like `see`, and the slip is used up."""
        text = self.see(name, now)
        self._kept.pop(name, None)
        return text

    def state(self) -> object:
        """All slips, for a snapshot."""
        return dict(self._kept)

    def restore(self, state: object) -> None:
        """Back to a state that `state` gave."""
        assert isinstance(state, dict)
        self._kept = dict(state)
