"""Streaming: what of an org's committed changes is published, to whom, and who listens.

Nothing is watched until somebody wants it told: an object is watched where the settings name it, where somebody has
subscribed to its changes, and where an active push topic asks for it. Writes to all other objects pay nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from mocksf.dice import Dice
from mocksf.publishing import EventLog
from mocksf.schema.model import Schema
from mocksf.store import Store
from mocksf.streaming.bell import Bell
from mocksf.streaming.capture import Capture
from mocksf.streaming.channels import Channel, channel
from mocksf.streaming.delivery import Delivery
from mocksf.streaming.listeners import Listeners
from mocksf.streaming.log import Log
from mocksf.streaming.occasion import BULK, Called, Occasion
from mocksf.streaming.selection import Selection, SelectionError

__all__ = ["BULK", "SelectionError", "Streaming"]


class Streaming:
    """All of it for one org."""

    def __init__(self, store: Store, dice: Dice, captured: str = "") -> None:
        """`captured` names the objects whose changes are captured from the beginning, `*` all of them.

        Raises SelectionError where it names something else.
        """
        self._store = store
        self._selection = Selection(store, captured)
        self.bell = Bell()
        """Rung whenever something may have been published."""
        self.log = Log(store)
        self.listeners = Listeners(store, dice)
        self._capture = Capture(store, self._selection, self.log, self.bell, self.refresh)
        self.move_in()

    def move_in(self) -> None:
        """Go on with the schema that the store has now."""
        self.delivery = Delivery(self.log, EventLog(self._store.schema, self._store))
        self.refresh()

    @property
    def attentive(self) -> bool:
        """Whether a request's writes may be watched: then it is a transaction with a beginning and an end."""
        return self._selection.attentive

    def refresh(self) -> None:
        """See anew what is watched: the rows may have been replaced."""
        self._selection.read()
        self._store.watch(self._capture, self._selection.watched)
        self.bell.ring()

    def channel(self, name: str, seen: Schema) -> Channel:
        """The channel of a name, for somebody who sees this much of the schema. Raises as `channels.channel`."""
        return channel(name, seen, self._store.schema, self._selection.topics)

    def select(self, found: Channel) -> None:
        """Capture what a channel carries; inside the turn of its subscription."""
        if found.log.startswith("/data/"):
            kind = found.sobject
            new = self._selection.select_all() if kind is None else self._selection.select(frozenset({kind.name}))
            if new:
                self.refresh()

    # -- transactions --------------------------------------------------------------------------------------------------

    def begin(self, now: datetime, user_id: str | None, call: Called | tuple[str, str] | None) -> None:
        """A transaction begins: what is written until `end` is one."""
        if not self._selection.fresh:
            self.refresh()
        self._capture.occasion = Occasion(now, user_id, call)

    def end(self) -> None:
        """The transaction is over."""
        self._capture.occasion = None

    @contextmanager
    def occasion(self, now: datetime, user_id: str | None, call: tuple[str, str] | None = None) -> Iterator[None]:
        """A transaction for the length of a block."""
        self.begin(now, user_id, call)
        try:
            yield
        finally:
            self.end()
