"""One flow on its way: told replies, asked for commands, until it ends or its process dies."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connector.commands import Command, Flow

Ended = Callable[[Any], None]


@dataclass(slots=True)
class Courier:
    """A flow with a name. `delivery` is the key of the delivery it works on, where it works on one."""

    number: int
    name: str
    flow: Flow[Any]
    ended: Ended
    delivery: str | None = None
    alive: bool = True
    outcome: Any = None
    asked: str = ""
    """The command that it stands at."""

    def told(self, reply: Any) -> Command | None:
        """Tell the flow a reply (None to begin with) and hear what it wants next; None when it came to its end."""
        assert self.alive, "nobody speaks to the dead"
        try:
            command = self.flow.send(reply)
        except StopIteration as end:
            self.alive = False
            self.outcome = end.value
            return None
        self.asked = type(command).__name__
        return command

    def die(self) -> None:
        """Its process died: it takes no further step and leaves nothing behind."""
        self.alive = False
