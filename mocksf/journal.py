"""What went over the wire: the last exchanges, with their fates, for those who want to read or assert on them."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from mocksf.faults import FAIR, Ending, Fate, Lost
from mocksf.messages import Request, Response
from mocksf.tally import Tally

LIMIT = 2000
"""How many exchanges are kept; the oldest go first."""
BODY_BYTES_KEPT = 16_384
"""How much of each body is kept; what is longer is cut."""


class Answer(Protocol):
    """What a door writes, as it leaves for the wire."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


class Sent(NamedTuple):
    """An answer with the beginning of its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Exchange:
    """One exchange. Instants are the org's. What is told of it leaves credentials out (see har.py)."""

    number: int
    method: str
    target: str
    fate: Fate
    headers: Mapping[str, str]
    """The request's, as they came."""
    body: bytes
    """The beginning of the request's body."""
    body_bytes: int
    """How long the whole was."""
    host: str
    scheme: str
    arrived: datetime | None = None
    """When the org saw it; None where it was lost, or answered for the org, on the way."""
    answered: datetime | None = None
    """When the org was done with it; None while it waits."""
    status: int | None = None
    """The status that the client was sent, or would have been had nothing been lost."""
    codes: tuple[str, ...] = ()
    """The errorCodes of the answer."""
    lost: str = ""
    """`request` or `answer`, where the client was not given what the org answered."""
    kinds: tuple[str, ...] = ()
    """The kinds of the rules that struck it."""
    sent: Answer | None = None
    """The answer, where one was written; of a long body the beginning."""
    sent_bytes: int = 0
    """How long its whole body was."""

    @property
    def request(self) -> Request:
        """The request again, its body cut where it was long."""
        return Request(self.method, self.target, self.headers, self.body, self.host, self.scheme)

    @property
    def began(self) -> datetime | None:
        """When the client sent it, on the org's clock; None while that is not known."""
        instant = self.arrived or self.answered
        return instant and instant - timedelta(seconds=self.fate.there_s)

    @property
    def took_s(self) -> float | None:
        """What the client waits for its answer, both ways included; None where none comes, or not yet."""
        if self.status is None or self.answered is None:
            return None
        inside = (self.answered - self.arrived).total_seconds() if self.arrived is not None else 0.0
        return self.fate.there_s + inside + self.fate.back_s

    def as_json(self) -> dict[str, Any]:
        """JSON-ready; what did not happen is left out."""
        told = {
            "number": self.number,
            "method": self.method,
            "target": self.target,
            "arrived": self.arrived and self.arrived.isoformat(),
            "answered": self.answered and self.answered.isoformat(),
            "status": self.status,
            "codes": list(self.codes),
            "lost": self.lost,
            "kinds": list(self.kinds),
            "fate": _told(self.fate),
        }
        return {key: value for key, value in told.items() if value not in (None, "", [], {})}

    def __str__(self) -> str:
        instant = self.arrived or self.answered
        clock = instant.strftime("%H:%M:%S.%f")[:-3] if instant else "-"
        outcome = str(self.status) if self.status is not None else "waiting" if self.answered is None else "nothing"
        marks = [*self.codes, *([f"{self.lost} lost"] if self.lost else []), *self.fate.struck]
        return f"#{self.number:<4} {clock}  {self.method} {self.target} -> {outcome} {' '.join(marks)}".rstrip()


class Journal:
    """The last exchanges in the order in which they began."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=limit)
        self._count = 0
        self._waiting: dict[int, Exchange] = {}
        self.tally = Tally()

    def begin(self, request: Request, fate: Fate, arrived: datetime | None, kinds: tuple[str, ...] = ()) -> Exchange:
        """A new exchange; `kinds` are those of the rules that struck it."""
        self._count += 1
        method, target, headers, body = request.method, request.target, request.headers, request.body
        length = len(body) if isinstance(body, bytes) else 0
        if length > BODY_BYTES_KEPT or not isinstance(body, bytes):
            body = body[:BODY_BYTES_KEPT] if isinstance(body, bytes) else b""
        exchange = Exchange(
            self._count, method, target, fate, headers, body, length, request.host, request.scheme, arrived
        )
        exchange.kinds = kinds
        self._exchanges.append(exchange)
        return exchange

    def park(self, exchange: Exchange, errand: int) -> None:
        """The exchange waits inside the org under an errand's number."""
        self._waiting[errand] = exchange

    def waiting(self, errand: int) -> Exchange | None:
        """The exchange that waits under an errand's number; it no longer does."""
        return self._waiting.pop(errand, None)

    def end(self, exchange: Exchange, now: datetime, response: Response | None, lost: str = "") -> None:
        """The org is done with the exchange."""
        exchange.answered = now
        exchange.lost = lost
        if response is not None:
            exchange.status = response.status
            exchange.codes = _codes(response)
        if not lost and exchange.fate is FAIR and exchange.arrived is not None:
            self.tally.count(
                exchange.method, exchange.target, exchange.status, (now - exchange.arrived).total_seconds()
            )
            return
        if lost or exchange.kinds:
            self.tally.strike(exchange.kinds, lost)
        heard = exchange.status if not lost or exchange.fate.refusal is not None else None
        self.tally.count(exchange.method, exchange.target, heard, exchange.took_s or 0.0)

    def sent(self, request: Request, answer: Answer) -> None:
        """What a door writes in answer to a request; nothing where the exchange is no longer remembered."""
        exchanges = self._exchanges
        if not exchanges:
            return
        exchange = exchanges[-1]  # nearly always the right one
        if exchange.headers is not request.headers:
            found = next((one for one in reversed(exchanges) if one.headers is request.headers), None)
            if found is None:
                return
            exchange = found
        exchange.sent_bytes = length = len(answer.body)
        if length > BODY_BYTES_KEPT:
            answer = Sent(answer.status, answer.headers, answer.body[:BODY_BYTES_KEPT])
        exchange.sent = answer

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, at: int) -> Exchange:
        return self._exchanges[at]

    def select(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        lost: str | None = None,
        rule: str | None = None,
        after: int = 0,
    ) -> list[Exchange]:
        """The exchanges that fit every filter given.

        `path` is a part of the target, `rule` the id of a rule that struck, `after` an exchange's number.
        """
        wanted = (
            (method, lambda one: one.method == str(method).upper()),
            (path, lambda one: str(path).casefold() in one.target.casefold()),
            (status, lambda one: one.status == status),
            (lost, lambda one: one.lost == lost),
            (rule, lambda one: rule in one.fate.struck),
        )
        tests = [test for given, test in wanted if given is not None]
        return [one for one in self._exchanges if one.number > after and all(test(one) for test in tests)]

    def clear(self) -> None:
        """Forget everything; numbers begin again."""
        self._exchanges.clear()
        self._waiting.clear()
        self._count = 0


def _codes(response: Response) -> tuple[str, ...]:
    if response.status < 400 or not isinstance(response.body, list):
        return ()
    return tuple(str(entry["errorCode"]) for entry in response.body if isinstance(entry, dict) and "errorCode" in entry)


def _told(fate: Fate) -> dict[str, Any]:
    """What the fate held, as far as it held anything."""
    told: dict[str, Any] = {
        "rules": list(fate.struck),
        "there_s": fate.there_s,
        "service_s": fate.service_s,
        "back_s": fate.back_s,
        "lost": fate.lost.name.lower() if fate.lost is not Lost.NOTHING else "",
        "ending": fate.ending.name.lower() if fate.ending is not Ending.SILENCE else "",
        "replaced": fate.refusal.status if fate.refusal else None,
        "undone": fate.undone,
        "cut_after": fate.cut_after,
        "lock_holders": [f"{one.sobject} for {one.hold_s:g} s" for one in fate.strangers],
    }
    return {key: value for key, value in told.items() if value or (key == "cut_after" and value == 0)}
