"""A bench for flows: it carries out what they ask for until each waits for an answer, an instant, or its turn."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connector.chain import draft_of
from connector.commands import Flow, GivePlace, Note, Now, Send, TakePlace
from connector.ledger import MemoryLedger
from connector.messages import Answer
from scenarios.places import Places
from tests.connector.talk import NINE


@dataclass
class Going:
    """A flow, and what it stands at."""

    key: str
    flow: Flow[Any]
    command: Any = None
    ended: bool = False


@dataclass
class Bench:
    """Carries out what flows ask for until each waits for an answer, for an instant, or for its turn."""

    at: datetime = NINE
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    going: dict[int, Going] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    sends: dict[str, int] = field(default_factory=dict)
    ready: deque[tuple[int, Any]] = field(default_factory=deque)
    """The flows that may go on, each with what it is told."""
    _born: int = 0

    def start(self, key: str, flow: Flow[Any]) -> None:
        self._born += 1
        self.going[self._born] = Going(key, flow)
        self.tell(self._born, None)

    def tell(self, number: int, reply: Any) -> None:
        """Tell one flow a reply; whoever may go on because of it goes on as well."""
        self.ready.append((number, reply))
        while self.ready:
            number, reply = self.ready.popleft()
            if number in self.going:
                self._told(number, reply)

    def _told(self, number: int, reply: Any) -> None:
        going = self.going[number]
        try:
            command = going.command = going.flow.send(reply)
        except StopIteration:
            del self.going[number]
            self.places.leave_all(number)
            return
        if isinstance(command, Now):
            self.ready.append((number, self.at))
        elif isinstance(command, Note):
            self.ready.append((number, self.ledger.append(draft_of(command, self.at))))
        elif isinstance(command, TakePlace):
            self.places.take(number, command.keys, lambda: self.ready.append((number, None)), command.ahead)
        elif isinstance(command, GivePlace):
            self.places.give(number, command.keys)
            self.ready.append((number, None))
        elif isinstance(command, Send) and command.lane == "alerts":
            self.ready.append((number, Answer(200, "ok")))
        elif isinstance(command, Send) and command.lane == "critical":
            self.sends[going.key] = self.sends.get(going.key, 0) + 1

    def die(self) -> None:
        self.going.clear()
        self.places.clear()

    def standing_at(self, kind: type, lane: str = "") -> list[int]:
        """The flows that stand at such a command."""
        found = ((number, each.command) for number, each in self.going.items() if isinstance(each.command, kind))
        return [number for number, command in found if not lane or command.lane == lane]
