"""The connector as it stands in the world: one ledger, one life after the other, and the answers it gives to agents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.chain import Entry, draft_of
from connector.commands import Note
from connector.config import ConnectorConfig
from connector.engine import Connector
from connector.intents import Accepted, Call, Conflict, Ending, Intent, Unfit
from connector.ledger import MemoryLedger
from connector.replay import Selection
from mocksf.dice import Dice
from scenarios.agenda import Agenda
from scenarios.figures import OwnTime
from scenarios.post import Post
from scenarios.process import Doom, Process
from scenarios.trace import Receipt, Trace

RESERVE_S = 0.02
"""The connector answers this much before the budget is over, whatever it knows by then."""

VERDICTS = {"committed": "committed", "dead": "dead", "discarded": "dead", "failed": "accepted"}
"""Kind of a delivery's first entry after an attempt → what the agent is told."""


@dataclass(slots=True)
class _Open:
    """A turn that waits for its first verdict."""

    receipt: Receipt
    missing: set[str] = field(default_factory=set)


class Host:
    """Lives, dies, comes back. Everything but the ledger is gone with each death."""

    def __init__(
        self,
        agenda: Agenda,
        post: Post,
        config: ConnectorConfig,
        own_time: OwnTime,
        dice: Dice,
        trace: Trace,
        connector_of: Callable[[ConnectorConfig, MemoryLedger, Dice], Connector],
    ) -> None:
        self.agenda = agenda
        self.post = post
        self.config = config
        self.own_time = own_time
        self.dice = dice
        self.trace = trace
        self.ledger = MemoryLedger()
        self.on_up: list[Callable[[], None]] = []
        """Called, in order, when the connector is back; emptied then."""
        self.on_death: list[Callable[[], None]] = []
        """Called, in order, at each death, for good."""
        self.down_s = 2.0
        self.total_steps = 0
        self._promised: dict[str, list[Receipt]] = {}
        self._last: dict[str, str] = {}
        """Delivery → its last word so far."""
        self._connector_of = connector_of
        self._open: list[_Open] = []
        self._live()

    # -- living --------------------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        return self.process.alive

    @property
    def steps(self) -> int:
        """How many commands were asked for, all lives together."""
        return self.total_steps + self.process.steps

    def doom(self, doom: Doom, down_s: float) -> None:
        """Let the present life end at a step."""
        self.process.doom, self.down_s = doom, down_s

    def die(self, down_s: float | None = None) -> None:
        """The process dies now and comes back after `down_s`."""
        if not self.alive:
            return
        now = self.agenda.clock.now()
        self.process.die()
        self.total_steps += self.process.steps
        self.trace.crashes.append(now)
        self.trace.tell(now, "connector", "process", "dies")
        self._open.clear()
        for mourn in self.on_death:
            mourn()
        self.agenda.after(self.down_s if down_s is None else down_s, self._rise)

    def _rise(self) -> None:
        now = self.agenda.clock.now()
        self.trace.restarts.append(now)
        self.trace.tell(now, "connector", "process", "is back and reads its ledger")
        self._live()
        for number, flow in enumerate(self.connector.recover()):
            self.process.start(f"recovered {number + 1}", flow, lambda _outcome: None)
        waiting, self.on_up = self.on_up, []
        for go_on in waiting:
            go_on()

    def _live(self) -> None:
        line_dice = self.dice.named("own time")
        self.process = Process(self.agenda, self.post, self._append, self.own_time, line_dice, self.trace)
        self.process.on_doom = self.die
        self.connector = self._connector_of(self.config, self.ledger, self.dice)

    # -- what agents ask for -------------------------------------------------------------------------------------

    def tell(self, receipt: Receipt, call: Call, intents: Sequence[Intent], at: datetime) -> None:
        """An agent tells a turn; the receipt is filled in when it is answered."""
        self._admit(receipt, lambda: self.connector.accept(call, str(receipt.turn), intents, at))

    def end(self, receipt: Receipt, call: Call, ending: Ending, at: datetime) -> None:
        """A call ends; what remains to be written is queued, and the agent is answered."""
        self._admit(receipt, lambda: self.connector.end_call(call, ending, at))

    def replay(self, actor: str, reason: str, rate_per_s: float | None = None, call: str | None = None) -> None:
        """A person replays every dead letter (or those of a call), at a rate where one is set; nobody while down."""
        if self.alive:
            chosen = Selection(call=call) if call else Selection(everything=True)
            flows = self.connector.replay(chosen, actor, reason, rate_per_s=rate_per_s)
            for number, flow in enumerate(flows):
                self.process.start(f"replayed {number + 1}", flow, lambda _outcome: None)

    def discard(self, actor: str, reason: str, call: str) -> None:
        """A person gives a call's dead letters up."""
        if self.alive:
            for flow in self.connector.discard(Selection(call=call), actor, reason):
                self.process.start(f"discarded {call}", flow, lambda _outcome: None)

    def stumble(self, steps: int, after: bool, down_s: float) -> None:
        """The process will die over its `steps`-th command from now; not at all if it is dead already."""
        if self.alive:
            self.doom(Doom(self.process.steps + steps, after), down_s)

    def _admit(self, receipt: Receipt, ask: Callable[[], Accepted]) -> None:
        turn = _Open(receipt)
        self._open.append(turn)
        cost = self.process.charge_work() + self.process.charge_journal()
        self.process.after(cost, lambda: self._admitted(turn, ask))

    def _admitted(self, turn: _Open, ask: Callable[[], Accepted]) -> None:
        receipt = turn.receipt
        try:
            accepted = ask()
        except Unfit:
            self._answer(turn, "unfit")
            return
        except Conflict:
            self._answer(turn, "conflict")
            return
        receipt.deliveries = (*(each.key for each in accepted.deliveries), *accepted.known)
        for key in receipt.deliveries:
            self._promised.setdefault(key, []).append(receipt)
        self.trace.tell(self.agenda.clock.now(), "connector", receipt.name, "journalled")
        turn.missing = {each.key for each in accepted.deliveries if each.lane == "critical"}
        for each in accepted.deliveries:
            self.process.start(each.key, self.connector.deliver(each), lambda _outcome: None, each.key)
        if not turn.missing:
            self._answer(turn, self._standing(accepted.known))
        budget = timedelta(seconds=self.config.delivery.budget_ms / 1000 - RESERVE_S)
        process = self.process
        self.agenda.at(receipt.asked + budget, lambda: self._answer(turn, "accepted") if process.alive else None)

    def _standing(self, known: Sequence[str]) -> str:
        """What is told of a turn that was accepted before: the last word of the ledger on it."""
        words = {VERDICTS[self._last[key]] if key in self._last else "accepted" for key in known}
        return words.pop() if len(words) == 1 else "accepted"

    # -- the first verdict, or the budget ------------------------------------------------------------------------

    def _append(self, note: Note) -> Entry:
        entry = self.ledger.append(draft_of(note, self.agenda.clock.now()))
        self.trace.tell(entry.at, "connector", entry.delivery, _said(entry.kind, entry.detail))
        if entry.kind in VERDICTS:
            self._last[entry.delivery] = entry.kind
        if entry.kind in VERDICTS and not _is_last_breath(entry):
            self._heed(entry)
        return entry

    def _heed(self, entry: Entry) -> None:
        for turn in list(self._open):
            if entry.delivery not in turn.missing:
                continue
            if entry.kind == "committed":
                turn.missing.discard(entry.delivery)
            if entry.kind != "committed" or not turn.missing:
                self._answer(turn, VERDICTS[entry.kind])
        for receipt in self._promised.get(entry.delivery, ()) if entry.kind == "committed" else ():
            receipt.committed = receipt.committed or entry.at

    def _answer(self, turn: _Open, told: str) -> None:
        if turn not in self._open:
            return
        self._open.remove(turn)
        now = self.agenda.clock.now()
        turn.receipt.answered, turn.receipt.told = now, told
        waited = (now - turn.receipt.asked).total_seconds() * 1000
        self.trace.tell(now, "agent", turn.receipt.name, f"is answered after {waited:.1f} ms: {told}")


def _is_last_breath(entry: Entry) -> bool:
    """A failure after which no attempt is planned: the verdict is the death that follows at once."""
    return entry.kind == "failed" and entry.detail.get("next_at") is None


def _said(kind: str, detail: dict[str, Any]) -> str:
    """An entry in a line: its kind, and what of its detail a reader looks for first."""
    shown = [f"{name} {detail[name]}" for name in ("attempt", "reason", "culprit", "next_at") if detail.get(name)]
    return ", ".join([kind, *shown])
