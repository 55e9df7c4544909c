"""Chance: one seed, and one named stream per use, so that a new use never reshuffles an old one."""

from hashlib import sha256
from random import Random


class Dice:
    """A family of independent random streams that all follow from one seed."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._streams: dict[str, Random] = {}

    def named(self, name: str) -> Random:
        """The stream for one use, for instance ``dice.named("faults")``; the same object at every call."""
        if name not in self._streams:
            digest = sha256(f"{self.seed}/{name}".encode()).digest()
            self._streams[name] = Random(int.from_bytes(digest[:8], "big"))  # noqa: S311
        return self._streams[name]

    def state(self) -> dict[str, object]:
        """All streams as they stand, for a snapshot."""
        return {name: stream.getstate() for name, stream in self._streams.items()}

    def restore(self, state: dict[str, object]) -> None:
        """Back to a state that `state` gave; streams born since then begin anew."""
        self._streams.clear()
        for name, held in state.items():
            self.named(name).setstate(held)  # type: ignore[arg-type]
