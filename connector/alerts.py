"""Slack hears of every dead letter at least once: one message a second at most, many deaths in one under a flood."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import chain, repeat

from connector.commands import Flow, note, now, send, wait_until
from connector.ledger import Ledger
from connector.messages import Answer, Reply, Request
from connector.readings import Standing
from connector.slack import Death, message
from connector.verdicts import transient

SPACING = timedelta(seconds=1)
"""What an incoming webhook takes: about one message a second (facts, users and peers §5)."""
RETRIES_S = (1.0, 5.0, 30.0, 300.0)
"""Waits before each further try; the last one goes on, for Slack may be away for hours."""
PATIENCE = timedelta(hours=24)
"""How long a message is tried before it is given up, visibly."""
TIMEOUT_S = 10.0


class Alerts:
    """The one way to Slack of a connector. Whichever flow comes first carries the deaths of all that come meanwhile."""

    def __init__(self, ledger: Ledger, webhook: str | None, queue: str, review: str | None = None) -> None:
        self.ledger = ledger
        self.change(webhook, queue, review)
        self.patience = PATIENCE
        self._waiting: list[str] = []
        self._under_way = False
        self._free_at: datetime | None = None

    def change(self, webhook: str | None, queue: str, review: str | None) -> None:
        """Tell of `queue` at another webhook from now on, with the address of the page that letters are reviewed on."""
        self.webhook, self.queue, self.review = webhook, queue, review

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
        body = message(self.queue, deaths, self.ledger.head().hash, self.review)
        return Request("POST", "", body, {"Content-Type": "application/json"}, url=self.webhook, authorised=False)


def _death(standing: Standing) -> Death:
    return Death(standing.delivery, standing.category or "other", standing.reason or "", standing.perhaps)


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
