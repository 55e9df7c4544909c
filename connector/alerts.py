"""Slack hears of every dead letter at least once: one message a second at most, many deaths in one under a flood."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat

from connector.commands import Flow, note, now, send, wait_until
from connector.ledger import Ledger
from connector.messages import Answer, Json, Reply, Request
from connector.readings import Standing
from connector.verdicts import transient

SPACING = timedelta(seconds=1)
"""What an incoming webhook takes: about one message a second (facts, users and peers §5)."""
RETRIES_S = (1.0, 5.0, 30.0, 300.0)
"""Waits before each further try; the last one goes on, for Slack may be away for hours."""
PATIENCE = timedelta(hours=24)
"""How long a message is tried before it is given up, visibly."""
TIMEOUT_S = 10.0
LINES_MAX = 10
"""How many dead letters a message names; of the others it gives the number."""
LINE_MAX = 300
"""Characters of a line: a delivery of hundreds of intents has a key that Slack would not take."""


@dataclass(frozen=True, slots=True)
class Death:
    """A dead letter as an alert speaks of it."""

    delivery: str
    category: str
    reason: str
    perhaps: bool


class Alerts:
    """The one way to Slack of a connector. Whichever flow comes first carries the deaths of all that come meanwhile."""

    def __init__(self, ledger: Ledger, webhook: str | None, queue: str) -> None:
        self.ledger = ledger
        self.webhook = webhook
        self.queue = queue
        self.patience = PATIENCE
        self._waiting: list[str] = []
        self._under_way = False
        self._free_at: datetime | None = None

    def tell(self, delivery: str) -> Flow[None]:
        """Have a death told. Returns when it is told or given up, or at once where another flow carries it."""
        self._waiting.append(delivery)
        if self._under_way:
            return
        self._under_way = True
        try:
            while self._waiting:
                yield from self._message()
        finally:
            self._under_way = False

    def _message(self) -> Flow[None]:
        """One message about all that wait, tried until Slack takes it, refuses it for good, or a day is over."""
        if self.webhook is None:
            yield from self._give_up("no Slack webhook is configured")
            return
        waits_s = chain(RETRIES_S, repeat(RETRIES_S[-1]))
        began = yield from now()
        while True:
            yield from self._own_second()
            batch = tuple(self._waiting)
            reply = yield from send(self._request(batch), TIMEOUT_S, "alerts")
            ended = yield from now()
            self._free_at = ended + SPACING
            if isinstance(reply, Answer) and reply.ok:
                yield from self._told(batch)
                return
            if ended - began > self.patience or not _again_later(reply):
                yield from self._give_up(_what(reply))
                return
            yield from wait_until(ended + timedelta(seconds=max(next(waits_s), _asked_for_s(reply))))

    def _own_second(self) -> Flow[None]:
        instant = yield from now()
        if self._free_at is not None and instant < self._free_at:
            yield from wait_until(self._free_at)

    def _told(self, batch: tuple[str, ...]) -> Flow[None]:
        told = set(batch)
        self._waiting = [each for each in self._waiting if each not in told]
        for delivery in batch:
            yield from note("alerted", delivery, letters=len(batch))

    def _give_up(self, reason: str) -> Flow[None]:
        batch, self._waiting = tuple(self._waiting), []
        for delivery in batch:
            yield from note("alert_failed", delivery, reason=reason)

    def _request(self, batch: tuple[str, ...]) -> Request:
        standings = self.ledger.readings.standings
        deaths = [_death(standings[key]) for key in batch]
        body = message(self.queue, deaths, self.ledger.head().hash)
        return Request("POST", "", body, {"Content-Type": "application/json"}, url=self.webhook, authorised=False)


def _death(standing: Standing) -> Death:
    return Death(standing.delivery, standing.category or "other", standing.reason or "", standing.perhaps)


def message(queue: str, deaths: list[Death], head: str) -> dict[str, Json]:
    """What Slack is sent: codes and keys, nothing personal; the ledger's head, so that a cut-off tail would show."""
    many = "1 dead letter" if len(deaths) == 1 else f"{len(deaths)} dead letters"
    lines = [f"{many} in {queue}"]
    lines += [_line(death) for death in deaths[:LINES_MAX]]
    if len(deaths) > LINES_MAX:
        lines.append(f"and {len(deaths) - LINES_MAX} more; in all {_by_category(deaths)}")
    lines.append(f"ledger head {head}")
    return {"text": "\n".join(lines)}


def _line(death: Death) -> str:
    doubt = ", perhaps written all the same" if death.perhaps else ""
    return f"• {death.delivery[:LINE_MAX]}: {death.category}, {death.reason[:LINE_MAX]}{doubt}"


def _by_category(deaths: list[Death]) -> str:
    counts: dict[str, int] = {}
    for death in deaths:
        counts[death.category] = counts.get(death.category, 0) + 1
    return ", ".join(f"{count} × {category}" for category, count in sorted(counts.items()))


def _again_later(reply: Reply) -> bool:
    # Slack answers in plain text, which `transient` takes for a page; a 4xx of its own is final, 429 apart.
    if isinstance(reply, Answer) and 400 <= reply.status < 500:
        return reply.status == 429
    return transient(reply)


def _asked_for_s(reply: Reply) -> float:
    """What a 429 asks for in `Retry-After`, in seconds; 0 where it says nothing that can be read."""
    headers: Mapping[str, str] = reply.headers if isinstance(reply, Answer) else {}
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(asked), 3600.0) if asked.isdigit() else 0.0


def _what(reply: Reply) -> str:
    return f"Slack answered {reply.status}" if isinstance(reply, Answer) else f"silence: {reply.reason}"
