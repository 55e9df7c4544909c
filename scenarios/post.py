"""Carries requests to the org and to Slack, and answers back: every crossing, wait and loss is an event."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlsplit

import orjson

from connector.commands import Send
from connector.messages import Answer, Reply, Silence
from connector.messages import Request as Asked
from mocksf.faults.fate import Ending, Fate, Lost
from mocksf.messages import Raw, Request, Response
from mocksf.parked import Parked
from mocksf.wire import Broken, Outcome, Wire
from scenarios.agenda import Agenda
from scenarios.lines import Line, later
from scenarios.service import NoTime, ServiceTimes
from scenarios.slack import Slack
from scenarios.trace import Exchange, Trace

Hear = Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Route:
    """What lies between the connector and the org's answer on a fair day: the line, and the org's own time."""

    line: Line
    service: ServiceTimes | NoTime


class Post:
    """One connector's way to the org and to Slack. Nobody hears an answer after giving up."""

    def __init__(self, agenda: Agenda, wire: Wire, route: Route, slack: Slack, trace: Trace) -> None:
        self.agenda = agenda
        self.wire = wire
        self.line = route.line
        self.service = route.service
        self.slack = slack
        self.trace = trace
        self.kinds = {laid.rule.id: laid.rule.kind for laid in wire.weather.laid}
        """Rule → kind, for the record of what struck whom."""
        self._listeners: dict[int, tuple[Exchange, Hear]] = {}

    def send(self, command: Send, courier: str, delivery: str | None, hear: Hear) -> Exchange:
        """Set out with a request; `hear` is called once, with an answer or with silence, unless the sender dies."""
        asked, now = command.request, self.agenda.clock.now()
        number = len(self.trace.exchanges) + 1
        exchange = Exchange(number, courier, delivery, command.lane, asked.method, asked.path, asked.body, now)
        self.trace.exchanges.append(exchange)
        self._listeners[number] = exchange, hear
        self.agenda.at(later(now, command.timeout_s), lambda: self._hear(exchange, Silence("timeout")))
        if asked.url is not None:
            exchange.path = urlsplit(asked.url).path
            self._to_slack(exchange)
        else:
            self._to_org(exchange, asked)
        return exchange

    def forget_all(self) -> None:
        """The sender died: what is under way goes on, but nobody listens any more."""
        for exchange, _ in self._listeners.values():
            exchange.alive = False
        self._listeners.clear()
        self.line.hang_up()

    # -- to Slack ------------------------------------------------------------------------------------------------

    def _to_slack(self, exchange: Exchange) -> None:
        self.agenda.after(self.slack.round_trip_s / 2, lambda: self._at_slack(exchange))

    def _at_slack(self, exchange: Exchange) -> None:
        exchange.arrived = exchange.done = now = self.agenda.clock.now()
        answer = self.slack.take(exchange.body, now)
        if answer is None:
            return
        exchange.status = answer.status
        self.trace.tell(now, "slack", exchange.courier, f"message taken ({answer.status})")
        self.agenda.after(self.slack.round_trip_s / 2, lambda: self._hear(exchange, answer))

    # -- to the org ----------------------------------------------------------------------------------------------

    def _to_org(self, exchange: Exchange, asked: Asked) -> None:
        request = on_the_wire(asked, self.wire.org.settings.my_domain)
        fate = self.wire.fate_of(request) + self.service.fate(asked)
        exchange.struck = tuple(self.kinds[rule] for rule in fate.struck)
        crossing, exchange.cold = self.line.dial(exchange.lane, exchange.sent)
        self.agenda.after(crossing + fate.there_s, lambda: self._at_org(exchange, request, fate))

    def _at_org(self, exchange: Exchange, request: Request, fate: Fate) -> None:
        exchange.arrived = None if fate.lost is Lost.REQUEST else self.agenda.clock.now()
        exchange.undone = fate.undone
        self._take(exchange, request, fate, self.wire.arrive(request, fate))

    def _again(self, exchange: Exchange, request: Request, fate: Fate, parked: Parked) -> None:
        self._take(exchange, request, fate, self.wire.resume(request, fate, parked))

    def _take(self, exchange: Exchange, request: Request, fate: Fate, outcome: Outcome) -> None:
        if isinstance(outcome, Parked):
            parked = outcome
            self.agenda.at(parked.until, lambda: self._again(exchange, request, fate, parked))
            return
        now = self.agenda.clock.now()
        response = outcome.response if isinstance(outcome, Broken) else outcome
        exchange.done, exchange.hidden = now, fate.lost is Lost.ANSWER
        if response is not None:
            answer = as_answer(response)
            exchange.status, exchange.response = answer.status, answer.body
        self._tell(exchange, outcome)
        self._way_back(exchange, fate, outcome)

    def _way_back(self, exchange: Exchange, fate: Fate, outcome: Response | Broken) -> None:
        back = self.line.way_back_s() + fate.back_s + _body_s(exchange, fate)
        if fate.garbled:
            self.agenda.after(back, lambda: self._hear(exchange, Silence("garbled")))
        elif not isinstance(outcome, Broken):
            answer = as_answer(outcome)
            self.agenda.after(back, lambda: self._hear(exchange, answer))
        elif outcome.ending is not Ending.SILENCE:
            reason = "truncated" if outcome.sent_bytes else "reset"
            self.agenda.after(back, lambda: self._hear(exchange, Silence(reason)))

    def _tell(self, exchange: Exchange, outcome: Response | Broken) -> None:
        what = f"{exchange.method} {exchange.path.partition('?')[0]} → {exchange.status or 'no answer'}"
        what += "" if exchange.arrived else ", it never arrived"
        what += ", the answer is lost" if isinstance(outcome, Broken) and exchange.arrived else ""
        begun = exchange.arrived or exchange.sent
        self.trace.tell(begun, "salesforce", exchange.courier, what, exchange.done)

    # -- hearing -------------------------------------------------------------------------------------------------

    def _hear(self, exchange: Exchange, reply: Reply) -> None:
        listener = self._listeners.pop(exchange.number, None)
        if listener is None:
            return  # it heard before, gave up, or is dead
        exchange.heard, exchange.reply, exchange.alive = self.agenda.clock.now(), reply, False
        if isinstance(reply, Answer):
            self.line.keep(exchange.lane, exchange.heard)
        listener[1](reply)


def _body_s(exchange: Exchange, fate: Fate) -> float:
    """How long the answer's body takes where it drips or the line is narrow."""
    if fate.drip is None and fate.bytes_per_s is None:
        return 0.0
    size = len(orjson.dumps(exchange.response))
    slow = size / fate.bytes_per_s if fate.bytes_per_s else 0.0
    return slow + (max(0, ceil(size / fate.drip.piece_bytes) - 1) * fate.drip.pause_s if fate.drip else 0.0)


def on_the_wire(asked: Asked, host: str) -> Request:
    """The connector's request as the org reads it: lower-case header names, the body as bytes."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    if asked.body is None:
        body = b""
    elif isinstance(asked.body, str):
        body = asked.body.encode()
    else:
        body = orjson.dumps(asked.body)
        headers.setdefault("content-type", "application/json")
    return Request(asked.method, asked.path, headers, body, host)


def as_answer(response: Response) -> Answer:
    """The org's response as the connector reads it; nothing of it is shared with the org's own values."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, _read(response, headers), headers)


def _parsed(body: bytes) -> Any:
    """JSON, or where it was damaged on the way its text."""
    try:
        return orjson.loads(body)
    except ValueError:
        return body.decode(errors="replace")


def _read(response: Response, headers: dict[str, str]) -> Any:
    if response.body is None:
        return None
    if isinstance(response.body, Raw):
        kind = headers.get("content-type", "application/json")
        return _parsed(bytes(response.body)) if "json" in kind else response.body.decode()
    return orjson.loads(orjson.dumps(response.body))
