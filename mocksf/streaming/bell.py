"""Who waits for events hears a bell, and looks for itself whether there is something for it."""

from collections.abc import Callable

Listen = Callable[[], None]


class Bell:
    """Rung when something may have been published: too often is well, too seldom is not."""

    def __init__(self) -> None:
        self.rings = 0
        """How often it was rung."""
        self._hearers: dict[Listen, None] = {}

    def ring(self) -> None:
        """Let everybody look, when what is being done is done."""
        self.rings += 1
        for hear in list(self._hearers):
            hear()

    def hear(self, hear: Listen) -> None:
        """Have something called with each ring, inside the write that rings it: it must do nothing but take note."""
        self._hearers[hear] = None

    def forget(self, hear: Listen) -> None:
        """Call it no longer."""
        self._hearers.pop(hear, None)
