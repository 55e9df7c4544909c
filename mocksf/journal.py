"""What went over the wire: the last exchanges, with their fates, for those who want to read or assert on them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mocksf.faults import Ending, Fate, Lost
from mocksf.messages import Request, Response

LIMIT = 2000
"""How many exchanges are kept; the oldest go first."""


@dataclass(slots=True)
class Exchange:
    """One exchange. Instants are the org's; bodies and credentials are not kept."""

    number: int
    method: str
    target: str
    fate: Fate
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

    def begin(self, request: Request, fate: Fate, arrived: datetime | None) -> Exchange:
        """A new exchange."""
        self._count += 1
        exchange = Exchange(self._count, request.method, request.target, fate, arrived)
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
