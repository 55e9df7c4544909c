"""An org behind weather, with a journal: what doors and worlds carry requests to."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from mocksf.deeds import carry_out
from mocksf.errors import Refusal
from mocksf.faults import FAIR, Drip, Ending, Fate, Lost
from mocksf.journal import Exchange, Journal
from mocksf.messages import Raw, Request, Response
from mocksf.org import Org
from mocksf.parked import CALM, EVENTS, Parked, Part, Terms
from mocksf.weather import Rule, Weather


@dataclass(frozen=True, slots=True)
class Broken:
    """The client gets no (whole) answer: silence or a reset, perhaps after some bytes of the response's body."""

    ending: Ending
    response: Response | None = None
    """The answer that breaks off; None where nothing of it arrives."""
    sent_bytes: int | None = None
    """How many bytes of its body arrive."""


NO_DRIP = Drip(1, 0.0)


@dataclass(slots=True)
class Dripping(Response):
    """An answer whose body comes in pieces, with a pause before each but the first."""

    drip: Drip = NO_DRIP


class Ringing(datetime):
    """An instant that a flight waits for, unless the org's bell is rung before: then it looks at once."""

    @classmethod
    def at(cls, instant: datetime) -> "Ringing":
        """The same instant, with a bell to listen to."""
        return cls.combine(instant.date(), instant.timetz())


Outcome = Response | Parked | Broken
Flight = Generator[datetime, None, Response | Broken]
"""One exchange on its way: yields the instants at which it wants to go on, returns what the client gets."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the weather may know of its org."""

    org: Org

    @property
    def tenant(self) -> str:
        return self.org.name

    def user(self, request: Request) -> str | None:
        """The username behind the request's token, or None."""
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        caller = self.org.sessions.peek(token.strip(), self.org.clock.now()) if scheme else None
        row = self.org.store.fetch(self.org.schema["User"], caller.user_id) if caller else None
        return row["Username"] if row else None


class Wire:
    """One org, its weather and its journal."""

    def __init__(self, org: Org, rules: Sequence[Rule] = ()) -> None:
        self.org = org
        self.weather = Weather(rules, org.dice, org.clock, Around(org))
        self.journal = Journal()
        self._era = 0

    def fate_of(self, request: Request) -> Fate:
        """What is in store for an exchange; dice are rolled here, so ask once per exchange."""
        return self.weather.fate_of(request)

    def refuses(self, request: Request) -> bool:
        """Whether the handshake of a new connection fails; `request` says to which host it was to lead."""
        fate = self.weather.handshake(request)
        if fate.lost is Lost.REQUEST:
            self._never_arrived(request, fate, self.org.clock.now())
        return fate.lost is Lost.REQUEST

    def arrive(self, request: Request, fate: Fate) -> Outcome:
        """The request reaches the org (or would have): call when `fate.there_s` is spent."""
        now = self.org.clock.now()
        self._run_due(now)
        if fate.deeds:  # which others do, whether or not the request arrives
            carry_out(fate.deeds, self.org, request)
        if fate.lost is Lost.REQUEST:
            return self._never_arrived(request, fate, now)
        exchange = self.journal.begin(request, fate, now, self._kinds(fate) if fate.struck else ())
        return self._settle(exchange, self.org.handle(request, self._terms(request, fate), now))

    def resume(self, request: Request, fate: Fate, parked: Parked) -> Outcome:
        """A parked request is presented again, at `parked.until`."""
        self._run_due(self.org.clock.now())
        waiting = self.journal.waiting(parked.errand.number)
        exchange = waiting or self.journal.begin(request, fate, parked.errand.arrived)
        return self._settle(exchange, self.org.resume(parked))

    def flight(self, request: Request) -> Flight:
        """One exchange in the right order, for whoever can wait: yields instants, returns what the client gets.

        There, arrival, as often as it parks a wait and another presentation, and back. An org that was reset or
        restored meanwhile knows nothing of it: then its connection breaks.
        """
        era, fate = self._era, self.fate_of(request)
        if fate.there_s:
            yield self.org.clock.now() + timedelta(seconds=fate.there_s)
        if era != self._era:
            return Broken(Ending.RESET)
        outcome = self.arrive(request, fate)
        while isinstance(outcome, Parked):
            yield Ringing.at(outcome.until) if EVENTS in outcome.wakes else outcome.until
            if era != self._era:
                return Broken(Ending.RESET)
            outcome = self.resume(request, fate, outcome)
        back_s = fate.back_s + _carried_s(outcome, fate.bytes_per_s)
        if back_s:
            yield self.org.clock.now() + timedelta(seconds=back_s)
        if fate.drip is not None and isinstance(outcome, Response):
            return Dripping(outcome.status, outcome.body, outcome.headers, fate.drip)
        return outcome

    # -- state ---------------------------------------------------------------------------------------------------

    def snapshot(self) -> object:
        """Everything: the org's state and the weather's; the journal goes on."""
        return self.org.snapshot(), self.weather.state()

    def restore(self, snapshot: object) -> None:
        """Back to what `snapshot` gave."""
        assert isinstance(snapshot, tuple), "a wire restores what a wire gave"
        rows, rules = snapshot
        self.forget_flights()
        self.org.restore(rows)
        self.weather.restore(rules)

    def reset(self) -> None:
        """A fresh org under the same rules, with an empty journal."""
        self.forget_flights()
        self.org.reset()
        self.weather.reset()
        self.journal.clear()

    def forget_flights(self) -> None:
        """What is on its way never arrives: the state that it would have met is gone."""
        self._era += 1

    def fork(self) -> "Wire":
        """A second wire with its own copy of all state and an empty journal."""
        twin = Wire(self.org.fork())
        twin.weather.restore(self.weather.state())
        return twin

    # -- inside --------------------------------------------------------------------------------------------------

    def _never_arrived(self, request: Request, fate: Fate, now: datetime) -> Response | Broken:
        exchange = self.journal.begin(request, fate, None, self._kinds(fate))
        self.journal.end(exchange, now, fate.refusal, "request")
        return fate.refusal if fate.refusal is not None else Broken(fate.ending)

    def _settle(self, exchange: Exchange, outcome: Response | Parked) -> Outcome:
        """What becomes of the org's word on the way back."""
        if isinstance(outcome, Parked):
            self.journal.park(exchange, outcome.errand.number)
            return outcome
        fate, now = exchange.fate, self.org.clock.now()
        if fate.undescribed:
            outcome = without_fields(outcome, fate.undescribed)
        if fate.lost is Lost.NOTHING:
            self.journal.end(exchange, now, outcome)
            return _garbled(outcome) if fate.garbled else outcome
        self.journal.end(exchange, now, fate.refusal or outcome, "answer")
        if fate.refusal is not None:
            return fate.refusal
        if fate.cut_after is None:
            return Broken(fate.ending)
        return Broken(fate.ending, outcome, fate.cut_after)

    def _kinds(self, fate: Fate) -> tuple[str, ...]:
        """The kinds of the rules that struck; a rule that was taken away meanwhile is forgotten."""
        known = {laid.rule.id: laid.rule.kind for laid in self.weather.laid}
        return tuple(known[rule] for rule in fate.struck if rule in known)

    def _terms(self, request: Request, fate: Fate) -> Terms:
        if fate is FAIR and not self.weather.hinders():
            return CALM
        terms = CALM
        if fate.service_s or fate.strangers or fate.undone:
            terms = Terms(fate.service_s, fate.strangers, fate.undone)
        if self.weather.hinders():
            terms = replace(terms, hinder=_Hinder(self.weather, request))
        return terms

    def _run_due(self, now: datetime) -> None:
        due = self.org.next_due()
        if due is not None and due <= now:
            self.org.run_due(now)


@dataclass(frozen=True, slots=True)
class _Hinder:
    """The weather's word on the parts of one request."""

    weather: Weather
    request: Request

    def __call__(self, part: Part) -> Refusal | None:
        return self.weather.hinder(self.request, part)


def without_fields(answer: Response, names: frozenset[str]) -> Response:
    """The same answer, without these fields where it describes an object; names are lower-case `object.field`."""
    try:
        told = orjson.loads(bytes(_body(answer)))
    except orjson.JSONDecodeError:  # nothing, or a page
        return answer
    if not isinstance(told, dict) or not isinstance(told.get("fields"), list) or "keyPrefix" not in told:
        return answer
    owner = f"{told['name']}.".lower()
    fields = [each for each in told["fields"] if owner + each["name"].lower() not in names]
    return Response(answer.status, {**told, "fields": fields}, answer.headers)


def _carried_s(outcome: Outcome, bytes_per_s: float | None) -> float:
    """How long a line takes for the body of an answer."""
    return len(_body(outcome)) / bytes_per_s if bytes_per_s and isinstance(outcome, Response) else 0.0


def _garbled(answer: Response) -> Response:
    """The same answer, its body damaged so that no parser takes it: the middle third is not there any more."""
    body = _body(answer)
    third = len(body) // 3
    kind = {"Content-Type": "application/json;charset=UTF-8"}
    return Response(answer.status, Raw(body[:third] + b"\xff" + body[2 * third + 1 :]), {**kind, **answer.headers})


def _body(answer: Response) -> bytes:
    body = answer.body
    if body is None or isinstance(body, bytes):
        return body or b""
    return orjson.dumps(body) if isinstance(body, dict | list | str | int | float | bool) else b"".join(body)


def step(flight: Flight) -> datetime | Response | Broken:
    """Take a flight one step on: the instant it now waits for, or what the client gets."""
    try:
        return next(flight)
    except StopIteration as landed:
        outcome: Response | Broken = landed.value
        return outcome
