"""A voice agent on one call: looks the caller up, tells each turn, ends, and repeats what was not answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from connector.intents import Call, Caller, Ending, Intent
from connector.phones import e164
from scenarios.agenda import Agenda
from scenarios.host import Host
from scenarios.recordings import Heard, Recording
from scenarios.trace import END, Lookup, Receipt, Trace

PATIENCE_S = 0.01
"""How long an agent waits before it looks again whether its last question was answered."""
Ask = Callable[[Receipt], None]


@dataclass(slots=True)
class Agent:
    """Plays one recorded call, from `began` on. It does not die with the connector: it asks again until answered."""

    host: Host
    agenda: Agenda
    trace: Trace
    recording: Recording
    began: datetime
    call_id: str
    looks_up: bool = True
    """Whether it asks who rings; without, the caller is who he says he is."""
    found: Caller | None = None
    on_end: Callable[[], None] = field(default=lambda: None)
    """Called at the instant at which the caller hangs up."""
    _hung_up: bool = False
    _asked: list[tuple[Receipt, Ask]] = field(default_factory=list)
    _lookup: Lookup | None = None
    _settled: Caller | None = None

    def ring(self) -> None:
        """Put the whole call on the agenda, and look the caller up at once."""
        self.host.on_death.append(self._mourn)
        self._talk()
        if self.looks_up:
            self._look_up()
        for at_s, turn, heard in self.recording.turns():
            self._later(at_s, self._telling(turn, heard, self._instant(at_s)))
        self._later(self.recording.end.at_s, self._end)

    def tell_again(self, turn: int, value: object) -> None:
        """Tell a turn a second time, now; with `value` for its first intent, where one is given."""
        (at_s, heard) = next((at_s, heard) for at_s, number, heard in self.recording.turns() if number == turn)
        if value is not None:
            heard = (heard[0].model_copy(update={"value": value}), *heard[1:])
        self._telling(turn, heard, self._instant(at_s))()

    # -- steps ---------------------------------------------------------------------------------------------------

    def _talk(self) -> None:
        for said in self.recording.utterances:
            start, end = self._instant(said.at_s), self._instant(said.until_s)
            self.trace.tell(start, said.speaker, self.call_id, said.text, end)

    def _look_up(self) -> None:
        if not self.host.alive:
            self.host.on_up.append(self._look_up)
            return
        self._lookup = look = Lookup(self.call_id, self.agenda.clock.now())
        self.trace.lookups.append(look)
        flow = self.host.connector.lookup(self.recording.caller.phone)
        self.host.process.start(f"lookup {self.call_id}", flow, lambda found: self._looked_up(look, found))

    def _looked_up(self, look: Lookup, found: Caller | None) -> None:
        self.found = found
        look.answered, look.found = self.agenda.clock.now(), found is not None
        who = "a known person" if found is not None and found.known else "nobody it knows"
        self.trace.tell(look.answered, "agent", self.call_id, f"the lookup by phone finds {who}")

    def _telling(self, turn: int, heard: tuple[Heard, ...], at: datetime) -> Callable[[], None]:
        intents = tuple(Intent(each.name, each.value) for each in heard)
        said = {each.name: each.value for each in heard}

        def tell() -> None:
            self._ask(turn, said, at, lambda receipt: self.host.tell(receipt, self._call(), intents, at))

        return tell

    def _end(self) -> None:
        if not self._hung_up:
            self._hung_up = True
            self.on_end()
        end = self.recording.end
        ending = Ending(end.disposition, end.summary, round(end.at_s), None, end.team_notice)
        at = self._instant(end.at_s)
        said: dict[str, object] = {"call_summary": end.summary, "disposition": end.disposition}
        self._ask(END, said, at, lambda receipt: self.host.end(receipt, self._call(), ending, at))

    def _ask(self, turn: int, said: dict[str, object], at: datetime, ask: Ask) -> None:
        """Ask the connector for an answer; where it is down, or dies meanwhile, ask again when it is back."""
        if not self.host.alive:
            self.host.on_up.append(partial(self._ask, turn, said, at, ask))
            return
        if self._asked and self._asked[-1][0].answered is None and not self._asked[-1][0].interrupted:
            # One thing after the other: after a death a turn and the end may be due in the same instant.
            self.agenda.after(PATIENCE_S, partial(self._ask, turn, said, at, ask))
            return
        receipt = Receipt(self.call_id, turn, said, at, self.agenda.clock.now(), self._call().caller)
        self.trace.receipts.append(receipt)
        what = "the call ends" if turn == END else f"turn {turn}: " + ", ".join(said)
        self.trace.tell(receipt.asked, "agent", receipt.name, what)
        self._asked.append((receipt, ask))
        ask(receipt)

    def _mourn(self) -> None:
        """The connector died: whatever it did not answer is asked again once it is back."""
        for receipt, ask in self._asked:
            if receipt.answered is None and not receipt.interrupted:
                receipt.interrupted = True
                self.host.on_up.append(partial(self._ask, receipt.turn, receipt.intents, receipt.at, ask))
        if self._lookup is not None and self._lookup.answered is None:
            self._lookup = None
            self.host.on_up.append(self._look_up)

    @property
    def receipts(self) -> list[Receipt]:
        """What it told, and what it was answered."""
        return [receipt for receipt, _ in self._asked]

    # -- facts ---------------------------------------------------------------------------------------------------

    def _call(self) -> Call:
        """The call as it is told. Who the caller is, is settled with the first turn: one call, one person."""
        self._settled = self._settled or self.found or self._heard_person()
        return Call(self.call_id, self._settled, self.began)

    def _heard_person(self) -> Caller:
        """The caller as the agent knows him from the talk alone."""
        person = self.recording.caller.person
        return Caller(
            phone=self.phone,
            name=f"{person.first_name} {person.last_name}",
            company=person.account or person.company,
            email=person.email,
            country=person.country,
        )

    @property
    def phone(self) -> str | None:
        """The caller's number in E.164."""
        return e164(self.recording.caller.phone, "US")

    def _instant(self, seconds: float) -> datetime:
        return self.began + timedelta(seconds=seconds)

    def _later(self, seconds: float, event: Callable[[], None]) -> None:
        self.agenda.at(self._instant(seconds), event)
