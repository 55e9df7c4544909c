"""One life of the connector's process: carries out what its flows ask for, until it dies at any step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from connector.commands import Command, Flow, GivePlace, Note, Now, Send, TakePlace, WaitUntil
from scenarios.agenda import Agenda
from scenarios.courier import Courier
from scenarios.figures import OwnTime
from scenarios.places import Places
from scenarios.post import Post
from scenarios.trace import Trace

Append = Callable[[Note], Any]
"""Makes a note durable and gives back the stored entry."""


@dataclass(frozen=True, slots=True)
class Doom:
    """At which step the process dies: before its command is carried out, or right after. A step is one command."""

    step: int
    after: bool = False


class Process:
    """Carries out commands on the virtual clock. What it appended to the ledger outlives it; nothing else does."""

    def __init__(
        self, agenda: Agenda, post: Post, append: Append, own_time: OwnTime, dice: Random, trace: Trace
    ) -> None:
        self.agenda = agenda
        self.post = post
        self.append = append
        self.own_time = own_time
        self.dice = dice
        self.trace = trace
        self.alive = True
        self.steps = 0
        self.doom: Doom | None = None
        self.stands_until: datetime | None = None
        """Until when the host stands still, and the process with it."""
        self.on_doom: Callable[[], None] = self.die
        self._places = Places()
        self._couriers: dict[int, Courier] = {}
        self._born = 0

    # -- living and dying ----------------------------------------------------------------------------------------

    def start(self, name: str, flow: Flow[Any], ended: Callable[[Any], None], delivery: str | None = None) -> Courier:
        """Set a flow going, now; `ended` hears what it came to."""
        self._born += 1
        courier = Courier(self._born, name, flow, ended, delivery)
        self._couriers[courier.number] = courier
        self._soon(courier, None)
        return courier

    def die(self) -> None:
        """Everything stops where it stands; requests under way go on without a listener."""
        self.alive = False
        for courier in self._couriers.values():
            self.trace.stopped[courier.asked] += 1
            courier.die()
        self._couriers.clear()
        self._places.clear()
        self.post.forget_all()

    def stand_still(self, seconds: float) -> None:
        """The host is suspended: to the process the clock steps, and all that fell due meanwhile is due at once."""
        self.stands_until = self.agenda.clock.now() + timedelta(seconds=seconds)
        self._charged(seconds)

    def busy(self) -> list[Courier]:
        """The flows that have not come to an end."""
        return list(self._couriers.values())

    def after(self, seconds: float, event: Callable[[], None]) -> None:
        """Let something happen `seconds` from now, if this very process still lives by then."""
        self.agenda.after(seconds, lambda: event() if self.alive else None)

    def charge_work(self) -> float:
        """What one piece of the connector's own computing costs this time, in seconds."""
        return self._charged(self.own_time.work.draw(self.dice))

    def charge_journal(self) -> float:
        """What one durable append costs this time, in seconds."""
        return self._charged(self.own_time.journal.draw(self.dice))

    def _charged(self, seconds: float) -> float:
        self.trace.own_s += seconds
        self.trace.dearest_s = max(self.trace.dearest_s, seconds)
        return seconds

    # -- stepping ------------------------------------------------------------------------------------------------

    def _soon(self, courier: Courier, reply: Any) -> None:
        self.agenda.after(0.0, lambda: self._step(courier, reply))

    def _step(self, courier: Courier, reply: Any) -> None:
        if not (self.alive and courier.alive):
            return
        if self.stands_until is not None and self.agenda.clock.now() < self.stands_until:
            self.agenda.at(self.stands_until, lambda: self._step(courier, reply))
            return
        command = courier.told(reply)
        if command is None:
            self._end(courier)
            return
        self.steps += 1
        doomed = self.doom is not None and self.steps == self.doom.step
        if not doomed or (self.doom is not None and self.doom.after):
            self._carry_out(courier, command)
        if doomed:
            self.on_doom()

    def _end(self, courier: Courier) -> None:
        self._couriers.pop(courier.number, None)
        self._places.leave_all(courier.number)
        courier.ended(courier.outcome)

    def _carry_out(self, courier: Courier, command: Command) -> None:
        match command:
            case Now():
                self._soon(courier, self.agenda.clock.now())
            case WaitUntil(instant):
                self.agenda.at(instant, lambda: self._step(courier, None))
            case Note():
                self._note(courier, command)
            case Send():
                self.post.send(command, courier.name, courier.delivery, lambda reply: self._soon(courier, reply))
            case TakePlace(keys, ahead):
                self._places.take(courier.number, keys, lambda: self._soon(courier, None), ahead)
            case GivePlace(keys):
                self._places.give(courier.number, keys)
                self._soon(courier, None)

    def _note(self, courier: Courier, note: Note) -> None:
        """Durable only after the journal's time; a process that dies before that has written nothing."""
        courier.delivery = note.delivery
        cost = self.charge_journal()
        if cost:
            self.after(cost, lambda: self._step(courier, self.append(note)))
        else:
            self._soon(courier, self.append(note))
